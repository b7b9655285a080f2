"""The forms with which the secretariat enters milestones, dates them and moves a forecast."""

from collections.abc import Iterator
from itertools import chain
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.forms import BoundField
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from accounts.models import Role, User
from consultations.models import Round
from core.forms import ReadableFields, TakesErrors, TakesVersion
from drafts.models import Draft
from experts.models import Call
from experts.words import words_of
from roadmap.actions.milestone_dates import read_dates
from roadmap.actions.milestones import LONGEST_DESCRIPTION, LONGEST_REASON, LONGEST_TITLE
from roadmap.models import Kind, Meeting, Milestone
from roadmap.plan import Dates, Precision, State

LANGUAGES = [("en", "English"), *((code, name) for code, name in settings.LANGUAGES if code != "en")]
LABELS = {
    Kind.TENTATIVE: (_("Planned from"), _("Planned until")),
    Kind.FORECAST: (_("Expected from"), _("Expected until")),
    Kind.ACTUAL: (_("Began"), _("Ended")),
}
REASON = _("It is kept with the change; everyone who sees the milestone reads it.")


class VersionField(forms.IntegerField):
    """The version that the form was opened with, hidden."""

    def __init__(self) -> None:
        super().__init__(required=False, min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)


class DatesForm(ReadableFields, TakesErrors, TakesVersion, forms.Form):
    """Adds the fields of a kind of dates, and reads them as ``Dates``."""

    def add_dates(self, kind: Kind, standing: Dates | None, *, required: bool = False) -> None:
        first, last = LABELS[kind]
        for part, label in (("start", first), ("end", last)):
            self.fields[f"{kind}_{part}"] = forms.DateField(
                label=label,
                required=required and part == "start",
                initial=getattr(standing, part, None),
                widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            )
        self.fields[f"{kind}_precision"] = forms.ChoiceField(
            label=_("How exactly"),
            required=False,
            initial=standing.precision if standing else "",
            choices=[("", _("As the days say")), *Precision.choices],
            help_text=_("Of a month, any of its days stands for all."),
        )

    def dates_of(self, kind: str) -> Dates | None:
        """What was entered for a kind; what is wrong with it is told at its fields, and None returned."""
        parts = [self.cleaned_data.get(f"{kind}_{part}") for part in ("start", "end")]
        if any(f"{kind}_{part}" in self.errors for part in ("start", "end", "precision")):
            return None
        try:
            return read_dates(kind, parts[0], parts[1], self.cleaned_data.get(f"{kind}_precision", ""))
        except ValidationError as error:
            self.take_errors(error)
            return None


class MilestoneForm(DatesForm):
    """Words in six languages, dates, owner, what it is about and depends on. The forecast has a page of its own."""

    def __init__(self, *args: Any, milestone: Milestone | None = None, **kwargs: Any) -> None:
        self.milestone = milestone
        super().__init__(*args, **kwargs)
        self.fields["version"] = VersionField()
        self.fields["version"].initial = milestone.version if milestone else None
        self._add_words()
        self.add_dates(Kind.TENTATIVE, milestone.dates(Kind.TENTATIVE) if milestone else None)
        self.add_dates(Kind.ACTUAL, milestone.dates(Kind.ACTUAL) if milestone else None)
        self.fields["state"] = forms.ChoiceField(
            label=_("State"),
            required=False,
            initial=milestone.stated if milestone else "",
            choices=[("", _("As follows from the dates")), *State.choices],
            help_text=_("Only where the dates don’t tell it: done on a day that nobody knows, or dropped."),
        )
        self._add_place(milestone)
        self.fields["reason"] = forms.CharField(
            label=_("Reason"),
            required=False,
            max_length=LONGEST_REASON,
            widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
            help_text=REASON,
        )

    def _add_words(self) -> None:
        row = self.milestone
        titles, descriptions = (words_of(row, name) if row else {} for name in ("title", "description"))
        for code, language in LANGUAGES:
            own = {"lang": code, "dir": "auto"}
            written_in = format_html('<span lang="{}">{}</span>', code, language)
            self.fields[f"title_{code}"] = forms.CharField(
                label=_("Title"),
                max_length=LONGEST_TITLE,
                required=False,
                initial=titles.get(code, ""),
                widget=forms.TextInput(attrs=own),
                help_text=written_in,
            )
            self.fields[f"description_{code}"] = forms.CharField(
                label=_("Description"),
                max_length=LONGEST_DESCRIPTION,
                required=False,
                initial=descriptions.get(code, ""),
                widget=forms.Textarea(attrs={"rows": 3, **own}),
                help_text=written_in,
            )

    def _add_place(self, milestone: Milestone | None) -> None:
        staff = Q(role_grants__role=Role.STAFF)
        if milestone and milestone.owner_id:
            staff |= Q(pk=int(milestone.owner_id))
        self.fields["owner"] = forms.ModelChoiceField(
            User.objects.active().filter(staff).distinct().order_by("name"),
            label=_("Owner"),
            required=False,
            empty_label=_("The secretariat"),
            initial=milestone.owner_id if milestone else None,
        )
        self.fields["public"] = forms.BooleanField(
            label=_("Everyone may see it"), required=False, initial=milestone.public if milestone else True
        )
        self.things = dict(_things())
        about = (
            f"{milestone.about_kind}:{_about_key(milestone)}" if milestone and milestone.about_kind else ""
        )
        self.fields["about"] = forms.ChoiceField(
            label=_("What it is about"),
            required=False,
            initial=about,
            choices=[("", _("Nothing in the portal")), *_grouped(self.things)],
            help_text=_("Its events move the milestone by themselves, unless a person’s word stands."),
        )
        others = Milestone.objects.exclude(pk=milestone.pk) if milestone else Milestone.objects.all()
        chosen = milestone.dependencies.values_list("on", flat=True) if milestone else ()
        self.fields["depends_on"] = forms.ModelMultipleChoiceField(
            others,
            label=_("Depends on"),
            required=False,
            initial=list(chosen),
            widget=forms.CheckboxSelectMultiple,
        )

    @property
    def language_fields(self) -> list[tuple[str, str, BoundField, BoundField]]:
        return [(code, name, self[f"title_{code}"], self[f"description_{code}"]) for code, name in LANGUAGES]

    def take_errors(self, error: ValidationError) -> None:
        """Words are entered by language: what is said of them all stands at the first."""
        named = {"title": "title_en", "description": "description_en"}
        super().take_errors(
            ValidationError({named.get(name, name): told for name, told in error.message_dict.items()})
        )

    @property
    def planned_fields(self) -> list[BoundField]:
        return [self[f"tentative_{part}"] for part in ("start", "end", "precision")]

    @property
    def happened_fields(self) -> list[BoundField]:
        return [*(self[f"actual_{part}"] for part in ("start", "end", "precision")), self["state"]]

    @property
    def place_fields(self) -> list[BoundField]:
        return [self[name] for name in ("about", "depends_on", "owner", "public")]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        self.dates = {kind: self.dates_of(kind) for kind in (Kind.TENTATIVE, Kind.ACTUAL)}
        before = self.milestone.dates(Kind.ACTUAL) if self.milestone else None
        stated = self.milestone.stated if self.milestone else ""
        said = bool(data.get("state")) and data.get("state") != stated
        later = self.milestone is not None and self.dates[Kind.ACTUAL] != before
        if (said or later) and not data.get("reason") and not self.errors:
            self.add_error("reason", _("Say why, or where it is read."))
        return data

    @property
    def plan(self) -> dict[str, Any]:
        """What ``create_milestone`` and ``change_milestone`` take."""
        data = self.cleaned_data
        # Left to the dates: what was stated before is taken back.
        state = data["state"] or (self.derived if self.milestone and self.milestone.stated else None)
        return {
            "titles": {code: data[f"title_{code}"] for code, _name in LANGUAGES},
            "descriptions": {code: data[f"description_{code}"] for code, _name in LANGUAGES},
            "reason": data["reason"],
            "owner": data["owner"],
            "public": data["public"],
            "about": self.things.get(data["about"]),
            "depends_on": list(data["depends_on"]),
            **{str(kind): dates for kind, dates in self.dates.items()},
            **({"state": state} if state else {}),
        }

    @property
    def derived(self) -> str:
        """The state that follows from the dates entered."""
        actual = self.dates[Kind.ACTUAL]
        if actual is None:
            return State.PLANNED
        return State.UNDER_WAY if actual.end is None else State.DONE


def _about_key(milestone: Milestone) -> Any:
    return getattr(milestone, f"{milestone.about_kind}_id")


def _things() -> Iterator[tuple[str, Any]]:
    """Every call, draft, round and meeting under ``kind:key``."""
    drafts = Draft.objects.select_related("guidelines").order_by("-pk")
    others = (model._default_manager.order_by("-pk") for model in (Call, Round, Meeting))
    for row in chain(*others, drafts):
        yield f"{row._meta.model_name}:{row.pk}", row


def _grouped(things: dict[str, Any]) -> list[tuple[Any, list[tuple[str, str]]]]:
    names = {"call": _("Calls"), "round": _("Rounds"), "draft": _("Drafts"), "meeting": _("Meetings")}
    found: list[tuple[Any, list[tuple[str, str]]]] = []
    for kind, name in names.items():
        own = [(key, _named(row)) for key, row in things.items() if key.startswith(f"{kind}:")]
        if own:
            found.append((name, own))
    return found


def _named(row: Any) -> str:
    return f"{row.label} · {row.guidelines}" if isinstance(row, Draft) else str(row.title)


class ForecastForm(DatesForm):
    """A new forecast, and why."""

    def __init__(self, *args: Any, milestone: Milestone, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["version"] = VersionField()
        self.fields["version"].initial = milestone.version
        self.add_dates(Kind.FORECAST, milestone.standing.planned, required=True)
        self.fields["reason"] = forms.CharField(
            label=_("Reason"),
            max_length=LONGEST_REASON,
            widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
            help_text=REASON,
        )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        self.forecast = self.dates_of(Kind.FORECAST)
        return data


class DropForm(ReadableFields, TakesErrors, TakesVersion, forms.Form):
    """Why a milestone is dropped."""

    version = VersionField()
    reason = forms.CharField(
        label=_("Reason"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        help_text=REASON,
    )
