"""Times typed as a zone's clocks show them, and the question which hour is meant where one comes twice."""

from datetime import datetime
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.templatetags.moments import zone_name
from accounts.time_zones import time_zones
from experts.actions.calls import YEARS
from experts.deadlines import in_full, in_utc, in_zone
from experts.zones import instants, is_zone

FORMAT = "%Y-%m-%dT%H:%M"


class ClockField(forms.Field):
    """A date and a time without a zone, as a naive ``datetime``: its form knows the zone."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=FORMAT)

    def to_python(self, value: Any) -> datetime | None:
        if value in self.empty_values:
            return None
        clock = read_clock(value)
        if clock is None:
            raise ValidationError(_("Write a date and time such as 2026-11-17T23:59."))
        if clock.year not in YEARS:
            raise ValidationError(
                _("Give a year from %(first)d to %(last)d.") % {"first": YEARS[0], "last": YEARS[-1]}
            )
        return clock

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, datetime):
            return value.strftime(FORMAT)
        # Browsers leave the field empty where it isn't one, and the standard allows nothing else.
        return value if read_clock(value) else ""


def read_clock(value: Any) -> datetime | None:
    """What was typed, or None where it isn't a time, or one with a zone."""
    try:
        clock = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return clock if clock.tzinfo is None else None


class ZoneField(forms.ChoiceField):
    """One of the IANA zones of places, and UTC. There is no abbreviation to choose."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("label", gettext_lazy("Time zone of the deadlines"))
        super().__init__(choices=lambda: [(zone, zone) for zone in sorted(time_zones())], **options)


class ClocksForm(forms.Form):
    """A form whose ``clocks`` are times in ``zone``; ``cleaned_data`` holds instants (UTC).

    An hour that a zone skips is refused. Where an hour comes twice a further field ``<name>_which`` asks which is
    meant. ``standing`` holds the instants as they are: a clock that is left alone keeps its instant to the second.
    """

    clocks: ClassVar[tuple[str, ...]] = ()

    def __init__(
        self, *args: Any, zone: str = "", standing: dict[str, datetime | None] | None = None, **kwargs: Any
    ) -> None:
        self.standing_zone, self.standing = zone, standing or {}
        local = {
            name: at.astimezone(ZoneInfo(zone)).replace(tzinfo=None, second=0, microsecond=0)
            for name, at in self.standing.items()
            if at is not None
        }
        kwargs["initial"] = {**local, **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        for (
            name
        ) in self.clocks:  # first: a field that was asked for its value shows the help that it had then
            self._say_what_stands(name)
        for name in self.clocks:
            self._ask_which(name)

    @property
    def place(self) -> str:
        """The zone that was chosen; "" where it is none."""
        if "zone" not in self.fields:
            return self.standing_zone
        zone = str(self["zone"].value() or "")
        return zone if is_zone(zone) else ""

    def _ask_which(self, name: str) -> None:
        """Adds the question which of two hours is meant, right behind the field."""
        value = self[name].value()
        clock = value if isinstance(value, datetime) else read_clock(value)
        if not self.place or clock is None or clock.year not in YEARS:
            return
        found = instants(clock.replace(second=0, microsecond=0), self.place)
        if len(found) < 2:
            return
        stands = self.standing.get(name)
        self.fields[f"{name}_which"] = forms.ChoiceField(
            label=_("%(field)s: which of the two hours?") % {"field": self.fields[name].label},
            choices=[
                (str(n), f"{in_zone(at, self.place)} = {in_utc(at, self.place)}")
                for n, at in enumerate(found)
            ],
            widget=forms.RadioSelect,
            initial=str(int(stands is not None and stands >= found[1])) if stands else None,
            help_text=_("Clocks go back then, and show this hour twice."),
            error_messages={
                "required": _("This hour comes twice. Choose which of the two is meant."),
            },
        )
        order = list(self.fields)
        order.remove(f"{name}_which")
        order.insert(order.index(name) + 1, f"{name}_which")
        self.order_fields(order)

    def _say_what_stands(self, name: str) -> None:
        at = self.standing.get(name)
        if at is not None:
            now = _("Now: %(when)s") % {"when": in_full(at, self.standing_zone)}
            told = self.fields[name].help_text
            self.fields[name].help_text = f"{told} {now}" if told else now

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for name in self.clocks:
            clock = cleaned.get(name)
            if clock is None or not self.place:
                continue
            if (stands := self.standing.get(name)) and self._is_left_alone(name):
                cleaned[name] = stands
                continue
            cleaned[name] = self._instant(name, clock)
        return cleaned

    def _is_left_alone(self, name: str) -> bool:
        changed = self.changed_data
        return self.place == self.standing_zone and name not in changed and f"{name}_which" not in changed

    def _instant(self, name: str, clock: datetime) -> datetime | None:
        found = instants(clock, self.place)
        if not found:
            city = zone_name(self.place)
            self.add_error(
                name,
                _(
                    "This hour does not exist in %(city)s: clocks go forward then. Choose an earlier or a later one."
                )
                % {"city": city},
            )
            return None
        if len(found) == 1:
            return found[0]
        which = self.cleaned_data.get(f"{name}_which")
        return found[int(which)] if which else None  # else the missing choice is an error of its own
