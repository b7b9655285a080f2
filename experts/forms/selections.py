"""The form of a panel's problem: one row for each value that may have a quota, some for decisions on people."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from core.forms import ReadableFields, TakesErrors
from experts.actions.selecting import LONGEST_NAME, LONGEST_REASON, Asked, default_seed
from experts.forms.light_widgets import LightNumberInput, LightSelect
from experts.models import Call, Selection
from experts.panel import Kind
from experts.panel_reading import Person
from experts.panel_words import Words
from experts.selection_pool import ATTRIBUTES, EXPERIENCED, LANGUAGE, NATIONALITY, Entry

BLANK_DECISIONS = 3
FOLDED = (EXPERIENCED, LANGUAGE, NATIONALITY)
LARGEST = 9999
INCLUDE, EXCLUDE = "include", "exclude"
DECISIONS = [("", "–"), (INCLUDE, _("Include")), (EXCLUDE, _("Exclude"))]


@dataclass(frozen=True)
class QuotaRow:
    """One value: its name, how many of the pool have it, the two fields, and what is wrong with them by their ids."""

    label: str
    pool: int
    low: forms.BoundField
    high: forms.BoundField
    errors: list[tuple[str, list[str]]]


@dataclass(frozen=True)
class QuotaGroup:
    attribute: str
    label: str
    rows: list[QuotaRow]
    folded: bool


class SelectionForm(TakesErrors, ReadableFields, forms.Form):
    """``begin``: what an earlier selection asked (``Selection.problem``)."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    name = forms.CharField(
        label=pgettext_lazy("of a thing", "Name"),
        required=False,
        max_length=LONGEST_NAME,
        help_text=_("To tell it from others, such as “More women”."),
    )
    seats = forms.IntegerField(label=_("Seats"), min_value=1, max_value=LARGEST)
    per_country = forms.IntegerField(
        label=_("Most from one country"), required=False, min_value=0, max_value=LARGEST
    )
    seed = forms.CharField(
        label=_("Seed of the draw"),
        max_length=100,
        help_text=_(
            "Decides between panels of the same merit. By default the day on which the call closed: it was fixed and "
            "public before anybody's merit was known."
        ),
    )

    def __init__(
        self,
        data: Any = None,
        *,
        call: Call,
        pool: Sequence[Entry],
        people: Mapping[str, Person],
        words: Words,
        begin: Mapping[str, Any] | None = None,
        name: str = "",
    ) -> None:
        begin = begin or {
            "seats": call.seats,
            "per_country": 1,
            "seed": default_seed(call),
            "quotas": [],
            "include": {},
            "exclude": {},
        }
        initial = {key: begin[key] for key in ("seats", "per_country", "seed")}
        super().__init__(data, initial={**initial, "key": uuid4(), "name": name})
        self._people, self._words = people, words
        self._counts = Counter(
            (attribute, value)
            for entry in pool
            for attribute, values in entry["attributes"].items()
            for value in values
        )
        self._values = self._offered(begin)
        self._add_quotas(begin)
        self._add_decisions(begin)

    def _offered(self, begin: Mapping[str, Any]) -> list[tuple[str, str]]:
        asked = {(quota["attribute"], quota["value"]) for quota in begin["quotas"]}
        offered = []
        for attribute in ATTRIBUTES:
            known = self._words.values(attribute)
            others = {v for a, v in {*self._counts, *asked} if a == attribute and v not in known}
            offered += [(attribute, value) for value in [*known, *sorted(others)]]
        return offered + sorted(pair for pair in asked if pair[0] not in ATTRIBUTES)

    def _add_quotas(self, begin: Mapping[str, Any]) -> None:
        asked = {(quota["attribute"], quota["value"]): quota for quota in begin["quotas"]}
        for attribute, value in self._values:
            quota = asked.get((attribute, value), {"min": None, "max": None})
            label = self._words.quota(attribute, value)
            for side, words in (("min", _("at least")), ("max", _("at most"))):
                self.fields[f"{side}:{attribute}:{value}"] = forms.IntegerField(
                    label=f"{label} ({words})",
                    required=False,
                    min_value=0,
                    max_value=LARGEST,
                    initial=quota[side],
                    widget=LightNumberInput(
                        attrs={"class": "quota-input", "aria-label": f"{label} ({words})"}
                    ),
                )

    def _add_decisions(self, begin: Mapping[str, Any]) -> None:
        decided = [(uuid, which, why) for which in (INCLUDE, EXCLUDE) for uuid, why in begin[which].items()]
        sent = sum(1 for name in self.data if name.startswith("person:")) if self.is_bound else 0
        self._decisions = max(len(decided) + BLANK_DECISIONS, min(sent, len(self._people)))
        choices = [("", "–")] + [
            (person.uuid, f"{person.name} ({person.country})")
            for person in sorted(self._people.values(), key=lambda person: person.name)
        ]
        for n in range(self._decisions):
            uuid, which, why = decided[n] if n < len(decided) else ("", "", "")
            self.fields[f"person:{n}"] = forms.ChoiceField(
                label=_("Person"), required=False, choices=choices, initial=uuid, widget=LightSelect
            )
            self.fields[f"decision:{n}"] = forms.ChoiceField(
                label=_("Decision"), required=False, choices=DECISIONS, initial=which, widget=LightSelect
            )
            self.fields[f"reason:{n}"] = forms.CharField(
                label=_("Reason"), required=False, max_length=LONGEST_REASON, initial=why
            )

    @property
    def plain_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in ("name", "seats", "per_country", "seed")]

    @property
    def groups(self) -> list[QuotaGroup]:
        """The rows by attribute; those seldom used, or without a quota, can be opened."""
        groups = []
        for attribute in dict.fromkeys(attribute for attribute, _value in self._values):
            rows = [self._row(pair) for pair in self._values if pair[0] == attribute]
            unused = not any(field.value() not in (None, "") for row in rows for field in (row.low, row.high))
            label = self._words.attribute(attribute)
            groups.append(QuotaGroup(attribute, label, rows, attribute in FOLDED and unused))
        return groups

    def _row(self, pair: tuple[str, str]) -> QuotaRow:
        low, high = (self[f"{side}:{pair[0]}:{pair[1]}"] for side in ("min", "max"))
        wrong = [
            (f"{field.auto_id}_error", [str(e) for e in field.errors])
            for field in (low, high)
            if field.errors
        ]
        return QuotaRow(self._words.value(*pair), self._counts[pair], low, high, wrong)

    @property
    def decisions(self) -> list[tuple[forms.BoundField, forms.BoundField, forms.BoundField]]:
        return [
            (self[f"person:{n}"], self[f"decision:{n}"], self[f"reason:{n}"]) for n in range(self._decisions)
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for attribute, value in self._values:
            low = cleaned.get(f"min:{attribute}:{value}")
            high = cleaned.get(f"max:{attribute}:{value}")
            if low is not None and high is not None and low > high:
                self.add_error(f"min:{attribute}:{value}", str(_("The least number is above the greatest.")))
        seen: set[str] = set()
        for n in range(self._decisions):
            self._check_decision(n, cleaned, seen)
        return cleaned

    def _check_decision(self, n: int, cleaned: dict[str, Any], seen: set[str]) -> None:
        uuid, which = cleaned.get(f"person:{n}"), cleaned.get(f"decision:{n}")
        why = (cleaned.get(f"reason:{n}") or "").strip()
        if not uuid and not which and not why:
            return
        if not uuid:
            self.add_error(f"person:{n}", str(_("Choose a person, or leave the row empty.")))
        elif not which:
            self.add_error(f"decision:{n}", str(_("Include or exclude?")))
        elif uuid in seen:
            self.add_error(f"person:{n}", str(_("This person stands in another row already.")))
        elif not why:
            self.add_error(f"reason:{n}", str(_("Give a reason for each person.")))
        seen.add(uuid or "")

    def asked(self) -> Asked:
        """What was asked, once the form is valid."""
        cleaned = self.cleaned_data
        quotas = []
        for attribute, value in self._values:
            low, high = (cleaned[f"{side}:{attribute}:{value}"] for side in ("min", "max"))
            if low is not None or high is not None:
                quotas.append({"attribute": attribute, "value": value, "min": low, "max": high})
        decided: dict[str, dict[str, str]] = {INCLUDE: {}, EXCLUDE: {}}
        for n in range(self._decisions):
            if cleaned[f"person:{n}"]:
                decided[cleaned[f"decision:{n}"]][cleaned[f"person:{n}"]] = cleaned[f"reason:{n}"].strip()
        return Asked(
            seats=cleaned["seats"],
            quotas=tuple(quotas),
            per_country=cleaned["per_country"],
            include=decided[INCLUDE],
            exclude=decided[EXCLUDE],
            seed=cleaned["seed"],
        )

    @property
    def idempotency_key(self) -> UUID:
        key: UUID = self.cleaned_data["key"]
        return key


def pool_in_words(pool: Sequence[Entry]) -> str:
    """How many may be chosen, and how many of them have no merit yet."""
    unscored = sum(entry["merit"] is None for entry in pool)
    said = ngettext("%(count)d person may be chosen.", "%(count)d people may be chosen.", len(pool)) % {
        "count": len(pool)
    }
    if unscored:
        said += " " + ngettext(
            "%(count)d of them has no score yet and is chosen only by decision.",
            "%(count)d of them have no score yet and are chosen only by decision.",
            unscored,
        ) % {"count": unscored}
    return said


def asked_by(selection: Selection, *, relaxed: bool = False) -> dict[str, Any]:
    """What a selection asked; with ``relaxed`` after the least change, where one was found: all of it."""
    asked = {
        **selection.problem,
        "quotas": [dict(quota) for quota in selection.problem["quotas"]],
        "include": dict(selection.problem["include"]),
    }
    relaxation = selection.outcome.get("relaxation") if relaxed else None
    for change in relaxation["changes"] if relaxation else ():
        demand, after = change["demand"], change["after"]
        match demand["kind"]:
            case Kind.SEATS | Kind.PER_COUNTRY as kind:
                asked[str(kind)] = after
            case Kind.INCLUDE:
                asked["include"].pop(demand["candidate"], None)
            case side:
                for quota in asked["quotas"]:
                    if (quota["attribute"], quota["value"]) == (demand["attribute"], demand["value"]):
                        quota[side] = after
    return asked
