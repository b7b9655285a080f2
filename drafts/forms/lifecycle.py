"""The acts on a draft's way, each a small form of its own."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Group
from accounts.queries import groups_with_counts
from accounts.templatetags.moments import zone_name
from core.form_fields import SecretariatTimeField
from drafts.actions.publishing import LONGEST_NOTE


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
    due_at = SecretariatTimeField(label=gettext_lazy("Not before"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["due_at"].help_text = _(
            "In %(zone)s time. Left empty, it is published as soon as the second person confirms."
        ) % {"zone": zone_name(settings.SECRETARIAT_TIME_ZONE)}


class DeclineForm(ActForm):
    reason = forms.CharField(
        label=gettext_lazy("Why not"),
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        help_text=gettext_lazy("The one who asked reads it."),
    )
