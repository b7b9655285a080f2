"""Pages of the second factor where allauth's own don't ask our rules."""

from typing import Any

from allauth.mfa.webauthn.views import RemoveWebAuthnView

from accounts.forms.second_factor import RemovePasskeyForm


class RemovePasskey(RemoveWebAuthnView):
    """Remove a passkey, unless a role or a short password rests on it."""

    form_class = RemovePasskeyForm

    def get_form_kwargs(self) -> dict[str, Any]:
        # Bound at once, so that the page says before anybody presses the button whether it is possible.
        return {**super().get_form_kwargs(), "data": {}, "factor": self.object}


remove_passkey = RemovePasskey.as_view()
