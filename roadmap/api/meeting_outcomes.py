"""What came of a meeting: decisions and tasks."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from roadmap.actions.meeting_records import finish_task, set_decision, set_task
from roadmap.actions.meetings import check_version, lock_meeting
from roadmap.api.meeting_part_shapes import (
    DecisionChangeSerializer,
    MeetingDecisionSerializer,
    MeetingTaskSerializer,
    NewDecisionSerializer,
    NewTaskSerializer,
    TaskChangeSerializer,
)
from roadmap.api.meeting_parts import UUID, MeetingPartViewSet, item_of, person_of
from roadmap.meeting_queries import seen_decisions
from roadmap.models import Meeting, MeetingDecision, MeetingTask

PLAN = ("title", "owner", "due_on", "decision")


class DecisionViewSet(MeetingPartViewSet[MeetingDecision]):
    """What was decided: for those invited once the meeting was held, for everybody with the summary."""

    serializer_class = MeetingDecisionSerializer
    queryset = MeetingDecision.objects.none()
    lookup_value_regex = r"\d{1,15}"

    def parts(self) -> QuerySet[MeetingDecision]:
        return seen_decisions(self.meeting, self.request.user)

    @extend_schema(
        operation_id="meetings_decisions_create",
        request=NewDecisionSerializer,
        responses={201: MeetingDecisionSerializer},
    )
    def create(self, request: Request, meeting: str) -> Response:
        of = self.managed()
        sent = self.read(NewDecisionSerializer)
        sent["item"] = item_of(of, sent.get("item"))
        return self.written(
            MeetingDecision, lambda: set_decision(actor=request.user, meeting=of, **sent), status=201
        )

    @extend_schema(
        operation_id="meetings_decisions_partial_update",
        request=DecisionChangeSerializer,
        responses=MeetingDecisionSerializer,
    )
    def partial_update(self, request: Request, meeting: str, id: str) -> Response:
        """What is named changes, the rest stays."""
        decision = self.get_object()
        of = self.managed()
        sent = self.read(DecisionChangeSerializer)
        item = item_of(of, sent.get("item", decision.item_id))
        changes = {"wording": sent.get("wording", {}), "item": item, "version": sent.get("version")}
        return self.written(
            MeetingDecision,
            lambda: set_decision(actor=request.user, meeting=of, decision=decision, **changes),
        )


class TaskViewSet(MeetingPartViewSet[MeetingTask]):
    """The caller's own tasks of the meeting; all of them for the secretariat."""

    serializer_class = MeetingTaskSerializer
    queryset = MeetingTask.objects.none()
    lookup_field = "uuid"
    lookup_value_regex = UUID

    def parts(self) -> QuerySet[MeetingTask]:
        """Whoever took a task on keeps it, also where the meeting isn't theirs to see any more."""
        mine: QuerySet[MeetingTask] = MeetingTask.objects.visible_to(self.request.user)
        meeting = get_object_or_404(Meeting, uuid=self.kwargs["meeting"])
        found = mine.filter(meeting=meeting).select_related("owner", "meeting")
        if not found.exists():
            assert self.meeting  # 404 for whoever may not know of it
        return found.order_by("due_on", "pk")

    @extend_schema(
        operation_id="meetings_tasks_create",
        request=NewTaskSerializer,
        responses={201: MeetingTaskSerializer},
    )
    def create(self, request: Request, meeting: str) -> Response:
        """Give somebody a task; they are told by mail."""
        of = self.managed()
        plan = _plan(of, self.read(NewTaskSerializer))
        return self.written(MeetingTask, lambda: set_task(actor=request.user, meeting=of, **plan), status=201)

    @extend_schema(
        operation_id="meetings_tasks_partial_update",
        request=TaskChangeSerializer,
        responses=MeetingTaskSerializer,
    )
    def partial_update(self, request: Request, meeting: str, id: str) -> Response:
        """``done`` says its owner, or the secretariat; the rest the secretariat alone."""
        task = self.get_object()
        sent = self.read(TaskChangeSerializer)
        named = any(name in sent for name in PLAN)
        of = self.managed() if named else task.meeting
        plan = _plan(of, sent)

        def change() -> MeetingTask:
            lock_meeting(of)
            row = MeetingTask.objects.select_for_update().get(pk=task.pk)
            check_version(row, sent.get("version"))
            if named:
                standing = {name: getattr(row, name) for name in PLAN}
                row = set_task(actor=request.user, meeting=of, task=row, **{**standing, **plan})
            return finish_task(actor=request.user, task=row, done=sent["done"]) if "done" in sent else row

        return self.written(MeetingTask, change)


def _plan(meeting: Meeting, sent: dict[str, Any]) -> dict[str, Any]:
    """What was sent of a task, with the rows that it names."""
    plan = {name: sent[name] for name in PLAN if name in sent}
    if "owner" in plan:
        plan["owner"] = person_of(plan["owner"], "owner")
    if (key := plan.get("decision")) is not None:
        plan["decision"] = meeting.decisions.filter(pk=key).first()
        if plan["decision"] is None:
            raise ValidationError({"decision": [_("This decision is of another meeting.")]})
    return plan
