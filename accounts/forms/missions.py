"""The forms of a mission's own people, and the search in the overview of member states."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.forms.people import Search
from accounts.mission_queries import SCHEME, Reach
from accounts.models import Affiliation, Organisation, Region
from core.forms import ReadableFields, TakesErrors
from core.widgets import LanguageSelect

NEW = "new"


class MissionSearch(Search):
    words = forms.CharField(
        label=gettext_lazy("Country, name or address"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    region = forms.ChoiceField(label=gettext_lazy("Region"), required=False)
    reach = forms.ChoiceField(label=gettext_lazy("State of affairs"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        regions = Region.objects.filter(scheme=SCHEME).order_by("code")
        every = [("", _("All"))]
        choices: dict[str, list[Any]] = {
            "region": [(region.code, region.name) for region in regions],
            "reach": list(Reach.choices),
        }
        for name, options in choices.items():
            self.fields[name].choices = every + options  # type: ignore[attr-defined]


class PersonForm(TakesErrors, ReadableFields, forms.Form):
    """Somebody to invite by mail."""

    name = forms.CharField(
        label=gettext_lazy("Name"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    email = forms.EmailField(
        label=gettext_lazy("E-mail"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off", "dir": "ltr"}),
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Language of the mail"), choices=settings.LANGUAGES, widget=LanguageSelect
    )


class ColleagueForm(PersonForm):
    position = forms.ChoiceField(
        label=gettext_lazy("Position"),
        choices=[(p.value, p.label) for p in (Affiliation.Position.DEPUTY, Affiliation.Position.MEMBER)],
        widget=forms.RadioSelect,
        initial=Affiliation.Position.DEPUTY,
        help_text=gettext_lazy(
            "A deputy speaks for the Member State as you do. A member belongs to the mission and speaks for it in "
            "nothing."
        ),
    )


class HandOverForm(PersonForm):
    """To whom the contact goes: somebody of the mission, or somebody new; and what becomes of who has it now."""

    successor = forms.ChoiceField(label=gettext_lazy("Who takes the contact over?"), widget=forms.RadioSelect)
    afterwards = forms.ChoiceField(
        label=gettext_lazy("What becomes of the contact point there is, once the other has accepted?"),
        choices=[
            ("member", gettext_lazy("Stays in the mission as a member")),
            ("leaves", gettext_lazy("Leaves the mission")),
        ],
        widget=forms.RadioSelect,
        initial="member",
    )
    field_order = ("successor", "name", "email", "language", "afterwards")

    def __init__(self, *args: Any, organisation: Organisation, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = organisation.affiliations.filter(confirmed_at__isnull=False, user__is_active=True)
        others = others.exclude(role=Affiliation.Position.CONTACT).exclude(user=user.pk)
        self.others = {str(place.pk): place for place in others.select_related("user").order_by("user__name")}
        shown = _("%(name)s (%(position)s)")
        self.fields["successor"].choices = [  # type: ignore[attr-defined]
            *(
                (pk, shown % {"name": place.user.name, "position": place.get_role_display()})
                for pk, place in self.others.items()
            ),
            (NEW, _("Somebody new, by invitation")),
        ]
        self.fields["successor"].initial = NEW
        for name in ("name", "email", "language"):
            self.fields[name].required = False
        self.fields["name"].help_text = _("Of somebody new.")
        self.fields["email"].help_text = _("Of somebody new.")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("successor") == NEW:
            for name, words in (("name", _("Give the person’s name.")), ("email", _("Give the address."))):
                if not data.get(name) and name not in self.errors:
                    self.add_error(name, words)
        return data

    @property
    def offer(self) -> dict[str, Any]:
        """What the action is told."""
        data = self.cleaned_data
        offer = {"leaves": data["afterwards"] == "leaves"}
        if place := self.others.get(data["successor"]):
            person = place.user
            return {**offer, "name": person.name, "email": person.email, "language": person.language}
        language = data["language"] or settings.LANGUAGE_CODE
        return {**offer, "name": data["name"], "email": data["email"], "language": language}
