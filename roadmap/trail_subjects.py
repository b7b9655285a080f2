"""What the trail shows of the road map."""

from typing import Any

from django.urls import reverse

from core.audit import Shown
from roadmap.models import Milestone


def milestones(reader: Any, keys: list[str]) -> dict[str, Shown]:
    found = Milestone.objects.visible_to(reader).filter(pk__in=keys)
    return {str(m.pk): Shown(m.title, reverse("roadmap:milestone_detail", args=[m.uuid])) for m in found}


SUBJECTS = {"roadmap.milestone": milestones}
