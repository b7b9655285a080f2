"""The columns of each kind of compilation, and what stands in them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from consultations.compilations.asked import Kind
from consultations.compilations.delegations import Voice
from consultations.compilations.entries import Entry
from consultations.compilations.words import Words
from consultations.models import Comment
from core.punctuation import colon

Cell = str | int | None
Told = Callable[[Any, Words], Cell]
_TYPES = {
    Comment.Kind.GENERAL.value: "ge",
    Comment.Kind.SUBSTANTIVE.value: "te",
    Comment.Kind.TECHNICAL.value: "te",
    Comment.Kind.EDITORIAL.value: "ed",
    Comment.Kind.TRANSLATION.value: "ed",
}


@dataclass(frozen=True)
class Column:
    """``name`` is what programs know it by; ``words`` stand above it; ``width`` in characters."""

    name: str
    words: str | Promise
    width: int
    told: Told


# --- Response matrix -------------------------------------------------------------------------------------

MATRIX = (
    Column("number", _("No."), 8, lambda e, w: e.number),
    Column("status", _("Status"), 14, lambda e, w: w.status(e.status)),
    Column("provision", _("Provision"), 18, lambda e, w: e.place.key if w.coded else e.place.name),
    Column("part", _("Part of the draft"), 24, lambda e, w: e.place.part),
    Column("pillar", _("Pillar"), 8, lambda e, w: e.place.pillar),
    Column("author", _("Name"), 22, lambda e, w: e.author if w.coded else e.author or _unnamed(e)),
    Column("organisation", _("Organization"), 24, lambda e, w: e.organisation),
    Column("country", _("Country"), 16, lambda e, w: e.country_code if w.coded else e.country),
    Column("region", _("Region"), 18, lambda e, w: w.region(e.region)),
    Column("stakeholder", _("Stakeholder group"), 20, lambda e, w: w.group(e.group)),
    Column("kind", _("Kind"), 14, lambda e, w: w.kind(e.kind)),
    Column("language", _("Language"), 12, lambda e, w: w.language(e.language)),
    Column("quote", _("Words commented on"), 36, lambda e, w: e.quote),
    Column("quote_language", _("Language of these words"), 12, lambda e, w: w.language(e.quote_language)),
    Column("comment", _("Comment"), 60, lambda e, w: e.body),
    Column("proposed_text", _("Proposed words"), 48, lambda e, w: e.proposed),
    Column(
        "proposed_language", _("Language of the proposal"), 12, lambda e, w: w.language(e.proposed_language)
    ),
    Column("rationale", _("Reason"), 36, lambda e, w: e.rationale),
    Column("outcome", _("Outcome"), 16, lambda e, w: w.outcome(e.outcome)),
    Column("answer", _("Answer"), 48, lambda e, w: e.answer),
    Column("answer_language", _("Language of the answer"), 12, lambda e, w: w.language(e.answer_language)),
    Column("change", _("Change made"), 30, lambda e, w: _lines(change.words for change in e.changes)),
    Column("support", _("Support"), 9, lambda e, w: e.support),
    Column("oppose", _("Oppose"), 9, lambda e, w: e.oppose),
    Column("reserve", _("Reserve"), 9, lambda e, w: e.reserve),
    Column("positions", _("Positions of Member States"), 30, lambda e, w: _flags(e, w)),
    Column("submitted_at", _("Submitted (UTC)"), 17, lambda e, w: w.at(e.submitted_at)),
    Column("decided_at", _("Answered (UTC)"), 17, lambda e, w: w.at(e.decided_at)),
    Column("published_at", _("Answer published (UTC)"), 17, lambda e, w: w.at(e.published_at)),
    Column("entered", _("Entered on behalf of others"), 12, lambda e, w: _yes(e, w)),
    Column("evidence", _("Evidence"), 30, lambda e, w: _lines(e.evidence)),
    Column("link", _("Link to the comment"), 30, lambda e, w: e.link),
    Column("change_link", _("Link to the change"), 30, lambda e, w: _lines(c.link for c in e.changes)),
)


def _unnamed(entry: Entry) -> str:
    return "" if entry.origin else entry.byline


def _lines(parts: Any) -> str:
    return "\n".join(parts)


def _flags(entry: Entry, words: Words) -> str:
    return "\n".join(f"{who}: {words.position(value)}" for who, value in entry.flags)


def _yes(entry: Entry, words: Words) -> str:
    if words.coded:
        return "yes" if entry.entered else "no"
    return str(_("Yes")) if entry.entered else ""


# --- The form of ISO -------------------------------------------------------------------------------------

# Its headings are left unaltered, in every language.
ISO = (
    Column("mb_nc", "MB/NC", 16, lambda e, w: _member(e)),
    Column("line_number", "Line number", 9, lambda e, w: ""),
    Column("clause", "Clause/Subclause", 26, lambda e, w: e.place.name if e.place.is_part else e.place.part),
    Column("paragraph", "Paragraph/Figure/Table", 18, lambda e, w: "" if e.place.is_part else e.place.name),
    Column("type", "Type", 7, lambda e, w: _TYPES[e.kind]),
    Column("comments", "Comments", 60, lambda e, w: _comments(e, w)),
    Column("proposed_change", "Proposed change", 50, lambda e, w: e.proposed),
    Column("observations", "Observations of the secretariat", 50, lambda e, w: _observations(e, w)),
)


def _member(entry: Entry) -> str:
    """A member state by its code, others by their name; with the number, as committees write it."""
    who = entry.state or entry.byline
    return f"{who} ({entry.number})" if entry.number else who


def _comments(entry: Entry, words: Words) -> str:
    """The words commented on, the comment and its reason; first its language where it isn't that of the headings."""
    told = [f"“{entry.quote}”" if entry.quote else "", entry.body, entry.rationale]
    if entry.language != get_language():
        told.insert(0, f"[{words.language(entry.language)}]")
    return "\n".join(filter(None, told))


def _observations(entry: Entry, words: Words) -> str:
    """The answer; before it, that a comment came late, was hidden or taken back."""
    status = "" if entry.status == Comment.Status.SUBMITTED else f"[{words.status(entry.status)}]"
    head = colon().join(filter(None, (words.outcome(entry.outcome), entry.answer)))
    return "\n".join(filter(None, (status, head, *(change.words for change in entry.changes))))


# --- Delegation by delegation ----------------------------------------------------------------------------


def _of(told: Callable[[Entry, Words], Cell]) -> Told:
    return lambda voice, words: told(voice.entry, words)


def _own(told: Callable[[Entry, Words], Cell]) -> Told:
    """What belongs to who made the comment, and not to who took a position on it."""
    return lambda voice, words: "" if voice.position else told(voice.entry, words)


DELEGATIONS = (
    Column(
        "delegation", _("Delegation"), 26, lambda v, w: v.delegation.code if w.coded else v.delegation.name
    ),
    Column("voice", _("Comment or position"), 16, lambda v, w: _voice(v, w)),
    Column("number", _("No."), 8, _of(lambda e, w: e.number)),
    Column("provision", _("Provision"), 18, _of(lambda e, w: e.place.key if w.coded else e.place.name)),
    Column("part", _("Part of the draft"), 24, _of(lambda e, w: e.place.part)),
    Column("author", _("Name"), 22, _own(lambda e, w: e.author)),
    Column("whose", _("On a comment of"), 22, lambda v, w: v.entry.byline if v.position else ""),
    Column("kind", _("Kind"), 14, _of(lambda e, w: w.kind(e.kind))),
    Column("status", _("Status"), 14, _of(lambda e, w: w.status(e.status))),
    Column("quote", _("Words commented on"), 36, _of(lambda e, w: e.quote)),
    Column("comment", _("Comment"), 60, lambda v, w: v.reason if v.position else v.entry.body),
    Column("language", _("Language"), 12, lambda v, w: w.language(v.language)),
    Column("proposed_text", _("Proposed words"), 48, _of(lambda e, w: e.proposed)),
    Column(
        "proposed_language",
        _("Language of the proposal"),
        12,
        _of(lambda e, w: w.language(e.proposed_language)),
    ),
    Column("rationale", _("Reason"), 36, _own(lambda e, w: e.rationale)),
    Column("outcome", _("Outcome"), 16, _of(lambda e, w: w.outcome(e.outcome))),
    Column("answer", _("Answer"), 48, _own(lambda e, w: e.answer)),
    Column(
        "answer_language", _("Language of the answer"), 12, _own(lambda e, w: w.language(e.answer_language))
    ),
    Column("link", _("Link to the comment"), 30, _of(lambda e, w: e.link)),
)


def _voice(voice: Voice, words: Words) -> str:
    """That somebody commented, proposed other words, or which position they took on who said the comment."""
    if not voice.position:
        if words.coded:
            return "proposal" if voice.entry.proposed else "comment"
        return str(_("Proposal")) if voice.entry.proposed else str(_("Comment"))
    return voice.position if words.coded else words.position(voice.position)


COLUMNS: dict[str, tuple[Column, ...]] = {
    Kind.MATRIX: MATRIX,
    Kind.ISO: ISO,
    Kind.DELEGATIONS: DELEGATIONS,
}
__all__ = ["COLUMNS", "Cell", "Column"]
