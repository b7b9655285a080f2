"""What a mission does about its own people: inviting colleagues, and handing the contact over."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actions.affiliations import locked_organisation
from accounts.actions.invitations import DAYS, offer_place
from accounts.models import Affiliation, Invitation, Organisation, User
from accounts.reserved_names import is_reserved, refusal
from accounts.rules import may_manage_mission
from core.names import without_overrides
from core.punctuation import listed
from core.verdicts import Conflict, require

# Mails go to addresses that nobody has confirmed: a mission isn't to send them without end.
MOST_OPEN = 20
Position = Affiliation.Position
OFFERED = (Position.DEPUTY, Position.MEMBER)


def invite_colleague(
    *, actor: Any, organisation: Organisation, email: str, name: str, position: str, language: str
) -> Invitation:
    """Invite somebody into the mission as deputy or member. The same offer twice is one, with one mail.

    ``Refusal`` unless contact point or secretariat; ``ValidationError`` by field; ``Conflict`` when somebody else
    invites the same person at this moment to something else.
    """
    require(may_manage_mission(actor, organisation))
    if position not in OFFERED:
        raise ValidationError({"position": _("Choose one of: %(choices)s.") % {"choices": listed(OFFERED)}})
    with transaction.atomic():
        organisation, actor = _locked(organisation, actor)
        email, name = _person(actor, email, name)
        place = organisation.affiliations.filter(user__email=email, confirmed_at__isnull=False).first()
        if place is not None:
            raise ValidationError(
                {"email": _("This person has a place in the mission already. Change the position there.")}
            )
        standing = _standing(organisation)
        open_ones = standing.filter(expires_at__gt=timezone.now())
        if found := open_ones.filter(email=email).first():
            if found.position == position:
                return found
            raise ValidationError(
                {"email": _("This person has been invited already. Withdraw that invitation first.")}
            )
        if open_ones.count() >= MOST_OPEN:
            raise ValidationError(
                _("%(most)d invitations of the mission wait for an answer. Withdraw one first.")
                % {"most": MOST_OPEN}
            )
        # One that has expired makes room; its record stays as withdrawn.
        standing.filter(email=email).update(withdrawn_at=timezone.now())
        return _offer(actor, organisation, email, name, language, position=position)


def hand_over(
    *, actor: Any, organisation: Organisation, email: str, name: str, language: str, leaves: bool
) -> Invitation:
    """Offer the contact of a mission to somebody, of the mission or not. Until they accept nothing changes; then
    whoever is contact point now becomes a member, or goes with ``leaves``. The same offer twice is one.

    ``Refusal`` unless contact point or secretariat; ``ValidationError`` by field; ``Conflict`` while another offer
    of the contact waits for an answer.
    """
    require(may_manage_mission(actor, organisation))
    with transaction.atomic():
        organisation, actor = _locked(organisation, actor)
        email, name = _person(actor, email, name)
        places = organisation.affiliations.filter(confirmed_at__isnull=False).select_related("user")
        contact = places.filter(role=Position.CONTACT).first()
        if contact is None:
            raise ValidationError(_("There is no contact point to hand over from. Invite one instead."))
        if contact.user.email == email:
            raise ValidationError({"email": _("This person is the contact point already.")})
        now = timezone.now()
        offers = _standing(organisation).filter(position=Position.CONTACT)
        if found := offers.filter(expires_at__gt=now).first():
            if found.email == email and found.outgoing_leaves == leaves:
                return found
            raise Conflict(_("The contact is offered to somebody already. Withdraw that invitation first."))
        offers.update(withdrawn_at=now)
        # Whatever else of the mission waits for this person goes: they are to be its contact point.
        _standing(organisation).filter(email=email).update(withdrawn_at=now)
        return _offer(
            actor, organisation, email, name, language, position=Position.CONTACT, outgoing_leaves=leaves
        )


def _locked(organisation: Organisation, actor: Any) -> tuple[Organisation, User]:
    """The mission, held, and the actor as they stand now: the contact may have changed a moment ago."""
    organisation = locked_organisation(organisation.pk)
    actor = User.objects.get(pk=actor.pk)
    require(may_manage_mission(actor, organisation))
    return organisation, actor


def _standing(organisation: Organisation) -> Any:
    own = Invitation.objects.standing().filter(country=organisation.country_id, role="")
    return own.exclude(position="")


def _person(actor: User, email: str, name: str) -> tuple[str, str]:
    email, words = email.strip().lower(), without_overrides(name)
    errors: dict[str, Any] = {}
    try:
        validate_email(email)
    except ValidationError as error:
        errors["email"] = error.messages
    if email == actor.email:
        errors["email"] = _("This is your own address.")
    if not words:
        errors["name"] = _("Give the person’s name.")
    elif len(words) > 150:
        errors["name"] = _("The name has more than 150 characters. Shorten it.")
    elif is_reserved(words):
        errors["name"] = refusal()
    if errors:
        raise ValidationError(errors)
    return email, words


def _offer(
    actor: User, organisation: Organisation, email: str, name: str, language: str, **fields: Any
) -> Invitation:
    return offer_place(
        actor,
        days=DAYS,
        email=email,
        name=name,
        language=language,
        country=organisation.country,
        **fields,
    )
