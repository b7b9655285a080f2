"""Entering what member states proposed at the table: proposals and positions read from bracketed text."""

import secrets
from collections.abc import Mapping
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


def plan_entering(user: Any, round: Round, row: ReadProvision, proposals: list[Proposal]) -> list[Plan]:
    """What ``enter_proposals`` would do, one plan a proposal. A proposal that stands in the round already isn't
    made a second time; a position that a member state has in the portal stays as it is."""
    comments = proposing(round, user, provision=row.provision.pk, statuses=ENTERED).get(row.provision.pk, [])
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


def enter_proposals(
    *,
    actor: Any,
    round: Round,
    provision_key: str,
    language: str,
    version: int,
    proposals: list[Proposal],
    rationale: str = "",
) -> list[Comment]:
    """Enter proposals for other words of a provision as comments on behalf, with the positions of member states.

    ``version`` is that of the words they were read against: ``Conflict`` where those have moved on. Sent twice it
    happens once, for what stands already isn't made again. In a closed round they are late input, without a
    number. Gives the comments that were made or got positions. ``Refusal``: not of the secretariat, or the round
    has not opened; ``ValidationError`` where the round doesn't ask about the provision.
    """
    require(may_enter_for_others(actor, round, at=timezone.now()))
    provision = find_provision(round, provision_key)
    if provision is None:
        raise ValidationError({"provision": _("Choose a provision.")})
    try:
        with transaction.atomic():
            return _enter(actor, round, provision, language, version, proposals, rationale)
    except RoundNoLongerAccepts:
        round.refresh_from_db()
        with transaction.atomic():
            return _enter(actor, round, provision, language, version, proposals, rationale, late=True)


def _enter(
    actor: Any,
    round: Round,
    provision: Provision,
    language: str,
    version: int,
    proposals: list[Proposal],
    rationale: str,
    *,
    late: bool = False,
) -> list[Comment]:
    # Who enters the same at the same moment waits here.
    Provision.objects.select_for_update(of=("self",)).get(pk=provision.pk)
    row = read_provision(provision, language)
    if row.text is None or row.language != language or row.text.version != version:
        raise Conflict(
            _("The words of this provision have changed since."),
            current={"version": row.text.version if row.text else None},
        )
    plans = [plan for plan in plan_entering(actor, round, row, proposals) if plan.does_something]
    states = _states({code for plan in plans for code in plan.add})
    late = late or not counts_if_entered(round, at=timezone.now())
    made = []
    for plan in plans:
        comment = plan.comment or _new(actor, round, provision, language, plan.wording, rationale)
        _positions(actor, comment, plan.add, states)
        made.append(comment)
    # Numbers last: their row is held until the transaction ends.
    for plan, comment in zip(plans, made, strict=True):
        if plan.comment is None and late:
            comment.status = Comment.Status.LATE
            comment.submitted_at = comment.updated_at = timezone.now()
            comment.save()
        elif plan.comment is None:
            take_place(comment, None, counts=lambda at: counts_if_entered(round, at=at))
    return made


def _new(
    actor: Any, round: Round, provision: Provision, language: str, wording: str, rationale: str
) -> Comment:
    """A comment of the one who enters it: nobody's region, group or country is counted for it."""
    comment = Comment(
        round=round,
        provision=provision,
        author=actor,
        entered_by=actor,
        author_name=actor.name,
        proposed_text=wording,
        rationale=clean_words(rationale)[:MAX_LENGTH],
        language=language,
        receipt_salt=secrets.token_hex(16),
        search_tokens=token_column("", wording, rationale),
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
