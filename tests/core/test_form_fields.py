"""Fields that several forms use."""

import pytest
from django.core.exceptions import ValidationError

from core.form_fields import SecretariatTimeField


@pytest.mark.parametrize("zone", ["Africa/Nairobi", "America/Lima"])
@pytest.mark.parametrize("value", ["0001-01-01T00:00", "9999-12-31T23:59"])
def test_the_ends_of_the_calendar_are_no_error_of_the_portal(value: str, zone: str, settings: object) -> None:
    settings.SECRETARIAT_TIME_ZONE = zone  # type: ignore[attr-defined]
    try:
        instant = SecretariatTimeField().to_python(value)
    except ValidationError as error:
        assert "2026-11-17T23:59" in error.messages[0]
    else:
        assert instant is not None and f"{instant.year:04}" == value[:4]


def test_a_time_is_of_the_secretariats_zone(settings: object) -> None:
    settings.SECRETARIAT_TIME_ZONE = "Africa/Nairobi"  # type: ignore[attr-defined]
    instant = SecretariatTimeField().to_python("2026-11-17T23:59")
    assert instant is not None and instant.isoformat() == "2026-11-17T20:59:00+00:00"
