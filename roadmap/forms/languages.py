"""Fields in six languages, and what forms of the road map share."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BoundField
from django.utils.html import format_html

from core.forms import ReadableFields, TakesVersion
from experts.forms.call_parts import LANGUAGES


class LanguagesForm(TakesVersion, ReadableFields, forms.Form):
    """A form with ``translated`` fields, each in six languages: name → (label, longest, rows; 0 for one line).

    It knows the version that it shows, and tells what an action refuses where it belongs.
    """

    translated: Mapping[str, tuple[Any, int, int]] = {}
    # What an action calls otherwise than the form does.
    called: Mapping[str, str] = {}
    # Translated fields that need words, in one language at least.
    needed: tuple[str, ...] = ()
    version = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, (label, longest, rows) in self.translated.items():
            for code, language in LANGUAGES:
                own = {"lang": code, "dir": "auto"}
                widget = forms.Textarea(attrs={"rows": rows, **own}) if rows else forms.TextInput(attrs=own)
                self.fields[f"{name}_{code}"] = forms.CharField(
                    label=label,
                    max_length=longest,
                    required=False,
                    widget=widget,
                    help_text=format_html('<span lang="{}">{}</span>', code, language),
                )
            if name in self.needed:
                self.fields[f"{name}_en"].one_of = True  # type: ignore[attr-defined]

    def words(self, name: str) -> dict[str, str]:
        """What was written, by language."""
        return {code: self.cleaned_data.get(f"{name}_{code}", "") for code, _language in LANGUAGES}

    @property
    def in_languages(self) -> list[tuple[str, str, list[BoundField]]]:
        """(code, language, fields), English first."""
        return [
            (code, language, [self[f"{name}_{code}"] for name in self.translated])
            for code, language in LANGUAGES
        ]

    @property
    def others(self) -> list[BoundField]:
        """What has no language, in order; nothing hidden."""
        translated = {f"{name}_{code}" for name in self.translated for code, _language in LANGUAGES}
        return [field for field in self.visible_fields() if field.name not in translated]

    def take_errors(self, error: ValidationError) -> None:
        for field, told in error.message_dict.items():
            name = self.called.get(field, field)
            name = f"{name}_en" if f"{name}_en" in self.fields else name
            self.add_error(name if name in self.fields else None, told)
