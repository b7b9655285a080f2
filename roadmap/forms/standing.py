"""What stands where somebody else was faster, beside what was sent: to be told where the two differ."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext as _

from core.punctuation import detail, listed
from experts.forms.call_parts import LANGUAGES

# Said anew with each change: nothing of it stands.
OF_THE_CHANGE = frozenset({"reason", "on"})


def differences(sent: Any, standing: Any) -> list[tuple[str, str]]:
    """The fields (label, what stands) in which the form ``sent`` isn't as ``standing``, one of what stands."""
    return [
        (_label(field), _in_words(field) or "–")
        for field in standing
        if field.name in sent.fields
        and field.name not in OF_THE_CHANGE
        and not field.is_hidden
        and not isinstance(field.field, forms.FileField)
        and field.field.has_changed(field.initial, sent[field.name].data)
    ]


def _label(field: BoundField) -> str:
    for code, language in LANGUAGES:
        if field.name.endswith(f"_{code}"):
            return detail().join((str(field.label), language))
    return str(field.label)


def _in_words(field: BoundField) -> str:
    value = field.value()
    if isinstance(field.field, forms.BooleanField):
        return _("yes") if value else _("no")
    if hasattr(field.field, "choices"):
        names = dict(_flat(field.field.choices))
        chosen = value if isinstance(value, list | tuple) else [value]
        return listed(names.get(str(each), str(each)) for each in chosen if each not in (None, ""))
    shown = field.field.widget.format_value(value)
    return "" if shown is None else str(shown)


def _flat(choices: Iterable[Any]) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for key, label in choices:
        found += _flat(label) if isinstance(label, list | tuple) else [(str(key), str(label))]
    return found
