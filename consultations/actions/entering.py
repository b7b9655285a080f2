"""Entering what member states proposed at the table: proposals and positions read from bracketed text."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actions.affiliations import lock_state
from accounts.models import Country, Organisation
from consultations.actions.comments import MAX_LENGTH, check_content, find_provision, take_place
from consultations.actions.numbering import RoundNoLongerAccepts
from consultations.bracketed import SIGNS, Proposed, proposals_of, proposing
from consultations.models import Comment, CommentRevision, Position, Round
from consultations.negotiating import Proposal, Sign
from consultations.rules import counts_if_entered, may_enter_for_others
from consultations.search import token_column
from core import audit, outbox
from core.verdicts import Conflict, require
from core.words import clean_words
from drafts.models import Provision
from drafts.queries import ReadProvision, read_provision

ENTERED = (Comment.Status.SUBMITTED, Comment.Status.LATE)
POSITIONS = {sign: position for position, sign in SIGNS.items()}


@dataclass
class Plan:
    """What entering proposals would do with one of them: ``comment`` is the one that proposes the same already,
    ``add`` the positions that it lacks, ``differ`` those on which portal and text say different things. ``refused``
    says why it can't be entered."""

    proposal: Proposal
    wording: str
    comment: Comment | None = None
    add: dict[str, Sign] = field(default_factory=dict)
    differ: dict[str, Sign] = field(default_factory=dict)
    refused: str = ""

    @property
    def does_something(self) -> bool:
        return not self.refused and (self.comment is None or bool(self.add))


def standing_proposals(round: Round, user: Any, *, provision: int | None = None) -> dict[int, list[Comment]]:
    """By provision (an id) the proposals that the round has already, late ones too."""
    return proposing(round, user, provision=provision, statuses=ENTERED)


def plan_entering(
    user: Any,
    round: Round,
    row: ReadProvision,
    proposals: list[Proposal],
    *,
    standing_by_provision: Mapping[int, list[Comment]] | None = None,
) -> list[Plan]:
    """What ``enter_proposals`` would do, one plan a proposal. A proposal that stands in the round already isn't
    made a second time; a position that a member state has in the portal stays as it is. Who plans for many
    provisions gives what ``standing_proposals`` found for all of them."""
    found = standing_by_provision
    if found is None:
        found = standing_proposals(round, user, provision=row.provision.pk)
    comments = found.get(row.provision.pk, [])
    base = row.printed_text
    alone: dict[str, Proposed] = {}
    parts: dict[str, Proposed] = {}
    for each in proposals_of(row, comments, user):
        alone.setdefault(clean_words(each.wording), each)
        for part in each.parts:
            parts.setdefault(clean_words(part.wording(base)), each)
    plans = []
    for proposal in proposals:
        plan = Plan(proposal, clean_words(proposal.wording(base)))
        positions = dict(proposal.positions)
        standing = alone.get(plan.wording) or parts.get(plan.wording)
        if not plan.wording:
            plan.refused = _(
                "To delete a whole provision is no proposal of other words: write a comment on it."
            )
        elif len(plan.wording) > MAX_LENGTH:
            plan.refused = _("At most %(limit)d characters.") % {"limit": MAX_LENGTH}
        elif standing is not None:
            plan.comment = standing.comment
            known = standing.positions
            plan.differ = {code: sign for code, sign in positions.items() if known.get(code, sign) != sign}
            # A comment that changes more than this: its positions are on all of it.
            if plan.wording in alone:
                plan.add = {code: sign for code, sign in positions.items() if code not in known}
        else:
            plan.add = positions
        plans.append(plan)
    return plans


@dataclass(frozen=True)
class Entry:
    """What is to be entered for one provision: proposals read against the words of ``language`` at ``version``, and
    why, if the text says so."""

    provision_key: str
    language: str
    version: int
    proposals: list[Proposal]
    rationale: str = ""


def enter_proposals(*, actor: Any, round: Round, entries: Sequence[Entry]) -> list[Comment]:
    """Enter proposals for other words of provisions as comments on behalf, with the positions of member states; all
    of them or none.

    ``Conflict`` where the words of a provision have moved on from the version that the proposals were read against.
    Sent twice it happens once, for what stands already isn't made again. In a closed round they are late input,
    without a number. Gives the comments that were made or got positions. ``Refusal``: not of the secretariat, or
    the round has not opened; ``ValidationError`` where the round doesn't ask about a provision.
    """
    require(may_enter_for_others(actor, round, at=timezone.now()))
    given = []
    for entry in entries:
        provision = find_provision(round, entry.provision_key)
        if provision is None:
            raise ValidationError({"provision": _("Choose a provision.")})
        given.append((provision, entry))
    given.sort(key=lambda pair: pair[0].position)
    try:
        with transaction.atomic():
            return _enter(actor, round, given)
    except RoundNoLongerAccepts:
        round.refresh_from_db()
        with transaction.atomic():
            return _enter(actor, round, given, late=True)


def _enter(
    actor: Any, round: Round, given: Sequence[tuple[Provision, Entry]], *, late: bool = False
) -> list[Comment]:
    # Who enters the same at the same moment waits here; all lock in one order, numbers last.
    locked = Provision.objects.select_for_update(of=("self",)).filter(pk__in=[p.pk for p, _entry in given])
    list(locked.order_by("pk"))
    planned = [(provision, entry, _plans(actor, round, provision, entry)) for provision, entry in given]
    states = _states({code for _p, _e, plans in planned for plan in plans for code in plan.add})
    late = late or not counts_if_entered(round, at=timezone.now())
    made, new = [], []
    for provision, entry, plans in planned:
        for plan in plans:
            comment = plan.comment
            if comment is None:
                comment = _new(actor, round, provision, entry, plan.wording)
                new.append(comment)
            _positions(actor, comment, plan.add, states)
            made.append(comment)
    for comment in new:
        if late:
            comment.status = Comment.Status.LATE
            comment.submitted_at = comment.updated_at = timezone.now()
            comment.save()
        else:
            take_place(comment, None, counts=lambda at: counts_if_entered(round, at=at))
    return made


def _plans(actor: Any, round: Round, provision: Provision, entry: Entry) -> list[Plan]:
    """What there is to do for one provision, whose row is locked."""
    row = read_provision(provision, entry.language)
    if row.text is None or row.language != entry.language or row.text.version != entry.version:
        raise Conflict(
            _("The words of this provision have changed since."),
            current={"provision": provision.key, "version": row.text.version if row.text else None},
        )
    return [plan for plan in plan_entering(actor, round, row, entry.proposals) if plan.does_something]


def _new(actor: Any, round: Round, provision: Provision, entry: Entry, wording: str) -> Comment:
    """A comment of the one who enters it: nobody's region, group or country is counted for it."""
    comment = Comment(
        round=round,
        provision=provision,
        author=actor,
        entered_by=actor,
        author_name=actor.name,
        proposed_text=wording,
        rationale=clean_words(entry.rationale)[:MAX_LENGTH],
        language=entry.language,
        receipt_salt=secrets.token_hex(16),
        search_tokens=token_column("", wording, entry.rationale),
    )
    check_content(comment)
    comment.save(force_insert=True)
    CommentRevision.objects.create(comment=comment, version=1, content=comment.content)
    audit.record("comment.enter", comment, actor=actor)
    outbox.record("comment.changed", comment)
    return comment


def _positions(
    actor: Any, comment: Comment, add: Mapping[str, Sign], states: Mapping[str, Organisation]
) -> None:
    for code, sign in sorted(add.items()):
        _position, created = Position.objects.get_or_create(
            comment=comment, organisation=states[code], defaults={"position": POSITIONS[sign]}
        )
        if created:
            changes = {"country": code, "position": str(POSITIONS[sign])}
            audit.record("position.enter", comment, actor=actor, changes=changes)
    if add and comment.status != Comment.Status.DRAFT:
        outbox.record("comment.changed", comment)


def _states(codes: set[str]) -> dict[str, Organisation]:
    """The organisations of member states, in the order of their codes, so that two who lock them never meet."""
    countries = Country.objects.filter(pk__in=codes).order_by("pk")
    return {country.pk: lock_state(country) for country in countries}
