"""Forms of weighing offers: scores, decisions, the steps of an agreement."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from core.forms import ReadableFields, TakesErrors
from experts.actions.calls import LONGEST_REASON
from experts.actions.hosting_slots import LONGEST_NOTE
from experts.actions.weighing_offers import LONGEST_COMMENT
from experts.forms.hosting import DayField, Versioned
from experts.hosting_rules import DECIDED
from experts.models import Criterion, HostingOffer


class ScoreForm(ReadableFields, forms.Form):
    """The reader's own scores of one offer, with a comment on each."""

    def __init__(
        self, *args: Any, criteria: Iterable[Criterion], own: Iterable[Any] = (), **kwargs: Any
    ) -> None:
        standing = {score.criterion_id: score for score in own}
        super().__init__(*args, **kwargs)
        self.criteria = list(criteria)
        for row in self.criteria:
            score = standing.get(row.pk)
            self.fields[f"score_{row.code}"] = forms.IntegerField(
                label=row.name,
                min_value=0,
                max_value=Criterion.SCALE,
                required=False,
                initial=score.value if score else None,
                help_text=_("0 to 10"),
            )
            self.fields[f"comment_{row.code}"] = forms.CharField(
                label=_("Comment"),
                required=False,
                max_length=LONGEST_COMMENT,
                initial=score.comment if score else "",
                widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
            )

    @property
    def lines(self) -> list[tuple[Criterion, BoundField, BoundField]]:
        return [(row, self[f"score_{row.code}"], self[f"comment_{row.code}"]) for row in self.criteria]

    @property
    def scores(self) -> dict[str, tuple[int | None, str]]:
        given = self.cleaned_data
        return {row.code: (given[f"score_{row.code}"], given[f"comment_{row.code}"]) for row in self.criteria}

    def take_errors(self, error: ValidationError) -> None:
        for code, told in error.message_dict.items():
            self.add_error(f"score_{code}" if f"score_{code}" in self.fields else None, told)


class DecisionForm(Versioned):
    """What becomes of an offer, and why."""

    outcome = forms.ChoiceField(
        label=_("Decision"),
        choices=[(value, HostingOffer.State(value).label) for value in DECIDED],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
        help_text=_("It is kept with the offer; the secretariat alone reads it."),
    )


class StepForm(TakesErrors, ReadableFields, forms.Form):
    """One step of the host agreement."""

    kind = forms.CharField(widget=forms.HiddenInput)
    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    due_on = DayField(label=_("Due on"), required=False)
    done_on = DayField(label=_("Done on"), required=False)
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
        help_text=_("The secretariat alone reads it."),
    )
