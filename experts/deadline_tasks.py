"""Telling people that the dates of a call have changed, or that it closed early: each once for the same dates."""

from django.db.models import Q, QuerySet

from accounts.models import Affiliation, StakeholderGroup, User
from core import notices, outbox
from core.many_notices import Telling, notify_many
from core.models import pk_of, subject_of
from experts.deadline_mails import (
    address_of_nominee,
    occurrence_of,
    render_dates,
    render_dates_for_nominee,
)
from experts.models import Call, HostingOffer, Nomination

S = Nomination.State
MOVED, MOVED_FOR_NOMINEE = "call_dates_changed", "call_dates_changed_for_nominee"


@outbox.handler("call.dates_changed", name="experts.tell_of_new_dates")
def tell_of_new_dates(subject: str) -> None:
    """Tell whom the dates concern; nobody once the call is decided."""
    _tell(Call.objects.get(pk=pk_of(subject, Call)))


@outbox.handler("call.closed", name="experts.tell_of_early_closing")
def tell_of_early_closing(subject: str) -> None:
    _tell(Call.objects.get(pk=pk_of(subject, Call)))


def _tell(call: Call) -> None:
    if call.decided_at or call.announced_at is None:
        return
    about, occurrence = subject_of(call), occurrence_of(call)
    people = people_of(call).values_list("pk", "language")
    notify_many(kind=MOVED, tellings=[Telling(pk, about, occurrence, language) for pk, language in people])
    unlinked = Nomination.objects.filter(
        call=call, state=S.AWAITING_NOMINEE, nominee=None, link__used_at=None, link__sent_at__isnull=False
    )
    notify_many(
        kind=MOVED_FOR_NOMINEE,
        tellings=[Telling(None, subject_of(each), occurrence, each.language) for each in unlinked],
    )


def people_of(call: Call) -> "QuerySet[User]":
    """Who is concerned: who speaks for a member state and nominees who have not handed in; of a call to host, whoever
    began an offer."""
    people = User.objects.active().order_by("pk")
    if call.kind == Call.Kind.HOSTING:
        begun = HostingOffer.objects.filter(slot__call=call, state=HostingOffer.State.DRAFT)
        return people.filter(pk__in=begun.values("created_by"))
    speaking = Affiliation.objects.filter(
        organisation__kind=StakeholderGroup.MEMBER_STATE,
        role__in=(Affiliation.Position.CONTACT, Affiliation.Position.DEPUTY),
        confirmed_at__isnull=False,
    )
    unfinished = Nomination.objects.filter(call=call, state__in=Nomination.UNFINISHED, nominee__isnull=False)
    return people.filter(Q(pk__in=speaking.values("user")) | Q(pk__in=unfinished.values("nominee")))


notices.register_kind(MOVED, render_dates)
notices.register_kind(MOVED_FOR_NOMINEE, render_dates_for_nominee, address=address_of_nominee)
