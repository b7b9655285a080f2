"""What every page's frame needs: languages of the page, navigation, whether this is the demonstration."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from django import template
from django.conf import settings
from django.forms import BoundField
from django.template.loader import get_template
from django.urls import NoReverseMatch, Resolver404, ResolverMatch, resolve, reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from accounts.facts import facts_of
from accounts.rules import may_see_people
from accounts.sessions import reader_mark
from core.punctuation import listed
from drafts.lifecycle import waiting_for
from drafts.rules import may_see_drafting
from guidelines_portal.pages.previews import Preview, preview_of

register = template.Library()


@dataclass(frozen=True)
class PageLanguage:
    code: str
    name: str
    url: str


@dataclass(frozen=True)
class NavigationLink:
    label: str
    url: str
    current: bool
    waiting: int = 0  # what waits there for the reader


@register.simple_tag(takes_context=True)
def page_languages(context: template.Context) -> list[PageLanguage]:
    """This page in each of the portal's languages."""
    request = context.get("request")
    path = request.get_full_path() if request is not None else "/"
    match = getattr(request, "resolver_match", None) or _match(path)
    return [
        PageLanguage(code, str(name), _in_language(path, match, code)) for code, name in settings.LANGUAGES
    ]


def _match(path: str) -> ResolverMatch | None:
    try:
        return resolve(unquote(path.partition("?")[0]))
    except Resolver404:
        return None


def _in_language(path: str, match: ResolverMatch | None, code: str) -> str:
    """As ``django.urls.translate_url``, which looks the path up once for each language."""
    if match is None:
        return f"/{code}/"
    with override(code):
        try:
            url = reverse(match.view_name, args=match.args, kwargs=match.kwargs)
        except NoReverseMatch:
            return path
    query = path.partition("?")[2]
    return f"{url}?{query}" if query else url


@register.simple_tag(takes_context=True)
def reader(context: template.Context) -> str:
    """Whose page this is, for the worker that keeps pages; as in the header ``X-Reader``."""
    user = context.get("user")
    return reader_mark(getattr(user, "pk", None))


@register.simple_tag(takes_context=True)
def navigation(context: template.Context) -> list[NavigationLink]:
    """The main links, as far as they concern the reader."""
    user = context.get("user")
    request = context.get("request")
    wanted = [
        (_("Consultations"), "consultations:round_list"),
        (_("Calls"), "calls:call_list"),
        (_("Road map"), "roadmap:overview"),
        (_("Meetings"), "meetings:list"),
        (_("How this works"), "pages:how-this-works"),
    ]
    if user is not None and user.is_authenticated:
        wanted.append((_("My comments"), "consultations:my_comments"))
        if may_see_drafting(user):
            wanted.append((_("Drafting"), "drafting:overview"))
        if may_see_people(user):
            wanted.append((_("People"), "people:list"))
    links = []
    for label, name in wanted:
        try:
            url = reverse(name)
        except NoReverseMatch:
            continue
        current = request is not None and (request.path == url or _inside(request.path, name, url))
        waiting = waiting_for(user).count() if name == "drafting:overview" else 0
        links.append(NavigationLink(label, url, current, waiting))
    return links


def _inside(path: str, name: str, url: str) -> bool:
    """Whether a page belongs to a link that stands for several."""
    if name == "people:list" and path.startswith(reverse("accounts:invitation_list")):
        return True
    return name in ("people:list", "drafting:overview") and path.startswith(url)


@register.simple_tag(takes_context=True)
def consent_to_renew(context: template.Context) -> bool:
    """Whether the reader is to be asked for consent to a newer text (and isn't on that page)."""
    user, request = context.get("user"), context.get("request")
    if user is None or not user.is_authenticated or request is None:
        return False
    return facts_of(user).consent == "outdated" and request.path != reverse("accounts:consent")


@register.simple_tag(takes_context=True)
def link_preview(context: template.Context) -> Preview | None:
    """What the page says of itself to programs; None where it isn't everyone's."""
    request = context.get("request")
    if request is None:
        return None
    return preview_of(request, {str(name): value for name, value in context.flatten().items()})


@register.simple_tag
def icon(name: str) -> SafeString:
    """One of our own signs (``templates/icons``), inline, so that it takes the colour of the words beside it."""
    return mark_safe(get_template(f"icons/{name}.svg").render().strip())  # noqa: S308 a file of ours


@register.simple_tag
def pillar_icon(number: int | None) -> SafeString | str:
    return icon(f"pillar_{number}") if number else ""


@register.simple_tag
def pillar_holds(counts: Any, number: int | None) -> str:
    """What a pillar holds, in words: ``6 principles, 22 actions``; "" where it wasn't counted."""
    held = (counts or {}).get(number, {})
    words = []
    if n := held.get("principle"):
        words.append(ngettext("%(n)d principle", "%(n)d principles", n) % {"n": n})
    if n := held.get("action"):
        words.append(ngettext("%(n)d action", "%(n)d actions", n) % {"n": n})
    return listed(words)


@register.simple_tag
def demonstration() -> bool:
    return bool(settings.DEMONSTRATION)


@register.filter
def unprompted(field: BoundField) -> BoundField:
    """The field without a placeholder: those of allauth's forms say the label once more, in pale grey."""
    field.field.widget.attrs.pop("placeholder", None)
    return field
