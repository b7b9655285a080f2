"""Who may do what in a round, when. Every list has a matching ``visible_to`` on its queryset."""

import math
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.facts import facts_of
from accounts.models import Group, Role
from accounts.rules import may_write
from consultations.models import Comment, Question, Round
from core.verdicts import Allowed, Refused, Verdict
from drafts.models import Draft

SIGN_IN = Refused(_("Sign in to take part."), "sign_in")
HIDDEN = Refused(_("There is no such page, or it is not open to you."), "hidden")
NOT_INVITED = Refused(_("This round is open to its invited groups only."), "not_in_audience")
NOT_YET = Refused(_("This round has not opened yet."), "not_open_yet")
CLOSED = Refused(_("This round has closed."), "closed")
UNDO_WITHIN = timedelta(minutes=10)
STAFF_ONLY = Refused(_("Only the secretariat may do this."), "not_staff")


def is_staff(user: Any, round: Round | None = None) -> bool:
    """Whether the caller is of the secretariat, everywhere or for this round."""
    return facts_of(user).has(Role.STAFF, scope=("round", round.pk) if round else None)


def is_secretariat(user: Any, round: Round | None = None) -> bool:
    """Staff and drafters read what was sent in confidence and answer it."""
    facts, scope = facts_of(user), ("round", round.pk) if round else None
    return facts.has(Role.STAFF, scope=scope) or facts.has(Role.DRAFTER, scope=scope)


def may_see_round(user: Any, round: Round) -> Verdict:
    """Asked of the query itself, so that page and list cannot differ."""
    return Allowed if Round.objects.visible_to(user).filter(pk=round.pk).exists() else HIDDEN


def may_follow_round(user: Any, round: Round, *, at: datetime) -> Verdict:
    """Being told of a new closing time: signed in, while there is one to come."""
    if not user.is_authenticated:
        return SIGN_IN
    if round.state_at(at) not in (Round.State.PLANNED, Round.State.OPEN):
        return CLOSED
    return may_see_round(user, round)


def may_hide_draft(draft: Draft, groups: Iterable[Group]) -> Verdict:
    """Whether groups that read a circulated draft may lose sight of it: not those that a round on it has asked, for
    their own comments would go out of sight with it."""
    asked = Q(kind=Round.Kind.OPEN) | Q(audience__group__in=[group.pk for group in groups])
    round = Round.objects.filter(asked, draft=draft, opens_at__lte=timezone.now()).first()
    if round is None:
        return Allowed
    return Refused(
        _(
            "“%(round)s” has asked these readers for comments on the draft: it stays before their eyes. Begin the next"
            " draft instead."
        )
        % {"round": round.title},
        "asked",
    )


def may_manage_rounds(user: Any) -> Verdict:
    return Allowed if is_staff(user) else STAFF_ONLY


def may_manage_round(user: Any, round: Round) -> Verdict:
    return Allowed if is_staff(user, round) else STAFF_ONLY


def in_audience(user: Any, round: Round) -> bool:
    """Whether the round was opened for the caller: everyone signed in, or members of its groups."""
    if not user.is_authenticated or not user.is_active:
        return False
    if round.kind == Round.Kind.OPEN:
        return True
    groups = facts_of(user).groups
    # ``all()`` and not ``filter()``: lists prefetch the audience once for all their comments.
    return bool(groups) and any(audience.group_id in groups for audience in round.audience.all())


def may_read_voices(user: Any, round: Round) -> bool:
    """Whether the caller is among those to whom the round shows what others said, and how much."""
    if is_secretariat(user, round) or round.visibility == Round.Visibility.PUBLIC:
        return True
    return round.visibility == Round.Visibility.PARTICIPANTS and in_audience(user, round)


def may_see_figures(user: Any, round: Round) -> Verdict:
    """The figures of a round: for those to whom it shows what others said."""
    if may_read_voices(user, round):
        return Allowed
    if round.visibility == Round.Visibility.SECRETARIAT:
        return Refused(_("What is said in this round is read by the secretariat only."), "confidential")
    return NOT_INVITED if user.is_authenticated else SIGN_IN


def may_compile(user: Any, round: Round) -> Verdict:
    """Taking the comments of a round away as a file: whoever is signed in and reads what others said in it."""
    return may_see_figures(user, round) if user.is_authenticated else SIGN_IN


def may_see_account(user: Any, round: Round) -> Verdict:
    """What became of the input: for those who may read it, once the answers are published; for the secretariat before.

    Of a round that the caller sees; the query for lists is ``Round.objects.accounted_to``.
    """
    if is_secretariat(user, round) or (round.published_at and may_read_voices(user, round)):
        return Allowed
    return HIDDEN


def seen_number(user: Any, comment: Comment) -> int | None:
    """The comment's number where the caller may know it: numbers tell how many comments there are."""
    return comment.number if may_read_voices(user, comment.round) else None


def own_deadline(user: Any, round: Round) -> datetime | None:
    """The deadline set for a role of this caller; None where the round's own holds."""
    roles = {role for role, scope_type, _scope_id in facts_of(user).grants if not scope_type}
    return max((deadline.at for deadline in round.deadlines.all() if deadline.role in roles), default=None)


def deadline_of(user: Any, round: Round) -> datetime:
    """When the round stops counting this caller's input, the hidden grace included."""
    return round.closes_for(own_deadline(user, round))


def may_comment(user: Any, round: Round, *, at: datetime) -> Verdict:
    """Speaking in a round: signed in, with consent, of its audience, between opening and closing."""
    if not user.is_authenticated:
        return SIGN_IN
    return may_write(user) and _may_speak(user, round, at=at)


def _may_speak(user: Any, round: Round, *, at: datetime) -> Verdict:
    if not in_audience(user, round):
        return NOT_INVITED
    if at < round.opens_at:
        return NOT_YET
    if round.closed_at or at >= deadline_of(user, round):
        return CLOSED
    return Allowed


def may_read_comment(user: Any, comment: Comment) -> Verdict:
    """Asked of the query itself, so that page and list cannot differ."""
    return Allowed if Comment.objects.visible_to(user).filter(pk=comment.pk).exists() else HIDDEN


def may_read_evidence(user: Any, stored: Any) -> bool:
    """A file is read by whoever reads the comment that it belongs to."""
    return Comment.objects.visible_to(user).filter(evidence__file=stored.pk).exists()


def may_edit_comment(user: Any, comment: Comment, *, at: datetime) -> Verdict:
    """The author's own words: a draft at any time, what was submitted until the round closes."""
    return _may_change(user, comment, at=at) and may_write(user)


def _may_change(user: Any, comment: Comment, *, at: datetime) -> Verdict:
    """As ``may_edit_comment``, without asking for consent: nobody needs it to take back what is theirs."""
    if not user.is_authenticated or comment.author_id != user.pk:
        return Refused(_("Only its author changes a comment."), "not_author")
    if comment.status == Comment.Status.DRAFT:
        return Allowed
    if comment.status != Comment.Status.SUBMITTED:
        return Refused(_("This comment can no longer be changed."), "final")
    return _may_speak(user, comment.round, at=at)


def may_withdraw_comment(user: Any, comment: Comment, *, at: datetime) -> Verdict:
    if comment.status == Comment.Status.DRAFT:
        return Refused(_("A draft is not withdrawn but deleted."), "draft")
    return _may_change(user, comment, at=at)


def may_delete_draft(user: Any, comment: Comment, *, at: datetime) -> Verdict:
    return _may_change(user, comment, at=at)


def may_take_back(user: Any, comment: Comment, *, at: datetime) -> Verdict:
    """Undoing a submission: its author, within ten minutes, while the round is open."""
    verdict = may_withdraw_comment(user, comment, at=at)
    if verdict and not (comment.submitted_at and at < comment.submitted_at + UNDO_WITHIN):
        return Refused(_("Ten minutes have passed: edit or withdraw the comment instead."), "too_late")
    return verdict


def minutes_to_take_back(comment: Comment, *, at: datetime) -> int:
    """How long its author can still undo a submission, the minute that has begun included."""
    left = comment.submitted_at + UNDO_WITHIN - at if comment.submitted_at else timedelta()
    return max(0, math.ceil(left / timedelta(minutes=1)))


def may_discuss(user: Any, comment: Comment, *, at: datetime) -> Verdict:
    """Replying and taking a position: whoever may comment in the round and reads this comment."""
    if comment.status != Comment.Status.SUBMITTED:
        return Refused(_("Only a submitted comment can be discussed."), "not_submitted")
    if is_secretariat(user, comment.round):
        return may_write(user)
    return may_comment(user, comment.round, at=at)


def may_reply(user: Any, comment: Comment, *, at: datetime) -> Verdict:
    return may_discuss(user, comment, at=at)


def may_take_position(user: Any, comment: Comment, position: str, *, at: datetime) -> Verdict:
    """Support and oppose are anyone's in the audience; a reservation is a member state's."""
    if user.is_authenticated and comment.author_id == user.pk:
        return Refused(_("Your own comment already speaks for you."), "own_comment")
    if position == "reserve" and not facts_of(user).speaks_for:
        return Refused(_("Only a Member State reserves its position."), "not_member_state")
    if not user.is_authenticated:
        return SIGN_IN
    if comment.status != Comment.Status.SUBMITTED:
        return Refused(_("Only a submitted comment can be discussed."), "not_submitted")
    return may_comment(user, comment.round, at=at)


def may_answer(user: Any, round: Round) -> Verdict:
    """Staff and drafters answer comments."""
    return Allowed if is_secretariat(user, round) else STAFF_ONLY


def may_enter_for_others(user: Any, round: Round, *, at: datetime) -> Verdict:
    """Entering what member states proposed elsewhere: the secretariat, once the round has opened. After its closing
    too, as late input: it is kept and read, but not counted (``counts_if_entered``)."""
    if not is_secretariat(user, round):
        return STAFF_ONLY
    if at < round.opens_at:
        return NOT_YET
    return may_write(user)


def counts_if_entered(round: Round, *, at: datetime) -> bool:
    """Whether what is entered for others now counts: until the round closes for everybody, its grace included."""
    return not round.closed_at and at < round.closes_for()


def may_see_carried(user: Any) -> Verdict:
    """What was carried from every round to a draft: those of the secretariat who work on all rounds."""
    return Allowed if is_secretariat(user) else STAFF_ONLY


def may_publish_answers(user: Any, round: Round) -> Verdict:
    return Allowed if is_staff(user, round) else STAFF_ONLY


def may_moderate(user: Any, round: Round) -> Verdict:
    return Allowed if is_staff(user, round) else STAFF_ONLY


def may_read_disposition(user: Any, comment: Comment, *, published: bool) -> Verdict:
    """An answer is read by readers of its comment once published; by the secretariat before."""
    if published or is_secretariat(user, comment.round):
        return Allowed
    return HIDDEN


def may_see_name(user: Any, speaker: int | None, comment: Comment) -> bool:
    """Whether the caller may know under a comment who ``speaker`` (an id) is: its author, or who replied to it or
    took a position. Their own name everyone sees, and staff see all; others none in anonymous rounds, and the
    author's only where the comment bears it (docs/decisions/0009-names-in-replies.md)."""
    if is_staff(user, comment.round) or (user.is_authenticated and speaker == user.pk):
        return True
    if comment.round.anonymous:
        return False
    return speaker != comment.author_id or comment.attribution == Comment.Attribution.NAMED


def may_see_author(user: Any, comment: Comment) -> bool:
    """Whether the author's name is shown: never in anonymous rounds, nor against the author's choice."""
    return may_see_name(user, comment.author_id, comment)


def may_see_origin(user: Any, comment: Comment) -> bool:
    """Whether the caller may know where a comment comes from: organisation, country, region, stakeholder group.

    With the author's name, or with that of the organisation; of who chose neither, it could tell who they are
    (docs/decisions/0006-small-cells.md). The query for lists is ``queries.of_known_origin``.
    """
    if may_see_author(user, comment):
        return True
    return not comment.round.anonymous and comment.attribution == Comment.Attribution.ORGANISATION


def may_set_questions(user: Any, round: Round, *, at: datetime) -> Verdict:
    """Staff write a round's questions until it opens: nobody is to have answered another question."""
    if not is_staff(user, round):
        return STAFF_ONLY
    if round.closed_at or at >= round.opens_at:
        return Refused(_("The round has opened: its questions stand as people read them."), "opened")
    return Allowed


def may_correct_question(user: Any, question: Question) -> Verdict:
    """Staff mend the words of a question at any time; once the round has opened, with a reason."""
    return Allowed if is_staff(user, question.round) else STAFF_ONLY


def may_answer_question(user: Any, question: Question, *, at: datetime) -> Verdict:
    """Answering a question is speaking in its round."""
    return may_comment(user, question.round, at=at)
