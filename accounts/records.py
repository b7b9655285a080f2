"""What the accounts themselves keep of a person, for their own eyes."""

from collections.abc import Iterable, Mapping
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from knox.models import AuthToken

from accounts.models import Invitation, User
from accounts.queries import affiliations_of, consents_of
from accounts.slots import PersonalRecords, scope_labels
from core.audit import name_of_act
from core.models import AuditEntry, Job, StoredFile

Rows = list[dict[str, Any]]


def _rows(found: Iterable[Mapping[str, Any]]) -> Rows:
    return [dict(row) for row in found]


def profile(person: User) -> Rows:
    return [
        {
            "name": person.name,
            "email": person.email,
            "language": person.language,
            "language_name": dict(settings.LANGUAGES).get(person.language, ""),
            "country": person.country.name if person.country else "",
            "time_zone": person.time_zone,
            "stakeholder_group": person.facts.stakeholder_group,
            "joined_at": person.date_joined,
            "signed_in_at": person.last_login,
        }
    ]


def addresses(person: User) -> Rows:
    return _rows(
        EmailAddress.objects.filter(user=person).order_by("pk").values("email", "verified", "primary")
    )


def roles(person: User) -> Rows:
    labels = scope_labels()
    return [
        {
            "role": str(grant.get_role_display()),
            "scope": labels.get((grant.scope_type, grant.scope_id), grant.scope_id),
            "at": grant.granted_at,
        }
        for grant in person.role_grants.order_by("pk")
    ]


def organisations(person: User) -> Rows:
    return [
        {
            "organisation": affiliation.organisation.shown_name,
            "kind": str(affiliation.organisation.get_kind_display()),
            "position": str(affiliation.get_role_display()),
            "confirmed_at": affiliation.confirmed_at,
        }
        for affiliation in affiliations_of(person)
    ]


def groups(person: User) -> Rows:
    found = person.memberships.select_related("group").prefetch_related("changes").order_by("pk")
    return [
        {
            "group": membership.group.name,
            "role": str(membership.get_role_display()),
            "since": membership.since,
            "ends_on": membership.ends_on,
            "until": membership.until,
            "changes": [
                {"kind": change.kind, "value": change.value, "reason": change.reason, "at": change.at}
                for change in membership.changes.all()
            ],
        }
        for membership in found
    ]


def consents(person: User) -> Rows:
    return [
        {
            "version": consent.text.version,
            "language": consent.text.language,
            "text": consent.text.text,
            "at": consent.at,
            "withdrawn_at": consent.withdrawn_at,
        }
        for consent in consents_of(person).order_by("pk")
    ]


def tokens(person: User) -> Rows:
    found = AuthToken.objects.filter(user=person).order_by("created")
    return [{"begins_with": token.token_key, "created_at": token.created} for token in found]


def ways_in(person: User) -> Rows:
    """Second factors, passkeys among them, and accounts elsewhere; no secret of theirs."""
    factors = Authenticator.objects.filter(user=person).order_by("pk")
    elsewhere = SocialAccount.objects.filter(user=person).order_by("pk")
    return [
        {"kind": factor.type, "added_at": factor.created_at, "used_at": factor.last_used_at}
        for factor in factors
    ] + [
        {"kind": account.provider, "known_as": account.uid, "used_at": account.last_login}
        for account in elsewhere
    ]


def devices(person: User) -> Rows:
    found = UserSession.objects.filter(user=person).order_by("pk")
    return _rows(found.values("user_agent", "ip", "created_at", "last_seen_at"))


def invitations(person: User) -> Rows:
    found = Invitation.objects.filter(Q(accepted_by=person) | Q(email=person.email)).order_by("pk")
    return [
        {
            "name": invitation.name,
            "email": invitation.email,
            "offer": invitation.offer,
            "expires_at": invitation.expires_at,
            "accepted_at": invitation.accepted_at,
        }
        for invitation in found
    ]


def messages(person: User) -> Rows:
    return _rows(person.notices.order_by("pk").values("kind", "subject", "created_at", "message__sent_at"))


def files(person: User) -> Rows:
    found = StoredFile.objects.filter(owner=person).order_by("pk")
    return _rows(found.values("name", "purpose", "size", "sha256", "created_at", "expires_at"))


def background_work(person: User) -> Rows:
    return _rows(Job.objects.filter(owner=person).order_by("pk").values("kind", "state", "created_at"))


def acts(person: User) -> Rows:
    found = AuditEntry.objects.filter(actor=person).order_by("pk")
    rows = _rows(found.values("at", "action", "subject", "changes"))
    return [{**row, "act": name_of_act(row["action"])} for row in rows]


_AT = _("When")
RECORDS = [
    PersonalRecords(
        "profile",
        _("Profile"),
        profile,
        {
            "name": _("Name"),
            "email": _("E-mail"),
            "language_name": _("Language"),
            "country": _("Country"),
            "time_zone": _("Time zone"),
            "joined_at": _("Account since"),
        },
    ),
    PersonalRecords("addresses", _("E-mail addresses"), addresses, {"email": _("E-mail")}),
    PersonalRecords("roles", _("Roles"), roles, {"role": _("Role"), "scope": _("Only for"), "at": _AT}),
    PersonalRecords(
        "organisations",
        _("Organizations"),
        organisations,
        {"organisation": _("Organization"), "position": _("Position"), "confirmed_at": _("Confirmed")},
    ),
    PersonalRecords(
        "groups",
        _("Groups"),
        groups,
        {
            "group": _("Group"),
            "role": _("Role"),
            "since": _("Since"),
            "ends_on": _("Term ends"),
            "until": _("Until"),
        },
    ),
    PersonalRecords(
        "consents",
        _("Consents"),
        consents,
        {"text": _("Text"), "at": _("Agreed"), "withdrawn_at": _("Taken back")},
    ),
    PersonalRecords("tokens", _("API tokens"), tokens, {"begins_with": _("Begins with"), "created_at": _AT}),
    PersonalRecords("ways_in", _("Ways to sign in"), ways_in, {"kind": _("Kind"), "added_at": _AT}),
    PersonalRecords(
        "devices",
        _("Devices"),
        devices,
        {"user_agent": _("Device"), "ip": _("Network address"), "last_seen_at": _("Last used")},
    ),
    PersonalRecords(
        "invitations",
        _("Invitations"),
        invitations,
        {"email": _("E-mail"), "offer": _("Invited into"), "accepted_at": _("Accepted")},
    ),
    PersonalRecords("messages", _("Mails to you"), messages, {"kind": _("Kind"), "created_at": _AT}),
    PersonalRecords(
        "files", _("Files"), files, {"name": pgettext_lazy("of a thing", "Name"), "created_at": _AT}
    ),
    PersonalRecords(
        "background_work", _("Background work"), background_work, {"kind": _("Kind"), "created_at": _AT}
    ),
    PersonalRecords(
        "acts",
        _("What you did, as the audit trail has it"),
        acts,
        {"at": _AT, "act": _("Act"), "subject": _("On what")},
    ),
]
