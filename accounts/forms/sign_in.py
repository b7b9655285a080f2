"""The forms of signing in. Apart from the other forms: allauth's sign-up form inherits from one of those."""

from typing import Any

from allauth.account.forms import LoginForm, RequestLoginCodeForm
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.limits import too_many_codes
from core.forms import ReadableFields


class SignInForm(ReadableFields, LoginForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("E-mail")
        self.fields["remember"].label = _("Stay signed in on this device")


class CodeRequestForm(ReadableFields, RequestLoginCodeForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("E-mail")

    def clean_email(self) -> str:
        try:
            return str(super().clean_email())
        except ValidationError as error:
            if error.code == "too_many_login_attempts":
                raise ValidationError(too_many_codes(), code=error.code) from None
            raise
