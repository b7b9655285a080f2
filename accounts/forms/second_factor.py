"""The forms of the second factor: allauth's, in the portal's words and under its rules."""

from typing import Any

from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm, DeactivateTOTPForm
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    EditWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.second_factor import may_remove_factor

LONGEST_NAME = 60
NOT_RECOGNIZED = _("The passkey was not recognized. Try again, or choose another way.")


class ActivateAppForm(ActivateTOTPForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label = _("The six digits that the app shows now")
        self.fields["code"].widget.attrs.update(inputmode="numeric", autocomplete="one-time-code")


class RemoveAppForm(DeactivateTOTPForm):
    def clean(self) -> dict[str, Any]:
        if not (verdict := may_remove_factor(self.authenticator.user, self.authenticator)):
            raise ValidationError(verdict.reason, code=verdict.code)
        return super().clean() or {}


class CodeForm(AuthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label = _("Code")
        self.fields["code"].help_text = _("From your authenticator app, or one of your recovery codes.")
        self.fields["code"].widget.attrs.update(inputmode="numeric", autocomplete="one-time-code")


class ConfirmByCodeForm(ReauthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label = _("Code")
        self.fields["code"].help_text = _("From your authenticator app, or one of your recovery codes.")
        self.fields["code"].widget.attrs.update(inputmode="numeric", autocomplete="one-time-code")


# What the libraries raise on an answer that no browser gives.
UNREADABLE = (ValueError, LookupError, TypeError, AttributeError)


class _Credential:
    """An answer that can't be read is a wrong one, not an error of ours."""

    def clean_credential(self) -> Any:
        try:
            return super().clean_credential()  # type: ignore[misc]
        except UNREADABLE:
            raise ValidationError(NOT_RECOGNIZED, code="unreadable") from None


class PasskeySignInForm(_Credential, LoginWebAuthnForm):
    pass


class PasskeyStepForm(_Credential, AuthenticateWebAuthnForm):
    pass


class ConfirmByPasskeyForm(_Credential, ReauthenticateWebAuthnForm):
    pass


class AddPasskeyForm(AddWebAuthnForm):
    passwordless = forms.BooleanField(
        label=_("Sign in with it alone, without a password"),
        required=False,
        initial=True,
        help_text=_("The device then asks for your fingerprint, face or PIN."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Name of the passkey")
        self.fields["name"].help_text = _("So that you know it again: “my phone”, “blue key”.")
        self.fields["name"].max_length = LONGEST_NAME
        self.fields["name"].widget.attrs["maxlength"] = LONGEST_NAME

    def clean(self) -> dict[str, Any]:
        try:
            return dict(super().clean())
        except UNREADABLE:
            raise ValidationError(NOT_RECOGNIZED, code="unreadable") from None

    def clean_name(self) -> str:
        return str(super().clean_name())[:LONGEST_NAME]


class RenamePasskeyForm(EditWebAuthnForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"] = forms.CharField(label=_("Name of the passkey"), max_length=LONGEST_NAME)


class RemovePasskeyForm(forms.Form):
    """Nothing to fill in; says at once when it isn't possible."""

    def __init__(self, *args: Any, factor: Authenticator, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.factor = factor

    def clean(self) -> dict[str, Any]:
        if not (verdict := may_remove_factor(self.factor.user, self.factor)):
            raise ValidationError(verdict.reason, code=verdict.code)
        return super().clean() or {}
