"""The form of a compilation: its kind, its format, its language, and which comments."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from consultations.compilations.asked import STATUSES, UNANSWERED, Asked, Filters, Format, Kind
from consultations.models import Comment, Disposition, Round
from core.forms import ReadableFields, TakesErrors
from core.widgets import LanguageSelect

ALL = ("", _("All"))


class CompilationForm(TakesErrors, ReadableFields, forms.Form):
    """``statuses``: whether who asks reads more than what is submitted."""

    kind = forms.ChoiceField(
        label=_("Kind of compilation"), choices=Kind.choices, initial=Kind.MATRIX, widget=forms.RadioSelect
    )
    format = forms.ChoiceField(
        label=_("Format"), choices=Format.choices, initial=Format.XLSX, widget=forms.RadioSelect
    )
    language = forms.ChoiceField(
        label=_("Language of the headings"),
        help_text=_("What people wrote stays in the language they wrote it in, which is named."),
        choices=settings.LANGUAGES,
        widget=LanguageSelect,
    )
    pillar = forms.TypedChoiceField(
        label=_("Pillar"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=[ALL, *((n, str(n)) for n in range(1, 9))],
    )
    provision = forms.CharField(required=False, max_length=120, widget=forms.HiddenInput)
    comment_kind = forms.ChoiceField(
        label=_("Kind of comment"), required=False, choices=[ALL, *Comment.Kind.choices]
    )
    outcome = forms.ChoiceField(
        label=_("Answer"),
        required=False,
        choices=[ALL, (UNANSWERED, _("Not answered")), *Disposition.Outcome.choices],
    )
    status = forms.ChoiceField(
        label=_("Status"),
        required=False,
        choices=[ALL, *((value, label) for value, label in Comment.Status.choices if value in STATUSES)],
    )
    search = forms.CharField(
        label=_("Words"), required=False, max_length=200, widget=forms.TextInput(attrs={"type": "search"})
    )

    def __init__(self, *args: Any, statuses: bool, **kwargs: Any) -> None:
        kwargs["initial"] = {"language": get_language() or "en", **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        if not statuses:
            del self.fields["status"]

    @property
    def narrowing(self) -> list[forms.BoundField]:
        """The fields that leave comments out."""
        names = ("pillar", "comment_kind", "outcome", "status", "search")
        return [self[name] for name in names if name in self.fields]

    @property
    def narrows(self) -> bool:
        """Whether one of them is filled in."""
        return any(field.value() for field in self.narrowing)

    def asked(self, round: Round) -> Asked:
        """What a valid form asks for."""
        given = self.cleaned_data
        return Asked(
            round.pk,
            kind=given["kind"],
            form=given["format"],
            language=given["language"],
            filters=Filters(
                pillar=given["pillar"],
                provision=given["provision"],
                kind=given["comment_kind"],
                outcome=given["outcome"],
                status=given.get("status", ""),
                search=given["search"],
            ),
        )
