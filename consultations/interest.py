"""Where in a draft people spoke: beside each provision, as a scale in the contents, under the words they quoted."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, F, OuterRef, Q, Subquery

from consultations.filters import VoiceFilter
from consultations.models import Anchor, Comment, Round, Tally
from consultations.queries import COUNTS, Voices, comments_of, tally_cells
from drafts.models import Provision
from drafts.queries import Unit

LEVELS = 4
MOST_QUOTES = 2_000


@dataclass
class Interest:
    """What was said on each provision of a draft, and how much on each unit of its contents."""

    voices: dict[str, Voices] = field(default_factory=dict)
    places: list[tuple[int, int | None, int]] = field(default_factory=list)  # position, pillar, comments

    def on_units(self, units: Iterable[Unit]) -> dict[str, int]:
        """Comments on each page of the contents: a pillar's, and a chapter's outside the pillars."""
        pages = [unit.provision for unit in units if unit.has_page]
        pillars = {page.pillar: page.key for page in pages if page.kind == Provision.Kind.PILLAR}
        chapters = [(page.position, page.key) for page in pages if page.kind == Provision.Kind.CHAPTER]
        said: Counter[str] = Counter()
        for position, pillar, comments in self.places:
            if pillar in pillars:
                said[pillars[pillar]] += comments
            else:
                before = [key for start, key in chapters if start <= position]
                if before:
                    said[before[-1]] += comments
        return dict(said)


def level_of(comments: int, most: int) -> int:
    """A count on a scale of four, against the largest: 0 where nothing was said."""
    return -(-LEVELS * comments // most) if comments and most else 0


def interest_in(round: Round, user: Any, chosen: VoiceFilter) -> Interest:
    """One query. Without a filter it reads tallies, so that its cost doesn't grow with the comments."""
    if chosen:
        return _counted(round, user, chosen)
    place = Provision.objects.filter(draft=round.draft_id, key=OuterRef("key"))
    cells = tally_cells(round, user, Tally.Dimension.PROVISION).annotate(
        position=Subquery(place.values("position")[:1]), pillar=Subquery(place.values("pillar")[:1])
    )
    interest = Interest()
    for key, position, pillar, *counts in cells.values_list("key", "position", "pillar", *COUNTS):
        interest.voices[key] = Voices(*counts)
        if position is not None:
            interest.places.append((position, pillar, counts[0]))
    return interest


def _counted(round: Round, user: Any, chosen: VoiceFilter) -> Interest:
    found = comments_of(round, user).filter(status=Comment.Status.SUBMITTED, provision__isnull=False)
    rows = (
        chosen.narrow(found, user, round)
        .order_by()
        .values("provision__key", "provision__position", "provision__pillar")
        .annotate(
            comments=Count("pk"),
            participants=Count("author", filter=Q(entered_by=None), distinct=True),
            proposals=Count("pk", filter=~Q(proposed_text="")),
        )
    )
    interest = Interest()
    for row in rows:
        interest.voices[row["provision__key"]] = Voices(
            row["comments"], row["participants"], row["proposals"]
        )
        interest.places.append((row["provision__position"], row["provision__pillar"], row["comments"]))
    return interest


def quotes_on(
    round: Round,
    user: Any,
    *,
    language: str,
    chosen: VoiceFilter,
    pillar: int | None,
    positions: tuple[int, int],
) -> list[tuple[str, int, int, int]]:
    """Quoted stretches of the text in ``language`` on one page: key, start, end (code points), how many quote it.

    Of a pillar, or of a range of positions outside the pillars. The most quoted come first, at most 2,000.
    """
    comments = comments_of(round, user).filter(status=Comment.Status.SUBMITTED)
    comments = comments.filter(provision__position__range=positions, provision__pillar=pillar)
    anchors = Anchor.objects.filter(
        comment__in=chosen.narrow(comments, user, round).order_by().values("pk"),
        language=language,
        # Only where the words still stand as they were quoted, and are read.
        revision__provision_text__unreleased=False,
        revision__version=F("revision__provision_text__version"),
    )
    rows = (
        anchors.values("comment__provision__key", "start", "end")
        .annotate(n=Count("pk"))
        .order_by("-n", "comment__provision__key", "start", "end")
    )
    return [(r["comment__provision__key"], r["start"], r["end"], r["n"]) for r in rows[:MOST_QUOTES]]
