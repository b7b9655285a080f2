"""The form of a template for answers."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from consultations.models import AnswerTemplate, Disposition
from core.forms import ReadableFields, TakesErrors, TakesVersion
from drafts.models import Guidelines


class AnswerTemplateForm(ReadableFields, TakesErrors, TakesVersion, forms.Form):
    """A name, where it is offered, an outcome if it always has the same, and words in any of six languages."""

    name = forms.CharField(label=_("Name"), max_length=120, help_text=_("How you will find it at the desk."))
    guidelines: forms.ModelChoiceField = forms.ModelChoiceField(
        Guidelines.objects.order_by("pk"),
        label=_("Offered"),
        required=False,
        empty_label=_("For all guidelines"),
    )
    outcome = forms.ChoiceField(
        label=_("Outcome"),
        required=False,
        choices=[("", _("Left to whoever answers")), *Disposition.Outcome.choices],
    )
    version = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code, name in sorted(settings.LANGUAGES, key=lambda pair: pair[0] != "en"):
            words = forms.Textarea(attrs={"rows": 5 if code == "en" else 3, "lang": code, "dir": "auto"})
            self.fields[f"response_{code}"] = forms.CharField(label=name, required=False, widget=words)

    @property
    def languages(self) -> list[Any]:
        return [self[name] for name in self.fields if name.startswith("response_")]

    @property
    def template(self) -> dict[str, Any]:
        """What the actions take."""
        data = self.cleaned_data
        return {
            **{name: data[name] for name in ("name", "guidelines", "outcome")},
            "responses": {code: data[f"response_{code}"] for code, _name in settings.LANGUAGES},
        }

    def take_errors(self, error: Any) -> None:
        """A template without words is told so at its first language."""
        errors = error.error_dict
        if "response" in errors:
            errors["response_en"] = errors.pop("response")
        super().take_errors(error)


def template_initial(template: AnswerTemplate) -> dict[str, Any]:
    """The form filled with a standing template."""
    return {
        "name": template.name,
        "guidelines": template.guidelines_id,
        "outcome": template.outcome,
        "version": template.version,
        **{f"response_{code}": words for code, words in template.responses.items()},
    }
