"""A choice of countries, as readers look for them: by name in their language."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.forms.models import ModelChoiceIterator

from accounts.models import Country
from accounts.queries import countries_by_name


class _ByName(ModelChoiceIterator):
    def __iter__(self) -> Iterator[Any]:
        if self.field.empty_label is not None:
            yield ("", self.field.empty_label)
        yield from map(self.choice, countries_by_name())


class CountryField(forms.ModelChoiceField):
    """One of all countries, sorted in the language that is active when the field is shown."""

    iterator = _ByName

    def __init__(self, **options: Any) -> None:
        options.setdefault("widget", forms.Select(attrs={"autocomplete": "country"}))
        super().__init__(Country.objects.all(), **options)
