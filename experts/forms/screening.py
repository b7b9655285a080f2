"""What staff ask of the list of nominations, and what they enter while screening."""

from typing import Any

from django import forms
from django.db.models import F, QuerySet
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from accounts.forms.people import Search
from accounts.models import User
from accounts.queries import holding
from core.forms import ReadableFields
from experts.eligibility import Ground
from experts.expertise import FIELDS
from experts.models import (
    ConflictOfInterest,
    Gender,
    Level,
    Nomination,
    NominationTrait,
    Reviewer,
)


class PlainSelect(forms.Select):
    """A select written in one go: Django's asks a template for every option, which for two hundred countries takes
    longer than the rest of the page."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        chosen = "" if value is None else str(value)
        options = format_html_join(
            "",
            '<option value="{}"{}>{}</option>',
            (
                (key, mark_safe(" selected") if str(key) == chosen else "", label)
                for key, label in self.choices
            ),
        )
        return format_html("<select{}>{}</select>", flatatt({**(attrs or {}), "name": name}), options)


PILLARS = tuple(str(n) for n in range(1, 9))


def expertise_label(value: str) -> str:
    """``3`` → ``Pillar 3``; a field by its name; what is neither, as it is."""
    if value in PILLARS:
        return _("Pillar %(number)d") % {"number": int(value)}
    return str(FIELDS.get(value, value))


class NominationSearch(Search):
    """Filters and order of the list, kept in the address."""

    words = forms.CharField(
        label=gettext_lazy("Name"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    state = forms.ChoiceField(label=gettext_lazy("State"), required=False, widget=PlainSelect)
    region = forms.ChoiceField(label=gettext_lazy("Regional group"), required=False, widget=PlainSelect)
    country = forms.ChoiceField(label=gettext_lazy("Country"), required=False, widget=PlainSelect)
    gender = forms.ChoiceField(label=gettext_lazy("Gender"), required=False, widget=PlainSelect)
    level = forms.ChoiceField(label=gettext_lazy("Level or sector"), required=False, widget=PlainSelect)
    expertise = forms.ChoiceField(label=gettext_lazy("Expertise"), required=False, widget=PlainSelect)
    sort = forms.ChoiceField(label=gettext_lazy("Order"), required=False, widget=PlainSelect)

    def __init__(
        self,
        *args: Any,
        countries: dict[str, str] | None = None,
        regions: dict[str, str] | None = None,
        expertise: list[str] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        states = [choice for choice in Nomination.State.choices if choice[0] not in Nomination.UNFINISHED]
        codes = [*PILLARS, *sorted(set(expertise or []) - set(PILLARS))]
        choices: dict[str, list[Any]] = {
            "state": states,
            "region": list((regions or {}).items()),
            "country": list((countries or {}).items()),
            "gender": list(Gender.choices),
            "level": list(Level.choices),
            "expertise": [(code, expertise_label(code)) for code in codes],
        }
        for name, options in choices.items():
            self.fields[name].choices = [("", _("All")), *options]  # type: ignore[attr-defined]
        self.fields["sort"].choices = [  # type: ignore[attr-defined]
            ("", _("As they came in")),
            ("name", _("Name")),
            ("country", _("Country")),
            ("merit", _("Merit, highest first")),
            ("spread", _("Spread, widest first")),
        ]

    def narrow(
        self, nominations: "QuerySet[Nomination]", regions_by_country: dict[str, str]
    ) -> "QuerySet[Nomination]":
        """What is asked for, in the order asked for."""
        asked = self.asked
        for field, column in (("state", "state"), ("country", "country"), ("gender", "gender")):
            if asked[field]:
                nominations = nominations.filter(**{column: asked[field]})
        if asked["level"]:
            nominations = nominations.filter(level_of_government=asked["level"])
        if asked["region"]:
            inside = [c for c, region in regions_by_country.items() if region == asked["region"]]
            nominations = nominations.filter(country__in=inside)
        if asked["expertise"]:
            having = NominationTrait.objects.filter(
                kind=NominationTrait.Kind.EXPERTISE, value=asked["expertise"]
            )
            nominations = nominations.filter(pk__in=having.values("nomination"))
        if asked["words"].strip():
            nominations = nominations.filter(holding(asked["words"], "name"))
        return nominations.order_by(*_ORDERS.get(asked["sort"], lambda: ["pk"])())


def _by_country() -> list[Any]:
    language = (get_language() or "en").replace("-", "_")
    return [f"country__name_{language}", "name", "pk"]


_ORDERS: dict[str, Any] = {
    "name": lambda: ["name", "pk"],
    "country": _by_country,
    "merit": lambda: [F("merit").desc(nulls_last=True), "pk"],
    "spread": lambda: [F("spread").desc(nulls_last=True), "pk"],
}


class EligibilityForm(ReadableFields, forms.Form):
    """Why the nominations ticked aren't eligible."""

    use_required_attribute = False
    ground = forms.ChoiceField(
        label=gettext_lazy("If not eligible, why"),
        choices=[("", gettext_lazy("Choose a reason")), *Ground.choices],
        required=False,
    )
    words = forms.CharField(label=gettext_lazy("In your own words"), required=False, max_length=1000)


class ReviewerForm(forms.Form):
    """Somebody with an account, by address."""

    email = forms.EmailField(label=gettext_lazy("E-mail address of their account"))

    def clean_email(self) -> str:
        email = str(self.cleaned_data["email"]).strip().lower()
        self.person = User.objects.filter(email=email, erased_at=None).first()
        if self.person is None:
            raise forms.ValidationError(_("Nobody has an account with this address."))
        return email


class PinForm(forms.Form):
    """A conflict of interest that the secretariat sets."""

    reviewer = forms.ModelChoiceField(Reviewer.objects.none(), label=gettext_lazy("Reviewer"))
    nomination = forms.ModelChoiceField(
        Nomination.objects.none(), label=gettext_lazy("Nomination"), to_field_name="uuid"
    )
    kind = forms.ChoiceField(label=gettext_lazy("Kind of conflict"), choices=ConflictOfInterest.Kind.choices)

    def __init__(self, *args: Any, reviewers: Any, nominations: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reviewer"].queryset = reviewers  # type: ignore[attr-defined]
        self.fields["nomination"].queryset = nominations  # type: ignore[attr-defined]
        self.fields["reviewer"].label_from_instance = lambda r: r.user.shown_name  # type: ignore[attr-defined]
        self.fields["nomination"].label_from_instance = lambda n: n.name  # type: ignore[attr-defined]
