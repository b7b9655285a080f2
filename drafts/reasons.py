"""Reasons that the portal itself gives for a change: kept as a code, told to each reader in their language."""

import re
from functools import cache

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

TAKEN_BACK = "@taken_back"
_BACK_TO = "@back_to:"


def back_to(version: int) -> str:
    """The code of a change that gives the words of revision ``version`` again."""
    return f"{_BACK_TO}{version}"


def shown_reason(reason: str) -> str:
    """``reason`` as it is shown: a person's words as they are, a code in the language that is active.

    Until there were codes their words were kept, in the language of whoever acted; they are known again.
    """
    if reason == TAKEN_BACK or reason in _kept_before()[0]:
        return _("Taken back.")
    if found := re.fullmatch(rf"{_BACK_TO}(\d{{1,9}})", reason) or _kept_before()[1].fullmatch(reason):
        return _("Back to revision %(n)d.") % {"n": int(next(filter(None, found.groups())))}
    return reason


@cache
def _kept_before() -> tuple[frozenset[str], re.Pattern[str]]:
    taken_back, back_to = set(), set()
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            taken_back.add(_("Taken back."))
            back_to.add(re.escape(_("Back to revision %(n)d.")).replace(re.escape("%(n)d"), r"(\d{1,9})"))
    return frozenset(taken_back), re.compile("|".join(sorted(back_to)))
