"""Telling governments and nominees of a call and of its decision, outside the request and piece by piece."""

from django.db import models, transaction

from accounts.models import User
from core import notices, outbox
from core.models import Notice, pk_of, subject_of
from experts.left_out import why
from experts.models import Call, Decision, Nomination, NominationMove
from experts.telling import ANNOUNCED, DECIDED, of_all_states, of_states_concerned
from experts.telling_mails import left_out_mail, render_announced, render_country, withdrawn_mail

# So many in one transaction: what comes after them is an event of its own.
AT_ONCE = 100


@outbox.handler("call.announced", name="experts.tell_focal_points")
@outbox.handler("call.telling", name="experts.tell_more_focal_points")
def tell_focal_points(subject: str) -> None:
    """Tell the focal points of all Member States of a call, each once, a hundred at a time."""
    call = Call.objects.get(pk=pk_of(subject, Call))
    _tell_next(of_all_states(), ANNOUNCED, call, more="call.telling")


@outbox.handler("decision.announced", name="experts.tell_countries")
@outbox.handler("decision.telling", name="experts.tell_more_countries")
def tell_countries(subject: str) -> None:
    """Tell the focal points of the countries concerned what became of their nominees, each once."""
    decision = Decision.objects.select_related("call").get(pk=pk_of(subject, Decision))
    if decision.announced_at:
        _tell_next(of_states_concerned(decision.call), DECIDED, decision, more="decision.telling")


def _tell_next(people: "models.QuerySet[User]", kind: str, subject: Call | Decision, *, more: str) -> None:
    told = Notice.objects.filter(kind=kind, subject=subject_of(subject))
    waiting = list(people.exclude(pk__in=told.values("recipient"))[: AT_ONCE + 1])
    with transaction.atomic():
        for person in waiting[:AT_ONCE]:
            notices.notify(recipient=person, kind=kind, subject=subject)
        if len(waiting) > AT_ONCE:
            outbox.record(more, subject)


@outbox.handler("nomination.left_out", name="experts.tell_left_out", outside=True, pause=60)
def tell_left_out(subject: str) -> None:
    """Tell a nominee that theirs was not considered; nothing where it is withdrawn or came in meanwhile."""
    found = Nomination.objects.select_related("call", "country").filter(pk=pk_of(subject, Nomination))
    nomination = found.first()
    left = why(nomination) if nomination else None
    if nomination is not None and left is not None and nomination.call.decided_at:
        left_out_mail(nomination, left).send()


@outbox.handler("nomination.moved", name="experts.tell_nominee_withdrawn", outside=True, pause=60)
def tell_withdrawn(subject: str) -> None:
    """Tell a nominee without an account, by the address to which their link went, that others withdrew it."""
    moves = NominationMove.objects.select_related(
        "nomination__call", "nomination__country", "nomination__link"
    )
    made = moves.get(pk=pk_of(subject, NominationMove))
    nomination = made.nomination
    by_others = made.after == Nomination.State.WITHDRAWN and made.by_id is not None
    link = getattr(nomination, "link", None)
    if by_others and nomination.nominee_id is None and link and link.sent_at and not link.used_at:
        withdrawn_mail(made).send()


notices.register_kind(ANNOUNCED, render_announced)
notices.register_kind(DECIDED, render_country)
