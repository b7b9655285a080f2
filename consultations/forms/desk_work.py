"""What is done to several comments at the desk."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from accounts.models import User
from consultations.actions.tagging import names_in
from consultations.assigned import answerers
from consultations.models import Round, Tag
from core.forms import TakesErrors


class WorkForm(TakesErrors, forms.Form):
    """Who is to answer, which tags come on and which off; what is left alone stays as it is."""

    person = forms.ChoiceField(label=gettext_lazy("Assign to"), required=False)
    add = forms.CharField(
        label=gettext_lazy("Add tags"),
        required=False,
        max_length=500,
        help_text=gettext_lazy("Several are parted by commas."),
        widget=forms.TextInput(attrs={"list": "tags", "autocomplete": "off", "dir": "auto"}),
    )
    remove = forms.MultipleChoiceField(
        label=gettext_lazy("Remove tags"), required=False, widget=forms.CheckboxSelectMultiple
    )
    act = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, round: Round, actor: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(person.pk): person for person in answerers(round)}
        self.actor = actor
        others = [(key, person.shown_name) for key, person in self.people.items() if person.pk != actor.pk]
        mine = [(str(actor.pk), pgettext("assigned to", "Me"))] if str(actor.pk) in self.people else []
        keep = [("", _("As it is")), ("nobody", pgettext("assigned to", "Nobody"))]
        self.fields["person"] = forms.ChoiceField(
            label=gettext_lazy("Assign to"), required=False, choices=[*keep, *mine, *others]
        )
        self.tags = list(Tag.objects.filter(round=round))
        self.fields["remove"].choices = [(str(tag.pk), tag.name) for tag in self.tags]  # type: ignore[attr-defined]
        if not self.tags:
            del self.fields["add"].widget.attrs["list"]
            del self.fields["remove"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and not any(cleaned.get(name) for name in ("person", "add", "remove")):
            raise ValidationError(_("Choose what to do."))
        return cleaned

    @property
    def assigns(self) -> bool:
        return bool(self.cleaned_data["person"])

    @property
    def person_chosen(self) -> User | None:
        return self.people.get(self.cleaned_data["person"])

    @property
    def tags_added(self) -> list[str]:
        return names_in(self.cleaned_data["add"])

    @property
    def tags_removed(self) -> list[int]:
        return [int(key) for key in self.cleaned_data.get("remove", [])]
