"""The form of what people choose about their reminders."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.forms import TakesErrors
from roadmap.models import ReminderPreference
from roadmap.reminder_choices import Choice

HOURS = [(hour, f"{hour:02}:00") for hour in range(24)]


class ReminderPreferenceForm(TakesErrors, forms.Form):
    """``wanted`` lists the occasions of which the person wants to be reminded; those sent in any case aren't asked."""

    wanted = forms.MultipleChoiceField(
        label=gettext_lazy("Remind me when"), required=False, widget=forms.CheckboxSelectMultiple
    )
    gathered = forms.ChoiceField(
        label=gettext_lazy("How"),
        choices=[
            ("", gettext_lazy("Each in a mail of its own, at once")),
            ("1", gettext_lazy("All of a day in one mail")),
        ],
        required=False,
        widget=forms.RadioSelect,
    )
    hour = forms.TypedChoiceField(
        label=gettext_lazy("The daily mail comes at"), choices=HOURS, coerce=int, required=True
    )

    def __init__(
        self, *args: Any, chosen: ReminderPreference, offered: Sequence[Choice], **kwargs: Any
    ) -> None:
        self.optional = [choice for choice in offered if not choice.always]
        kwargs["initial"] = {
            "wanted": [
                each.occasion.code for each in self.optional if each.occasion.code not in chosen.muted
            ],
            "gathered": "1" if chosen.gathered else "",
            "hour": chosen.hour,
        }
        super().__init__(*args, **kwargs)
        self.fields["wanted"].choices = [  # type: ignore[attr-defined]
            (each.occasion.code, _named(each)) for each in self.optional
        ]
        self.fields["wanted"].one_of = self.fields["gathered"].one_of = True  # type: ignore[attr-defined]
        self.fields["hour"].help_text = _("By the clocks of your time zone, which stands in your profile.")

    @property
    def choice(self) -> dict[str, Any]:
        """What the action takes."""
        wanted = set(self.cleaned_data["wanted"])
        return {
            "gathered": self.cleaned_data["gathered"] == "1",
            "hour": self.cleaned_data["hour"],
            "muted": [each.occasion.code for each in self.optional if each.occasion.code not in wanted],
        }


def _named(choice: Choice) -> str:
    if choice.partly:
        return _("%(occasion)s (the last reminder always comes)") % {"occasion": choice.occasion.label}
    return str(choice.occasion.label)
