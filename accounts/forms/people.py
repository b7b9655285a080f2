"""The forms of the secretariat's pages about people, groups and the audit trail."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.forms.countries import CountryField
from accounts.models import Affiliation, Group, Role, StakeholderGroup, User
from accounts.queries import countries_by_name
from accounts.slots import scope_choices
from core.forms import ReadableFields


class Search(forms.Form):
    """A form in the address: what is wrong in it is left out rather than refused."""

    use_required_attribute = False

    @property
    def asked(self) -> dict[str, Any]:
        """What was asked for and makes sense; every name is there."""
        self.is_valid()
        empty = {
            name: field.empty_value if hasattr(field, "empty_value") else None
            for name, field in self.fields.items()
        }
        return {**empty, **self.cleaned_data}


class PeopleSearch(Search):
    words = forms.CharField(
        label=gettext_lazy("Name, address or organization"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    role = forms.ChoiceField(label=gettext_lazy("Role"), required=False)
    country = forms.ChoiceField(label=gettext_lazy("Country"), required=False)
    group = forms.ChoiceField(label=gettext_lazy("Group"), required=False)
    state = forms.ChoiceField(label=gettext_lazy("State"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        every = [("", _("All"))]
        choices: dict[str, list[Any]] = {
            "role": list(Role.choices),
            "country": [(country.pk, country.name) for country in countries_by_name()],
            "group": [(group.slug, group.name) for group in Group.objects.order_by("kind", "pk")],
            "state": [("waiting", _("Organization to be confirmed")), ("disabled", _("Disabled"))],
        }
        for name, options in choices.items():
            self.fields[name].choices = every + options  # type: ignore[attr-defined]


class GrantForm(ReadableFields, forms.Form):
    """A role, and for what it is held."""

    role = forms.ChoiceField(label=gettext_lazy("Role"), choices=Role.choices)
    scope = forms.ChoiceField(label=gettext_lazy("For"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["scope"].choices = [("", _("everything")), *scope_choices()]  # type: ignore[attr-defined]

    @property
    def grant(self) -> dict[str, str]:
        scope_type, _colon, scope_id = self.cleaned_data["scope"].partition(":")
        return {"role": self.cleaned_data["role"], "scope_type": scope_type, "scope_id": scope_id}


class MembershipForm(forms.Form):
    group: forms.ModelChoiceField = forms.ModelChoiceField(
        Group.objects.order_by("kind", "pk"), label=gettext_lazy("Group"), to_field_name="slug"
    )


class PlaceForm(ReadableFields, forms.Form):
    """A person's place in a Member State or in another organization."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"),
        choices=[(kind, label) for kind, label in StakeholderGroup.choices if kind != "individual"],
    )
    country = CountryField(
        label=gettext_lazy("Member State"),
        required=False,
        empty_label="–",
        widget=forms.Select,
        help_text=gettext_lazy("For a Member State."),
    )
    name = forms.CharField(
        label=gettext_lazy("Name of the organization"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"dir": "auto"}),
        help_text=gettext_lazy("For every other kind. One that the portal knows by this name is taken."),
    )
    position = forms.ChoiceField(
        label=gettext_lazy("Position"),
        choices=Affiliation.Position.choices,
        help_text=gettext_lazy(
            "The contact point and the deputies of a Member State reserve its position. There is one contact "
            "point: the one before becomes a member."
        ),
    )

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        kwargs.setdefault("prefix", "place")  # other forms of the page have such fields too
        kwargs.setdefault("initial", {"country": person.country_id})
        super().__init__(*args, **kwargs)


class AddressesForm(ReadableFields, forms.Form):
    addresses = forms.CharField(
        label=gettext_lazy("E-mail addresses"),
        widget=forms.Textarea(attrs={"rows": 6, "dir": "ltr", "spellcheck": "false"}),
        help_text=gettext_lazy("One on each line; people who have an account here."),
    )


class DayField(forms.DateField):
    """A day chosen in the browser's calendar; what is no day leaves the calendar empty, as the standard asks."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, str):
            try:
                date.fromisoformat(value)
            except ValueError:
                return ""
        return value


class TrailSearch(Search):
    actor = forms.CharField(label=gettext_lazy("Who (name or address)"), required=False, max_length=200)
    action = forms.CharField(
        label=gettext_lazy("Act"),
        required=False,
        max_length=60,
        widget=forms.TextInput(attrs={"list": "acts", "dir": "ltr"}),
    )
    subject = forms.CharField(label=gettext_lazy("On what"), required=False, max_length=120)
    since = DayField(label=gettext_lazy("From day"), required=False)
    until = DayField(label=gettext_lazy("To day"), required=False)
