"""Who is in which group; every audience in the portal is one."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actions.memberships import LONGEST_REASON, check_term, enter_group
from accounts.models import Group, Membership, User
from accounts.rules import may_manage_groups
from core import audit
from core.six_languages import check_length, set_words, words_of
from core.verdicts import Conflict, require
from core.words import clean_words

MOST_LINES, LONGEST_TERMS = 500, 20_000


@dataclass(frozen=True)
class AddedLine:
    """What became of one line: ``outcome`` is added, member, unknown, invalid or repeated."""

    number: int
    address: str
    outcome: str
    person: User | None = None


def add_to_group(
    *, actor: Any, group: Group, person: User, ends_on: date | None = None, reason: str = ""
) -> tuple[Membership, bool]:
    """Put a person into a group from now on; the membership, and whether it is new. Twice is once.

    ``ends_on``: the last day of the agreed term, if one was agreed.
    """
    require(may_manage_groups(actor))
    check_term(ends_on)
    if not person.is_active or person.erased_at:
        raise ValidationError({"person": _("This account is closed.")})
    with transaction.atomic():
        membership, created = enter_group(
            group=group, person=person, by=actor, ends_on=ends_on, reason=clean_words(reason)[:LONGEST_REASON]
        )
        if created:
            audit.record("group.add", person, actor=actor, changes={"group": group.slug})
    return membership, created


def add_addresses(
    *, actor: Any, group: Group, text: str, ends_on: date | None = None, reason: str = ""
) -> list[AddedLine]:
    """Put everyone whose address stands on a line of ``text`` into a group; a report by line.

    Lines that name nobody are told and change nothing; the others are carried out.
    """
    require(may_manage_groups(actor))
    check_term(ends_on)
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
        return list(_add_lines(actor, group, lines, people, {"ends_on": ends_on, "reason": reason}))


def _add_lines(
    actor: Any, group: Group, lines: list[tuple[int, str]], people: dict[str, User], terms: dict[str, Any]
) -> Iterator[AddedLine]:
    seen: set[str] = set()
    for number, address in lines:
        person = people.get(address)
        if address in seen:
            outcome = "repeated"
        elif person is not None:
            _membership, created = add_to_group(actor=actor, group=group, person=person, **terms)
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


def set_terms(*, actor: Any, group: Group, terms: Mapping[str, str], version: int | None = None) -> Group:
    """Give a group its terms of reference: language codes to Markdown; languages that aren't named stay.

    The same again leaves no trace. ``Refusal`` unless of the secretariat; ``Conflict`` where somebody changed them
    since ``version``; ``ValidationError`` where a text is too long, or no English one would be left.
    """
    require(may_manage_groups(actor))
    try:
        check_length(terms, LONGEST_TERMS)
    except ValidationError as error:
        raise ValidationError({"terms": error.messages}) from None
    with transaction.atomic():
        group = Group.objects.select_for_update(no_key=True).get(pk=group.pk)
        if version is not None and group.version != version:
            raise Conflict(
                _("The terms of reference have changed since you opened them."),
                current={"version": group.version},
            )
        before = words_of(group, "terms")
        set_words(group, "terms", terms)
        after = words_of(group, "terms")
        if after and "en" not in after:
            raise ValidationError({"terms": _("Give the English text, too: it stands in for the others.")})
        if changed := sorted(code for code in {*before, *after} if before.get(code) != after.get(code)):
            group.version += 1
            group.save()
            audit.record("group.terms", group, actor=actor, changes={"languages": changed})
    return group
