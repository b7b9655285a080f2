"""The form that somebody new fills in who comes through a service of sign-in."""

from typing import Any

from allauth.socialaccount.forms import SignupForm


class SingleSignOnSignUpForm(SignupForm):
    """Our own sign-up, without a password; an address that the service vouches for stays as it is."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        vouched = {address.email.lower() for address in self.sociallogin.email_addresses if address.verified}
        if str(self.initial.get("email", "")).lower() in vouched:
            self.fields["email"].disabled = True
