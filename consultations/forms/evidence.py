"""The form of evidence: a link or a file."""

from django import forms
from django.utils.translation import gettext_lazy as _


class EvidenceForm(forms.Form):
    url = forms.CharField(
        label=_("Link"),
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "url"}),
    )
    file = forms.FileField(
        label=_("File"),
        required=False,
        help_text=_("PDF, Word, Excel, CSV, plain text or a picture; at most 10 MB."),
    )
    title = forms.CharField(label=_("Shown as"), required=False, max_length=200)
