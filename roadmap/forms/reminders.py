"""The form of a rule: how long before or after, how often, for whom in any case."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.forms import TakesErrors
from roadmap.models import ReminderRule
from roadmap.models.reminders import MOST_DAYS, MOST_TIMES
from roadmap.occasions import Occasion


class ReminderRuleForm(TakesErrors, forms.Form):
    days = forms.IntegerField(label=gettext_lazy("Days"), min_value=0, max_value=MOST_DAYS)
    side = forms.ChoiceField(
        label=gettext_lazy("Before or after"), choices=ReminderRule.Side.choices, widget=forms.RadioSelect
    )
    times = forms.IntegerField(
        label=gettext_lazy("How many times in all"), min_value=1, max_value=MOST_TIMES, initial=1
    )
    repeat_days = forms.IntegerField(
        label=gettext_lazy("Again after so many days"), min_value=1, max_value=MOST_DAYS, required=False
    )
    mandatory = forms.BooleanField(
        label=gettext_lazy("Sent also to people who turned these reminders off"), required=False
    )
    active = forms.BooleanField(label=gettext_lazy("In force"), required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, rule: ReminderRule, occasion: Occasion, **kwargs: Any) -> None:
        names = ("days", "side", "times", "repeat_days", "mandatory", "active", "version")
        kwargs["initial"] = {name: getattr(rule, name) for name in names}
        super().__init__(*args, **kwargs)
        self.fields["days"].help_text = _("Counted from %(date)s.") % {"date": occasion.date}

    @property
    def wanted(self) -> dict[str, Any]:
        """What the action takes."""
        return {**self.cleaned_data, "version": self.cleaned_data["version"] or 0}
