"""The form of an answer."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from consultations.models import Comment, Disposition
from core.forms import TakesErrors, TakesVersion
from core.widgets import LanguageSelect


class AnswerForm(TakesErrors, TakesVersion, forms.Form):
    """Outcome and words: in one language in sight, in the others (``response_fr``, …) folded away."""

    outcome = forms.ChoiceField(
        label=_("Outcome"), choices=Disposition.Outcome.choices, widget=forms.RadioSelect
    )
    language = forms.ChoiceField()  # set for each commenter
    response = forms.CharField(label=_("Answer"), widget=forms.Textarea(attrs={"rows": 6, "dir": "auto"}))
    version = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, spoken: str = "", **kwargs: Any) -> None:
        """``spoken`` is the commenter's language, offered first; English follows."""
        super().__init__(*args, **kwargs)
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
        return cleaned

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


def answer_initial(comment: Comment) -> dict[str, Any]:
    """The form on a comment: its standing answer in every language, or the commenter's language."""
    disposition: Disposition | None = getattr(comment, "disposition", None)
    if disposition is None:
        return {"language": comment.language}
    responses: dict[str, str] = dict(disposition.answer.responses)
    language = comment.language if comment.language in responses else next(iter(responses), "en")
    return {
        "outcome": disposition.outcome,
        "response": responses.pop(language, ""),
        "language": language,
        "version": disposition.version,
        **{f"response_{code}": text for code, text in responses.items()},
    }
