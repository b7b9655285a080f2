"""Forms of scenarios: what they are called, and what is decided of a line."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import ReadableFields, TakesErrors, TakesVersion
from experts.words import words_of
from roadmap.actions.accounting import LONGEST_REASON
from roadmap.actions.scenarios import LONGEST_DESCRIPTION, LONGEST_TITLE
from roadmap.forms.languages import LanguagesForm
from roadmap.models import FundingScenario, ScenarioChoice
from roadmap.scenarios import Proposed, Row


class ScenarioForm(LanguagesForm):
    translated = {
        "title": (_("Name of the scenario"), LONGEST_TITLE, 0),
        "description": (_("What it means"), LONGEST_DESCRIPTION, 4),
    }
    needed = ("title",)
    key = forms.UUIDField(widget=forms.HiddenInput, required=False)
    public = forms.BooleanField(label=_("Everybody may read it"), required=False)

    def __init__(self, data: Any = None, *, scenario: FundingScenario | None = None, key: Any = None) -> None:
        initial: dict[str, Any] = {"key": key}
        if scenario is not None:
            initial |= {"public": scenario.public, "version": scenario.version}
            for field in ("title", "description"):
                initial |= {f"{field}_{code}": text for code, text in words_of(scenario, field).items()}
        super().__init__(data, initial=initial)

    @property
    def content(self) -> dict[str, Any]:
        return {
            "titles": self.words("title"),
            "descriptions": self.words("description"),
            "public": self.cleaned_data["public"],
        }


class DecideForm(TakesErrors, TakesVersion, ReadableFields, forms.Form):
    """What becomes of a line; it begins with what is decided, else with what is proposed."""

    fate = forms.ChoiceField(
        label=_("What becomes of it"), choices=ScenarioChoice.Fate.choices, widget=forms.RadioSelect
    )
    quantity = forms.DecimalField(
        label=_("How many, where it changes"),
        required=False,
        decimal_places=2,
        max_digits=10,
        min_value=Decimal("0.01"),
        widget=forms.NumberInput(attrs={"step": "0.01", "min": "0", "inputmode": "decimal"}),
    )
    unit_cost = forms.DecimalField(
        label=_("What each then costs"),
        required=False,
        decimal_places=2,
        max_digits=16,
        min_value=Decimal(0),
        widget=forms.NumberInput(attrs={"step": "0.01", "min": "0", "inputmode": "decimal"}),
        help_text=_("Empty: as in the estimate."),
    )
    reason = forms.CharField(
        label=_("Why"),
        required=False,
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        help_text=_("Needed where it isn’t as proposed."),
    )
    version = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, row: Row, proposed: Proposed | None, version: int) -> None:
        initial: dict[str, Any] = {"version": version, "fate": row.fate}
        if row.choice is not None:
            initial |= {name: getattr(row.choice, name) for name in ("quantity", "unit_cost", "reason")}
        elif proposed is not None:
            initial |= {"fate": proposed.fate, "quantity": proposed.quantity}
        super().__init__(data, initial=initial)
