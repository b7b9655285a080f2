"""The forms of a drafter's workspace."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class WordsForm(forms.Form):
    """A provision's words as they are edited; ``version`` is the one that was opened."""

    heading = forms.CharField(label=_("Heading"), required=False, widget=forms.Textarea(attrs={"rows": 1}))
    text = forms.CharField(
        label=_("Text"), required=False, strip=False, widget=forms.Textarea(attrs={"rows": 12})
    )
    reason = forms.CharField(
        label=_("Reason for the change"),
        required=False,
        max_length=2000,
        help_text=_("Everybody who reads the redline reads it."),
    )
    version = forms.IntegerField(min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, language: str = "", direction: str = "ltr", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("heading", "text"):
            self.fields[name].widget.attrs |= {"lang": language, "dir": direction}
        self.fields["reason"].widget.attrs["dir"] = "auto"


class TranslationForm(WordsForm):
    """A translation as it is written; ``source_version`` is the version of the original that was seen."""

    version = forms.IntegerField(min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)
    source_version = forms.IntegerField(min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["heading"].label = _("Translated heading")
        self.fields["text"].label = _("Translated text")
        self.fields["text"].widget.attrs["rows"] = 8


class AddForm(forms.Form):
    """A new provision near the one it was asked for at."""

    kind = forms.ChoiceField(label=_("What is added"), widget=forms.RadioSelect)
    heading = forms.CharField(label=_("Heading"), required=False)
    text = forms.CharField(label=_("Text"), required=False, widget=forms.Textarea(attrs={"rows": 6}))
    reason = forms.CharField(label=_("Reason for the change"), required=False, max_length=2000)
    structure_version = forms.IntegerField(min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, kinds: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = {"behind": _("%(kind)s, behind this one"), "under": _("%(kind)s, under this one")}
        self.fields["kind"].choices = [  # type: ignore[attr-defined]
            (value, words[value.partition(":")[2]] % {"kind": label}) for value, label in kinds
        ]


class SplitForm(forms.Form):
    """Where a text is split in two."""

    at = forms.TypedChoiceField(label=_("The second part begins with"), coerce=int, widget=forms.RadioSelect)
    reason = forms.CharField(label=_("Reason for the change"), required=False, max_length=2000)
    version = forms.IntegerField(min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)
    structure_version = forms.IntegerField(min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, places: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["at"].choices = places  # type: ignore[attr-defined]
