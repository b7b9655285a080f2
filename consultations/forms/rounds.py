"""The form of a round, in the secretariat's time."""

from datetime import UTC
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Group
from consultations.models import Round
from core.form_fields import SecretariatTimeField
from drafts.models import Draft, Provision

PILLARS = [str(number) for number in range(1, 9)]
# What each choice promises; the short names of the choices are for pages that show a promise made.
PROMISES = [
    (Round.Visibility.PUBLIC, gettext_lazy("Everyone reads them, also without an account.")),
    (
        Round.Visibility.PARTICIPANTS,
        gettext_lazy("Only those for whom the round is open read them, signed in."),
    ),
    (
        Round.Visibility.SECRETARIAT,
        gettext_lazy("Only the secretariat reads them; everyone else reads their own."),
    ),
]
PLANNED = ("opens_at", "closes_at", "visibility", "anonymous", "second_reader")
LANGUAGES = [("en", "English"), *((code, name) for code, name in settings.LANGUAGES if code != "en")]


class RoundForm(forms.Form):
    """Titles and guidance in six languages, draft, kind, groups, times, visibility."""

    draft: forms.ModelChoiceField = forms.ModelChoiceField(
        Draft.objects.order_by("guidelines", "-number"), label=gettext_lazy("Draft")
    )
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=Round.Kind.choices)
    groups: forms.ModelMultipleChoiceField = forms.ModelMultipleChoiceField(
        Group.objects.order_by("slug"),
        label=gettext_lazy("Groups invited"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("An open round is for everyone signed in; others name their groups."),
    )
    scope = forms.MultipleChoiceField(
        label=gettext_lazy("What is asked about"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Without a choice the round asks about the whole draft."),
    )
    opens_at = SecretariatTimeField(label=gettext_lazy("Opens"))
    closes_at = SecretariatTimeField(label=gettext_lazy("Closes"))
    visibility = forms.ChoiceField(
        label=gettext_lazy("Who reads the comments of others"),
        choices=PROMISES,
        widget=forms.RadioSelect,
        initial=Round.Visibility.PUBLIC,
        help_text=gettext_lazy(
            "This is a promise: once the round has opened it can be narrowed, not widened."
        ),
    )
    anonymous = forms.BooleanField(
        label=gettext_lazy("Names are kept from everyone but the secretariat"), required=False
    )
    second_reader = forms.BooleanField(
        label=gettext_lazy("A second person of the secretariat agrees to each answer before it is published"),
        required=False,
    )

    def __init__(self, *args: Any, standing: Round | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.standing = standing
        self.fields["scope"].choices = [  # type: ignore[attr-defined]
            (number, _("Pillar %(number)d") % {"number": int(number)}) for number in PILLARS
        ]
        for code, name in LANGUAGES:
            written_in = format_html('<span lang="{}">{}</span>', code, name)
            own = {"lang": code, "dir": "auto"}
            self.fields[f"title_{code}"] = forms.CharField(
                label=gettext_lazy("Title"),
                max_length=200,
                required=code == "en",
                widget=forms.TextInput(attrs=own),
                help_text=written_in,
            )
            self.fields[f"guidance_{code}"] = forms.CharField(
                label=gettext_lazy("Guidance"),
                required=False,
                widget=forms.Textarea(attrs={"rows": 3, **own}),
                help_text=written_in,
            )
        for name in ("opens_at", "closes_at"):
            said = _("In %(zone)s time.") % {"zone": settings.SECRETARIAT_TIME_ZONE}
            at = getattr(standing, name) if standing else None
            self.fields[name].help_text = f"{said} ({at.astimezone(UTC):%Y-%m-%d %H:%M} UTC)" if at else said
        if standing is not None:
            del self.fields["draft"], self.fields["kind"]

    def clean(self) -> dict[str, Any]:
        """Pillars become the keys that they have in this draft; other keys of a standing round stay."""
        cleaned = super().clean() or {}
        draft = self.standing.draft if self.standing else cleaned.get("draft")
        chosen = {int(number) for number in cleaned.get("scope", [])}
        known = pillar_keys(draft) if draft else {}
        for number in sorted(chosen - set(known.values())):
            if draft:
                self.add_error(
                    "scope", _("This draft has no provision “%(key)s”.") % {"key": f"pillar_{number}"}
                )
        keys = [key for key, number in known.items() if number in chosen]
        if self.standing:
            keys += [part.key for part in self.standing.scope.all() if part.key not in known]
        self.scope_keys = keys
        return cleaned

    @property
    def language_fields(self) -> list[tuple[str, str, Any, Any]]:
        return [(code, name, self[f"title_{code}"], self[f"guidance_{code}"]) for code, name in LANGUAGES]

    @property
    def other_fields(self) -> list[Any]:
        return [self[name] for name in self.fields if not name.startswith(("title_", "guidance_"))]

    @property
    def plan(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {
            "titles": {code: data[f"title_{code}"] for code, _name in LANGUAGES},
            "guidance": {code: data[f"guidance_{code}"] for code, _name in LANGUAGES},
            "groups": list(data["groups"]),
            "scope": self.scope_keys,
            **{name: data[name] for name in PLANNED},
        }

    @property
    def fixed(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("draft", "kind")}

    def take_errors(self, error: ValidationError) -> None:
        for field, messages in error.message_dict.items():
            name = "title_en" if field == "title" else field
            self.add_error(name if name in self.fields else None, messages)


def pillar_keys(draft: Draft) -> dict[str, int]:
    """The keys of a draft's pillars and their numbers (one query)."""
    pillars = Provision.objects.filter(draft=draft, kind=Provision.Kind.PILLAR, pillar__isnull=False)
    return {key: number for key, number in pillars.values_list("key", "pillar") if number}


def initial_of(round: Round) -> dict[str, Any]:
    """The form filled with a standing round."""
    pillars = pillar_keys(round.draft)
    words = {
        f"{field}_{code}": getattr(round, f"{field}_{code.replace('-', '_')}") or ""
        for field in ("title", "guidance")
        for code, _name in LANGUAGES
    }
    return {
        **words,
        "groups": [audience.group_id for audience in round.audience.all()],
        "scope": [str(pillars[part.key]) for part in round.scope.all() if part.key in pillars],
        **{name: getattr(round, name) for name in PLANNED},
    }
