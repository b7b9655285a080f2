"""How long a password must be."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.second_factor import has_second_factor

ALONE, WITH_SECOND_FACTOR = 15, 8


class EnoughCharacters:
    """15 characters, or 8 for somebody who has a second factor (NIST SP 800-63B-4, 3.1.1.2)."""

    def validate(self, password: str, user: Any = None) -> None:
        """``ValidationError`` when it is too short. Asks for the second factor only where that decides."""
        if len(password) >= ALONE or self._short_is_enough(password, user):
            return
        raise ValidationError(
            _(
                "This password has too few characters: it needs %(alone)d, or %(with)d once you have a second "
                "factor."
            )
            % {"alone": ALONE, "with": WITH_SECOND_FACTOR},
            code="password_too_short",
        )

    def get_help_text(self) -> str:
        return _(
            "Use at least %(alone)d characters, such as a few words that only you would put together. "
            "With a second factor (an authenticator app or a passkey) %(with)d are enough."
        ) % {"alone": ALONE, "with": WITH_SECOND_FACTOR}

    @staticmethod
    def _short_is_enough(password: str, user: Any) -> bool:
        return len(password) >= WITH_SECOND_FACTOR and user is not None and has_second_factor(user)
