"""Milestones: public ones for everybody, all of them for the secretariat."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import Model, QuerySet
from django.utils.translation import get_language
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User
from consultations.models import Round
from core.replay import once
from core.verdicts import require
from drafts.api.language import LanguageViewSet
from drafts.models import Draft
from experts.models import Call
from roadmap.actions.milestone_dates import read_dates, today
from roadmap.actions.milestones import change_milestone, create_milestone
from roadmap.api.milestone_shapes import (
    DateChangeSerializer,
    MilestoneChangeSerializer,
    MilestoneSerializer,
    NewMilestoneSerializer,
)
from roadmap.milestone_queries import entries_for, history_of, seen_milestones, standings_at
from roadmap.milestone_rules import may_manage_milestones
from roadmap.models import DATED, Meeting, Milestone

THINGS: dict[str, type[Model]] = {"call": Call, "draft": Draft, "round": Round, "meeting": Meeting}
UUID = "[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
AS_OF = OpenApiParameter(
    "asof",
    date,
    description="Dates and states as they stood by the end of this day, in the secretariat's zone.",
)


class MilestoneViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, LanguageViewSet[Milestone]):
    """The milestones of the road map, in order."""

    serializer_class = MilestoneSerializer
    queryset = Milestone.objects.none()
    lookup_field = "uuid"
    lookup_url_kwarg = "id"
    lookup_value_regex = "[0-9a-fA-F-]{36}"

    def get_queryset(self) -> QuerySet[Milestone]:
        return seen_milestones(self.request.user)

    def get_serializer_context(self) -> dict[str, Any]:
        """With what the plan as a whole says of each, and as of when it is shown."""
        context = dict(super().get_serializer_context())
        if getattr(self, "swagger_fake_view", False) or self.action == "history":
            return context
        day = self._as_of()
        entries = entries_for(self.request.user)
        then = standings_at([entry.milestone for entry in entries], day) if day else {}
        return {
            **context,
            "entries": {entry.milestone.pk: entry for entry in entries},
            "then": then,
            "asof": day,
            "seen": {},
        }

    def _as_of(self) -> date | None:
        asked = self.request.query_params.get("asof")
        if not asked:
            return None
        try:
            day = date.fromisoformat(asked)
        except ValueError:
            raise ValidationError({"asof": ["Give a day such as 2024-05-31."]}) from None
        if day > today():
            raise ValidationError({"asof": ["This day is still to come."]})
        return day

    @extend_schema(parameters=[AS_OF])
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().list(request, *args, **kwargs)

    @extend_schema(parameters=[AS_OF])
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().retrieve(request, *args, **kwargs)

    def _show(self, milestone: Milestone, status: int = 200) -> Response:
        shown = self.get_queryset().get(pk=milestone.pk)
        return Response(MilestoneSerializer(shown, context=self.get_serializer_context()).data, status=status)

    @extend_schema(request=NewMilestoneSerializer, responses={201: MilestoneSerializer})
    def create(self, request: Request) -> Response:
        """A milestone at the end of the road map."""
        require(may_manage_milestones(request.user))
        new = NewMilestoneSerializer(data=request.data, context={"language": get_language() or "en"})
        new.is_valid(raise_exception=True)
        plan = _plan(new.validated_data, None, request.user)
        made = once(request, Milestone, lambda: create_milestone(actor=request.user, **plan))
        return self._show(made, status=201)

    @extend_schema(request=MilestoneChangeSerializer, responses=MilestoneSerializer)
    def partial_update(self, request: Request, id: str) -> Response:
        """What is named changes, the rest stays. Dates or a state given for a milestone that is about something
        overrule what follows from it."""
        milestone = self.get_object()
        require(may_manage_milestones(request.user))
        change = MilestoneChangeSerializer(data=request.data, context={"language": get_language() or "en"})
        change.is_valid(raise_exception=True)
        plan = _plan(change.validated_data, milestone, request.user)
        changed = once(
            request, Milestone, lambda: change_milestone(actor=request.user, milestone=milestone, **plan)
        )
        return self._show(changed)

    @extend_schema(operation_id="milestones_history_list", responses=DateChangeSerializer(many=True))
    @action(detail=True, methods=["get"])
    def history(self, request: Request, id: str) -> Response:
        """Every change of dates and of what was said of the state, newest first."""
        page: Any = self.paginate_queryset(history_of(self.get_object()))  # type: ignore[arg-type]
        context = self.get_serializer_context()
        return self.get_paginated_response(DateChangeSerializer(page, many=True, context=context).data)


def _plan(validated: dict[str, Any], milestone: Milestone | None, caller: Any) -> dict[str, Any]:
    """What was sent, as the actions take it."""
    sent = dict(validated)
    plan: dict[str, Any] = {
        name: sent[name] for name in ("version", "reason", "public", "state") if name in sent
    }
    for name, known in (("title", "titles"), ("description", "descriptions")):
        if name in sent:
            plan[known] = sent[name]
    for kind in DATED:
        parts = [f"{kind}_{part}" for part in ("start", "end", "precision")]
        if any(part in sent for part in parts):
            plan[kind] = _dates(kind, sent, milestone)
    if "owner" in sent:
        plan["owner"] = _owner(sent["owner"])
    if "depends_on" in sent:
        plan["depends_on"] = _depended_on(sent["depends_on"])
    if "about" in sent:
        plan["about"] = _thing(sent["about"], caller)
    return plan


def _dates(kind: str, sent: dict[str, Any], milestone: Milestone | None) -> Any:
    """A start or an end alone goes with the other that stands."""
    standing = milestone.dates(kind) if milestone else None
    start = sent.get(f"{kind}_start", standing.start if standing else None)
    end = sent.get(f"{kind}_end", standing.end if standing else None)
    if f"{kind}_start" in sent and f"{kind}_end" not in sent and standing and standing.end == standing.start:
        end = None  # a day was meant; its end moves with it
    if start is None and f"{kind}_start" in sent and f"{kind}_end" not in sent:
        end = None
    return read_dates(kind, start, end, sent.get(f"{kind}_precision", ""))


def _owner(pk: int | None) -> User | None:
    if pk is None:
        return None
    found = User.objects.active().filter(pk=pk).first()
    if found is None:
        raise ValidationError({"owner": ["There is no such person."]})
    return found


def _depended_on(uuids: Sequence[Any]) -> list[Milestone]:
    found = list(Milestone.objects.filter(uuid__in=uuids))
    if len(found) != len(set(uuids)):
        raise ValidationError({"depends_on": ["There is no such milestone."]})
    return found


def _thing(about: dict[str, Any] | None, caller: Any) -> Any:
    if about is None:
        return None
    model = THINGS[about["kind"]]
    found = model._default_manager
    if hasattr(found, "visible_to"):
        found = found.visible_to(caller)
    key = re.fullmatch(UUID if model is Meeting else r"\d{1,15}", about["id"])
    thing = found.filter(**{"uuid" if model is Meeting else "pk": key[0]}).first() if key else None
    if thing is None:
        raise ValidationError({"about": ["There is no such thing."]})
    return thing
