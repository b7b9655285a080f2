"""The form that takes proposals into the text."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from consultations.forms.desk import AnswerForm
from consultations.models import Disposition


class ApplyForm(AnswerForm):
    """The wording as it will stand and why, and the answer to whoever asked for it."""

    version_field = "words_version"
    field_order = ("text", "reason", "outcome", "language", "response")
    text = forms.CharField(
        label=_("The text as it will stand"),
        strip=False,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text=_("Take less of the proposal, or more, by changing it here."),
    )
    reason = forms.CharField(
        label=_("Why it is changed so"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
        help_text=_("Kept with the change. Which comments it came from is kept by itself."),
    )
    outcome = forms.ChoiceField(
        label=_("Outcome"),
        choices=[(value, Disposition.Outcome(value).label) for value in Disposition.TAKEN_UP],
        widget=forms.RadioSelect,
    )
    words_version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, answered: bool = False, written_in: str = "", rtl: bool = False, **kwargs: Any
    ) -> None:
        """``answered`` where every comment has its answer already; the text is written in ``written_in``."""
        super().__init__(*args, **kwargs)
        del (
            self.fields["fill"],
            self.fields["version"],
        )  # an answer's, and here only the yet unanswered get one
        self.fields["text"].widget.attrs |= {"lang": written_in, "dir": "rtl" if rtl else "ltr"}
        if answered:
            for name in ("outcome", "language", "response"):
                self.fields[name].required = False
