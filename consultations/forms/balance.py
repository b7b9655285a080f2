"""The form that chooses whom to remind."""

import uuid

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import StakeholderGroup
from accounts.queries import region_names
from consultations.balance import QUIET_DAYS, Gap
from core.forms import TakesErrors


class GapForm(TakesErrors, forms.Form):
    """Which of those who have said nothing. Several regions are one or the other; a region and a group are both."""

    region = forms.MultipleChoiceField(
        label=_("Region"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen: every region."),
    )
    group = forms.MultipleChoiceField(
        label=_("Stakeholder group"),
        choices=StakeholderGroup.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen: every group."),
    )
    states = forms.BooleanField(
        label=_("Only contact points and deputies of Member States without input"), required=False
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["region"].choices = list(region_names().items())  # type: ignore[attr-defined]

    @property
    def gap(self) -> Gap:
        data = self.cleaned_data
        return Gap(tuple(data["region"]), tuple(data["group"]), data["states"])


class SendForm(GapForm):
    """The same as it was previewed, to be sent: ``key`` makes a second press the first one again."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    again = forms.BooleanField(required=False)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        said = _("Also those who were reminded in the last %(days)d days")
        self.fields["again"].label = str(said) % {"days": QUIET_DAYS}
