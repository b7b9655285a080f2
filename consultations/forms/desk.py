"""The form of an answer."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import get_language_info, gettext
from django.utils.translation import gettext_lazy as _

from consultations.actions.answering import standing_of
from consultations.filling import PLACES, places_in
from consultations.models import Comment, Disposition
from core.forms import TakesErrors, TakesVersion
from core.punctuation import listed
from core.widgets import LanguageSelect


class AnswerForm(TakesErrors, TakesVersion, forms.Form):
    """Outcome and words: in one language in sight, in the others (``response_fr``, …) folded away."""

    outcome = forms.ChoiceField(
        label=_("Outcome"), choices=Disposition.Outcome.choices, widget=forms.RadioSelect
    )
    language = forms.ChoiceField()  # set for each commenter
    response = forms.CharField(label=_("Answer"), widget=forms.Textarea(attrs={"rows": 6, "dir": "auto"}))
    version = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)
    # The words have places that are filled for each comment when they are sent.
    fill = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, spoken: str = "", **kwargs: Any) -> None:
        """``spoken`` is the commenter's language, offered first; English follows."""
        super().__init__(*args, **kwargs)
        self.spoken = spoken
        order = sorted(settings.LANGUAGES, key=lambda pair: (pair[0] != spoken, pair[0] != "en"))
        self.fields["language"] = forms.ChoiceField(
            label=_("Language of the answer"), choices=order, widget=LanguageSelect
        )
        for code, name in order:
            words = forms.Textarea(attrs={"rows": 3, "lang": code, "dir": "auto"})
            self.fields[f"response_{code}"] = forms.CharField(label=name, required=False, widget=words)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        # The language may have been chosen after its folded field was filled: neither text is dropped.
        twin = f"response_{cleaned.get('language', '')}"
        if cleaned.get(twin) and cleaned.get("response") and cleaned[twin] != cleaned["response"]:
            self.add_error(twin, _("The answer above is in this language already."))
        if not cleaned.get("fill"):
            self._refuse_open_places(cleaned)
        return cleaned

    def _refuse_open_places(self, cleaned: dict[str, Any]) -> None:
        """What a template left to be filled in is not to be read by anybody."""
        for name in [name for name in self.fields if name.startswith("response")]:
            if places := sorted(places_in(cleaned.get(name) or "") & set(PLACES)):
                left = listed(f"{{{place}}}" for place in places)
                self.add_error(name, gettext("Not filled in yet: %(places)s") % {"places": left})

    @property
    def languages(self) -> dict[str, list[str]]:
        """In which languages the answer is ``there`` and in which it is ``missing``, by name; ``spoken`` is the
        commenter's, where that is among the missing."""
        there = {self["language"].value()} if self["response"].value() else set()
        there |= {code for code, _name in settings.LANGUAGES if self[f"response_{code}"].value()}
        named = {code: _name_of(code) for code, _name in settings.LANGUAGES}
        return {
            "there": [name for code, name in named.items() if code in there],
            "missing": [name for code, name in named.items() if code not in there],
            "spoken": [named[self.spoken]] if self.spoken in named and self.spoken not in there else [],
        }

    @property
    def other_languages(self) -> list[Any]:
        """The folded fields: all but the language in sight, unless that one is filled twice."""
        first = f"response_{self['language'].value()}"
        return [
            self[name]
            for name in self.fields
            if name.startswith("response_") and (name != first or name in self.errors)
        ]

    @property
    def others_in_use(self) -> bool:
        return any(field.value() or field.errors for field in self.other_languages)

    @property
    def answer(self) -> dict[str, Any]:
        data = self.cleaned_data
        others = {code: data[f"response_{code}"] for code, _name in settings.LANGUAGES}
        return {"outcome": data["outcome"], "responses": {**others, data["language"]: data["response"]}}


def _name_of(language: str) -> str:
    return str(get_language_info(language)["name_translated"])


def answer_initial(comment: Comment) -> dict[str, Any]:
    """The form on a comment: its standing answer (a change to it that waits for its second reader, where there is one)
    in every language, or the commenter's language."""
    disposition: Disposition | None = getattr(comment, "disposition", None)
    if disposition is None:
        return {"language": comment.language}
    standing = standing_of(disposition)
    responses: dict[str, str] = dict(standing.answer.responses)
    language = comment.language if comment.language in responses else next(iter(responses), "en")
    return {
        "outcome": standing.outcome,
        "response": responses.pop(language, ""),
        "language": language,
        "version": standing.version,
        **{f"response_{code}": text for code, text in responses.items()},
    }
