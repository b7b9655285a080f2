"""The form for bracketed text."""

from django import forms
from django.utils.translation import gettext_lazy as _


class BracketsForm(forms.Form):
    """Text in negotiating notation, and the version of the words that it was understood against."""

    notation = forms.CharField(
        label=_("Bracketed text"),
        max_length=60_000,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 10, "dir": "auto", "spellcheck": "false"}),
        help_text=_(
            "The whole text of the provision, what is not agreed in brackets with positions after them."
        ),
    )
    version = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)
