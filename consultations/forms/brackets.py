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


class PartForm(forms.Form):
    """The bracketed text of several provisions, and a mark of the words that it was understood against."""

    notation = forms.CharField(
        label=_("Bracketed text"),
        max_length=1_500_000,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 16, "dir": "auto", "spellcheck": "false"}),
        help_text=_(
            "Each provision begins on a line of its own with its number, as in the file that can be downloaded. What is"
            " left out stays as it is."
        ),
    )
    seen = forms.CharField(required=False, max_length=32, widget=forms.HiddenInput)
