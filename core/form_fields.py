"""Fields that several forms use."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _


class SecretariatTimeField(forms.DateTimeField):
    """A date and time typed in the secretariat's zone; gives UTC. Hours that a zone skips are refused."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")

    def to_python(self, value: Any) -> datetime | None:
        if value in self.empty_values:
            return None
        try:
            naive = datetime.fromisoformat(str(value))
        except ValueError:
            raise ValidationError(_("Write a date and time such as 2026-11-17T23:59.")) from None
        zone = ZoneInfo(settings.SECRETARIAT_TIME_ZONE)
        there = naive.replace(tzinfo=zone)
        try:
            instant = there.astimezone(UTC)
        except OverflowError:  # the first and the last day that a calendar knows
            raise ValidationError(_("Write a date and time such as 2026-11-17T23:59.")) from None
        if instant.astimezone(zone).replace(tzinfo=None) != naive:
            raise ValidationError(_("This hour does not exist: clocks go forward then."))
        return instant

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, datetime):
            return value.astimezone(ZoneInfo(settings.SECRETARIAT_TIME_ZONE)).strftime("%Y-%m-%dT%H:%M")
        try:
            datetime.fromisoformat(str(value))
        except ValueError:
            return ""  # browsers leave the field empty then, and the standard allows nothing else
        return value
