"""Who speaks for an organisation: making room for a new contact point, and what follows from it."""

from typing import Any

from django.utils import timezone

from accounts.models import Affiliation, Invitation, Organisation, Role, RoleGrant, StakeholderGroup, User
from accounts.rules import SPEAKERS
from core import audit, notices


def make_room(actor: Any, organisation: Organisation, person: User, *, leaves: bool = False) -> None:
    """Whoever is contact point before ``person`` becomes a member (or goes, with ``leaves``) and is told. It stands
    in the trail about both and about the organisation. Inside a transaction that holds the organisation."""
    contact, member = Affiliation.Position.CONTACT, Affiliation.Position.MEMBER
    for other in organisation.affiliations.exclude(user=person).filter(role=contact).select_related("user"):
        if leaves:
            other.delete()
            changes: dict[str, Any] = {"organisation": organisation.pk}
            audit.record("affiliation.end", other.user, actor=actor, changes=changes)
        else:
            other.role = member
            other.save(update_fields=["role"])
            changes = {"organisation": organisation.pk, "position": [contact, member]}
            audit.record("affiliation.appoint", other.user, actor=actor, changes=changes)
        audit.record(
            "organisation.hand_over",
            organisation,
            actor=actor,
            changes={"contact": [other.user_id, person.pk]},
        )
        keep_role(actor, other.user, organisation, before=contact)
        tell_of_change("contact_replaced", other.user, organisation)
        _pass_invitations_on(organisation, other.user, person)


def keep_role(actor: Any, person: User, organisation: Organisation, *, before: str) -> None:
    """The role of a focal point follows the place in a member state: it comes with contact point and deputy, and goes
    with the last such place. ``before`` is the position until now."""
    if organisation.kind != StakeholderGroup.MEMBER_STATE:
        return
    places = person.affiliations.filter(
        confirmed_at__isnull=False, organisation__kind=StakeholderGroup.MEMBER_STATE
    )
    grant = {"user": person, "role": Role.FOCAL_POINT, "scope_type": "", "scope_id": ""}
    changes = {"role": Role.FOCAL_POINT, "scope": ["", ""]}
    if places.filter(role__in=SPEAKERS).exists():
        giver = actor if getattr(actor, "pk", None) != person.pk else None
        _grant, created = RoleGrant.objects.get_or_create(**grant, defaults={"granted_by": giver})
        if created:
            audit.record("role.grant", person, actor=actor, changes=changes)
    elif before in SPEAKERS and RoleGrant.objects.filter(**grant).delete()[0]:
        audit.record("role.withdraw", person, actor=actor, changes=changes)


def tell_of_change(kind: str, person: User, organisation: Organisation) -> None:
    """A mail to ``person`` about their place, one for each change."""
    notices.notify(
        recipient=person,
        kind=kind,
        subject=organisation,
        occurrence=timezone.now().isoformat(),
    )


def _pass_invitations_on(organisation: Organisation, old: User, new: User) -> None:
    """What the contact point before offered to colleagues stands, now in the new one's name; a hand-over of theirs
    doesn't, nor what was offered to the new one."""
    if organisation.kind != StakeholderGroup.MEMBER_STATE:
        return
    standing = Invitation.objects.standing().filter(country=organisation.country_id, role="", invited_by=old)
    standing = standing.exclude(position="")
    now = timezone.now()
    standing.filter(position=Affiliation.Position.CONTACT).update(withdrawn_at=now)
    standing.filter(email=new.email).update(withdrawn_at=now)
    standing.update(invited_by=new)
