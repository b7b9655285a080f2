"""Fictional nominees: names put together by cultural area, careers and motivations from fragments.

Nothing here is looked up or left to chance: the same seed makes the same people.
"""

import json
import random
import re
import unicodedata
from dataclasses import dataclass, field
from typing import Any

from experts.expertise import FIELDS, PILLARS
from experts.models import Gender, Level
from guidelines_portal.demonstration.people import TEXTS

# How many of a region's nominees are women, and what its reviews come to on average: uneven, as pools are, so that
# a balanced panel costs some merit.
REGIONS = {
    "africa": (0.3, 5.9),
    "asia_pacific": (0.28, 6.2),
    "eastern_europe": (0.2, 6.0),
    "latin_america_caribbean": (0.42, 6.3),
    "western_europe_other": (0.45, 7.2),
}
LEVELS = {
    Level.NATIONAL: 38,
    Level.ACADEMIA: 21,
    Level.LOCAL: 17,
    Level.CIVIL_SOCIETY: 8,
    Level.REGIONAL: 6,
    Level.PRIVATE_SECTOR: 5,
    Level.INTERNATIONAL: 3,
    Level.OTHER: 2,
}
COMMON = {"6": 8, "5": 6, "data_governance": 7, "urban_planning": 6, "2": 4}
# Written otherwise than as a letter with an accent.
PLAIN_LETTERS = str.maketrans(
    {"ł": "l", "Ł": "L", "ı": "i", "ß": "ss", "đ": "d", "Đ": "D", "ø": "o", "’": ""}
)


@dataclass(frozen=True)
class Profile:
    """What one nominee says of themselves. ``strength`` (0 to 10) is what reviewers will find."""

    country: str
    language: str
    name: str
    email: str
    gender: str
    level: str
    position: str
    workplace: str
    years: int
    experienced: bool | None
    expertise: list[str]
    languages: list[str]
    nationalities: list[str]
    motivation: str
    experience: str
    answers: list[str]
    strength: float


@dataclass
class Register:
    """Makes people, never two of one name. ``regions`` maps countries to UN regional groups; ``year`` is this one."""

    regions: dict[str, str]
    year: int
    seed: str = "smart cities for people"
    taken: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.random = random.Random(self.seed)  # noqa: S311 a story, no secret
        names = json.loads((TEXTS / "nominee-names.json").read_text("utf-8"))
        self.areas, self.countries = names["areas"], names["countries"]
        self.words: dict[str, Any] = json.loads((TEXTS / "nominee-words.json").read_text("utf-8"))

    def person(self, country: str, gender: str) -> tuple[str, str]:
        """A name that nobody has yet, and its address."""
        area = self.areas[self.countries[country]["area"]]
        women = gender == Gender.WOMAN or (gender != Gender.MAN and self.random.random() < 0.5)
        families = area.get("families of women", area["families"]) if women else area["families"]
        pairs = [(given, family) for given in area["women" if women else "men"] for family in families]
        self.random.shuffle(pairs)
        for given, family in pairs:
            name = f"{family} {given}" if area["order"] == "family first" else f"{given} {family}"
            if name not in self.taken:
                self.taken.add(name)
                return name, address(name, country)
        raise LookupError(f"No name is left for {country}.")

    def profile(self, country: str, *, gender: str = "", level: str = "") -> Profile:
        """Somebody whom ``country`` may nominate."""
        pick = self.random
        women, strength = REGIONS[self.regions[country]]
        gender = gender or (Gender.WOMAN if pick.random() < women else Gender.MAN)
        level = level or pick.choices(list(LEVELS), list(LEVELS.values()))[0]
        name, email = self.person(country, gender)
        language = self.countries[country]["language"]
        words = self.words[language]
        position, workplace = pick.choice(self.words["places"][str(level)][language])
        workplace = workplace.format(town=pick.choice(self.words["towns"]))
        years = min(38, max(4, round(pick.gauss(15, 7))))
        expertise = self._expertise()
        career = {"position": position, "workplace": workplace, "years": years}
        start = self.year - max(2, years // 2)
        return Profile(
            country=country,
            language=language,
            name=name,
            email=email,
            gender=str(gender),
            level=str(level),
            position=position[:1].upper() + position[1:],
            workplace=workplace,
            years=years,
            experienced=pick.choices([True, False, None], [45, 45, 10])[0],
            expertise=expertise,
            languages=self._languages(country, language),
            nationalities=[country],
            motivation=self._motivation(words, career, expertise),
            experience=words["experience"].format(start=start, middle=self.year - years, **career),
            answers=[pick.choice(choices) for choices in words["answers"]],
            strength=pick.gauss(strength + (0.4 if level == Level.ACADEMIA else 0), 1.3),
        )

    def _expertise(self) -> list[str]:
        codes = [*PILLARS, *FIELDS]
        found: list[str] = []
        wanted = self.random.choices([1, 2, 3, 4], [15, 40, 33, 12])[0]
        while len(found) < wanted:
            code = self.random.choices(codes, [COMMON.get(code, 2) for code in codes])[0]
            if code not in found:
                found.append(code)
        return found

    def _languages(self, country: str, language: str) -> list[str]:
        spoken = [language]
        own = self.countries[country].get("own")
        others = [("en", 0.75), (own, 0.95), ("fr", 0.15), ("es", 0.08)]
        for other, chance in others:
            if other and other not in spoken and self.random.random() < chance:
                spoken.append(other)
        return spoken

    def _motivation(self, words: dict[str, Any], career: dict[str, Any], expertise: list[str]) -> str:
        pick = self.random
        subject = " ".join(words["fields"][code] for code in expertise[:2])
        middle = [pick.choice(words["stories"]), pick.choice(words["reasons"])]
        promises = " ".join(pick.sample(words["promises"], pick.choice([1, 1, 2])))
        opening = pick.choice(words["openings"]).format(**career)
        return "\n\n".join([f"{opening} {subject}", *middle[pick.choice([0, 0, 0, 1]) :], promises])


def address(name: str, country: str) -> str:
    """``ingrid.lindqvist.swe@example.org``: nobody's, for that domain is set apart for examples."""
    plain = unicodedata.normalize("NFKD", name.translate(PLAIN_LETTERS)).encode("ascii", "ignore").decode()
    return f"{'.'.join(re.findall(r'[a-z]+', plain.lower()))}.{country.lower()}@example.org"
