"""The form of an import."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _


class ImportForm(forms.Form):
    """A file, and what it is to become."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("Text taken from a PDF (.txt), or Markdown in the documented form (.md)."),
        widget=forms.FileInput(attrs={"accept": ".txt,.md,text/plain,text/markdown"}),
    )
    guidelines = forms.SlugField(
        label=_("Guidelines"),
        max_length=50,
        help_text=_("The short name in addresses; a new one begins new guidelines."),
    )
    title = forms.CharField(label=_("Title of new guidelines"), max_length=250, required=False)
    label = forms.CharField(label=_("Label of the draft"), max_length=120)
    language = forms.ChoiceField(label=_("Language of the text"), choices=settings.LANGUAGES)
    status = forms.ChoiceField(
        label=_("Status"),
        choices=[("working", _("Working draft")), ("published", _("Published (issued elsewhere)"))],
    )

    @property
    def target(self) -> dict[str, Any]:
        """What the import action is told besides the bytes."""
        data = self.cleaned_data
        return {
            "guidelines_slug": data["guidelines"],
            "guidelines_title": data["title"],
            **{name: data[name] for name in ("label", "language", "status")},
        }

    def take_errors(self, error: ValidationError) -> None:
        for field, messages in error.message_dict.items():
            self.add_error(field if field in self.fields else None, messages)
