"""The forms with which the secretariat prepares calls, closes them, and reopens them for a country."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.forms import BoundField
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from accounts.forms.countries import CountryField
from accounts.models import Group
from core.forms import ReadableFields, TakesErrors, TakesVersion
from core.punctuation import colon
from drafts.models import Guidelines
from experts.actions.calls import LONGEST_REASON, LONGEST_TERMS, LONGEST_TITLE, NUMBERS, TIMES
from experts.forms.call_parts import PartForms
from experts.forms.clocks import ClockField, ClocksForm, ZoneField
from experts.models import Call, CallPaper
from experts.panel_group import CHOSEN_FOR, WORKING_GROUP
from experts.words import words_of

LANGUAGES = [("en", "English"), *((code, name) for code, name in settings.LANGUAGES if code != "en")]
ASKED = [("", _("Not asked for")), ("optional", _("Optional")), ("required", _("Required"))]
# No slug of a group: these hold no capital letters.
OF_REGION = "OF_REGION"
NAMES = {"title": "title_en", "terms": "terms_en"}


def _number(name: str, label: Any, *, required: bool = True, **options: Any) -> forms.IntegerField:
    least, most = NUMBERS[name]
    return forms.IntegerField(label=label, min_value=least, max_value=most, required=required, **options)


class CallForm(TakesVersion, ReadableFields, ClocksForm):
    """Words in six languages, times in the call's zone, numbers, papers. Criteria and questions are ``parts``."""

    clocks: ClassVar = TIMES

    version = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)
    kind = forms.ChoiceField(label=_("Kind"), choices=Call.Kind.choices, widget=forms.RadioSelect)
    guidelines: forms.ModelChoiceField = forms.ModelChoiceField(
        Guidelines.objects.order_by("pk"), label=_("Guidelines")
    )
    zone = ZoneField(
        help_text=_(
            "The times below are those of clocks there. They are announced with the name of the zone and its offset"
            " from UTC on that day."
        )
    )
    opens_at = ClockField(label=_("Opens"))
    closes_at = ClockField(label=_("Closes"))
    endorsement_closes_at = ClockField(
        label=_("Endorsing ends"),
        required=False,
        help_text=_("Usually a week later. Left empty, it ends when the call closes."),
    )
    grace = _number(
        "grace",
        _("Grace after each deadline, in minutes"),
        required=False,
        help_text=_(
            "What comes in then still counts. It is shown nowhere, not even here. Left empty, it stays as it is."
        ),
    )
    group = forms.ChoiceField(
        label=_("Group whose members are chosen"),
        required=False,
        help_text=_("In a call for experts. Invitations and letters name it, and those who accept join it."),
    )
    seats = _number("seats", _("Seats"))
    per_country_limit = _number(
        "per_country_limit",
        _("Nominations per country, at most"),
        required=False,
        help_text=_("Left empty, a country nominates as many as it likes."),
    )
    motivation_words = _number("motivation_words", _("Words of a motivation, at most"))
    blind = forms.BooleanField(
        label=_("Reviewers first score without names, countries and papers"), required=False
    )
    scoring_opens_at = ClockField(label=_("Scoring begins"), required=False)
    scoring_closes_at = ClockField(label=_("Scoring ends"), required=False)
    discussion_closes_at = ClockField(label=_("Discussion ends"), required=False)
    retention_days = _number(
        "retention_days",
        _("Days for which papers are kept"),
        help_text=_("Of those who weren’t chosen, after the decision is announced."),
    )
    reason = forms.CharField(
        label=_("Reason for the change"),
        required=False,
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
        help_text=_("Needed for an earlier deadline, fewer seats, a lower limit, or a call that has closed."),
    )

    def __init__(self, *args: Any, call: Call | None = None, **kwargs: Any) -> None:
        self.call = call
        zone = call.zone if call else settings.SECRETARIAT_TIME_ZONE
        standing = {name: getattr(call, name) for name in TIMES} if call else None
        initial = {**_initial(call), "zone": zone, **(kwargs.pop("initial", None) or {})}
        super().__init__(*args, zone=zone, standing=standing, initial=initial, **kwargs)
        for code, language in LANGUAGES:
            written_in = format_html('<span lang="{}">{}</span>', code, language)
            own = {"lang": code, "dir": "auto"}
            self.fields[f"title_{code}"] = forms.CharField(
                label=_("Title"),
                max_length=LONGEST_TITLE,
                required=code == "en",
                widget=forms.TextInput(attrs=own),
                help_text=written_in,
            )
            self.fields[f"terms_{code}"] = forms.CharField(
                label=_("Terms of reference"),
                max_length=LONGEST_TERMS,
                required=False,
                widget=forms.Textarea(attrs={"rows": 8 if code == "en" else 5, **own}),
                help_text=written_in,
            )
        for kind, name in CallPaper.Kind.choices:
            self.fields[f"paper_{kind}"] = forms.ChoiceField(label=name, choices=ASKED, required=False)
            self.fields[f"pages_{kind}"] = forms.IntegerField(
                label=_("Pages, at most"), min_value=1, max_value=200, required=False
            )
        self.fields["group"].choices = _groups()  # type: ignore[attr-defined]
        if call is not None and call.kind != Call.Kind.EXPERTS:
            del self.fields["group"]
        if call is not None:
            del self.fields["kind"], self.fields["guidelines"]
        if call is None or call.announced_at is None:
            del self.fields["reason"]
        self.parts = PartForms(self.data if self.is_bound else None, call=call)

    def is_valid(self) -> bool:
        # Both, so that everything that is wrong is told at once.
        parts = self.parts.is_valid()
        return super().is_valid() and parts

    @property
    def language_fields(self) -> list[tuple[str, str, BoundField, BoundField]]:
        return [(code, name, self[f"title_{code}"], self[f"terms_{code}"]) for code, name in LANGUAGES]

    @property
    def paper_fields(self) -> list[tuple[BoundField, BoundField]]:
        return [(self[f"paper_{kind}"], self[f"pages_{kind}"]) for kind in CallPaper.Kind.values]

    def _those(self, *names: str) -> list[BoundField]:
        """Fields that the form has, each with the question that a time may have brought."""
        found = [each for name in names for each in (name, f"{name}_which")]
        return [self[name] for name in found if name in self.fields]

    @property
    def first_fields(self) -> list[BoundField]:
        return self._those("version", "kind", "guidelines")

    @property
    def time_fields(self) -> list[BoundField]:
        return self._those("zone", "opens_at", "closes_at", "endorsement_closes_at", "grace")

    @property
    def number_fields(self) -> list[BoundField]:
        return self._those("group", "seats", "per_country_limit", "motivation_words", "retention_days")

    @property
    def scoring_fields(self) -> list[BoundField]:
        return self._those("blind", "scoring_opens_at", "scoring_closes_at", "discussion_closes_at")

    @property
    def plan(self) -> dict[str, Any]:
        """What ``create_call`` and ``update_call`` take."""
        cleaned = self.cleaned_data
        numbers = [name for name in NUMBERS if name != "grace" or cleaned["grace"] is not None]
        return {
            "titles": {code: cleaned[f"title_{code}"] for code, _name in LANGUAGES},
            "terms": {code: cleaned[f"terms_{code}"] for code, _name in LANGUAGES},
            **{name: cleaned[name] for name in (*TIMES, "zone", "blind", *numbers)},
            **self._group,
            "papers": [
                {
                    "kind": kind,
                    "required": cleaned[f"paper_{kind}"] == "required",
                    "max_pages": cleaned[f"pages_{kind}"],
                }
                for kind in CallPaper.Kind.values
                if cleaned[f"paper_{kind}"]
            ],
            "criteria": self.parts.criteria_wanted,
            "questions": self.parts.questions_wanted,
        }

    @property
    def _group(self) -> dict[str, Any]:
        """A call to host meetings chooses for none."""
        kind = self.call.kind if self.call else self.cleaned_data["kind"]
        standing = group_chosen(self.call)
        slug = (self.cleaned_data.get("group") or standing) if kind == Call.Kind.EXPERTS else standing
        own = None if slug in (WORKING_GROUP, OF_REGION) else Group.objects.get(slug=slug)
        return {"group": own, "by_region": slug == OF_REGION}

    @property
    def change(self) -> dict[str, Any]:
        """What ``update_call`` takes beside the plan."""
        return {"version": self.cleaned_data["version"], "reason": self.cleaned_data.get("reason", "")}

    @property
    def fixed(self) -> dict[str, Any]:
        """What ``create_call`` takes beside the plan."""
        return {name: self.cleaned_data[name] for name in ("kind", "guidelines")}

    def take_errors(self, error: ValidationError) -> None:
        lists = {"criteria": _("Criteria"), "papers": _("Papers"), "questions": _("Questions of the call")}
        for field, told in error.message_dict.items():
            if field in lists:
                self.add_error(None, [f"{lists[field]}{colon()}{message}" for message in told])
            else:
                name = NAMES.get(field, field)
                self.add_error(name if name in self.fields else None, told)


def _groups() -> list[tuple[str, str]]:
    """The groups that may be chosen for, the standing one first."""
    kinds = [str(kind) for kind in CHOSEN_FOR]
    found = sorted(
        Group.objects.filter(kind__in=kinds), key=lambda group: (kinds.index(group.kind), group.name)
    )
    names = {group.slug: group.name for group in found}
    first = names.pop(WORKING_GROUP, str(Group.Kind.EXPERT_WORKING_GROUP.label))
    return [
        (WORKING_GROUP, first),
        (OF_REGION, str(_("Each the regional group of their country"))),
        *names.items(),
    ]


def group_chosen(call: Call | None) -> str:
    """Which of the choices a call has."""
    if call is None or (call.group is None and not call.by_region):
        return WORKING_GROUP
    return OF_REGION if call.group is None else call.group.slug


def _initial(call: Call | None) -> dict[str, Any]:
    if call is None:
        plan = {"kind": Call.Kind.EXPERTS, "guidelines": Guidelines.objects.order_by("-pk").first()}
        plan |= {name: getattr(Call(), name) for name in NUMBERS if name != "grace"}
        asked = {"paper_cv": "required", "pages_cv": 4, "paper_letter": "required"}
        return {**plan, **asked, "group": group_chosen(None)}
    words = {
        f"{field}_{code}": text
        for field in ("title", "terms")
        for code, text in words_of(call, field).items()
    }
    numbers = {name: getattr(call, name) for name in NUMBERS if name != "grace"}
    plain = {"blind": call.blind, "version": call.version, "group": group_chosen(call)}
    return {**words, **numbers, **_of_papers(call.papers.all()), **plain}


def _of_papers(papers: Iterable[CallPaper]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for paper in papers:
        found[f"paper_{paper.kind}"] = "required" if paper.required else "optional"
        found[f"pages_{paper.kind}"] = paper.max_pages
    return found


class ReasonForm(ReadableFields, forms.Form):
    """Why a call is closed before its time."""

    version = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("Reason"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        help_text=_("It is kept on the audit trail."),
    )

    def take_errors(self, error: ValidationError) -> None:
        self.add_error("reason", error.messages)


class ReopeningForm(TakesErrors, ReadableFields, ClocksForm):
    """A country, its new deadlines in the call's zone, and why."""

    clocks: ClassVar = ("closes_at", "endorsement_closes_at")

    country = CountryField(label=_("Country"))
    closes_at = ClockField(label=_("Open for this country until"))
    endorsement_closes_at = ClockField(
        label=_("Endorsing ends"), required=False, help_text=_("Left empty, it ends with it.")
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        help_text=_("It is kept with the call; the country isn’t told."),
    )

    @property
    def plan(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("country", *self.clocks, "reason")}
