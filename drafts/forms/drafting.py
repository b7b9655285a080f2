"""Beginning the next draft, and naming guidelines and drafts in every language."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from core.six_languages import column
from drafts.actions.naming import LONGEST_LABEL, LONGEST_TITLE
from drafts.naming import LANGUAGES, stands_in
from drafts.templatetags.provisions import direction

LONGEST = {"title": LONGEST_TITLE, "label": LONGEST_LABEL}


class NamesForm(forms.Form):
    """A title or a label, one field for each language; ``name`` says which, ``label_fr`` is a field of it."""

    name = "label"

    def __init__(self, *args: Any, languages: Mapping[str, str] = LANGUAGES, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code, language in languages.items():
            field = self.fields[column(self.name, code)] = forms.CharField(
                label=format_html('<span lang="{}">{}</span>', code, language),
                required=False,
                max_length=LONGEST[self.name],
                widget=self._widget({"lang": code, "dir": direction(code)}),
            )
            field.one_of = True  # type: ignore[attr-defined]  # so that not each is called optional

    def _widget(self, attrs: dict[str, Any]) -> forms.Widget:
        return forms.TextInput(attrs=attrs)

    @property
    def words(self) -> dict[str, str]:
        """What was written, by language."""
        return {code: self.cleaned_data.get(column(self.name, code), "") for code in LANGUAGES}

    def take_errors(self, error: ValidationError) -> None:
        for field, messages in error.message_dict.items():
            self.add_error(field if field in self.fields else None, messages)


class BeginForm(NamesForm):
    """The label of the next draft: first in the language of the page, which is asked for, then in the others."""

    def __init__(self, *args: Any, language: str, **kwargs: Any) -> None:
        super().__init__(*args, languages={language: LANGUAGES[language], **LANGUAGES}, **kwargs)
        self.fields[column("label", language)].required = True


class StandingNamesForm(NamesForm):
    """The names that stand, to be changed: each field carries what was shown of it, to be compared when it is saved.

    ``standing`` are the names as they stand; ``fixed`` says why those that there are can't be changed, or nothing.
    """

    def __init__(
        self, sent: QueryDict | None = None, *, standing: Mapping[str, str], fixed: Any = "", **kwargs: Any
    ) -> None:
        initial = {column(self.name, code): words for code, words in standing.items()}
        seen = {f"seen_{field}": words for field, words in initial.items()}
        super().__init__(sent, initial=initial | seen, **kwargs)
        self.standing, self.fixed = standing, fixed
        for code in LANGUAGES:
            field = column(self.name, code)
            self.fields[f"seen_{field}"] = forms.CharField(
                required=False, strip=False, widget=forms.HiddenInput
            )
            if not standing[code]:
                self.fields[field].help_text = self._meanwhile(code)
            elif fixed:
                # Not disabled: what somebody wrote before it was fixed would be dropped without a word.
                self.fields[field].widget.attrs["readonly"] = True

    def _meanwhile(self, code: str) -> SafeString | str:
        """What readers of a language that has no words see."""
        other = stands_in(self.standing, code)
        if not other:
            return _("Missing.")
        return format_html(
            '{} <q lang="{}" dir="{}">{}</q> (<span lang="{}">{}</span>)',
            _("Missing. Meanwhile readers see:"),
            *(other, direction(other), self.standing[other], other, LANGUAGES[other]),
        )

    @property
    def seen(self) -> dict[str, str]:
        """What the person had before them, by language."""
        return {code: self.cleaned_data.get(f"seen_{column(self.name, code)}", "") for code in LANGUAGES}

    @property
    def missing(self) -> list[str]:
        return [code for code, words in self.standing.items() if not words]

    @property
    def has_a_field_to_write(self) -> bool:
        return self.is_bound or not self.fixed or bool(self.missing)

    def show_theirs(self, theirs: Mapping[str, str]) -> None:
        """Say what somebody else saved meanwhile, beside what was written; saved again, the writer's words stand."""
        data = {name: self.data[name] for name in self.data}
        for code, words in theirs.items():
            field = column(self.name, code)
            data[f"seen_{field}"] = words
            said = _(
                "Meanwhile somebody else saved: “%(words)s”. Save again to put yours in its place, or enter theirs to"
                " keep it."
            )
            gone = _("Meanwhile somebody else emptied this. Save again to put yours there.")
            self.add_error(field, said % {"words": words} if words else gone)
        self.data = data


class LabelForm(StandingNamesForm):
    name = "label"


class TitleForm(StandingNamesForm):
    name = "title"

    def _widget(self, attrs: dict[str, Any]) -> forms.Widget:
        return forms.Textarea(attrs={"rows": 1, **attrs})
