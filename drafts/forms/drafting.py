"""Beginning the next draft."""

from django import forms
from django.utils.translation import gettext_lazy as _


class BeginForm(forms.Form):
    label = forms.CharField(
        label=_("Name of the next draft"),
        max_length=120,
        help_text=_("As people will read it, for example “Second draft”."),
    )
