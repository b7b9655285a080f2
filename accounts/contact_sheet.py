"""A spreadsheet of people to invite: which column is what, and what each row says."""

from dataclasses import replace
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override
from rapidfuzz import fuzz, process

from accounts.invitation_list import LONGEST_LIST, Line, Outcome, Problem
from accounts.models import Affiliation, Country
from accounts.reserved_names import is_reserved, refusal
from core.names import without_overrides
from core.punctuation import listed
from core.sheets import Sheet, key, sheet_of
from core.spreadsheets import Table

# What headings are called, in the six languages; compared without marks, case and signs.
HEADINGS: dict[str, tuple[str, ...]] = {
    "email": (
        *("email", "e-mail", "e-mail address", "email address", "address", "mail"),
        *("courriel", "adresse électronique", "adresse e-mail", "correo", "correo electrónico"),
        *("dirección de correo electrónico", "электронная почта", "адрес электронной почты", "эл. почта"),
        *("البريد الإلكتروني", "عنوان البريد الإلكتروني", "电子邮件", "电子邮箱", "邮箱", "电子邮件地址"),
    ),
    "name": (
        *("name", "full name", "nom", "nom complet", "nom et prénom", "nombre", "nombre completo"),
        *("nombre y apellidos", "имя", "полное имя", "фио", "имя и фамилия", "الاسم", "الاسم الكامل"),
        *("姓名", "名称", "全名"),
    ),
    "country": (
        *("country", "member state", "state", "iso3", "iso2", "country code", "pays", "état membre"),
        *("code pays", "país", "estado miembro", "código de país", "страна", "государство-член"),
        *("государство", "код страны", "البلد", "الدولة", "الدولة العضو", "رمز البلد"),
        *("国家", "会员国", "国家代码"),
    ),
    "language": (
        *("language", "preferred language", "langue", "idioma", "lengua", "язык", "اللغة", "语言", "语文"),
    ),
    "position": (
        *("position", "role", "fonction", "rôle", "cargo", "función", "puesto", "должность", "роль"),
        *("функция", "المنصب", "الوظيفة", "الصفة", "职位", "职务", "角色"),
    ),
}
NEEDED = ("name", "email")
POSITIONS: dict[str, tuple[str, ...]] = {
    "contact": ("contact", "contact point", "focal point", "point focal", "punto focal"),
    "deputy": (
        "deputy",
        "alternate",
        "alternate focal point",
        "suppléant",
        "suppléance",
        "suplente",
        "adjoint",
    ),
    "member": ("member",),
}
COLUMN_LABELS = {
    "email": gettext_lazy("E-mail"),
    "name": gettext_lazy("Name"),
    "country": gettext_lazy("Country"),
    "language": gettext_lazy("Language"),
    "position": gettext_lazy("Position"),
}


def find_columns(table: Table) -> Sheet:
    """The table of people to invite; ``ValidationError`` as ``sheet_of``."""
    return sheet_of(table, headings=HEADINGS, labels=COLUMN_LABELS, needed=NEEDED, most=LONGEST_LIST)


def read_sheet(sheet: Sheet, *, language: str, country: Country | None = None) -> list[Line]:
    """The rows, read; ``language`` and ``country`` are those of rows that name none. Every problem of a row is told,
    with its column and what to do."""
    known = Known()
    lines: list[Line] = []
    first_at: dict[str, int] = {}
    contact_at: dict[str, int] = {}
    for number, cells in sheet.rows:
        line = _read(
            number, cells, sheet.headings, known, Line(number, "", language=language, country=country)
        )
        if line.outcome == Outcome.NEW:
            if (first := first_at.setdefault(line.email, number)) != number:
                note = _("The same address stands in row %(number)d.") % {"number": first}
                line = replace(line, outcome=Outcome.REPEATED, note=note)
            elif line.position == Affiliation.Position.CONTACT and line.country:
                first = contact_at.setdefault(line.country.pk, number)
                if first != number:
                    line = wrong(
                        line,
                        sheet.headings["position"],
                        _("Row %(number)d has a contact point of %(country)s already.")
                        % {"number": first, "country": line.country},
                        _("A Member State has one. Write “deputy” here or there."),
                    )
        lines.append(line)
    return lines


def wrong(line: Line, column: str, what: Any, todo: Any = "") -> Line:
    """``line`` with one problem more."""
    return replace(
        line, outcome=Outcome.WRONG, problems=(*line.problems, Problem(column, str(what), str(todo)))
    )


class Known:
    """What countries, languages and positions are called, in every language; read once for a table."""

    def __init__(self) -> None:
        columns = ["name_" + code.replace("-", "_") for code, _name in settings.LANGUAGES]
        self.countries: dict[str, Country] = {}
        self.names: dict[str, Country] = {}
        for country in Country.objects.all():
            names = [getattr(country, column) or "" for column in columns]
            for name in (country.pk, country.iso2, *names):
                self.countries.setdefault(key(name), country)
            self.names |= {key(name): country for name in names if name}
        self.countries.pop("", None)
        self.languages = {key(code): code for code, _name in settings.LANGUAGES} | {"zh": "zh-hans"}
        self.positions = {key(word): code for code, words in POSITIONS.items() for word in words}
        for active, own_name in settings.LANGUAGES:
            self.languages[key(str(own_name))] = active
            with override(active):
                for code, name in settings.LANGUAGES:
                    self.languages[key(_language_name(code, str(name)))] = code
                self.positions |= {key(str(label)): value for value, label in Affiliation.Position.choices}

    def nearest(self, text: str) -> Country | None:
        """The country whose name is written nearly so."""
        found = process.extractOne(key(text), self.names.keys(), scorer=fuzz.ratio, score_cutoff=78)
        return self.names[found[0]] if found else None


def _language_name(code: str, own_name: str) -> str:
    """A language's name in the language that is active: Django's, under its English name."""
    english = {"ar": "Arabic", "en": "English", "es": "Spanish", "fr": "French", "ru": "Russian"}
    return _(english[code]) if code in english else own_name


def _read(number: int, cells: dict[str, str], headings: dict[str, str], known: Known, line: Line) -> Line:
    email, name = cells["email"].strip().lower(), without_overrides(cells["name"])
    line = replace(line, text=" ".join(filter(None, cells.values())), email=email, name=name[:200])
    line = _with_address(line, headings["email"])
    if not name:
        line = wrong(line, headings["name"], _("The name is missing."), _("Write it."))
    elif len(name) > 150:
        line = wrong(line, headings["name"], _("The name has more than 150 characters."), _("Shorten it."))
    elif is_reserved(name):
        line = wrong(line, headings["name"], refusal())
    if value := cells.get("country", ""):
        country = known.countries.get(key(value))
        if country is None:
            todo = _("Write its name by United Nations usage, or its code, for example “KEN”.")
            if near := known.nearest(value):
                todo = _("Did you mean “%(name)s”?") % {"name": near} + " " + todo
            what = _("“%(value)s” is no Member State.") % {"value": value[:60]}
            line = wrong(line, headings["country"], what, todo)
        line = replace(line, country=country)
    if value := cells.get("language", ""):
        language = known.languages.get(key(value), "")
        if not language:
            what = _("“%(value)s” is no language of the portal.") % {"value": value[:60]}
            todo = _("Write one of: %(choices)s.") % {
                "choices": listed(code for code, _n in settings.LANGUAGES)
            }
            line = wrong(line, headings["language"], what, todo)
        line = replace(line, language=language)
    return _with_position(line, cells.get("position", ""), headings, known)


def _with_address(line: Line, column: str) -> Line:
    if not line.email:
        return wrong(line, column, _("The address is missing."), _("Write it."))
    try:
        validate_email(line.email)
    except ValidationError:
        what = _("“%(address)s” is not an e-mail address.") % {"address": line.email[:80]}
        return wrong(line, column, what, _("Check how it is written; one address in a cell."))
    if len(line.email) > 254:
        return wrong(line, column, _("The address is too long."), _("Check how it is written."))
    return line


def _with_position(line: Line, value: str, headings: dict[str, str], known: Known) -> Line:
    if not value:
        return line
    position = known.positions.get(key(value), "")
    if not position:
        what = _("“%(value)s” is no position in a mission.") % {"value": value[:60]}
        todo = _("Write one of: %(choices)s.") % {"choices": listed(POSITIONS)}
        return wrong(line, headings["position"], what, todo)
    if line.country is None and not line.problems:
        what = _("A position needs the Member State in which it is.")
        line = wrong(
            line, headings.get("country", str(COLUMN_LABELS["country"])), what, _("Write the country.")
        )
    return replace(line, position=position)
