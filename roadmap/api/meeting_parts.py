"""The parts of a meeting: agenda, papers, invitations; for whoever may know of them, written by the secretariat."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import mixins
from rest_framework.exceptions import ValidationError
from rest_framework.generics import get_object_or_404
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer

from accounts.models import User
from core.parsers import PortalJSONParser
from core.replay import once
from core.verdicts import require
from drafts.api.language import LanguageViewSet
from drafts.models import Draft
from roadmap.actions.agendas import add_item, change_item
from roadmap.actions.invitations import (
    answer_invitation,
    invite_people,
    lock_invitation,
    set_named,
    withdraw_invitation,
)
from roadmap.actions.meeting_papers import add_paper, change_paper
from roadmap.actions.meetings import check_version
from roadmap.api.meeting_part_shapes import (
    AgendaItemChangeSerializer,
    AgendaItemSerializer,
    InvitationChangeSerializer,
    MeetingInvitationSerializer,
    MeetingPaperSerializer,
    NewAgendaItemSerializer,
    NewInvitationSerializer,
    NewPaperSerializer,
    PaperChangeSerializer,
)
from roadmap.meeting_queries import named_in_public
from roadmap.meeting_rules import may_manage_meetings, may_see_inside
from roadmap.models import AgendaItem, Meeting, MeetingInvitation, MeetingPaper

M = TypeVar("M", bound=Model)
UUID = "[0-9a-f-]{36}"


class MeetingPartViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, LanguageViewSet[M]):
    """What the parts share: a meeting that the caller may see, and writes that happen once."""

    lookup_url_kwarg = "id"

    @cached_property
    def meeting(self) -> Meeting:
        seen = Meeting.objects.visible_to(self.request.user)
        return get_object_or_404(seen, uuid=self.kwargs["meeting"])

    def get_queryset(self) -> QuerySet[M]:
        if getattr(self, "swagger_fake_view", False):
            return super().get_queryset()
        return self.parts()

    def parts(self) -> QuerySet[M]:
        """Those of the meeting that the caller may know of, with what is shown of them."""
        raise NotImplementedError

    def managed(self) -> Meeting:
        """The meeting, for the secretariat."""
        meeting = self.meeting
        require(may_manage_meetings(self.request.user))
        return meeting

    def read(self, shape: type[Serializer[Any]]) -> dict[str, Any]:
        sent = shape(data=self.request.data, context={"language": get_language() or "en"})
        sent.is_valid(raise_exception=True)
        return dict(sent.validated_data)

    def written(self, model: type[M], action: Callable[[], M], status: int = 200) -> Response:
        row = once(self.request, model, action)
        shown = self.get_queryset().get(pk=row.pk)
        return Response(self.get_serializer(shown).data, status=status)


def item_of(meeting: Meeting, pk: int | None) -> AgendaItem | None:
    """A point of the meeting's agenda by its key; ``ValidationError`` for none of it."""
    if pk is None:
        return None
    found: AgendaItem | None = meeting.agenda.filter(pk=pk).first()
    if found is None:
        raise ValidationError({"item": [_("This point is of another meeting.")]})
    return found


def person_of(pk: int, field: str) -> User:
    found = User.objects.active().filter(pk=pk).first()
    if found is None:
        raise ValidationError({field: ["There is no such person."]})
    return found


class AgendaViewSet(MeetingPartViewSet[AgendaItem]):
    """The points of the agenda in order: for those invited; for everybody with the summary."""

    serializer_class = AgendaItemSerializer
    queryset = AgendaItem.objects.none()
    lookup_value_regex = r"\d{1,15}"

    @cached_property
    def _inside(self) -> bool:
        return bool(may_see_inside(self.request.user, self.meeting))

    def parts(self) -> QuerySet[AgendaItem]:
        if not self._inside and not self.meeting.published_at:
            return AgendaItem.objects.none()
        return self.meeting.agenda.prefetch_related("speakers__person")

    def get_serializer_context(self) -> dict[str, Any]:
        context = dict(super().get_serializer_context())
        if getattr(self, "swagger_fake_view", False):
            return context
        drafts = self.meeting.agenda.filter(draft__isnull=False).values("draft")
        readable = Draft.objects.visible_to(self.request.user).filter(pk__in=drafts)
        named = None if self._inside else named_in_public(self.meeting)
        return {**context, "readable": set(readable.values_list("pk", flat=True)), "named": named}

    @extend_schema(
        operation_id="meetings_agenda_create",
        request=NewAgendaItemSerializer,
        responses={201: AgendaItemSerializer},
    )
    def create(self, request: Request, meeting: str) -> Response:
        """A point at the end."""
        of = self.managed()
        content = self._content(self.read(NewAgendaItemSerializer))
        return self.written(
            AgendaItem, lambda: add_item(actor=request.user, meeting=of, **content), status=201
        )

    @extend_schema(
        operation_id="meetings_agenda_partial_update",
        request=AgendaItemChangeSerializer,
        responses=AgendaItemSerializer,
    )
    def partial_update(self, request: Request, meeting: str, id: str) -> Response:
        """What is named changes, the rest stays. ``speakers`` takes the place of all of them."""
        item = self.get_object()
        self.managed()
        content = self._content(self.read(AgendaItemChangeSerializer))
        return self.written(AgendaItem, lambda: change_item(actor=request.user, item=item, **content))

    def _content(self, sent: dict[str, Any]) -> dict[str, Any]:
        """What was sent, as the actions take it."""
        renamed = {"title": "titles", "provision": "provision_key"}
        content = {renamed.get(name, name): value for name, value in sent.items()}
        if (key := content.get("draft")) is not None:
            content["draft"] = Draft.objects.visible_to(self.request.user).filter(pk=key).first()
            if content["draft"] is None:
                raise ValidationError({"draft": [_("There is no such draft.")]})
        if "speakers" in content:
            content["speakers"] = [
                (person_of(row["person"], "speakers"), row["minutes"]) for row in content["speakers"]
            ]
        return content


class PaperViewSet(MeetingPartViewSet[MeetingPaper]):
    """The papers that the caller may know of: none before its embargo is over, but for the secretariat."""

    serializer_class = MeetingPaperSerializer
    queryset = MeetingPaper.objects.none()
    lookup_field = "uuid"
    lookup_value_regex = UUID
    parser_classes = [PortalJSONParser, MultiPartParser]

    def parts(self) -> QuerySet[MeetingPaper]:
        found = MeetingPaper.objects.visible_to(self.request.user).filter(meeting=self.meeting)
        return found.select_related("file")

    @extend_schema(
        operation_id="meetings_papers_create",
        request={"multipart/form-data": NewPaperSerializer},
        responses={201: MeetingPaperSerializer},
    )
    def create(self, request: Request, meeting: str) -> Response:
        """A paper with its file."""
        of = self.managed()
        sent = self.read(NewPaperSerializer)
        content = {**sent, "item": item_of(of, sent.get("item"))}
        return self.written(
            MeetingPaper, lambda: add_paper(actor=request.user, meeting=of, **content), status=201
        )

    @extend_schema(
        operation_id="meetings_papers_partial_update",
        request=PaperChangeSerializer,
        responses=MeetingPaperSerializer,
    )
    def partial_update(self, request: Request, meeting: str, id: str) -> Response:
        """Its name, language, point or embargo; the file stays."""
        paper = self.get_object()
        of = self.managed()
        content = self.read(PaperChangeSerializer)
        if "item" in content:
            content["item"] = item_of(of, content["item"])
        return self.written(MeetingPaper, lambda: change_paper(actor=request.user, paper=paper, **content))


class MeetingInvitationViewSet(MeetingPartViewSet[MeetingInvitation]):
    """The caller's own invitation; all of them for the secretariat, those withdrawn too."""

    serializer_class = MeetingInvitationSerializer
    queryset = MeetingInvitation.objects.none()
    lookup_field = "uuid"
    lookup_value_regex = UUID

    def parts(self) -> QuerySet[MeetingInvitation]:
        found = MeetingInvitation.objects.visible_to(self.request.user).filter(meeting=self.meeting)
        return found.select_related("person", "attendance").order_by("pk")

    @extend_schema(
        operation_id="meetings_invitations_create",
        request=NewInvitationSerializer,
        responses={201: MeetingInvitationSerializer},
    )
    def create(self, request: Request, meeting: str) -> Response:
        """Invite somebody. Whoever is invited already stays so, and isn't told again."""
        of = self.managed()
        person = _invited(self.read(NewInvitationSerializer))

        def invite() -> MeetingInvitation:
            invite_people(actor=request.user, meeting=of, people=[person])
            return MeetingInvitation.objects.get(meeting=of, person=person)

        return self.written(MeetingInvitation, invite, status=201)

    @extend_schema(
        operation_id="meetings_invitations_partial_update",
        request=InvitationChangeSerializer,
        responses=MeetingInvitationSerializer,
    )
    def partial_update(self, request: Request, meeting: str, id: str) -> Response:
        """Answer, for oneself or as staff on somebody's behalf; be named or not; as staff withdraw."""
        invitation = self.get_object()
        sent = self.read(InvitationChangeSerializer)
        if sent.get("withdrawn") is False:
            raise ValidationError({"withdrawn": ["Invite the person anew instead."]})

        def change() -> MeetingInvitation:
            row = lock_invitation(invitation)
            check_version(row, sent.get("version"))
            if "answer" in sent:
                row = answer_invitation(actor=request.user, invitation=row, answer=sent["answer"])
            if "named" in sent:
                row = set_named(actor=request.user, invitation=row, named=sent["named"])
            if "withdrawn" in sent:
                row = withdraw_invitation(actor=request.user, invitation=row)
            return row

        return self.written(MeetingInvitation, change)


def _invited(sent: dict[str, Any]) -> User:
    if ("person" in sent) == ("email" in sent):
        raise ValidationError(
            {"person": ["Name one person: by their id, or by the address of their account."]}
        )
    if "person" in sent:
        return person_of(sent["person"], "person")
    found = User.objects.active().filter(email=sent["email"].lower()).first()
    if found is None:
        raise ValidationError(
            {"email": [_("Nobody has an account with: %(addresses)s") % {"addresses": sent["email"]}]}
        )
    return found
