"""The pages of a draft. What was said on it stands beside its words where an app above knows (`slots`)."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import get_language_from_request

from core.headers import KEEP_FOR_OFFLINE
from drafts.models import Draft, Guidelines, Provision
from drafts.queries import (
    UnitPage,
    contents,
    current_draft,
    page_key_of,
    pillar_counts,
    unit_page,
    whole_draft,
)
from drafts.rules import (
    may_check_draft,
    may_create_draft,
    may_edit_draft,
    may_follow_draft,
    may_follow_translations,
)
from drafts.slots import contents_parts, reading_room
from drafts.terms import KEY, Term, terms_of
from drafts.views.asked import kept
from drafts.views.language import languages_of, text_language

CHOICES = ("text", "round")  # the language of the text and the round: kept from page to page


def draft_contents(request: HttpRequest, slug: str, number: int | None = None) -> HttpResponse:
    """What a draft holds: its pillars and chapters, its languages, the other drafts."""
    drafts = Draft.objects.visible_to(request.user).select_related("guidelines").filter(guidelines__slug=slug)
    if number is None:
        draft = current_draft(get_object_or_404(Guidelines, slug=slug), request.user)
        if draft is None:
            raise Http404
    else:
        draft = get_object_or_404(drafts, number=number)
    language = text_language(request)
    units = contents(draft, language)
    context = {
        "draft": draft,
        "language": language,
        "counts": pillar_counts(draft),
        "thematic": [u for u in units if u.provision.kind == "pillar" and (u.provision.pillar or 0) <= 4],
        "enabling": [u for u in units if u.provision.kind == "pillar" and (u.provision.pillar or 0) > 4],
        "chapters": [u for u in units if u.provision.kind == "chapter"],
        "text_languages": languages_of(draft, language),
        "others": drafts.exclude(pk=draft.pk).order_by("-number"),
        "may_check": may_check_draft(request.user, draft),
        "may_edit": may_edit_draft(request.user, draft),
        "may_follow_translations": may_follow_translations(request.user, draft),
        "may_begin": may_create_draft(request.user),
        "may_follow": may_follow_draft(request.user, draft),
        "editions": draft.editions.defer("canonical").order_by("language"),
        "parts": [part.template for part in contents_parts()],
    }
    for part in contents_parts():
        context |= part.beside(request, draft)
    return render(request, "drafts/draft_contents.html", context)


def read(request: HttpRequest, slug: str, number: int, key: str) -> HttpResponse:
    """One page of a draft: a chapter or a pillar. A key that stands on another page leads there."""
    drafts = Draft.objects.visible_to(request.user).select_related("guidelines")
    draft = get_object_or_404(drafts, guidelines__slug=slug, number=number)
    language = text_language(request)
    page = unit_page(draft, key, language)
    if page is None:
        return _to_its_page(request, draft, key)
    explained = _explain_terms(draft, page, language)
    room = reading_room()
    context = {
        "draft": draft,
        "page": page,
        "language": language,
        "text_languages": languages_of(draft, language),
        "notes": [note for row in page.rows for note in row.footnotes],
        "query": kept(request.GET, CHOICES),
        "linked": "linked" in request.GET,
        "permalinks": reverse("permalink", args=[slug, KEY]).removesuffix(f"{KEY}/"),
        "explained": explained,
        **room.beside(request, draft, page),
    }
    response = render(request, room.template, context)
    if draft.status in Draft.OPEN_TO_ALL:
        response[KEEP_FOR_OFFLINE] = "1"  # an embargoed draft leaves no copy on the device
    return response


def whole(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """The whole draft on one page, to be printed, searched through and kept."""
    drafts = Draft.objects.visible_to(request.user).select_related("guidelines")
    draft = get_object_or_404(drafts, guidelines__slug=slug, number=number)
    language = text_language(request)
    rows = whole_draft(draft, language)
    context = {
        "draft": draft,
        "language": language,
        "rows": rows,
        "notes": [note for row in rows for note in row.footnotes],
        "text_languages": languages_of(draft, language),
    }
    response = render(request, "drafts/whole.html", context)
    if draft.status in Draft.OPEN_TO_ALL:
        response[KEEP_FOR_OFFLINE] = "1"
    return response


def permalink(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """A provision's lasting address: where it stands in the current draft, in the reader's language."""
    draft = current_draft(get_object_or_404(Guidelines, slug=slug), request.user)
    if draft is None:
        raise Http404
    with translation.override(get_language_from_request(request)):
        return _to_its_page(request, draft, key, linked=True)


def _explain_terms(draft: Draft, page: UnitPage, language: str) -> list[Term]:
    """Let the page's words lead to the glossary; the terms that occur, in the order of the glossary."""
    terms = terms_of(draft, language, reverse("drafts:read", args=[draft.guidelines.slug, draft.number, KEY]))
    occurring: set[str] = set()
    for row in page.rows:
        if row.text and row.language == language and row.provision.kind != Provision.Kind.TERM:
            row.terms = terms.occurrences(row.text.text)
            occurring |= {found.key for found in row.terms}
    return [term for key, term in terms.by_key.items() if key in occurring]


def _to_its_page(request: HttpRequest, draft: Draft, key: str, *, linked: bool = False) -> HttpResponse:
    """Where the provision stands; ``linked`` tells the page that its reader may not know where they are."""
    provision = get_object_or_404(Provision, draft=draft, key=key)
    page = page_key_of(provision)
    if page == key and provision.kind not in ("chapter", "pillar"):
        raise Http404
    address = reverse("drafts:read", args=[draft.guidelines.slug, draft.number, page])
    choices = kept(request.GET, CHOICES)
    if linked:
        choices += f"{'&' if choices else '?'}linked=1"
    return HttpResponseRedirect(f"{address}{choices}#{key}")
