"""System checks on what an installation was told by its environment."""

from typing import Any
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from django.conf import settings
from django.core.checks import CheckMessage, Error, register


@register()
def check_secretariat_time_zone(app_configs: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """SECRETARIAT_TIME_ZONE must be an IANA name: deadlines are entered and shown in it."""
    if settings.SECRETARIAT_TIME_ZONE in available_timezones():
        return []
    return [
        Error(
            f"SECRETARIAT_TIME_ZONE is {settings.SECRETARIAT_TIME_ZONE!r}, which is not an IANA time zone.",
            hint="Use a name such as Africa/Nairobi.",
            id="guidelines_portal.E001",
        )
    ]


@register()
def check_site_url(app_configs: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """SITE_URL must be an origin: links in mails and calendars are built from it."""
    parts = urlsplit(settings.SITE_URL)
    if (
        parts.scheme in {"http", "https"}
        and parts.netloc
        and not (parts.path or parts.query or parts.fragment)
    ):
        return []
    return [
        Error(
            f"SITE_URL is {settings.SITE_URL!r}, which is not an origin.",
            hint="Use a scheme and a host without a path, such as https://guidelines.example.org.",
            id="guidelines_portal.E002",
        )
    ]
