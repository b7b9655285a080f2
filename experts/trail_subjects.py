"""What the trail shows of calls."""

from typing import Any

from django.urls import reverse

from core.audit import Shown
from experts.models import Call


def calls(reader: Any, keys: list[str]) -> dict[str, Shown]:
    found = Call.objects.visible_to(reader).filter(pk__in=keys)
    return {str(c.pk): Shown(c.title, reverse("calls:call_detail", args=[c.pk])) for c in found}


SUBJECTS = {"experts.call": calls}
