"""Who may change what of people and roles."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.facts import facts_of
from accounts.models import (
    Affiliation,
    Country,
    Invitation,
    Membership,
    Organisation,
    Role,
    StakeholderGroup,
    User,
)
from core.verdicts import Allowed, Refused, Verdict


def may_assign_roles(user: Any, person: User) -> Verdict:
    """Only an administrator gives and takes roles, and never their own."""
    if not facts_of(user).has(Role.ADMIN):
        return Refused(_("Only an administrator assigns roles."), "not_admin")
    if user.pk == person.pk:
        return Refused(_("Nobody assigns roles to themselves."), "self")
    return Allowed


# Whoever has one of these positions speaks for the member state.
SPEAKERS = frozenset({Affiliation.Position.CONTACT, Affiliation.Position.DEPUTY})
# Whoever holds one of these works for the secretariat.
SECRETARIAT_ROLES = frozenset({Role.STAFF, Role.DRAFTER, Role.ADMIN})


def may_invite(user: Any, role: str = "") -> Verdict:
    """Staff and administrators invite; into the secretariat's own roles only administrators do."""
    facts = facts_of(user)
    if not facts.has(Role.STAFF) and not facts.has(Role.ADMIN):
        return Refused(_("Only the secretariat invites people."), "not_staff")
    if role in SECRETARIAT_ROLES and not facts.has(Role.ADMIN):
        return Refused(_("Only an administrator invites into this role."), "not_admin")
    return Allowed


CLOSED: dict[str, Any] = {
    Invitation.State.ACCEPTED: _("This invitation has been accepted already."),
    Invitation.State.WITHDRAWN: _("This invitation has been withdrawn."),
    Invitation.State.EXPIRED: _("This invitation has expired."),
}


def may_accept(user: Any, invitation: Invitation, *, at: datetime) -> Verdict:
    """Whoever has confirmed the address that was invited, while the offer stands."""
    if not user.is_authenticated:
        return Refused(_("Sign in to accept the invitation."), "anonymous")
    state = invitation.state_at(at)
    if state != Invitation.State.OPEN:
        return Refused(CLOSED[state], state)
    if user.pk == invitation.invited_by_id:
        return Refused(_("Nobody accepts an invitation of their own."), "self")
    if not user.emailaddress_set.filter(email=invitation.email, verified=True).exists():
        return Refused(
            _("This invitation is for %(address)s.") % {"address": invitation.email}, "other_address"
        )
    if not may_offer(invitation.invited_by, invitation):
        return Refused(
            _("Whoever invited you may no longer do so. Ask the secretariat for a new invitation."), "void"
        )
    offered = invitation.state_spoken_for
    other = state_spoken_for(user, besides=offered) if offered else None
    if other is not None:
        reason = _(
            "You speak for %(state)s already, and nobody speaks for two Member States. Leave your place there "
            "first, or write to the secretariat."
        )
        return Refused(reason % {"state": other}, "other_state")
    return Allowed


def state_spoken_for(person: Any, *, besides: Country) -> Country | None:
    """Another member state than ``besides`` whose contact point or deputy the person is (one query)."""
    places = Affiliation.objects.filter(
        user=person,
        confirmed_at__isnull=False,
        role__in=SPEAKERS,
        organisation__kind=StakeholderGroup.MEMBER_STATE,
    )
    found = places.exclude(organisation__country=besides).select_related("organisation__country").first()
    return found.organisation.country if found else None


def may_offer(user: Any, invitation: Invitation) -> Verdict:
    """Who sends, sends again and withdraws it: a mission's contact point its own, the secretariat every one."""
    if not invitation.is_of_mission:
        return may_invite(user, invitation.role)
    mission = Organisation.objects.filter(
        kind=StakeholderGroup.MEMBER_STATE, country=invitation.country_id
    ).first()
    if mission is None:
        return Refused(_("Only the secretariat invites people."), "not_staff")
    return may_manage_mission(user, mission)


def may_edit_profile(user: Any, person: User) -> Verdict:
    if user.is_authenticated and user.pk == person.pk:
        return Allowed
    return Refused(_("Only the person themselves changes their profile."), "not_self")


def may_write(user: Any) -> Verdict:
    """Taking part needs a consent to the text in force, where one was given before. Reading never does."""
    state = facts_of(user).consent
    if state == "outdated":
        return Refused(
            _("The text that you agreed to has changed. Read the new one before you write again."), "consent"
        )
    if state == "withdrawn":
        return Refused(_("You withdrew your consent. To write again, agree again."), "consent")
    return Allowed


def may_erase(user: Any, person: User) -> Verdict:
    """Everyone their own account, at any time; nobody that of another."""
    if user.is_authenticated and user.pk == person.pk:
        return Allowed
    return Refused(_("Only the person themselves erases their account."), "not_self")


def may_see_people(user: Any) -> Verdict:
    """The list of people, groups and organisations, and the audit trail."""
    facts = facts_of(user)
    if facts.has(Role.STAFF) or facts.has(Role.ADMIN):
        return Allowed
    return Refused(_("Only the secretariat may do this."), "not_staff")


def may_manage_groups(user: Any) -> Verdict:
    return may_see_people(user)


def may_change_membership(user: Any, membership: Membership) -> Verdict:
    """Its term, its role and whose place it has taken: the secretariat, as long as the membership lasts."""
    verdict = may_manage_groups(user)
    if verdict and not membership.is_current():
        return Refused(
            _("This membership is over. Add the person to the group again to begin another."), "over"
        )
    return verdict


def may_disable(user: Any, person: User) -> Verdict:
    """Only an administrator closes and opens accounts, never their own, and none that was erased."""
    if not facts_of(user).has(Role.ADMIN):
        return Refused(_("Only an administrator disables accounts."), "not_admin")
    if user.pk == person.pk:
        return Refused(_("Nobody disables their own account."), "self")
    if person.erased_at:
        return Refused(_("This account was erased."), "erased")
    return Allowed


def may_see_organisation(user: Any, organisation: Organisation) -> Verdict:
    """Its members and who asks to be one: for its contact point and the secretariat."""
    if facts_of(user).organisations.get(organisation.pk) == Affiliation.Position.CONTACT:
        return Allowed
    if may_see_people(user):
        return Allowed
    return Refused(
        _("Only the contact point of the organization or the secretariat does this."), "not_contact"
    )


def may_decide_affiliation(user: Any, affiliation: Affiliation) -> Verdict:
    """The contact point of the organisation or the secretariat, and nobody on their own place."""
    if user.is_authenticated and affiliation.user_id == user.pk:
        return Refused(_("Somebody else confirms your place in an organization."), "self")
    return may_see_organisation(user, affiliation.organisation)


def may_appoint(user: Any, affiliation: Affiliation) -> Verdict:
    """The secretariat says who is contact point or deputy, and nobody of themselves."""
    if user.is_authenticated and affiliation.user_id == user.pk:
        return Refused(_("Somebody else confirms your place in an organization."), "self")
    return may_see_people(user)


def may_manage_mission(user: Any, organisation: Organisation) -> Verdict:
    """Invite into a member state's mission and hand its contact over: its contact point and the secretariat."""
    if organisation.kind != StakeholderGroup.MEMBER_STATE:
        return Refused(_("Only Member States have missions."), "not_mission")
    return may_see_organisation(user, organisation)


def may_change_place(user: Any, affiliation: Affiliation) -> Verdict:
    """Make a member deputy and back, or end a place: the contact point for the others of the mission, the
    secretariat for all; nobody for themselves."""
    if may_appoint(user, affiliation):
        return Allowed
    own = user.is_authenticated and affiliation.user_id == user.pk
    if affiliation.role == Affiliation.Position.CONTACT or affiliation.confirmed_at is None or own:
        return may_appoint(user, affiliation)
    return may_manage_mission(user, affiliation.organisation)


def may_leave(user: Any, affiliation: Affiliation) -> Verdict:
    """Everyone their own place, but a member state isn't left without its contact point."""
    contact = affiliation.role == Affiliation.Position.CONTACT and affiliation.confirmed_at is not None
    if contact and affiliation.organisation.kind == StakeholderGroup.MEMBER_STATE:
        return Refused(
            _("You are the contact point. Hand the contact over first, or ask the secretariat."), "contact"
        )
    return may_edit_profile(user, affiliation.user)


def may_place(user: Any, person: User) -> Verdict:
    """The secretariat gives places in organisations, to anybody who has an account, and nobody to themselves."""
    if user.is_authenticated and person.pk == user.pk:
        return Refused(_("Somebody else confirms your place in an organization."), "self")
    if person.erased_at:
        return Refused(_("This account was erased."), "erased")
    return may_see_people(user)
