"""Belonging to an organisation: asked for by the person, confirmed by its contact point."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actions.people import OWN_KINDS
from accounts.actions.speaking import keep_role, make_room, tell_of_change
from accounts.models import Affiliation, Country, Organisation, StakeholderGroup, User
from accounts.queries import NAME_COLUMNS, deciders_of
from accounts.reserved_names import is_reserved_for_organisations, organisation_refusal
from accounts.rules import (
    may_appoint,
    may_change_place,
    may_decide_affiliation,
    may_edit_profile,
    may_leave,
    may_place,
)
from core import audit, notices
from core.names import without_overrides
from core.punctuation import listed
from core.verdicts import Refusal, Refused, Vanished, require

MOST = 5


def ask_to_join(*, actor: Any, person: User, organisation: Organisation) -> Affiliation:
    """Ask for a place in an organisation; its contact point (or the secretariat) is told. Twice is once.

    Unconfirmed until then: it brings no group and speaks for no member state.
    """
    require(may_edit_profile(actor, person))
    with transaction.atomic():
        standing = Affiliation.objects.filter(user=person)
        if standing.exclude(organisation=organisation).count() >= MOST:
            raise ValidationError(_("At most %(limit)d organizations.") % {"limit": MOST})
        affiliation, created = Affiliation.objects.get_or_create(user=person, organisation=organisation)
        if created:
            audit.record("affiliation.ask", person, actor=actor, changes={"organisation": organisation.pk})
            # Whoever asks, takes it back and asks again tells nobody twice on one day.
            occurrence = f"{person.pk} {timezone.now():%Y-%m-%d}"
            for decider in deciders_of(organisation):
                if decider.pk != person.pk:
                    notices.notify(
                        recipient=decider,
                        kind="affiliation_asked",
                        subject=organisation,
                        occurrence=occurrence,
                    )
    return affiliation


def name_organisation(*, actor: Any, person: User, kind: str, name: str) -> Affiliation:
    """Name an organisation that the portal doesn't know yet, and ask for a place in it.

    One of that kind and name that it does know is taken instead. ``ValidationError`` by field.
    """
    require(may_edit_profile(actor, person))
    words = without_overrides(name)
    errors = {}
    if kind not in OWN_KINDS:
        errors["kind"] = _("Choose one of: %(choices)s.") % {"choices": listed(OWN_KINDS)}
    if not 2 <= len(words) <= 200:
        errors["name"] = _("Give the name of the organization.")
    elif is_reserved_for_organisations(words, kind):
        errors["name"] = organisation_refusal()
    if errors:
        raise ValidationError(errors)
    with transaction.atomic():
        known = Organisation.objects.filter(kind=kind, name_en__iexact=words).first()
        organisation = known or Organisation.objects.create(kind=kind, name=words, name_en=words)
        return ask_to_join(actor=actor, person=person, organisation=organisation)


def confirm_affiliation(*, actor: Any, affiliation: Affiliation) -> Affiliation:
    """Confirm that a person belongs to an organisation; they are told. Twice is once."""
    with transaction.atomic():
        affiliation = _locked(affiliation)
        require(may_decide_affiliation(actor, affiliation))
        if affiliation.confirmed_at is None:
            _confirm(actor, affiliation)
    return affiliation


def decline_affiliation(*, actor: Any, affiliation: Affiliation) -> None:
    """Say that a person doesn't belong to an organisation: their request goes, and they are told."""
    with transaction.atomic():
        affiliation = _locked(affiliation)
        require(may_decide_affiliation(actor, affiliation))
        if affiliation.confirmed_at is not None:
            raise Refusal(Refused(_("This place is confirmed already."), "confirmed"))
        person, organisation = affiliation.user, affiliation.organisation
        audit.record("affiliation.decline", person, actor=actor, changes={"organisation": organisation.pk})
        notices.notify(
            recipient=person,
            kind="affiliation_declined",
            subject=organisation,
            occurrence=str(affiliation.pk),
        )
        affiliation.delete()


def end_affiliation(*, actor: Any, affiliation: Affiliation) -> None:
    """Leave an organisation, take a request back, or end somebody else's place, who is told. Twice is once.

    ``Refusal`` for a member state's contact point who would leave without a successor.
    """
    own = affiliation.user_id == getattr(actor, "pk", None)
    with transaction.atomic():
        # The organisation first: who hands the contact over and who leaves follow each other.
        locked_organisation(affiliation.organisation_id)
        standing = Affiliation.objects.filter(pk=affiliation.pk).select_related("user", "organisation")
        affiliation = standing.first() or affiliation
        require(may_leave(actor, affiliation) if own else may_change_place(actor, affiliation))
        gone, _models = Affiliation.objects.filter(pk=affiliation.pk).delete()
        if gone:
            changes = {"organisation": affiliation.organisation_id}
            audit.record("affiliation.end", affiliation.user, actor=actor, changes=changes)
            keep_role(actor, affiliation.user, affiliation.organisation, before=affiliation.role)
            if not own and affiliation.confirmed_at:
                tell_of_change("place_ended", affiliation.user, affiliation.organisation)


def appoint(*, actor: Any, affiliation: Affiliation, position: str) -> Affiliation:
    """Make somebody contact point, deputy or plain member; that confirms them too, and they are told.

    An organisation has one contact point: the one before becomes a member. The contact point of a member state
    makes its members deputies and back, the secretariat everything.
    """
    if position not in Affiliation.Position.values:
        choices = listed(Affiliation.Position.values)
        raise ValidationError({"position": _("Choose one of: %(choices)s.") % {"choices": choices}})
    with transaction.atomic():
        # The organisation first: two who appoint a contact point at once follow each other.
        locked_organisation(affiliation.organisation_id)
        affiliation = _locked(affiliation)
        to_contact = position == Affiliation.Position.CONTACT
        require(may_appoint(actor, affiliation) if to_contact else may_change_place(actor, affiliation))
        before = affiliation.role
        if before == position and affiliation.confirmed_at:
            return affiliation
        if to_contact:
            make_room(actor, affiliation.organisation, affiliation.user)
        affiliation.role = position
        affiliation.save(update_fields=["role"])
        audit.record(
            "affiliation.appoint",
            affiliation.user,
            actor=actor,
            changes={"organisation": affiliation.organisation_id, "position": [before, position]},
        )
        if affiliation.confirmed_at is None:
            _confirm(actor, affiliation)
            before = ""
        elif before != position:
            tell_of_change("position_changed", affiliation.user, affiliation.organisation)
        keep_role(actor, affiliation.user, affiliation.organisation, before=before)
    return affiliation


def place_person(
    *, actor: Any, person: User, kind: str, position: str, country: Country | None = None, name: str = ""
) -> Affiliation:
    """Give somebody a place in a Member State or another organisation, confirmed at once; they are told.

    An organisation that the portal doesn't know yet is added. ``ValidationError`` by field.
    """
    require(may_place(actor, person))
    words = without_overrides(name)
    errors = {}
    if kind == StakeholderGroup.MEMBER_STATE:
        if country is None:
            errors["country"] = _("Choose the Member State.")
    elif kind not in OWN_KINDS:
        errors["kind"] = _("Choose one of: %(choices)s.") % {"choices": listed(OWN_KINDS)}
    elif not 2 <= len(words) <= 200:
        errors["name"] = _("Give the name of the organization.")
    if position not in Affiliation.Position.values:
        choices = listed(Affiliation.Position.values)
        errors["position"] = _("Choose one of: %(choices)s.") % {"choices": choices}
    if errors:
        raise ValidationError(errors)
    with transaction.atomic():
        organisation = lock_state(country) if country and kind == StakeholderGroup.MEMBER_STATE else None
        affiliation = _place(actor, person, organisation or _named(kind, words), position)
        notices.notify(
            recipient=person,
            kind="affiliation_placed",
            subject=affiliation.organisation,
            occurrence=f"{affiliation.pk} {position}",
        )
    return affiliation


def take_seat(
    *,
    actor: Any,
    person: User,
    country: Country,
    position: str = "",
    invited_by: User | None = None,
    outgoing_leaves: bool = False,
) -> Affiliation:
    """The place of a focal point, by invitation: ``position``, or where that is empty contact point of the member
    state if it has none, deputy otherwise. Who has it or a higher one already keeps that. Inside the caller's
    transaction."""
    organisation = lock_state(country)
    own = organisation.affiliations.filter(user=person, confirmed_at__isnull=False).first()
    wanted = position
    if not wanted:
        contact = Affiliation.Position.CONTACT
        led = organisation.affiliations.exclude(user=person).filter(role=contact).exists()
        wanted = Affiliation.Position.DEPUTY if led else contact
        if own is not None and own.role != Affiliation.Position.MEMBER:
            return own
    ranks = Affiliation.Position.values
    if own is not None and ranks.index(own.role) >= ranks.index(wanted):
        return own
    if person.country_id is None:
        person.country = country
        person.save(update_fields=["country"])
    return _place(actor, person, organisation, wanted, granted_by=invited_by, outgoing_leaves=outgoing_leaves)


def lock_state(country: Country) -> Organisation:
    """The member state's organisation, locked: two who take its seat at once follow each other."""
    names = {column: getattr(country, column) for column in NAME_COLUMNS}
    found, _created = Organisation.objects.get_or_create(
        kind=StakeholderGroup.MEMBER_STATE, country=country, defaults={"name": country.name, **names}
    )
    return locked_organisation(found.pk)


def _named(kind: str, name: str) -> Organisation:
    known = Organisation.objects.filter(kind=kind, name_en__iexact=name).first()
    found = known or Organisation.objects.create(kind=kind, name=name, name_en=name)
    return locked_organisation(found.pk)


def locked_organisation(pk: int) -> Organisation:
    """Whoever changes who speaks for an organisation holds its row: they follow each other."""
    rows = Organisation.objects.select_for_update(of=("self",)).select_related("country")
    return rows.get(pk=pk)


def _place(
    actor: Any,
    person: User,
    organisation: Organisation,
    position: str,
    *,
    granted_by: User | None = None,
    outgoing_leaves: bool = False,
) -> Affiliation:
    """Set a place in an organisation that is locked, and confirm it."""
    standing = organisation.affiliations.filter(user=person).first()
    before = standing.role if standing and standing.confirmed_at else ""
    if standing and before == position:
        return standing
    if position == Affiliation.Position.CONTACT:
        make_room(actor, organisation, person, leaves=outgoing_leaves)
    now = timezone.now()
    affiliation, _created = Affiliation.objects.update_or_create(
        user=person,
        organisation=organisation,
        defaults={"role": position, "confirmed_at": standing.confirmed_at or now if standing else now},
    )
    changes = {"organisation": organisation.pk, "position": [before, position]}
    audit.record("affiliation.place", person, actor=actor, changes=changes)
    keep_role(granted_by or actor, person, organisation, before=before)
    return affiliation


def _locked(affiliation: Affiliation) -> Affiliation:
    rows = Affiliation.objects.select_for_update(of=("self",)).select_related("user", "organisation__country")
    try:
        return rows.get(pk=affiliation.pk)
    except Affiliation.DoesNotExist:
        raise Vanished from None


def _confirm(actor: Any, affiliation: Affiliation) -> None:
    affiliation.confirmed_at = timezone.now()
    affiliation.save(update_fields=["confirmed_at"])
    audit.record(
        "affiliation.confirm",
        affiliation.user,
        actor=actor,
        changes={"organisation": affiliation.organisation_id},
    )
    notices.notify(
        recipient=affiliation.user,
        kind="affiliation_confirmed",
        subject=affiliation.organisation,
        occurrence=str(affiliation.pk),
    )
