"""What follows an event of the experts' work, outside the request."""

from django.db import transaction

from accounts.models import Affiliation, StakeholderGroup, User
from core import notices, outbox
from core.models import pk_of
from experts.mails import render_reopened
from experts.models import CallReopening


@outbox.handler("call.reopened", name="experts.tell_country")
def tell_country(subject: str) -> None:
    """Tell a country's contact point and deputies, once, that a call was reopened for it."""
    reopening = CallReopening.objects.get(pk=pk_of(subject, CallReopening))
    speaking = Affiliation.objects.filter(
        organisation__country=reopening.country_id,
        organisation__kind=StakeholderGroup.MEMBER_STATE,
        role__in=(Affiliation.Position.CONTACT, Affiliation.Position.DEPUTY),
        confirmed_at__isnull=False,
    )
    people = User.objects.active().filter(pk__in=speaking.values("user")).order_by("pk")
    with transaction.atomic():
        for person in people:
            notices.notify(recipient=person, kind="call_reopened", subject=reopening)


notices.register_kind("call_reopened", render_reopened)
