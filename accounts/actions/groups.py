"""Who is in which group; every audience in the portal is one."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Group, Membership, User
from accounts.rules import may_manage_groups
from core import audit
from core.verdicts import require

MOST_LINES = 500


@dataclass(frozen=True)
class AddedLine:
    """What became of one line: ``outcome`` is added, member, unknown, invalid or repeated."""

    number: int
    address: str
    outcome: str
    person: User | None = None


def add_to_group(*, actor: Any, group: Group, person: User) -> tuple[Membership, bool]:
    """Put a person into a group from now on; the membership, and whether it is new. Twice is once."""
    require(may_manage_groups(actor))
    if not person.is_active or person.erased_at:
        raise ValidationError({"person": _("This account is closed.")})
    with transaction.atomic():
        membership, created = Membership.objects.get_or_create(group=group, user=person, until=None)
        if created:
            audit.record("group.add", person, actor=actor, changes={"group": group.slug})
    return membership, created


def add_addresses(*, actor: Any, group: Group, text: str) -> list[AddedLine]:
    """Put everyone whose address stands on a line of ``text`` into a group; a report by line.

    Lines that name nobody are told and change nothing; the others are carried out.
    """
    require(may_manage_groups(actor))
    lines = [
        (n, line.strip(" \t,;<>").lower()) for n, line in enumerate(text.splitlines(), 1) if line.strip()
    ]
    if not lines:
        raise ValidationError({"addresses": _("Give at least one address.")})
    if len(lines) > MOST_LINES:
        raise ValidationError({"addresses": _("At most %(limit)d lines.") % {"limit": MOST_LINES}})
    people = {
        person.email: person
        for person in User.objects.active().filter(email__in={address for _number, address in lines})
    }
    with transaction.atomic():
        return list(_add_lines(actor, group, lines, people))


def _add_lines(
    actor: Any, group: Group, lines: list[tuple[int, str]], people: dict[str, User]
) -> Iterator[AddedLine]:
    seen: set[str] = set()
    for number, address in lines:
        person = people.get(address)
        if address in seen:
            outcome = "repeated"
        elif person is not None:
            _membership, created = add_to_group(actor=actor, group=group, person=person)
            outcome = "added" if created else "member"
        else:
            outcome = "unknown" if _is_address(address) else "invalid"
        seen.add(address)
        yield AddedLine(number, address, outcome, person)


def _is_address(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True


def end_membership(*, actor: Any, membership: Membership) -> None:
    """Take a person or an organisation out of a group from now on. Twice is once."""
    require(may_manage_groups(actor))
    with transaction.atomic():
        standing = Membership.objects.filter(pk=membership.pk, until=None)
        if standing.update(until=timezone.now()):
            subject = membership.user or membership.organisation
            assert subject is not None  # a constraint of the table
            audit.record("group.end", subject, actor=actor, changes={"group": membership.group.slug})
