"""What forms share."""

from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils.translation import gettext as _

from core.names import has_controls


class ReadableFields:
    """For forms: control characters, which nobody sees and some databases refuse, are an error of their field.

    They are never echoed: ``core.middleware.ReadableMiddleware`` takes them out of every page.
    """

    fields: dict[str, forms.Field]
    is_bound: bool
    _errors: Any

    def full_clean(self) -> None:
        super().full_clean()  # type: ignore[misc]
        if not self.is_bound:
            return
        for name, field in self.fields.items():
            entered = self[name].data  # type: ignore[index]
            if field.disabled or isinstance(field.widget, forms.PasswordInput):
                continue
            if isinstance(entered, str) and has_controls(entered):
                self._errors.pop(name, None)
                self.add_error(  # type: ignore[attr-defined]
                    name,
                    _("There are invisible control characters in it. Type it anew instead of pasting it."),
                )


class TakesErrors:
    """For forms: what an action refuses by field is told at that field, and above the form where it has none."""

    fields: dict[str, forms.Field]

    def take_errors(self, error: ValidationError) -> None:
        found = error.message_dict if hasattr(error, "error_dict") else {NON_FIELD_ERRORS: error.messages}
        for field, told in found.items():
            self.add_error(field if field in self.fields else None, told)  # type: ignore[attr-defined]


class TakesVersion:
    """For forms with a hidden field ``version_field``: which version of the thing the person has been shown."""

    data: Any
    version_field = "version"

    def take_version(self, version: int) -> None:
        """Let the form as it was sent be sent again on top of this version."""
        self.data = self.data.copy()
        self.data[self.version_field] = str(version)
