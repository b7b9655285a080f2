"""The devices on which a person is signed in, in words."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from allauth.usersessions.models import UserSession
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from accounts.models import User

SEEN_AT = "seen_at"  # in the session: when its last use was noted
SIGNED_IN_AT = "signed_in_at"  # in the session: when it began
SEEN_EVERY = 10 * 60

# The first that fits: browsers name their ancestors too.
BROWSERS = (
    (r"Edg(e|A|iOS)?/", "Edge"),
    (r"OPR/|Opera", "Opera"),
    (r"SamsungBrowser/", "Samsung Internet"),
    (r"YaBrowser/", "Yandex"),
    (r"UCBrowser/", "UC Browser"),
    (r"MicroMessenger/", "WeChat"),
    (r"Firefox/|FxiOS/", "Firefox"),
    (r"Chrome/|CriOS/|Chromium/", "Chrome"),
    (r"Safari/", "Safari"),
)
SYSTEMS = (
    (r"iPhone|iPod", "iPhone"),
    (r"iPad", "iPad"),
    (r"Android", "Android"),
    (r"Windows", "Windows"),
    (r"CrOS", "ChromeOS"),
    (r"Macintosh|Mac OS X", "macOS"),
    (r"Linux|X11", "Linux"),
)


@dataclass(frozen=True)
class Device:
    """A session as its owner is shown it."""

    id: int
    name: str
    ip: str
    signed_in_at: datetime
    last_seen_at: datetime
    is_this: bool


def device_name(user_agent: str) -> str:
    """``Firefox on Windows``, from what a browser says of itself."""
    browser = _first(BROWSERS, user_agent)
    system = _first(SYSTEMS, user_agent)
    if browser and system:
        return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or system or _("A device we don't recognize")


def devices_of(person: User, this_session: str | None) -> list[Device]:
    """Where a person is signed in: this session first, then the last seen. Sessions that ended are dropped."""
    found = [
        Device(
            id=session.pk,
            name=device_name(session.user_agent),
            ip=session.ip,
            signed_in_at=session.created_at,
            last_seen_at=session.last_seen_at,
            is_this=session.session_key == this_session,
        )
        for session in UserSession.objects.purge_and_list(person)
    ]
    return sorted(found, key=lambda device: (not device.is_this, -device.last_seen_at.timestamp()))


def _first(patterns: tuple[tuple[str, str], ...], text: str) -> str:
    return next((name for pattern, name in patterns if re.search(pattern, text)), "")


def reader_mark(user_id: Any) -> str:
    """A mark of one person that leads back to nobody; "" for somebody who isn't signed in."""
    return salted_hmac("accounts.reader", str(user_id)).hexdigest()[:20] if user_id else ""
