"""People, organisations, countries, groups, roles and invitations."""

from accounts.models.invitations import Invitation, InvitationQuerySet
from accounts.models.people import (
    Affiliation,
    Consent,
    ConsentText,
    Country,
    Group,
    Membership,
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
    "Organisation",
    "Region",
    "RegionMembership",
    "Role",
    "RoleGrant",
    "StakeholderGroup",
    "User",
    "UserManager",
    "UserQuerySet",
]
