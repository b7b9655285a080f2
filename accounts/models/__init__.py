"""People, organisations, countries, groups, roles and invitations."""

from accounts.models.groups import Group, Membership, MembershipChange, MembershipQuerySet, day_of
from accounts.models.invitations import Invitation, InvitationQuerySet
from accounts.models.people import (
    Affiliation,
    Consent,
    ConsentText,
    Country,
    Organisation,
    Region,
    RegionMembership,
    Role,
    RoleGrant,
    StakeholderGroup,
    User,
    UserManager,
    UserQuerySet,
)

__all__ = [
    "Affiliation",
    "Consent",
    "ConsentText",
    "Country",
    "Group",
    "Invitation",
    "InvitationQuerySet",
    "Membership",
    "MembershipChange",
    "MembershipQuerySet",
    "Organisation",
    "Region",
    "RegionMembership",
    "Role",
    "RoleGrant",
    "StakeholderGroup",
    "User",
    "UserManager",
    "UserQuerySet",
    "day_of",
]
