"""Forms of resolutions, of periods, and of what is reported."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.forms import ReadableFields
from core.six_languages import LANGUAGES, words_of
from drafts.models import Guidelines
from experts.forms.hosting import DayField
from roadmap.actions.reporting import HEAD, LONGEST_LINE, LONGEST_REASON
from roadmap.actions.resolutions import FIRST_YEAR, HIGHEST, LAST_YEAR, LONGEST_TITLE
from roadmap.forms.languages import LanguagesForm
from roadmap.models import EntryLine, ReportingPeriod, Resolution, ResolutionEntry

# A line of the paragraphs' field begins one: "3. Requests …", "1 (a) …".
BEGINS = re.compile(r"\s*([1-9]\d{0,2})\s*(?:\(([a-z])\))?\s*[.、)]?\s+(?=\S)")
NUMBERS = re.compile(r"[,;،、；]")


class ResolutionForm(LanguagesForm):
    """A resolution: its numbers, titles, and the text of its operative paragraphs."""

    translated = {
        "title": (_("Title"), LONGEST_TITLE, 2),
        "paragraphs": (_("Operative paragraphs"), 60_000, 8),
    }
    needed = ("title",)
    called = {"operative_paragraphs": "paragraphs_en"}
    session = forms.IntegerField(label=_("Session of the Assembly"), min_value=1, max_value=HIGHEST)
    number = forms.IntegerField(label=_("Number"), min_value=1, max_value=HIGHEST)
    year = forms.IntegerField(label=_("Year of adoption"), min_value=FIRST_YEAR, max_value=LAST_YEAR)
    adopted_on = DayField(label=_("Adopted on"), required=False)
    document = forms.CharField(label=_("Symbol of the document"), max_length=40, required=False)
    guidelines: Any = forms.ModelChoiceField(
        Guidelines.objects.none(),
        label=_("Guidelines that it asks for"),
        required=False,
        empty_label=_("None"),
    )

    def __init__(self, *args: Any, resolution: Resolution | None = None, **kwargs: Any) -> None:
        if resolution is not None:
            kwargs["initial"] = _initial(resolution)
        super().__init__(*args, **kwargs)
        self.fields["guidelines"].queryset = Guidelines.objects.order_by("slug")  # type: ignore[attr-defined]
        if resolution is not None:
            del self.fields["session"], self.fields["number"]

    @property
    def facts(self) -> dict[str, Any]:
        """What the actions are told."""
        data = self.cleaned_data
        names = ("session", "number", "year", "adopted_on", "document", "guidelines")
        facts = {name: data[name] for name in names if name in data}
        return {**facts, "titles": self.words("title"), "paragraphs": self._paragraphs()}

    def _paragraphs(self) -> list[tuple[str, dict[str, str]]]:
        found: dict[str, dict[str, str]] = {}
        for code, text in self.words("paragraphs").items():
            for number, words in read_paragraphs(text):
                # A language that isn't written loses the words that it had.
                found.setdefault(number, dict.fromkeys(LANGUAGES, ""))[code] = words
        ordered = sorted(found, key=lambda number: (int(number.split()[0]), number.partition(" ")[2]))
        return [(number, found[number]) for number in ordered]


def read_paragraphs(text: str) -> list[tuple[str, str]]:
    """(number, words) of paragraphs written one after the other; a line without a number goes on with the last."""
    found: list[tuple[str, str]] = []
    for line in filter(str.strip, text.splitlines()):
        if begins := BEGINS.match(line):
            number = f"{begins[1]} ({begins[2]})" if begins[2] else begins[1]
            found.append((number, line[begins.end() :].strip()))
        elif found:
            found[-1] = (found[-1][0], f"{found[-1][1]} {line.strip()}")
        else:
            raise ValidationError(
                {"paragraphs": gettext("Begin each paragraph with its number, such as 3. or 1 (a).")}
            )
    return found


def _initial(resolution: Resolution) -> dict[str, Any]:
    names = ("year", "adopted_on", "document", "guidelines", "version")
    initial: dict[str, Any] = {name: getattr(resolution, name) for name in names}
    initial |= {f"title_{code}": words for code, words in words_of(resolution, "title").items()}
    lines: dict[str, list[str]] = {}
    for paragraph in resolution.operative_paragraphs.all():
        for code, words in words_of(paragraph, "text").items():
            mark = paragraph.number if paragraph.is_item else f"{paragraph.number}."
            lines.setdefault(code, []).append(f"{mark} {words}")
    return initial | {f"paragraphs_{code}": "\n".join(written) for code, written in lines.items()}


class PeriodForm(LanguagesForm):
    """A half-year, and what the first page of its report says."""

    translated = {
        "session": (_("Session of the Board"), HEAD["session"], 0),
        "venue": (_("Dates and place of the session"), HEAD["venue"], 0),
        "agenda_item": (_("Agenda item"), HEAD["agenda_item"], 0),
        "introduction": (_("Introduction"), HEAD["introduction"], 5),
    }
    year = forms.IntegerField(label=_("Year"), min_value=FIRST_YEAR, max_value=LAST_YEAR)
    half = forms.TypedChoiceField(
        label=_("Half of the year"),
        coerce=int,
        choices=[(1, _("January to June")), (2, _("July to December"))],
    )
    symbol = forms.CharField(label=_("Symbol of the report"), max_length=40, required=False)

    def __init__(self, *args: Any, period: ReportingPeriod | None = None, **kwargs: Any) -> None:
        if period is not None:
            initial: dict[str, Any] = {"symbol": period.symbol, "version": period.version}
            for name in self.translated:
                initial |= {f"{name}_{code}": words for code, words in words_of(period, name).items()}
            kwargs["initial"] = initial
        super().__init__(*args, **kwargs)
        if period is not None:
            del self.fields["year"], self.fields["half"]

    @property
    def head(self) -> dict[str, Any]:
        return {"symbol": self.cleaned_data["symbol"], **{name: self.words(name) for name in self.translated}}


class EntryForm(LanguagesForm):
    """Where a resolution stands, and its money."""

    status = forms.ChoiceField(label=_("Status"), choices=ResolutionEntry.Status.choices)
    counted = forms.BooleanField(
        label=_("The portal’s own figures of the funding, as of the end of the period"), required=False
    )
    required_amount = forms.DecimalField(
        label=_("Funding required"), min_value=0, max_digits=16, decimal_places=2, required=False
    )
    mobilised = forms.DecimalField(
        label=_("Mobilised"), min_value=0, max_digits=16, decimal_places=2, required=False
    )
    currency = forms.CharField(label=_("Currency"), max_length=3, min_length=3, initial="USD")
    called = {"required": "required_amount"}

    def __init__(self, *args: Any, entry: ResolutionEntry, **kwargs: Any) -> None:
        names = ("status", "counted", "mobilised", "currency", "version")
        initial = {name: getattr(entry, name) for name in names}
        kwargs["initial"] = {**initial, "required_amount": entry.required}
        super().__init__(*args, **kwargs)
        if entry.resolution.guidelines_id is None:
            del self.fields["counted"]

    @property
    def facts(self) -> dict[str, Any]:
        data = self.cleaned_data
        facts = {
            "status": data["status"],
            "currency": data["currency"].upper(),
            "mobilised": data["mobilised"],
        }
        return {**facts, "required": data["required_amount"], "counted": data.get("counted", False)}


class LineForm(LanguagesForm):
    """Words for something done, foreseen or in the way, in six languages."""

    translated = {"text": (_("Text"), LONGEST_LINE, 4)}
    needed = ("text",)
    kind = forms.ChoiceField(label=_("Kind"), choices=EntryLine.Kind.choices)
    operative = forms.CharField(
        label=_("Operative paragraphs"),
        max_length=200,
        required=False,
        help_text=_("The numbers that it is about, such as 3, 4, 1 (a)."),
    )
    corrects: Any = forms.ModelChoiceField(
        EntryLine.objects.none(),
        label=_("Puts right"),
        required=False,
        empty_label=_("Nothing"),
        to_field_name="uuid",
    )

    def __init__(
        self, *args: Any, entry: ResolutionEntry, line: EntryLine | None = None, **kwargs: Any
    ) -> None:
        if line is not None:
            words = {f"text_{code}": text for code, text in words_of(line, "text").items()}
            kwargs["initial"] = {"operative": ", ".join(line.operative), "version": line.version, **words}
        super().__init__(*args, **kwargs)
        closed = EntryLine.objects.filter(
            entry__resolution=entry.resolution_id, entry__period__closed_at__isnull=False, left_out=False
        )
        earlier = closed.exclude(entry=entry.pk).select_related("entry__period")
        self.fields["corrects"].queryset = earlier  # type: ignore[attr-defined]
        self.fields["corrects"].label_from_instance = (  # type: ignore[attr-defined]
            lambda row: f"{row.entry.period.code}: {row.text[:80]}"
        )
        if line is not None:
            del self.fields["kind"], self.fields["corrects"]

    @property
    def numbers(self) -> list[str]:
        return [n.strip() for n in NUMBERS.split(self.cleaned_data["operative"]) if n.strip()]


class LeaveOutForm(ReadableFields, forms.Form):
    source = forms.CharField(max_length=60, widget=forms.HiddenInput)
    reason = forms.CharField(label=_("Reason"), max_length=LONGEST_REASON)


class ReportForm(ReadableFields, forms.Form):
    """As of which day a report is to be made."""

    as_of = DayField(label=_("As of the day"))


class SourceForm(ReadableFields, forms.Form):
    """A document issued elsewhere."""

    file = forms.FileField(
        label=_("File"),
        help_text=_(
            "The Chinese text of a report on resolutions, or of a resolution, taken from a PDF (.txt)."
        ),
        widget=forms.FileInput(attrs={"accept": ".txt,text/plain"}),
    )
