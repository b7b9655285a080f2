"""Inputs that several forms use."""

from typing import Any

from django import forms


class LanguageSelect(forms.Select):
    """A choice of languages, each named in itself and marked as such."""

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)
        if value:
            option["attrs"]["lang"] = str(value)
        return option
