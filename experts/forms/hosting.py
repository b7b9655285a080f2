"""Forms of hosting: meetings, offers, scores, decisions, agreements, and what became of a meeting."""

from collections.abc import Iterable
from typing import Any

from babel import Locale
from babel.numbers import get_currency_name
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.forms import BoundField
from django.utils.html import format_html
from django.utils.translation import get_language, get_language_info, to_locale
from django.utils.translation import gettext_lazy as _

from accounts.forms.countries import CountryField
from accounts.models import Organisation, Region
from core.forms import ReadableFields, TakesErrors, TakesVersion
from core.punctuation import detail
from experts.actions.calls import LONGEST_REASON, LONGEST_TITLE
from experts.actions.hosting_slots import LONGEST_NOTE, MOST_PEOPLE
from experts.deadlines import days_in_words
from experts.forms.call_parts import LANGUAGES
from experts.hosting_offers import CONTENT, NEEDED, WORDS, currencies, letter_is_required, papers_asked
from experts.models import Call, HostingOffer, HostingSlot
from experts.words import words_of

HostKind = HostingOffer.HostKind
# What much is paid in between countries comes first.
COMMON = ("USD", "EUR")


class Versioned(TakesVersion, ReadableFields, forms.Form):
    """A form that knows which version it shows, and takes what an action found wrong."""

    version = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)

    def take_errors(self, error: ValidationError) -> None:
        for field, told in error.message_dict.items():
            name = f"{field}_en" if f"{field}_en" in self.fields else field
            self.add_error(name if name in self.fields else None, told)


class DayField(forms.DateField):
    """A day as browsers send it."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")

    def __init__(self, **options: Any) -> None:
        options.setdefault("error_messages", {"invalid": _("Write a day such as 2026-11-17.")})
        super().__init__(input_formats=["%Y-%m-%d"], **options)


def _region_choices() -> list[tuple[Any, Any]]:
    groups: dict[str, list[tuple[str, str]]] = {}
    names = {
        "un_group": _("Regional groups of the United Nations"),
        "habitat_region": _("Regions of UN-Habitat"),
    }
    for row in Region.objects.order_by("scheme", "pk"):
        groups.setdefault(row.scheme, []).append((str(row.pk), row.name))
    grouped: list[tuple[Any, Any]] = [(names.get(scheme, scheme), rows) for scheme, rows in groups.items()]
    return [("", _("All regions")), *grouped]


class SlotForm(Versioned):
    """A meeting that looks for a host."""

    kind = forms.ChoiceField(label=_("Kind"), choices=HostingSlot.Kind.choices)
    region = forms.ChoiceField(label=_("Region"), choices=_region_choices, required=False)
    starts_on = DayField(label=_("First day, as planned"))
    ends_on = DayField(label=_("Last day, as planned"))
    participants = forms.IntegerField(
        label=_("Participants expected"), min_value=1, max_value=MOST_PEOPLE, required=False
    )
    position = forms.IntegerField(
        label=_("Place in the list"), min_value=0, max_value=MOST_PEOPLE, required=False
    )

    def __init__(self, data: Any = None, *, slot: HostingSlot | None = None, place: int = 1) -> None:
        initial: dict[str, Any] = {"position": place}
        if slot:
            words = {f"title_{code}": text for code, text in words_of(slot, "title").items()}
            names = ("kind", "starts_on", "ends_on", "participants", "position", "version")
            initial = {
                **words,
                **{name: getattr(slot, name) for name in names},
                "region": slot.region_id or "",
            }
        super().__init__(data, initial=initial)
        for code, language in LANGUAGES:
            self.fields[f"title_{code}"] = forms.CharField(
                label=_("Name of the meeting"),
                max_length=LONGEST_TITLE,
                required=code == "en",
                widget=forms.TextInput(attrs={"lang": code, "dir": "auto"}),
                help_text=format_html('<span lang="{}">{}</span>', code, language),
            )

    @property
    def other_titles(self) -> list[BoundField]:
        return [self[f"title_{code}"] for code, _name in LANGUAGES if code != "en"]

    @property
    def plan_fields(self) -> list[BoundField]:
        return [self[name] for name in ("kind", "region", "starts_on", "ends_on", "participants", "position")]

    @property
    def plan(self) -> dict[str, Any]:
        given = self.cleaned_data
        return {
            "titles": {code: given[f"title_{code}"] for code, _name in LANGUAGES},
            **{name: given[name] for name in ("kind", "starts_on", "ends_on", "participants")},
            "region": Region.objects.filter(pk=given["region"] or 0).first(),
            "position": given["position"] or 0,
        }


class OutcomeForm(Versioned):
    """What became of a meeting."""

    outcome = forms.ChoiceField(
        label=_("What became of it"),
        choices=[("", _("Not noted yet")), *HostingSlot.Outcome.choices],
        widget=forms.RadioSelect,
        required=False,
    )
    held_from = DayField(label=_("First day, as held"), required=False)
    held_to = DayField(label=_("Last day, as held"), required=False)
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        help_text=_("Everybody reads it beside the plan."),
    )

    @property
    def change(self) -> dict[str, Any]:
        given = self.cleaned_data
        return {name: given[name] for name in ("outcome", "held_from", "held_to", "note", "version")}


class BeginOfferForm(TakesErrors, ReadableFields, forms.Form):
    """Which meeting, and who would host it. ``key`` becomes the offer's identifier: sent twice it is one offer."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    slot: Any = forms.ModelChoiceField(
        HostingSlot.objects.none(), label=_("Meeting"), widget=forms.RadioSelect, empty_label=None
    )
    host_kind = forms.ChoiceField(label=_("Who would host"), widget=forms.RadioSelect)
    country = CountryField(
        label=_("Country"), required=False, help_text=_("Where the host is. Not needed for a member state.")
    )
    organisation: Any = forms.ModelChoiceField(
        Organisation.objects.none(),
        label=_("Your organization"),
        required=False,
        help_text=_("Whoever speaks for it in the portal then sees the offer too, and may change it."),
    )

    def __init__(
        self, *args: Any, call: Call, state: Any, organisations: Iterable[Organisation], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        slots = self.fields["slot"]
        slots.queryset = call.slots.select_related("region")  # type: ignore[attr-defined]
        slots.label_from_instance = slot_in_words  # type: ignore[attr-defined]
        kinds = [choice for choice in HostKind.choices if state or choice[0] != HostKind.MEMBER_STATE]
        self.fields["host_kind"].choices = kinds  # type: ignore[attr-defined]
        ids = [row.pk for row in organisations]
        self.fields["organisation"].queryset = Organisation.objects.filter(pk__in=ids)  # type: ignore[attr-defined]
        if not ids:
            del self.fields["organisation"]

    @property
    def start(self) -> dict[str, Any]:
        """What ``begin_offer`` takes."""
        given = self.cleaned_data
        return {
            "uuid": given["key"],
            "slot": given["slot"],
            "host_kind": given["host_kind"],
            "country": given["country"],
            "organisation": given.get("organisation"),
        }


def slot_in_words(slot: HostingSlot) -> str:
    return f"{slot.title}{detail()}{days_in_words(slot.starts_on, slot.ends_on)}"


def currency_choices() -> list[tuple[str, Any]]:
    locale = Locale.parse(to_locale(get_language() or "en"))
    names = {code: get_currency_name(code, locale=locale) for code in currencies()}
    rest = sorted(set(names) - set(COMMON))
    return [
        ("", _("Choose a currency")),
        *((code, f"{code}{detail()}{names[code]}") for code in (*COMMON, *rest)),
    ]


def _words(label: Any, name: str, rows: int, help_text: Any = "") -> forms.CharField:
    widget: forms.Widget = forms.TextInput(attrs={"dir": "auto"})
    if rows:
        widget = forms.Textarea(attrs={"rows": rows, "dir": "auto"})
    return forms.CharField(
        label=label, required=False, max_length=WORDS[name], widget=widget, help_text=help_text
    )


class OfferForm(Versioned):
    """What an offer says. Every field may stay empty in a draft; what is missing is told when it is handed in."""

    slot: Any = forms.ModelChoiceField(HostingSlot.objects.none(), label=_("Meeting"), empty_label=None)
    host_name = _words(
        _("Host"),
        "host_name",
        0,
        _("The name by which the host is to be published, such as that of the city."),
    )
    starts_on = DayField(label=_("First day"), required=False)
    ends_on = DayField(label=_("Last day"), required=False)
    place = _words(_("City"), "place", 0)
    venue = _words(_("Venue"), "venue", 3, _("The building, its rooms, what they are equipped with."))
    capacity = forms.IntegerField(
        label=_("People the venue holds"), min_value=1, max_value=MOST_PEOPLE, required=False
    )
    accessibility = _words(
        _("Accessibility"),
        "accessibility",
        3,
        _(
            "How people with disabilities reach and use the venue: entrances, lifts, hearing loops, sign language."
        ),
    )
    interpretation = forms.MultipleChoiceField(
        label=_("Languages interpreted"),
        choices=lambda: [
            (code, get_language_info(code)["name_translated"]) for code, _name in settings.LANGUAGES
        ],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    visas = _words(_("Visas"), "visas", 2, _("Who needs one, how long it takes, what the host does to help."))
    contribution_in_kind = _words(
        _("Contribution in kind"),
        "contribution_in_kind",
        4,
        _("For example the venue, interpretation, local transport, meals, rooms for participants."),
    )
    contribution_amount = forms.DecimalField(
        label=_("Contribution in money"),
        max_digits=12,
        decimal_places=2,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "dir": "ltr"}),
        help_text=_("A number without signs between the thousands, such as 25000 or 25000.50."),
        error_messages={"invalid": _("Give an amount above zero, such as 25000 or 25000.50.")},
    )
    contribution_currency = forms.ChoiceField(label=_("Currency"), choices=currency_choices, required=False)

    def __init__(self, data: Any = None, files: Any = None, *, offer: HostingOffer) -> None:
        self.offer = offer
        initial = {name: getattr(offer, name) for name in CONTENT}
        super().__init__(data, files, initial={**initial, "slot": offer.slot_id, "version": offer.version})
        slots = self.fields["slot"]
        slots.queryset = offer.slot.call.slots.select_related("region")  # type: ignore[attr-defined]
        slots.label_from_instance = slot_in_words  # type: ignore[attr-defined]
        if not letter_is_required(offer):
            del self.fields["host_name"]
        self.papers = papers_asked(offer.slot.call, offer)
        for paper in self.papers:
            self.fields[f"paper_{paper.kind}"] = forms.FileField(
                label=paper.get_kind_display(),
                required=False,
                widget=forms.FileInput(attrs={"accept": "application/pdf,.pdf"}),
                help_text=_("A PDF of at most 5 MB."),
            )
        # A draft may be without them, an offer that is handed in may not: they aren't called optional.
        needed = {*NEEDED, *(f"paper_{paper.kind}" for paper in self.papers if paper.required)}
        for name in needed & set(self.fields):
            self.fields[name].one_of = True  # type: ignore[attr-defined]

    @property
    def sections(self) -> list[tuple[str, Any, list[BoundField]]]:
        """The form's parts: an anchor, a title, the fields."""
        parts = [
            ("meeting", _("Meeting"), ("slot", "host_name", "starts_on", "ends_on")),
            ("venue-part", _("Place and venue"), ("place", "venue", "capacity", "accessibility")),
            ("support", _("For participants"), ("interpretation", "visas")),
            (
                "giving",
                _("What the host gives"),
                ("contribution_in_kind", "contribution_amount", "contribution_currency"),
            ),
        ]
        return [
            (key, title, [self[name] for name in names if name in self.fields]) for key, title, names in parts
        ]

    @property
    def paper_fields(self) -> list[tuple[Any, BoundField]]:
        return [(paper, self[f"paper_{paper.kind}"]) for paper in self.papers]

    @property
    def content(self) -> dict[str, Any]:
        """What ``save_offer`` takes: every field that is well-formed."""
        names = ("slot", *CONTENT)
        return {name: self.cleaned_data[name] for name in names if name in self.cleaned_data}

    @property
    def files_given(self) -> dict[str, Any]:
        given = {paper.kind: self.cleaned_data.get(f"paper_{paper.kind}") for paper in self.papers}
        return {kind: file for kind, file in given.items() if file}

    def differences(self, standing: HostingOffer) -> list[tuple[Any, Any]]:
        """(label, value) of what another saved meanwhile and this form would replace."""
        return [
            (self.fields[name].label, getattr(standing, name))
            for name in CONTENT
            if name in self.cleaned_data and self.cleaned_data[name] != getattr(standing, name)
        ]


class WithdrawForm(Versioned):
    """Taking an offer back."""

    reason = forms.CharField(
        label=_("Reason"),
        required=False,
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        help_text=_("The secretariat reads it."),
    )
