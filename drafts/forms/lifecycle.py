"""The acts on a draft's way, each a small form of its own."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from accounts.models import Group
from accounts.queries import groups_with_counts
from accounts.templatetags.moments import zone_name
from core.form_fields import SecretariatTimeField
from core.punctuation import listed
from drafts.actions.publishing import LONGEST_NOTE
from drafts.translating import LanguageProgress, TranslationState


class ActForm(forms.Form):
    """A form of one of the acts; errors of the action find their field."""

    def take_errors(self, error: ValidationError) -> None:
        for name, messages in error.message_dict.items():
            self.add_error(None if name == NON_FIELD_ERRORS or name not in self.fields else name, messages)


class CirculateForm(ActForm):
    """The groups that read the draft; each with how many belong to it."""

    groups = forms.MultipleChoiceField(
        label=gettext_lazy("Groups that read it"), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, chosen: Iterable[int] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known = {group.slug: group for group in groups_with_counts()}
        self.fields["groups"].choices = [  # type: ignore[attr-defined]
            (slug, f"{group.name} ({group.members})")  # type: ignore[attr-defined]
            for slug, group in self.known.items()
        ]
        wanted = set(chosen)
        self.initial["groups"] = [slug for slug, group in self.known.items() if group.pk in wanted]

    @property
    def groups_chosen(self) -> list[Group]:
        return [self.known[slug] for slug in self.cleaned_data["groups"]]


class WordsForm(ActForm):
    """Carries which words the person had before them."""

    words = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)


class AdoptForm(WordsForm):
    note = forms.CharField(
        label=gettext_lazy("Why"),
        required=False,
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        help_text=gettext_lazy("The second person reads it, for example the decision on which it rests."),
    )


class PublishForm(AdoptForm):
    """With the translations that come out at once; whole ones are suggested, the others come when they are."""

    languages = forms.MultipleChoiceField(
        label=gettext_lazy("Translations that come out now"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy(
            "The original always does. Readers see nothing of a language that you leave out: it is translated further,"
            " and two people release it when it is complete. One that comes out now stays as it is, gaps included."
        ),
    )
    due_at = SecretariatTimeField(label=gettext_lazy("Not before"), required=False)

    def __init__(self, *args: Any, parts: Iterable[LanguageProgress] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        begun = [part for part in parts if part.is_begun]
        if begun:
            self.fields["languages"].choices = [  # type: ignore[attr-defined]
                (part.code, f"{part.name} ({how_far(part)})") for part in begun
            ]
            self.initial["languages"] = [part.code for part in begun if part.is_complete]
        else:
            del self.fields["languages"]
        self.fields["due_at"].help_text = _(
            "In %(zone)s time. Left empty, it is published as soon as the second person confirms."
        ) % {"zone": zone_name(settings.SECRETARIAT_TIME_ZONE)}


class ReleaseForm(AdoptForm):
    """A language of a published draft to be released, with the words of it that the person had before them."""

    language = forms.CharField(label=gettext_lazy("Language"), widget=forms.RadioSelect, max_length=80)

    def __init__(self, *args: Any, ready: Iterable[tuple[str, str, str]] = (), **kwargs: Any) -> None:
        """``ready`` are the code, the name and the state of the words of each language that may be released."""
        super().__init__(*args, **kwargs)
        del self.fields["words"]  # of which words is said by the language
        choices = [(f"{code}:{words}", name) for code, name, words in ready]
        self.fields["language"].widget.choices = choices
        if len(choices) == 1:
            self.initial["language"] = choices[0][0]
        self.order_fields(["language", "note"])

    @property
    def chosen(self) -> tuple[str, str]:
        """The code of the language and the state of its words."""
        code, _colon, words = self.cleaned_data["language"].partition(":")
        return code, words


def how_far(part: LanguageProgress) -> str:
    """In words, how complete a translation is."""
    if part.is_complete:
        return pgettext("a translation", "complete")
    counts = part.counts
    missing, outdated = counts[TranslationState.MISSING], counts[TranslationState.OUTDATED]
    in_work = counts[TranslationState.IN_WORK]
    said = [
        (missing, ngettext("%(n)s provision missing", "%(n)s provisions missing", missing)),
        (outdated, ngettext("%(n)s outdated", "%(n)s outdated", outdated)),
        (in_work, ngettext("%(n)s not approved", "%(n)s not approved", in_work)),
    ]
    return listed(words % {"n": n} for n, words in said if n)


class DeclineForm(ActForm):
    reason = forms.CharField(
        label=gettext_lazy("Why not"),
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        help_text=gettext_lazy("The one who asked reads it."),
    )
