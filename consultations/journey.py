"""What happens to a round's draft, in four steps, and where it stands now."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.templatetags.moments import day_in_words
from consultations.models import Round
from drafts.models import Draft

NOW = {
    Round.State.PLANNED: 0,
    Round.State.OPEN: 1,
    Round.State.CLOSED: 2,
    Round.State.ANSWERED: 2,
    Round.State.PUBLISHED: 3,
}


@dataclass(frozen=True)
class Step:
    """One step; ``place`` is ``done``, ``now`` or ``next``."""

    name: str
    words: str
    place: str
    said: str


def steps_of(round: Round, state: Round.State, next_draft: Draft | None) -> list[Step]:
    """Read, comment, answers, next draft. The last is done once there is one to read."""
    steps = (
        (
            pgettext("step of a round", "Read"),
            _("The draft is here to be read, in every language that it has been translated into."),
        ),
        (
            pgettext("step of a round", "Comment"),
            _("From %(first)s to %(last)s: say what you think of its very words, and propose better ones.")
            % {"first": _day(round.opens_at), "last": _day(round.closed_at or round.closes_at)},
        ),
        (
            pgettext("step of a round", "Answers"),
            _(
                "The secretariat answers every comment. Answers are published together, and everyone who"
                " commented is told."
            ),
        ),
        (pgettext("step of a round", "Next draft"), _("What was accepted goes into the next draft.")),
    )
    now = NOW[state] if next_draft is None or state != Round.State.PUBLISHED else len(steps)
    names = {"done": _("done"), "now": _("now"), "next": _("to come")}
    found = []
    for place, (name, words) in enumerate(steps):
        where = "done" if place < now else "now" if place == now else "next"
        found.append(Step(name, words, where, names[where]))
    return found


def _day(at: datetime) -> str:
    """The day of ``at`` in the secretariat's zone, in the reader's words."""
    return day_in_words(at.astimezone(ZoneInfo(settings.SECRETARIAT_TIME_ZONE)).replace(tzinfo=None))


def next_draft_of(round: Round, user: Any) -> Draft | None:
    """The draft that followed the round's, where there is one that the caller may read."""
    later = Draft.objects.visible_to(user).filter(
        guidelines=round.draft.guidelines_id, number__gt=round.draft.number
    )
    return later.order_by("number").first()
