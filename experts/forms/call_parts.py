"""The lines of a call's form: its criteria and its own questions, in six languages."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.forms import BaseFormSet, BoundField, formset_factory
from django.utils import translation
from django.utils.html import format_html
from django.utils.translation import gettext, gettext_noop, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from core.forms import ReadableFields
from experts.actions.call_parts import (
    HEAVIEST,
    LONGEST_DESCRIPTION,
    LONGEST_NAME,
    LONGEST_WORDING,
    MOST_CRITERIA,
    MOST_QUESTIONS,
    MOST_WORDS,
    is_filled,
)
from experts.models import Call, CallQuestion, Criterion
from experts.words import words_of

LANGUAGES = [("en", "English"), *((code, name) for code, name in settings.LANGUAGES if code != "en")]
EMPTY_LINES = 2
# The criteria of the first call, offered for the next ones.
USUAL = (gettext_noop("Suitability"), gettext_noop("Capacity"), gettext_noop("Willingness"))


class PartForm(ReadableFields, forms.Form):
    """One line; ``translated`` are its fields in six languages."""

    translated: Mapping[str, Any] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code, name in LANGUAGES:
            written_in = format_html('<span lang="{}">{}</span>', code, name)
            for field, (label, longest, rows) in self.translated.items():
                own = {"lang": code, "dir": "auto"}
                widget = forms.Textarea(attrs={"rows": rows, **own}) if rows else forms.TextInput(attrs=own)
                self.fields[f"{field}_{code}"] = forms.CharField(
                    label=label, max_length=longest, required=False, widget=widget, help_text=written_in
                )

    @property
    def first_fields(self) -> list[BoundField]:
        """What is in sight: the English words, and what has no language."""
        words = [f"{field}_en" for field in self.translated]
        others = [
            name for name in self.fields if not name.startswith(tuple(f"{f}_" for f in self.translated))
        ]
        return [self[name] for name in (*words, *others)]

    @property
    def language_fields(self) -> list[tuple[str, str, list[BoundField]]]:
        return [
            (code, name, [self[f"{field}_{code}"] for field in self.translated])
            for code, name in LANGUAGES
            if code != "en"
        ]

    def words(self, field: str) -> dict[str, str]:
        return {code: self.cleaned_data.get(f"{field}_{code}", "") for code, _name in LANGUAGES}


class CriterionForm(PartForm):
    translated = {
        "name": (pgettext_lazy("of a thing", "Name"), LONGEST_NAME, 0),
        "description": (_("What is looked at"), LONGEST_DESCRIPTION, 2),
    }
    code = forms.SlugField(required=False, max_length=40, widget=forms.HiddenInput)
    weight = forms.IntegerField(label=_("Weight"), min_value=1, max_value=HEAVIEST, initial=1, required=False)

    @property
    def part(self) -> dict[str, Any]:
        given = self.cleaned_data
        return {
            "code": given.get("code"),
            "name": self.words("name"),
            "description": self.words("description"),
            "weight": given.get("weight") or 1,
        }


class CallQuestionForm(PartForm):
    translated = {"wording": (_("Question"), LONGEST_WORDING, 2)}
    id = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)
    required = forms.BooleanField(label=_("An answer is required"), required=False)
    max_words = forms.IntegerField(
        label=_("Words of an answer, at most"), min_value=1, max_value=MOST_WORDS, initial=200, required=False
    )

    @property
    def part(self) -> dict[str, Any]:
        given = self.cleaned_data
        return {
            "id": given.get("id"),
            "wording": self.words("wording"),
            "required": given.get("required", False),
            "max_words": given.get("max_words") or 200,
        }


def _lines(form: type[PartForm], most: int) -> type[BaseFormSet]:
    lines = formset_factory(
        form,
        extra=EMPTY_LINES,
        can_delete=True,
        can_order=True,
        max_num=most,
        absolute_max=most + EMPTY_LINES,
    )
    return type("Lines", (_Named, lines), {})


class _Named:
    """Says what deleting and ordering are called here."""

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)  # type: ignore[misc]
        form.fields["ORDER"].label = _("Place in the list")
        form.fields["ORDER"].min_value = 1
        form.fields["DELETE"].label = _("Remove")


CriterionLines, QuestionLines = _lines(CriterionForm, MOST_CRITERIA), _lines(CallQuestionForm, MOST_QUESTIONS)


class PartForms:
    """Both lists of a call's form."""

    def __init__(self, data: Any, *, call: Call | None) -> None:
        criteria = [_of_criterion(row) for row in call.criteria.all()] if call else _usual()
        questions = [_of_question(row) for row in call.questions.all()] if call else []
        self.criteria = CriterionLines(data, prefix="criteria", initial=criteria)
        self.questions = QuestionLines(data, prefix="questions", initial=questions)

    def is_valid(self) -> bool:
        return all([self.criteria.is_valid(), self.questions.is_valid()])

    @property
    def criteria_wanted(self) -> list[dict[str, Any]]:
        return [part for part in _parts(self.criteria) if part["code"] or is_filled(part, "name")]

    @property
    def questions_wanted(self) -> list[dict[str, Any]]:
        return [part for part in _parts(self.questions) if part["id"] or is_filled(part, "wording")]


def _parts(lines: Any) -> list[dict[str, Any]]:
    return [form.part for form in lines.ordered_forms]


def _of_criterion(row: Criterion) -> dict[str, Any]:
    words = {f"{f}_{code}": text for f in ("name", "description") for code, text in words_of(row, f).items()}
    return {**words, "code": row.code, "weight": row.weight}


def _of_question(row: CallQuestion) -> dict[str, Any]:
    words = {f"wording_{code}": text for code, text in words_of(row, "wording").items()}
    return {**words, "id": row.pk, "required": row.required, "max_words": row.max_words}


def _usual() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for name in USUAL:
        words = {}
        for code, _name in LANGUAGES:
            with translation.override(code):
                words[f"name_{code}"] = gettext(name)
        found.append({**words, "weight": 1})
    return found
