"""A spreadsheet of nominations collected elsewhere: which column is what, and what each row says."""

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from accounts.contact_sheet import HEADINGS as CONTACT_HEADINGS
from accounts.contact_sheet import Known as KnownCountries
from accounts.invitation_list import Problem
from accounts.models import Country
from accounts.reserved_names import is_reserved, refusal
from core.names import without_overrides
from core.punctuation import listed
from core.sheets import LONGEST_VALUE, Sheet, key, sheet_of
from core.spreadsheets import Table
from drafts.models import Guidelines
from experts.expertise import FIELDS, PILLARS, SPOKEN, expertise_choices, language_choices
from experts.models import Gender, Level

MOST_ROWS = 2_000
# What headings are called, in the six languages; compared as ``core.sheets`` compares them.
HEADINGS: dict[str, tuple[str, ...]] = {
    "name": (
        *CONTACT_HEADINGS["name"],
        "nominee",
        "candidate",
        "candidat",
        "candidato",
        "кандидат",
        "المرشح",
        "候选人",
    ),
    "email": CONTACT_HEADINGS["email"],
    "gender": ("gender", "sex", "genre", "sexe", "género", "sexo", "пол", "гендер", "الجنس", "النوع", "性别"),
    "country": (*CONTACT_HEADINGS["country"], "nominating country", "nominated by"),
    "expertise": (
        *("expertise", "field of expertise", "fields", "area of expertise", "domaine d’expertise"),
        *("domaines d’expertise", "especialidad", "especialización", "área de especialización"),
        *("область знаний", "специализация", "экспертиза", "مجال الخبرة", "الخبرة", "专长", "专业领域"),
    ),
    "level_of_government": (
        *(
            "level_of_government",
            "level of government",
            "level",
            "sector",
            "niveau de gouvernement",
            "niveau",
        ),
        *("nivel de gobierno", "nivel", "уровень управления", "уровень власти", "уровень"),
        *("مستوى الحكومة", "المستوى الحكومي", "政府级别", "政府层级"),
    ),
    "languages": (
        *(
            "languages",
            "language",
            "spoken languages",
            "langues",
            "langue",
            "idiomas",
            "idioma",
            "языки",
            "язык",
        ),
        *("اللغات", "اللغة", "语言", "语文"),
    ),
    "merit": (
        "merit",
        "score",
        "points",
        "mérite",
        "mérito",
        "баллы",
        "оценка",
        "الجدارة",
        "الدرجة",
        "评分",
        "分数",
    ),
}
NEEDED = ("name", "email", "country")
COLUMN_LABELS = {
    "name": gettext_lazy("Name"),
    "email": gettext_lazy("E-mail"),
    "gender": gettext_lazy("Gender"),
    "country": gettext_lazy("Country"),
    "expertise": gettext_lazy("Expertise"),
    "level_of_government": gettext_lazy("Level of government"),
    "languages": gettext_lazy("Languages"),
    "merit": gettext_lazy("Merit"),
}
# Between several values in one cell; Arabic and Chinese keyboards have signs of their own.
SEVERAL = re.compile(r"[;؛；\n]")
NUMBER = re.compile(r"\d{1,3}(?:[.,٫]\d{1,20})?")
GENDER_WORDS: dict[str, tuple[str, ...]] = {
    Gender.WOMAN: (
        "woman",
        "w",
        "female",
        "f",
        "femme",
        "féminin",
        "mujer",
        "femenino",
        "ж",
        "женский",
        "أنثى",
        "女性",
    ),
    Gender.MAN: (
        "man",
        "m",
        "male",
        "homme",
        "masculin",
        "hombre",
        "masculino",
        "м",
        "мужской",
        "ذكر",
        "男性",
    ),
    Gender.OTHER: ("x", "non-binary"),
    Gender.UNDISCLOSED: ("undisclosed", "not disclosed", "n/a"),
}


class Fate(TextChoices):
    """What becomes of a row. Wrong ones are left out; the others go in."""

    NEW = "new", gettext_lazy("Will be imported")
    STANDING = "standing", gettext_lazy("Left out: is there already")
    WRONG = "wrong", gettext_lazy("Can’t be imported")


@dataclass(frozen=True)
class Entry:
    """One row as read. ``problems`` name their column by its code (``email``)."""

    number: int
    name: str = ""
    email: str = ""
    country: Country | None = None
    gender: str = ""
    level_of_government: str = ""
    expertise: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    merit: Decimal | None = None
    fate: str = Fate.NEW
    problems: tuple[Problem, ...] = ()

    @property
    def fate_label(self) -> str:
        return str(Fate(self.fate).label)


def find_columns(table: Table) -> Sheet:
    """The table of nominations; ``ValidationError`` as ``sheet_of``."""
    return sheet_of(table, headings=HEADINGS, labels=COLUMN_LABELS, needed=NEEDED, most=MOST_ROWS)


def read_rows(sheet: Sheet, *, guidelines: Guidelines) -> list[Entry]:
    """The rows, read. Every problem of a row is told, with its column and what to do."""
    known = Known(guidelines)
    entries: list[Entry] = []
    first_at: dict[tuple[str, str], int] = {}
    for number, cells in sheet.rows:
        entry = _read(number, cells, known)
        if entry.fate == Fate.NEW and entry.country:
            first = first_at.setdefault((entry.country.pk, entry.email), number)
            if first != number:
                what = _("The same address stands in row %(number)d.") % {"number": first}
                entry = wrong(entry, "email", what, _("Delete one of the two rows."))
        entries.append(entry)
    return entries


def wrong(entry: Entry, column: str, what: Any, todo: Any = "") -> Entry:
    """``entry`` with one problem more."""
    return replace(entry, fate=Fate.WRONG, problems=(*entry.problems, Problem(column, str(what), str(todo))))


class Known:
    """What countries, genders, levels, fields and languages are called, in every language; read once for a table."""

    def __init__(self, guidelines: Guidelines) -> None:
        places = KnownCountries()
        self.countries, self.nearest = places.countries, places.nearest
        self.genders: dict[str, str] = {
            key(word): code for code, words in GENDER_WORDS.items() for word in words
        }
        self.levels: dict[str, str] = {key(code.replace("_", " ")): code for code in Level.values}
        self.expertise = {key(code): code for code in (*PILLARS, *FIELDS)}
        self.languages = {key(code): code for code in SPOKEN} | {key("zh"): "zh-hans"}
        for active, _name in settings.LANGUAGES:
            with override(active):
                self._add(self.genders, Gender.choices)
                self._add(self.levels, Level.choices)
                self._add(self.languages, language_choices())
                choices = expertise_choices(guidelines)
                self._add(self.expertise, choices)
                # "3. Title" is known by its title, too; and a pillar by its word and number.
                self._add(self.expertise, [(code, name.partition(". ")[2]) for code, name in choices])
                pillar = _("Pillar %(number)s")
                self._add(self.expertise, [(number, pillar % {"number": number}) for number in PILLARS])

    @staticmethod
    def _add(names: dict[str, str], choices: Iterable[tuple[str, Any]]) -> None:
        for code, name in choices:
            if word := key(str(name)):
                names.setdefault(word, code)


Reader = Callable[[Entry, str, Known], Entry]


def _read(number: int, cells: dict[str, str], known: Known) -> Entry:
    entry = Entry(number)
    for column, read in _READERS.items():
        value = cells.get(column, "")
        if len(value) > LONGEST_VALUE:
            entry = wrong(entry, column, _("At most %(limit)d characters.") % {"limit": LONGEST_VALUE})
        else:
            entry = read(entry, value, known)
    return entry


def _name(entry: Entry, value: str, known: Known) -> Entry:
    name = " ".join(without_overrides(unicodedata.normalize("NFC", value)).split())
    entry = replace(entry, name=name[:150])
    if not any(unicodedata.category(sign)[0] == "L" for sign in name):
        return wrong(entry, "name", _("The name is missing."), _("Write it."))
    if len(name) > 150:
        return wrong(entry, "name", _("The name has more than 150 characters."), _("Shorten it."))
    return wrong(entry, "name", refusal()) if is_reserved(name) else entry


def _email(entry: Entry, value: str, known: Known) -> Entry:
    email = value.strip().lower()
    entry = replace(entry, email=email[:254])
    if not email:
        return wrong(entry, "email", _("The address is missing."), _("Write it."))
    try:
        validate_email(email)
    except ValidationError:
        what = _("“%(address)s” is not an e-mail address.") % {"address": email[:80]}
        return wrong(entry, "email", what, _("Check how it is written; one address in a cell."))
    if len(email) > 254:
        return wrong(entry, "email", _("The address is too long."), _("Check how it is written."))
    return entry


def _country(entry: Entry, value: str, known: Known) -> Entry:
    if not value:
        return wrong(entry, "country", _("The country is missing."), _("Write it."))
    if country := known.countries.get(key(value)):
        return replace(entry, country=country)
    todo = _("Write its name by United Nations usage, or its code, for example “KEN”.")
    if near := known.nearest(value):
        todo = _("Did you mean “%(name)s”?") % {"name": near} + " " + todo
    return wrong(entry, "country", _("“%(value)s” is no Member State.") % {"value": value[:60]}, todo)


def _gender(entry: Entry, value: str, known: Known) -> Entry:
    return _chosen(entry, "gender", value, known.genders, Gender.values)


def _level(entry: Entry, value: str, known: Known) -> Entry:
    return _chosen(entry, "level_of_government", value.replace("_", " "), known.levels, Level.values)


def _chosen(entry: Entry, column: str, value: str, known: dict[str, str], codes: list[str]) -> Entry:
    if not value.strip():
        return entry
    if code := known.get(key(value)):
        return _set(entry, column, str(code))
    what = _("“%(value)s” is not known here.") % {"value": value[:60]}
    return wrong(entry, column, what, _("Write one of: %(choices)s.") % {"choices": listed(codes)})


def _set(entry: Entry, column: str, value: Any) -> Entry:
    return replace(entry, **{column: value})


def _expertise(entry: Entry, value: str, known: Known) -> Entry:
    return _several(entry, "expertise", value, known.expertise, (*PILLARS, *FIELDS))


def _languages(entry: Entry, value: str, known: Known) -> Entry:
    return _several(entry, "languages", value, known.languages, SPOKEN)


def _several(entry: Entry, column: str, value: str, known: dict[str, str], codes: tuple[str, ...]) -> Entry:
    found: list[str] = []
    for part in filter(None, (part.strip() for part in SEVERAL.split(value))):
        code = known.get(key(part)) or known.get(key(part.replace("_", " ")))
        if code:
            found.append(code)
        else:
            what = _("“%(value)s” is not known here.") % {"value": part[:60]}
            todo = _("Write these, with a semicolon between them: %(choices)s.") % {"choices": listed(codes)}
            entry = wrong(entry, column, what, todo)
    return _set(entry, column, tuple(dict.fromkeys(found)))


def _merit(entry: Entry, value: str, known: Known) -> Entry:
    said = unicodedata.normalize("NFKC", value).strip()
    if not said:
        return entry
    if NUMBER.fullmatch(said):
        merit = Decimal(said.replace(",", ".").replace("٫", ".")).quantize(Decimal("0.01"), ROUND_HALF_UP)
        if merit <= 100:
            return replace(entry, merit=merit)
    what = _("“%(value)s” is no number from 0 to 100.") % {"value": value[:60]}
    return wrong(entry, "merit", what, _("Write it as a number, or leave it empty."))


_READERS: dict[str, Reader] = {
    "name": _name,
    "email": _email,
    "country": _country,
    "gender": _gender,
    "expertise": _expertise,
    "level_of_government": _level,
    "languages": _languages,
    "merit": _merit,
}
