"""A pasted list of people to invite: what each line says, and what would become of it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import TextChoices
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import (
    Affiliation,
    Country,
    Group,
    Invitation,
    Membership,
    Role,
    RoleGrant,
    StakeholderGroup,
    User,
)
from accounts.reserved_names import is_reserved, refusal
from accounts.rules import SPEAKERS
from core.names import without_overrides

LONGEST_LIST = 500
MAIL_PROGRAM = re.compile(r"^\s*\"?(?P<name>[^<>\"]*?)\"?\s*<(?P<email>[^<>\s]+)>\s*(?P<rest>.*)$")
BY_COMMAS, BY_SEMICOLONS, BY_TABS = re.compile(r"[,،，]"), re.compile(r"[;؛；]"), re.compile(r"\t")


class Outcome(TextChoices):
    """What becomes of a line. Wrong ones hold everything up; the others that aren't sent are left out."""

    NEW = "new", gettext_lazy("Will be invited")
    KNOWN = "known", gettext_lazy("Will be invited; has an account already")
    MEMBER = "member", gettext_lazy("Left out: takes part already")
    INVITED = "invited", gettext_lazy("Left out: invited already")
    REPEATED = "repeated", gettext_lazy("Left out: stands in the list twice")
    WRONG = "wrong", gettext_lazy("To be mended")


@dataclass(frozen=True)
class Problem:
    """What is wrong in a row of a table, in which column, and what to do."""

    column: str
    what: str
    todo: str


@dataclass(frozen=True)
class Line:
    """One line as read. ``note`` says what is wrong and what to do, or what stands in the way; the rows of a table
    have ``problems`` for what is wrong."""

    number: int
    text: str
    email: str = ""
    name: str = ""
    language: str = ""
    country: Country | None = None
    position: str = ""
    outcome: str = Outcome.NEW
    note: str = ""
    problems: tuple[Problem, ...] = ()

    @property
    def is_sent(self) -> bool:
        return self.outcome in {Outcome.NEW, Outcome.KNOWN}

    @property
    def position_label(self) -> str:
        return str(Affiliation.Position(self.position).label) if self.position else ""

    @property
    def outcome_label(self) -> str:
        return str(Outcome(self.outcome).label)


def read_list(text: str, *, language: str, country: Country | None = None) -> list[Line]:
    """The lines that aren't blank, read; ``language`` and ``country`` are those of whoever names none.

    A line is ``address, name, language or country``, separated by commas, semicolons or tabs, or the way mail
    programs write it: ``Name <address>``. ``ValidationError`` when there is none, or too many to look at.
    """
    rows = [(number, row.strip()) for number, row in enumerate(text.splitlines(), 1) if row.strip()]
    if not rows:
        raise ValidationError({"people": _("Write at least one line.")})
    if len(rows) > LONGEST_LIST:
        problem = _("The list has %(count)d lines; at most %(most)d go at a time.")
        raise ValidationError({"people": problem % {"count": len(rows), "most": LONGEST_LIST}})
    countries = _countries()
    lines: list[Line] = []
    first_at: dict[str, int] = {}
    for number, row in rows:
        line = _read(row, Line(number, row, language=language, country=country), countries)
        if line.outcome == Outcome.NEW and (first := first_at.setdefault(line.email, number)) != number:
            note = _("The same address stands in line %(number)d.") % {"number": first}
            line = replace(line, outcome=Outcome.REPEATED, note=note)
        lines.append(line)
    return lines


def assess(lines: Iterable[Line], *, group: Group | None, role: str, actor: Any) -> list[Line]:
    """The lines with what is known of their people: who has an account, takes part, or was invited before; and of
    focal points, who speaks for their Member State already."""
    lines = list(lines)
    emails = {line.email for line in lines if line.is_sent}
    accounts = {
        email: pk for pk, email in User.objects.active().filter(email__in=emails).values_list("pk", "email")
    }
    standing = Invitation.objects.open_at(timezone.now()).filter(email__in=emails, group=group, role=role)
    invited = set(standing.values_list("email", flat=True))
    there = _there_already(set(accounts.values()), group, role)
    seats = Seats(set(accounts.values())) if role == Role.FOCAL_POINT else None
    assessed = []
    for line in lines:
        if line.is_sent and seats is not None and (account := accounts.get(line.email)) != actor.pk:
            line = seats.assess(line, account, taking_part=account in there)
            known = there if line.country is None else set()
        else:
            known = there
        assessed.append(_assess(line, accounts, invited, known, actor) if line.is_sent else line)
    return assessed


class Seats:
    """Who speaks for which member state, read once for a list."""

    def __init__(self, people: set[int]) -> None:
        places = Affiliation.objects.filter(
            confirmed_at__isnull=False, organisation__kind=StakeholderGroup.MEMBER_STATE
        )
        self.held: dict[int, list[tuple[Country, str]]] = {}
        for place in places.filter(user__in=people).select_related("organisation__country"):
            assert place.organisation.country is not None
            self.held.setdefault(place.user_id, []).append((place.organisation.country, place.role))
        contacts = places.filter(role=Affiliation.Position.CONTACT, user__in=User.objects.active())
        self.led = set(contacts.values_list("organisation__country", flat=True))

    def assess(self, line: Line, account: int | None, *, taking_part: bool) -> Line:
        """The line of a focal point with what becomes of her place."""
        if line.country is None:
            return line
        ranks = Affiliation.Position.values
        wanted = line.position or Affiliation.Position.DEPUTY
        for country, role in self.held.get(account or 0, []):
            if country == line.country and ranks.index(role) >= ranks.index(wanted):
                return replace(line, outcome=Outcome.MEMBER) if taking_part else line
            if country != line.country and role in SPEAKERS:
                problem = Problem(
                    "",
                    _("This person speaks for %(state)s already.") % {"state": country},
                    _("Nobody speaks for two Member States: end that place first, or invite somebody else."),
                )
                return replace(line, outcome=Outcome.WRONG, problems=(*line.problems, problem))
        if line.country.pk in self.led and line.position == Affiliation.Position.CONTACT:
            return replace(
                line, note=_("Takes the place of the contact point there is, who becomes a member.")
            )
        if line.country.pk in self.led and not line.position:
            return replace(line, note=_("There is a contact point: this person becomes deputy."))
        return line


def _there_already(people: set[int], group: Group | None, role: str) -> set[int]:
    """Who of ``people`` has everything that is offered."""
    there = people
    if group is not None:
        members = Membership.objects.current().filter(group=group, user__in=people)
        there = there & set(members.values_list("user_id", flat=True))
    if role:
        grants = RoleGrant.objects.filter(role=role, scope_type="", user__in=people)
        there = there & set(grants.values_list("user_id", flat=True))
    return there


def _assess(line: Line, accounts: dict[str, int], invited: set[str], there: set[int], actor: Any) -> Line:
    account = accounts.get(line.email)
    if account is not None and account == actor.pk:
        return replace(line, outcome=Outcome.WRONG, note=_("This is your own address. Take the line out."))
    if account in there:
        return replace(line, outcome=Outcome.MEMBER)
    if line.email in invited:
        return replace(
            line, outcome=Outcome.INVITED, note=_("To send the mail again, use the list of invitations.")
        )
    return line if account is None else replace(line, outcome=Outcome.KNOWN)


def _read(row: str, line: Line, countries: dict[str, Country]) -> Line:
    parts = _parts(row)
    line = replace(line, email=parts[0].lower(), name=without_overrides(parts[1])[:200])
    if problem := _problem(line, len(parts)):
        return replace(line, outcome=Outcome.WRONG, note=problem)
    for part in parts[2:]:
        if found := _language(part):
            line = replace(line, language=found)
        elif country := countries.get(part.casefold()):
            line = replace(line, country=country)
        else:
            problem = _("“%(part)s” is neither a language nor a Member State. Write “fr”, or “KEN”.")
            return replace(line, outcome=Outcome.WRONG, note=problem % {"part": part[:60]})
    return line


def _parts(row: str) -> list[str]:
    """Address, name, and what follows, without blanks around; always at least two."""
    separator = next((s for s in (BY_TABS, BY_SEMICOLONS, BY_COMMAS) if s.search(row)), BY_COMMAS)
    if written := MAIL_PROGRAM.match(row):
        rest = [part.strip() for part in separator.split(written["rest"]) if part.strip()]
        return [written["email"].strip(), written["name"].strip(), *rest]
    parts = [part.strip().strip('"') for part in separator.split(row)]
    return [*parts[:2], *[""] * (2 - len(parts)), *filter(None, parts[2:])]


def _problem(line: Line, parts: int) -> str:
    try:
        validate_email(line.email)
    except ValidationError:
        if "@" not in line.text:
            return _("There is no e-mail address in this line. Begin it with one.")
        return _("“%(address)s” is not an e-mail address. Check how it is written.") % {
            "address": line.email[:80]
        }
    if len(line.email) > 254:
        return _("The address is too long. Check how it is written.")
    if not line.name:
        return _("The name is missing. Write it after the address, with a comma between them.")
    if len(line.name) > 150:
        return _("The name has more than 150 characters. Shorten it.")
    if is_reserved(line.name):
        return refusal()
    if parts > 4:
        return _("The line has too many parts. Write address, name, language, country.")
    return ""


def _language(part: str) -> str:
    """The code of a language that is named by its code or by its own name, else nothing."""
    wanted = part.casefold().replace("_", "-")
    known = {code: code for code, _name in settings.LANGUAGES} | {"zh": "zh-hans"}
    known |= {str(name).casefold(): code for code, name in settings.LANGUAGES}
    return known.get(wanted, "")


def _countries() -> dict[str, Country]:
    """Member States under their three-letter codes and their names in every language."""
    names = ["name_" + code.replace("-", "_") for code, _name in settings.LANGUAGES]
    found: dict[str, Country] = {}
    for country in Country.objects.all():
        for name in (country.pk, *(getattr(country, column) or "" for column in names)):
            found.setdefault(name.casefold(), country)
    return found
