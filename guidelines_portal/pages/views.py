"""Standing pages, the page of the groups, and what robots are told."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from guidelines_portal.pages.groups import group_seen_by, groups_seen_by
from guidelines_portal.pages.texts import ROLES, text_of

# What has nothing to find, or is nobody's but the caller's; everything hidden is 404 anyway.
NOT_FOR_ROBOTS = ("/api/", "/files/", "/*/account/", "/*/my/", "/*/mailbox/", "/*/jobs/", "/*/styleguide/")


@require_safe
def page(request: HttpRequest, slug: str) -> HttpResponse:
    """A standing page in the reader's language; its own template where it has one."""
    language = get_language() or settings.LANGUAGE_CODE
    context: dict[str, Any] = {"page": text_of(slug, language)}
    if slug == "help":
        context["roles"] = [text_of(f"help-{role}", language) for role in ROLES]
    if slug == "contact":
        context["email"] = settings.CONTACT_EMAIL
    return render(request, [f"pages/{slug}.html", "pages/page.html"], context)


@require_safe
def groups(request: HttpRequest) -> HttpResponse:
    """Who works on the guidelines: the groups that the caller may know of, with their size and regions."""
    return render(request, "pages/groups.html", {"groups": groups_seen_by(request.user)})


@require_safe
def group(request: HttpRequest, slug: str) -> HttpResponse:
    """One group: what it is for, its terms of reference, how many and who may be named; a member's own term."""
    found = group_seen_by(request.user, slug)
    if found is None:
        raise Http404
    context = {"found": found, "card": found.card, "group": found.card.group}
    return render(request, "pages/group.html", context)


@require_safe
@cache_control(public=True, max_age=3600)
def robots(request: HttpRequest) -> HttpResponse:
    """A demonstration asks not to be found: its people and comments are fictional."""
    refused = ("/",) if settings.DEMONSTRATION else NOT_FOR_ROBOTS
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in refused)]
    lines += ["", f"Sitemap: {settings.SITE_URL}{reverse('sitemap')}"]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
