"""What a page says of itself to programs: to search engines, and to whatever shows a card for a link.

Only where nobody is signed in, as such programs are: a page that anonymous readers don't get has no card, and
what staff see of an unpublished draft never becomes one.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import translate_url
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from core.punctuation import colon
from drafts.marks import MARK
from experts.deadlines import in_full
from guidelines_portal.pages.texts import SLUGS
from roadmap.meeting_times import in_words
from roadmap.milestone_words import dates_words

LENGTH = 200
# Routes whose template says the canonical address itself, for it depends on the language of the text.
WITH_CANONICAL = {"drafts:read"}


@dataclass(frozen=True)
class Words:
    title: str
    description: str


@dataclass(frozen=True)
class Preview:
    """``canonical`` is empty where the page's own template says it; ``alternates`` are (hreflang, address)."""

    title: str
    description: str
    address: str
    canonical: str
    alternates: list[tuple[str, str]]


def preview_of(request: HttpRequest, context: dict[str, Any]) -> Preview | None:
    """The card of the page that ``context`` renders; None where it isn't everyone's."""
    match = request.resolver_match
    describe = _DESCRIBED.get(match.view_name) if match else None
    if describe is None or request.user.is_authenticated:
        return None
    words = describe(context)
    if words is None or match is None:
        return None
    path = request.path
    alternates = [(code, settings.SITE_URL + translate_url(path, code)) for code, _name in settings.LANGUAGES]
    # Without its language an address leads on to the reader's own.
    alternates.append(("x-default", settings.SITE_URL + "/" + path.lstrip("/").partition("/")[2]))
    return Preview(
        title=words.title,
        description=Truncator(" ".join(MARK.sub("", words.description).split())).chars(LENGTH),
        address=settings.SITE_URL + path,
        canonical="" if match.view_name in WITH_CANONICAL else settings.SITE_URL + path,
        alternates=alternates,
    )


def _home(context: dict[str, Any]) -> Words | None:
    return Words(
        _("Guidelines Portal"),
        _(
            "Read draft international guidelines, comment on the words you mean, propose better ones, and see what "
            "became of your input."
        ),
    )


def _text(context: dict[str, Any]) -> Words | None:
    page = context.get("page")
    return Words(page.title, page.lead) if page else None


def _groups(context: dict[str, Any]) -> Words | None:
    if "groups" not in context:
        return None
    return Words(_("People and groups"), _("Who works on the guidelines, and how each group is consulted."))


def _rounds(context: dict[str, Any]) -> Words | None:
    if "past" not in context:
        return None
    return Words(
        _("Consultations"), _("The rounds that are open, planned and over, and what was said in them.")
    )


def _round(context: dict[str, Any]) -> Words | None:
    round = context.get("round")
    if round is None or not round.draft.is_open_to_all:
        return None
    return Words(round.title, round.guidance or f"{round.draft.guidelines.title}, {round.draft.label}")


def _calls(context: dict[str, Any]) -> Words | None:
    if "past" not in context:
        return None
    return Words(_("Calls"), _("Calls for experts and for hosts: what is asked, by whom, and until when."))


def _call(context: dict[str, Any]) -> Words | None:
    call = context.get("call")
    if call is None or call.announced_at is None:
        return None
    closing = in_full(call.closing, call.zone, countdown=False)
    return Words(
        call.title, _("%(kind)s. Closes on %(when)s.") % {"kind": call.get_kind_display(), "when": closing}
    )


def _road_map(context: dict[str, Any]) -> Words | None:
    if "entries" not in context:
        return None
    return Words(
        _("Road map"),
        _(
            "How the guidelines come about, step by step: what was planned, what has happened, and what is still to"
            " come."
        ),
    )


def _milestone(context: dict[str, Any]) -> Words | None:
    milestone = context.get("milestone")
    if milestone is None or not milestone.public:
        return None
    return Words(milestone.title, milestone.description or dates_words(milestone.standing.expected))


def _meetings(context: dict[str, Any]) -> Words | None:
    if "past" not in context:
        return None
    return Words(_("Meetings"), _("When experts and regions meet, and what came of it."))


def _meeting(context: dict[str, Any]) -> Words | None:
    meeting = context.get("meeting")
    if meeting is None or meeting.announced_at is None or not meeting.public:
        return None
    return Words(meeting.title, f"{meeting.get_kind_display()}{colon()}{in_words(meeting)}")


def _comments(context: dict[str, Any]) -> Words | None:
    words = _round(context)
    if words is None:
        return None
    return Words(
        _("Comments: %(title)s") % {"title": words.title},
        _("What was said in this round, and what the secretariat answered."),
    )


def _draft(context: dict[str, Any]) -> Words | None:
    draft = context.get("draft")
    if draft is None or not draft.is_open_to_all:
        return None
    return Words(
        f"{draft.guidelines.title}: {draft.label}",
        _("Read the draft, comment on the words you mean, and see what others have said."),
    )


def _draft_page(context: dict[str, Any]) -> Words | None:
    draft, page = context.get("draft"), context.get("page")
    if draft is None or page is None or not draft.is_open_to_all:
        return None
    first = next((row.text.text for row in page.rows if row.text and row.text.text), "")
    heading = page.unit.read.text.heading if page.unit.read.text else ""
    return Words(f"{heading or draft.guidelines.title} – {draft.label}", first)


_DESCRIBED: dict[str, Callable[[dict[str, Any]], Words | None]] = {
    "home": _home,
    "pages:groups": _groups,
    "consultations:round_list": _rounds,
    "consultations:round_detail": _round,
    "consultations:comment_list": _comments,
    "calls:call_list": _calls,
    "calls:call_detail": _call,
    "roadmap:overview": _road_map,
    "roadmap:milestone_detail": _milestone,
    "meetings:list": _meetings,
    "meetings:detail": _meeting,
    "drafts:guidelines": _draft,
    "drafts:contents": _draft,
    "drafts:read": _draft_page,
    **{f"pages:{slug}": _text for slug in SLUGS},
}
