"""Calls as the accounts speak of them: open to who speaks for a Member State, or meant by their invitation."""

from datetime import datetime

from django.utils import timezone

from accounts.models import Affiliation, Invitation, Role, User
from accounts.slots import Occasion, Occasions
from experts.deadlines import for_mail
from experts.links import call_page
from experts.models import Call
from experts.standing import country_spoken_for

SPEAKING = (Affiliation.Position.CONTACT, Affiliation.Position.DEPUTY)


def open_to(person: User) -> list[Occasion]:
    """The calls that are open to a focal point, with the deadline of their country."""
    country = country_spoken_for(person)
    now = timezone.now()
    return [each for each in _of_country(country, person) if each.opens_at <= now] if country else []


def meant_by(invitation: Invitation) -> list[Occasion]:
    """The calls that somebody invited to speak for a Member State finds, now or soon."""
    speaks = invitation.position in SPEAKING or invitation.role == Role.FOCAL_POINT
    if not speaks:
        return []
    return _of_country(invitation.country_id or "", None)


def _of_country(country: str, reader: User | None) -> list[Occasion]:
    now = timezone.now()
    found = []
    for call in Call.objects.filter(announced_at__isnull=False, decided_at=None).prefetch_related(
        "reopenings"
    ):
        closes, _endorsed = call.deadlines_for(country)
        if closes > now:
            found.append(_occasion(call, closes, reader))
    return found


def _occasion(call: Call, closes: datetime, reader: User | None) -> Occasion:
    return Occasion(
        call.title,
        call_page(call.pk),
        call.opens_at,
        closes,
        opening=for_mail(call.opens_at, call, reader),
        closing=for_mail(closes, call, reader),
    )


OCCASIONS = Occasions(open_to, meant_by)
