"""The form of sign-up. Apart from the form of signing in: allauth's own sign-up form inherits from this one."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from accounts.actions.people import OWN_KINDS, settle_sign_up
from accounts.forms.countries import CountryField
from accounts.models import ConsentText, StakeholderGroup, User
from accounts.reference_tables import CONSENT
from accounts.reserved_names import (
    is_reserved,
    is_reserved_for_organisations,
    organisation_refusal,
    refusal,
)
from core.forms import ReadableFields
from core.names import without_overrides


class SignUpForm(ReadableFields, forms.Form):
    """What sign-up asks besides address and password. allauth's form inherits from this one."""

    name = forms.CharField(
        label=_("Name"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    country = CountryField(label=_("Country"), required=False, empty_label=_("No answer"))
    stakeholder_group = forms.ChoiceField(
        label=_("You speak as"),
        choices=[
            (kind, label)
            for kind, label in StakeholderGroup.choices
            if kind in OWN_KINDS or kind == StakeholderGroup.INDIVIDUAL
        ],
        initial=StakeholderGroup.INDIVIDUAL,
    )
    organisation = forms.CharField(
        label=_("Organization"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    consent = forms.BooleanField(label=_("I agree"))
    time_zone = forms.CharField(
        required=False, max_length=50, widget=forms.HiddenInput(attrs={"data-time-zone": ""})
    )
    field_order = [
        *("email", "name", "country", "stakeholder_group", "organisation"),
        *("password1", "password2", "consent"),
    ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = (get_language() or "en").lower()
        self.consent_text = current_consent(language)
        self.fields["consent"].help_text = self.consent_text.text if self.consent_text else ""
        self.fields["consent"].long_help = True  # type: ignore[attr-defined]  # set in a box of its own

    def clean_name(self) -> str:
        name = without_overrides(self.cleaned_data["name"])
        if not name:
            raise ValidationError(gettext("Give a name."))
        if is_reserved(name):
            raise ValidationError(refusal())
        return name

    def clean_organisation(self) -> str:
        """An organization belongs to whoever speaks as one: what was typed isn't dropped without a word."""
        organisation = without_overrides(self.cleaned_data["organisation"])
        if is_reserved_for_organisations(organisation, self.cleaned_data.get("stakeholder_group", "")):
            raise ValidationError(organisation_refusal())
        if organisation and self.cleaned_data.get("stakeholder_group") == StakeholderGroup.INDIVIDUAL:
            raise ValidationError(
                gettext(
                    "You named an organization but speak as an individual. Choose its kind, or empty this field."
                )
            )
        return organisation

    def signup(self, request: HttpRequest, user: User) -> None:
        """Called by allauth once the account is saved."""
        if self.consent_text is None:
            raise RuntimeError("There is no consent text; run migrate.")
        settle_sign_up(
            user=user,
            name=self.cleaned_data["name"],
            language=get_language() or "en",
            consent=self.consent_text,
            country=self.cleaned_data["country"],
            # Whoever is invited for a Member State isn't asked.
            stakeholder_group=self.cleaned_data.get("stakeholder_group", StakeholderGroup.INDIVIDUAL),
            organisation=self.cleaned_data.get("organisation", ""),
            time_zone=self.cleaned_data["time_zone"],
        )


def current_consent(language: str) -> ConsentText | None:
    """The text that people agree to now, in their language or else in English."""
    kind, version = CONSENT
    texts = ConsentText.objects.filter(kind=kind, version=version)
    return texts.filter(language=language).first() or texts.filter(language="en").first()
