"""Meetings: announced ones for whoever may know of them, all for the secretariat."""

from typing import Any, ClassVar

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django_filters.rest_framework import CharFilter, FilterSet
from drf_spectacular.utils import extend_schema
from rest_framework import mixins
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Country, Group
from consultations.search import asked_words
from core.replay import once
from core.verdicts import Conflict, require
from drafts.api.language import LanguageViewSet
from roadmap.actions.meetings import (
    announce_meeting,
    cancel_meeting,
    change_meeting,
    hold_meeting,
    plan_meeting,
)
from roadmap.api.meeting_shapes import (
    MeetingChangeSerializer,
    MeetingRowSerializer,
    MeetingSerializer,
    NewMeetingSerializer,
)
from roadmap.meeting_queries import found_meetings, with_shown
from roadmap.meeting_rules import may_manage_meetings
from roadmap.models import Meeting

RENAMED = {"title": "titles"}


class MeetingFilter(FilterSet):
    search = CharFilter(method="having", help_text="Words in names, papers and published summaries.")

    class Meta:
        model = Meeting
        fields: ClassVar[list[str]] = ["kind", "mode"]

    def having(self, meetings: QuerySet[Meeting], name: str, value: str) -> QuerySet[Meeting]:
        found = found_meetings(self.request.user, asked_words(value))
        return meetings.filter(pk__in=found.order_by().values("pk"))


class MeetingViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, LanguageViewSet[Meeting]):
    """Meetings of experts, of groups, of regions and topics."""

    serializer_class = MeetingSerializer
    queryset = Meeting.objects.none()
    lookup_field = "uuid"
    lookup_url_kwarg = "id"
    lookup_value_regex = "[0-9a-f-]{36}"
    filterset_class = MeetingFilter

    def get_queryset(self) -> QuerySet[Meeting]:
        seen = Meeting.objects.visible_to(self.request.user)
        return with_shown(seen, self.request.user).order_by("-starts_at", "-pk")

    def get_serializer_class(self) -> Any:
        return MeetingRowSerializer if self.action == "list" else MeetingSerializer

    def _show(self, meeting: Meeting, status: int = 200) -> Response:
        shown = self.get_queryset().get(pk=meeting.pk)
        return Response(MeetingSerializer(shown, context=self.get_serializer_context()).data, status=status)

    @extend_schema(request=NewMeetingSerializer, responses={201: MeetingSerializer})
    def create(self, request: Request) -> Response:
        """A meeting in preparation; announced at once where ``announced`` is true."""
        require(may_manage_meetings(request.user))
        new = NewMeetingSerializer(data=request.data, context={"language": get_language() or "en"})
        new.is_valid(raise_exception=True)
        fields = _named(new.validated_data)
        announced = fields.pop("announced")
        fields.setdefault("time_zone", settings.SECRETARIAT_TIME_ZONE)

        def make() -> Meeting:
            meeting = plan_meeting(actor=request.user, **fields)
            return announce_meeting(actor=request.user, meeting=meeting) if announced else meeting

        return self._show(once(request, Meeting, make), status=201)

    @extend_schema(request=MeetingChangeSerializer, responses=MeetingSerializer)
    def partial_update(self, request: Request, id: str) -> Response:
        """What is named changes, the rest stays. ``announced`` and ``state`` come after the rest."""
        meeting = self.get_object()
        require(may_manage_meetings(request.user))
        change = MeetingChangeSerializer(data=request.data, context={"language": get_language() or "en"})
        change.is_valid(raise_exception=True)
        fields = _named(change.validated_data)
        announced, state = fields.pop("announced", None), fields.pop("state", None)
        note, version = fields.pop("note", ""), fields.pop("version", None)

        def make_change() -> Meeting:
            changed = _changed(request.user, meeting, version, fields, bool(announced or state))
            if announced is False and changed.announced_at:
                raise Conflict(
                    _("This meeting is announced: that can’t be taken back."), current=_state(changed)
                )
            if announced and changed.announced_at is None:
                changed = announce_meeting(actor=request.user, meeting=changed)
            if state is None or state == changed.state:
                return changed
            return _move(request.user, changed, state, note)

        return self._show(once(request, Meeting, make_change))


def _changed(user: Any, meeting: Meeting, version: int | None, fields: dict[str, Any], only: bool) -> Meeting:
    """With nothing but a state the version is asked for alone: what was held changes no more, but may be told held."""
    if fields or not only:
        return change_meeting(actor=user, meeting=meeting, version=version, **fields)
    standing = Meeting.objects.select_for_update().get(pk=meeting.pk)
    if version is not None and standing.version != version:
        raise Conflict(_("This has changed since you opened it."), current={"version": standing.version})
    return standing


def _move(user: Any, meeting: Meeting, state: str, note: str) -> Meeting:
    if state == Meeting.State.CANCELLED:
        return cancel_meeting(actor=user, meeting=meeting, note=note)
    if state == Meeting.State.HELD:
        return hold_meeting(actor=user, meeting=meeting)
    raise Conflict(
        _("A meeting that is “%(state)s” can’t become “%(to)s”.")
        % {"state": meeting.state.label, "to": Meeting.State(state).label},
        current=_state(meeting),
    )


def _state(meeting: Meeting) -> dict[str, Any]:
    return {"state": str(meeting.state), "version": meeting.version}


def _named(validated: dict[str, Any]) -> dict[str, Any]:
    """The fields under the names that the actions know, with the rows that they name."""
    fields = {RENAMED.get(name, name): value for name, value in validated.items()}
    if "groups" in fields:
        slugs = set(fields["groups"])
        fields["groups"] = list(Group.objects.filter(slug__in=slugs))
        if len(fields["groups"]) != len(slugs):
            raise ValidationError({"groups": [_("Name groups that the portal has, by their slug.")]})
    if code := fields.get("country"):
        fields["country"] = Country.objects.filter(pk=code).first()
        if fields["country"] is None:
            raise ValidationError({"country": [_("Name a country by its code of three letters.")]})
    elif "country" in fields:
        fields["country"] = None
    return fields
