"""The bracketed text of provisions: what was proposed for them in a round, and what member states say of it."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch

from accounts.models import Affiliation, StakeholderGroup
from consultations.applying import joined, proposal_of
from consultations.models import Comment, Position, Round
from consultations.negotiating import Proposal, Sign, Written, write
from consultations.proposals import LEAST_IN_COMMON
from consultations.rules import may_see_origin
from core.punctuation import colon
from drafts.marks import printed_marks
from drafts.merging import hunks
from drafts.models import ProvisionText
from drafts.places import place_in_a_list
from drafts.queries import ReadProvision

UNSPACED_CRUMB = re.compile("[\u3000-\u9fff\uf900-\ufaff\uff00-\uffef]{1,2}")
SIGNS = {
    Position.Value.SUPPORT: Sign.SUPPORT,
    Position.Value.OPPOSE: Sign.OPPOSE,
    Position.Value.RESERVE: Sign.RESERVE,
}


@dataclass
class Proposed:
    """One comment's proposal for a provision: its whole wording and what it changes, each stretch by itself."""

    comment: Comment
    wording: str
    parts: list[Proposal]
    positions: dict[str, Sign]


@dataclass
class Bracketed:
    """A provision in brackets. ``proposals`` counts those in the text, ``elsewhere`` those that can't be set in it:
    for another language, or for words that no longer stand."""

    row: ReadProvision
    written: Written
    proposals: int = 0
    elsewhere: int = 0

    @property
    def text(self) -> str:
        return self.written.text


@dataclass
class BracketedPart:
    """Several provisions in reading order, and their sums."""

    rows: list[Bracketed] = field(default_factory=list)

    @property
    def proposals(self) -> int:
        return sum(row.proposals for row in self.rows)

    @property
    def others(self) -> int:
        return sum(row.written.others for row in self.rows)

    @property
    def elsewhere(self) -> int:
        return sum(row.elsewhere for row in self.rows)

    @property
    def having(self) -> list[Bracketed]:
        return [row for row in self.rows if row.proposals or row.elsewhere]

    @property
    def plain(self) -> str:
        """All of it as plain text: headings, and each provision's number before its words."""
        return "\n\n".join(filter(None, (_plain(row) for row in self.rows))) + "\n"


def bracketed(rows: Iterable[ReadProvision], round: Round, user: Any) -> BracketedPart:
    """Provisions with their footnotes in brackets, as far as the caller may read what was proposed (three queries).

    Submitted comments of the round; a member state's position is that of its organisation, and its focal point's
    own proposal counts as supported by it where the caller may know whence it comes.
    """
    flat = [each for row in rows for each in (row, *row.footnotes)]
    only = flat[0].provision.pk if len(flat) == 1 else None
    found = proposing(round, user, provision=only)
    return BracketedPart([_bracketed(row, found.get(row.provision.pk, []), user) for row in flat])


def proposing(
    round: Round,
    user: Any,
    *,
    provision: int | None = None,
    statuses: Iterable[str] = (Comment.Status.SUBMITTED,),
) -> dict[int, list[Comment]]:
    """By provision (an id) the comments that propose other words and that the caller may read, in their order."""
    seat = Affiliation.objects.filter(
        user=OuterRef("author"),
        organisation__kind=StakeholderGroup.MEMBER_STATE,
        organisation__country=OuterRef("country"),
        role__in=(Affiliation.Position.CONTACT, Affiliation.Position.DEPUTY),
        confirmed_at__isnull=False,
    )
    comments = Comment.objects.visible_to(user).filter(round=round, status__in=list(statuses))
    comments = comments.exclude(proposed_text="").exclude(provision=None)
    if provision is not None:
        comments = comments.filter(provision=provision)
    comments = comments.select_related("anchor__revision", "author").annotate(speaks_for_state=Exists(seat))
    positions = Position.objects.select_related("organisation").order_by("at", "pk")
    by_provision: dict[int, list[Comment]] = defaultdict(list)
    for comment in comments.prefetch_related(Prefetch("positions", positions)).order_by("number", "pk"):
        comment.round = round
        by_provision[comment.provision_id or 0].append(comment)
    return by_provision


def proposals_of(row: ReadProvision, comments: Iterable[Comment], user: Any) -> list[Proposed]:
    """What ``comments`` (of ``proposing``) would change in the words of ``row``: nothing, where those are the words
    they ask for."""
    found = []
    base = row.printed_text
    for comment in comments:
        wording = _wording(comment, row.text) if row.text else None
        if wording is None:
            continue
        positions, others = _positions(comment, user)
        parts = [
            Proposal(start, end, words, positions, 0 if i else others)
            for i, (start, end, words) in enumerate(_stretches(base, wording))
        ]
        found.append(Proposed(comment, wording, parts, positions))
    return found


def _bracketed(row: ReadProvision, comments: list[Comment], user: Any) -> Bracketed:
    proposed = proposals_of(row, comments, user)
    written = write(row.printed_text, [part for each in proposed for part in each.parts])
    standing = sum(1 for each in proposed if each.parts)
    return Bracketed(row, written, standing, len(comments) - len(proposed))


def _wording(comment: Comment, words: ProvisionText) -> str | None:
    """The whole text, marks as printed, as the comment would have it; with what has changed since it was made."""
    if comment.proposed_language != words.language:
        return None
    comment.words_beside = [words]  # type: ignore[attr-defined]
    proposal = proposal_of(comment)
    text = joined([proposal], words.text) if proposal else None
    return None if text is None else printed_marks(text, words.footnotes)


def _stretches(base: str, wording: str) -> list[tuple[int, int, str]]:
    """What changes; all the words where next to nothing is kept, which brackets would only scatter."""
    found = hunks(base, wording)
    kept = len(base) - sum(hunk.end - hunk.start for hunk in found)
    if base and kept <= LEAST_IN_COMMON * max(len(base), len(wording)):
        return [(0, len(base), wording)]
    return _without_crumbs(base, [(hunk.start, hunk.end, hunk.words) for hunk in found])


def _without_crumbs(base: str, stretches: list[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    """Changes with but a sign or two of a script without spaces between them as one: nobody reads them apart."""
    joined_: list[tuple[int, int, str]] = []
    for start, end, words in stretches:
        if joined_ and UNSPACED_CRUMB.fullmatch(base, joined_[-1][1], start):
            first, until, before = joined_.pop()
            start, words = first, before + base[until:start] + words
        joined_.append((start, end, words))
    return joined_


def _positions(comment: Comment, user: Any) -> tuple[dict[str, Sign], int]:
    """Positions by country, and how many there are that no member state took."""
    found: dict[str, Sign] = {}
    others = 0
    if getattr(comment, "speaks_for_state", False) and may_see_origin(user, comment):
        found[comment.country] = Sign.SUPPORT
    for position in comment.positions.all():
        organisation = position.organisation
        state = organisation is not None and organisation.kind == StakeholderGroup.MEMBER_STATE
        if organisation is not None and state and organisation.country_id:
            found[organisation.country_id] = SIGNS[Position.Value(position.position)]
        else:
            others += 1
    return found, others


def _plain(row: Bracketed) -> str:
    heading = row.row.text.heading if row.row.text else ""
    place = place_in_a_list(row.row.provision)
    head = " ".join(filter(None, (place, heading))) if heading else ""
    if not row.text:
        return head
    return "\n".join(
        filter(None, (head, row.text if heading or not place else f"{place}{colon()}{row.text}"))
    )
