"""What to look at before a call is announced. Nothing of it hinders; announcing can't be taken back."""

from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext as _

from core.punctuation import listed
from experts.models import Call
from experts.words import words_of


def open_points(call: Call, at: datetime) -> list[str]:
    """In words, the weightiest first; empty where there is nothing."""
    points = []
    if call.closes_at <= at:
        points.append(_("It closes in the past: it will be announced as closed."))
    elif call.opens_at <= at:
        points.append(_("Its opening has passed: it is open as soon as it is announced."))
    for field, whole, some in (
        ("title", "", _("The title is missing in: %(languages)s.")),
        (
            "terms",
            _("There are no terms of reference."),
            _("The terms of reference are missing in: %(languages)s."),
        ),
    ):
        written = words_of(call, field)
        missing = [name for code, name in settings.LANGUAGES if code not in written]
        if missing:
            points.append(whole if whole and not written else some % {"languages": listed(missing)})
    if not call.criteria.all():
        points.append(_("There are no criteria: nothing can be scored."))
    if not call.papers.all():
        points.append(_("No papers are asked for."))
    return points
