"""The forms by which people decide over their own data."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.actions.people import OWN_KINDS
from accounts.models import StakeholderGroup, User
from core.forms import ReadableFields


class EraseForm(ReadableFields, forms.Form):
    """The address typed once more, so that nobody erases an account by a slip."""

    email = forms.CharField(
        label=gettext_lazy("E-mail address of this account"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off", "dir": "ltr"}),
        help_text=gettext_lazy("Type it to confirm."),
    )

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person

    def clean_email(self) -> str:
        typed = str(self.cleaned_data["email"]).strip().lower()
        if typed != self.person.email:
            raise ValidationError(_("This is not the address of this account."))
        return typed


class NewOrganisationForm(ReadableFields, forms.Form):
    """An organisation that the portal doesn't know yet."""

    name = forms.CharField(label=gettext_lazy("Name of the organization"), max_length=200)
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"),
        choices=[(kind, label) for kind, label in StakeholderGroup.choices if kind in OWN_KINDS],
    )
