"""The form of one's own profile."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accounts.forms.countries import CountryField
from accounts.models import User
from accounts.time_zones import time_zones
from core.forms import ReadableFields
from core.widgets import LanguageSelect


class ProfileForm(ReadableFields, forms.ModelForm):
    class Meta:
        model = User
        fields = ["name", "language", "country", "time_zone"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        zones = [("", _("No answer"))] + [(zone, zone) for zone in sorted(time_zones())]
        self.fields["name"].help_text = _("As it stands beside your comments, unless you choose otherwise.")
        self.fields["name"].widget.attrs["autocomplete"] = "name"
        self.fields["country"] = CountryField(label=_("Country"), required=False, empty_label=_("No answer"))
        self.fields["language"] = forms.ChoiceField(
            label=_("Language"),
            help_text=_("In which the portal writes to you."),
            choices=settings.LANGUAGES,
            widget=LanguageSelect(attrs={"autocomplete": "language"}),
        )
        self.fields["time_zone"] = forms.ChoiceField(label=_("Time zone"), choices=zones, required=False)
