"""The form of a review: a number from 0 to 10 for each criterion, and a comment."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from core.forms import ReadableFields, TakesErrors, TakesVersion
from experts.models import ConflictOfInterest, Criterion, Review

STEPS = [(str(n), str(n)) for n in range(Criterion.SCALE + 1)]


class ReviewForm(TakesErrors, TakesVersion, ReadableFields, forms.Form):
    use_required_attribute = False
    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    comment = forms.CharField(
        label=gettext_lazy("Comment"),
        help_text=gettext_lazy("For the secretariat, and for the other reviewers in the discussion."),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 5, "dir": "auto"}),
    )

    def __init__(self, data: Any = None, *, review: Review, criteria: list[Criterion]) -> None:
        scores = {score.criterion_id: score.value for score in review.scores.all()}
        initial = {"version": review.version, "comment": review.comment}
        initial |= {f"criterion_{pk}": str(value) for pk, value in scores.items()}
        super().__init__(data, initial=initial)
        self.criteria = criteria
        total = sum(criterion.weight for criterion in criteria) or 1
        self.shares = {
            f"criterion_{criterion.pk}": round(100 * criterion.weight / total) for criterion in criteria
        }
        for criterion in criteria:
            self.fields[f"criterion_{criterion.pk}"] = forms.ChoiceField(
                label=criterion.name,
                help_text=criterion.description,
                choices=STEPS,
                required=False,
                widget=forms.RadioSelect,
            )

    @property
    def scored(self) -> list[dict[str, Any]]:
        """The fields of the criteria, each with how much it weighs in percent."""
        return [{"field": self[name], "percent": percent} for name, percent in self.shares.items()]

    @property
    def values(self) -> dict[int, int]:
        given = {c.pk: self.cleaned_data.get(f"criterion_{c.pk}", "") for c in self.criteria}
        return {pk: int(value) for pk, value in given.items() if value}


class ConflictForm(forms.Form):
    kind = forms.ChoiceField(label=gettext_lazy("Kind of conflict"), choices=ConflictOfInterest.Kind.choices)
