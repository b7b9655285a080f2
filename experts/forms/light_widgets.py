"""Widgets of forms with hundreds of fields, written without a template for each: that takes ten times as long."""

from typing import Any

from django import forms
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe


class LightNumberInput(forms.NumberInput):
    """As ``forms.NumberInput``, of the same attributes."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        shown = self.format_value(value)
        kept = {**self.build_attrs(self.attrs, attrs), "type": self.input_type, "name": name}
        if shown is not None:
            kept["value"] = shown
        return mark_safe(f"<input{_written(kept)}>")  # noqa: S308 all of it escaped


class LightSelect(forms.Select):
    """As ``forms.Select``, for choices without groups."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        chosen = "" if value is None else str(value)
        kept = {**self.build_attrs(self.attrs, attrs), "name": name}
        options = "".join(
            f'<option value="{escape(code)}"{" selected" if str(code) == chosen else ""}>{escape(words)}</option>'
            for code, words in self.choices
        )
        return mark_safe(f"<select{_written(kept)}>{options}</select>")  # noqa: S308 all of it escaped


def _written(attributes: dict[str, Any]) -> str:
    """As ``django.forms.utils.flatatt``: what is True stands alone, what is False or None is left out."""
    return "".join(
        f" {name}" if value is True else f' {name}="{escape(value)}"'
        for name, value in attributes.items()
        if value is not None and value is not False
    )
