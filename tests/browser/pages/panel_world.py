"""Calls whose panels are computed, decided and announced, for the table of pages."""

from typing import Any

from accounts.models import User
from core import outbox
from experts.actions.appointing import answer_by_link
from experts.actions.offering import token_of
from experts.actions.selecting import Asked, keep_selection, prepare_selection
from experts.models import Appointment
from tests.experts.panel_people import announced, decided


def panel_names(staff: User) -> dict[str, Any]:
    """What the addresses of panels are filled with."""
    call, _people, decision = decided(staff)
    other, impossible = (
        keep_selection(
            actor=staff, prepared=prepare_selection(actor=staff, call=call, asked=asked), name=name
        )
        for name, asked in (("More men", _asked(2)), ("Too many women", _asked(11)))
    )
    outbox.drain()
    told, people, _decision = announced(staff)
    places = [Appointment.objects.select_related("group").get(nomination=person) for person in people[:3]]
    answer_by_link(appointment=places[1], answer="accepted", publish_name=True, publish_country=True)
    answer_by_link(appointment=places[2], answer="declined")
    return {
        "panel_call": call.pk,
        "call_announced": told.pk,
        "panel": decision.selection.uuid,
        "panel_other": other.uuid,
        "panel_impossible": impossible.uuid,
        "panel_version": decision.version,
        "place_open": token_of(places[0]),
        "place_accepted": token_of(places[1]),
        "place_declined": token_of(places[2]),
    }


def _asked(women: int) -> Asked:
    quotas = ({"attribute": "gender", "value": "woman", "min": women, "max": None},)
    return Asked(
        seats=12 if women > 3 else 3, quotas=quotas, per_country=None, include={}, exclude={}, seed=1
    )
