"""What stands where a name stood."""

import re
from typing import TYPE_CHECKING

from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from accounts.models import User

_PSEUDONYM = re.compile(r"Former participant ([0-9a-f]{4}|[0-9a-f]{8})")  # four in earlier versions


def pseudonym_of(person: "User") -> str:
    """The same for all that one person said, so that a discussion can still be followed; it leads back to
    nobody without the portal's secret. Kept in English, shown in the reader's language (``shown_name``)."""
    return f"Former participant {salted_hmac('accounts.pseudonym', str(person.pk)).hexdigest()[:8]}"


def is_pseudonym(name: str) -> bool:
    return _PSEUDONYM.fullmatch(name) is not None


def shown_name(name: str) -> str:
    """A name as kept, for display: names as they are, pseudonyms in the reader's language."""
    known = _PSEUDONYM.fullmatch(name)
    return _("Former participant %(mark)s") % {"mark": known.group(1)} if known else name
