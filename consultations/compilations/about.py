"""What a compilation says of itself: of what it is, as of when, which comments it holds and for whose eyes it is."""

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _

from accounts.templatetags.moments import moment_in_words
from consultations.compilations.asked import UNANSWERED, Asked, Kind
from consultations.compilations.entries import Entries
from consultations.models import Comment, Disposition, Round
from core.mail import absolute
from core.punctuation import colon, semicolon


@dataclass(frozen=True)
class About:
    """In the language that is active. ``marking``: a warning where it holds more than everybody may read."""

    title: str
    round: str
    draft: str
    facts: list[tuple[str, str]]
    marking: str
    at: datetime
    count: int


def about(asked: Asked, round: Round, entries: Entries, count: int, at: datetime) -> About:
    """``count``: how many comments there are in it."""
    draft = f"{round.draft.guidelines.title}{colon()}{round.draft.label}"
    language = str(get_language_info(asked.language)["name_translated"])
    facts = [
        (_("Compilation"), str(Kind(asked.kind).label)),
        (_("Round"), round.title),
        (_("Draft"), draft),
        (_("As of"), moment_in_words(at)),
        (_("Comments"), str(count)),
        (_("Which comments"), _asked_for(asked)),
        (_("Language of the headings"), language),
        (_("For whom"), _audience(entries)),
        (_("Link"), absolute(reverse("consultations:round_detail", args=[round.pk]))),
    ]
    return About(str(Kind(asked.kind).label), round.title, draft, facts, marking_of(entries), at, count)


def marking_of(entries: Entries) -> str:
    """A warning on what isn't for everybody."""
    if entries.sight.secretariat:
        return _("For the secretariat only")
    if entries.round.visibility != Round.Visibility.PUBLIC:
        return _("For those taking part in the round")
    return ""


def _audience(entries: Entries) -> str:
    if entries.sight.staff:
        return _(
            "The secretariat only: it holds names that are kept from readers, hidden comments and answers that have not"
            " been published."
        )
    if entries.sight.secretariat:
        return _("The secretariat only: it holds hidden comments and answers that have not been published.")
    return str(entries.round.get_visibility_display())


def _asked_for(asked: Asked) -> str:
    """The filters in words."""
    filters = asked.filters
    told = []
    if filters.pillar:
        told.append((_("Pillar"), str(filters.pillar)))
    if filters.provision:
        whole = filters.provision == "-"
        told.append((_("Provision"), _("The draft as a whole") if whole else filters.provision))
    if filters.kind:
        told.append((_("Kind"), str(Comment.Kind(filters.kind).label)))
    if filters.outcome:
        none = filters.outcome == UNANSWERED
        told.append(
            (_("Outcome"), _("Not answered") if none else str(Disposition.Outcome(filters.outcome).label))
        )
    if filters.status:
        told.append((_("Status"), str(Comment.Status(filters.status).label)))
    if filters.search:
        told.append((_("Words"), filters.search))
    return semicolon().join(colon().join(part) for part in told) or _("All that were sent")
