"""A draft's way over the API: circulated, published, adopted; what waits for a second person or for its time."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Group
from core.replay import once
from core.verdicts import Verdict, require
from drafts.actions.circulating import circulate_draft, take_back_draft
from drafts.actions.publishing import (
    LONGEST_NOTE,
    change_status,
    decline_request,
    open_request_of,
    withdraw_request,
    words_meant,
)
from drafts.models import Draft, StatusRequest
from drafts.readiness import Readiness, readiness_of
from drafts.rules import may_circulate, may_publish_draft

LANGUAGES = [code for code, _name in settings.LANGUAGES]
Target = StatusRequest.Target


class StatusChangeSerializer(serializers.Serializer[Any]):
    """What may be said with a request; the one who confirms needs none of it."""

    note = serializers.CharField(
        required=False, allow_blank=True, max_length=LONGEST_NOTE, help_text="Why, for the second person."
    )
    words = serializers.RegexField(
        r"^[0-9a-f]{64}$",
        required=False,
        help_text="`words` of the draft's lifecycle as you saw it; 409 where the text has changed since.",
    )


class PublicationRequestSerializer(StatusChangeSerializer):
    due_at = serializers.DateTimeField(
        required=False, allow_null=True, help_text="Published at this time, once two people have spoken."
    )
    languages = serializers.ListField(
        child=serializers.CharField(max_length=10),
        required=False,
        max_length=len(LANGUAGES),
        help_text="The translations that come out with the original; left out, every one that has words. Readers see"
        " nothing of the others until they are released.",
    )


class ReleaseRequestSerializer(StatusChangeSerializer):
    language = serializers.ChoiceField(
        choices=LANGUAGES,
        help_text="A translation of a published draft, complete and approved, that readers don't have yet.",
    )


class PublicationSerializer(serializers.Serializer[Any]):
    """Where the request stands: ``confirmed`` once a second person has spoken."""

    status = serializers.CharField(source="draft.status")
    confirmed = serializers.SerializerMethodField()
    due_at = serializers.DateTimeField(required=False, help_text="Only where a time was asked for.")

    def to_representation(self, request: StatusRequest) -> dict[str, Any]:
        shown = super().to_representation(request)
        if request.due_at is None:
            del shown["due_at"]
        return shown

    def get_confirmed(self, request: StatusRequest) -> bool:
        return request.confirmed_at is not None


class DeclineSerializer(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=LONGEST_NOTE)


class CirculationSerializer(serializers.Serializer[Any]):
    groups = serializers.ListField(
        child=serializers.CharField(max_length=50), max_length=200, help_text="Slugs of groups."
    )


class OpenRequestSerializer(serializers.ModelSerializer[StatusRequest]):
    requested_by = serializers.CharField(source="requested_by.shown_name")
    confirmed_by = serializers.CharField(source="confirmed_by.shown_name", default=None, allow_null=True)
    languages = serializers.ListField(
        child=serializers.CharField(), help_text="Of a publication; empty: every language that has words."
    )
    language = serializers.CharField(help_text="The one to be released; empty for other requests.")
    words_changed = serializers.SerializerMethodField(
        help_text="Whether the text is another than when it was asked for."
    )

    class Meta:
        model = StatusRequest
        fields = [
            *("target", "note", "requested_by", "requested_at", "confirmed_by", "confirmed_at", "due_at"),
            *("languages", "language", "words_changed"),
        ]

    def get_words_changed(self, request: StatusRequest) -> bool:
        return bool(request.asked_sha256) and request.asked_sha256 != self.context["words"]


class TranslationSerializer(serializers.Serializer[Any]):
    language = serializers.CharField()
    missing = serializers.IntegerField()
    outdated = serializers.IntegerField()


class ReadinessSerializer(serializers.Serializer[Readiness]):
    """What to know before asking; nothing of it keeps a draft from being published."""

    errors = serializers.IntegerField()  # type: ignore[assignment]
    warnings = serializers.IntegerField()
    checked = serializers.BooleanField()
    translations = TranslationSerializer(many=True)


class LifecycleSerializer(serializers.Serializer[Any]):
    status = serializers.CharField()
    words = serializers.CharField(
        help_text="SHA-256 of the words in every language, as they stand; while the release of one is asked for, of"
        " that one: the hash that its edition will have."
    )
    groups = serializers.ListField(
        child=serializers.CharField(), help_text="The groups that it is, or was last, circulated to."
    )
    request = OpenRequestSerializer(allow_null=True)
    readiness = ReadinessSerializer()


class LifecycleMixin:
    """The part of a draft's endpoint that moves it on."""

    @extend_schema(
        request=PublicationRequestSerializer,
        responses={200: PublicationSerializer, 202: PublicationSerializer},
    )
    @action(detail=True, methods=["post"])
    def publish(self, request: Request, pk: str) -> Response:
        """Ask for publication (202), or confirm what another person asked for (200)."""
        return self._change_status(request, Target.PUBLISHED, PublicationRequestSerializer)

    @extend_schema(
        request=StatusChangeSerializer, responses={200: PublicationSerializer, 202: PublicationSerializer}
    )
    @action(detail=True, methods=["post"])
    def adopt(self, request: Request, pk: str) -> Response:
        """Ask for a published draft to be marked as adopted (202), or confirm it (200)."""
        return self._change_status(request, Target.ADOPTED, StatusChangeSerializer)

    @extend_schema(
        request=ReleaseRequestSerializer, responses={200: PublicationSerializer, 202: PublicationSerializer}
    )
    @action(detail=True, methods=["post"])
    def release(self, request: Request, pk: str) -> Response:
        """Ask for a further language of a published draft to be released (202), or confirm it (200)."""
        return self._change_status(request, Target.RELEASED, ReleaseRequestSerializer)

    @extend_schema(request=None, responses={200: PublicationSerializer})
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: str) -> Response:
        """Take back what you asked for, before it is carried out."""
        draft = self._draft(request, may_publish_draft)
        ended = once(
            request,
            StatusRequest,
            lambda: withdraw_request(actor=request.user, request=open_request_of(draft)),
        )
        return Response(PublicationSerializer(ended).data)

    @extend_schema(request=DeclineSerializer, responses={200: PublicationSerializer})
    @action(detail=True, methods=["post"])
    def decline(self, request: Request, pk: str) -> Response:
        """Say no to what another person asked for; also stops what waits for its time."""
        draft = self._draft(request, may_publish_draft)
        reason = _said(request, DeclineSerializer)["reason"]
        ended = once(
            request,
            StatusRequest,
            lambda: decline_request(actor=request.user, request=open_request_of(draft), reason=reason),
        )
        return Response(PublicationSerializer(ended).data)

    @extend_schema(request=CirculationSerializer, responses={200: LifecycleSerializer})
    @action(detail=True, methods=["post"])
    def circulate(self, request: Request, pk: str) -> Response:
        """Let named groups read the draft; of a circulated draft, set which groups read it."""
        draft = self._draft(request, may_circulate)
        slugs = _said(request, CirculationSerializer)["groups"]
        groups = list(Group.objects.filter(slug__in=slugs))
        if len(groups) < len(set(slugs)):
            raise ValidationError({"groups": ["There is no such group."]})
        once(request, Draft, lambda: circulate_draft(actor=request.user, draft=draft, groups=groups))
        return self._state(draft)

    @extend_schema(request=None, responses={200: LifecycleSerializer})
    @action(detail=True, methods=["post"], url_path="take-back")
    def take_back(self, request: Request, pk: str) -> Response:
        """Make a circulated draft a working one again."""
        draft = self._draft(request, may_circulate)
        once(request, Draft, lambda: take_back_draft(actor=request.user, draft=draft))
        return self._state(draft)

    @extend_schema(responses=LifecycleSerializer)
    @action(detail=True, filterset_class=None, pagination_class=None)
    def lifecycle(self, request: Request, pk: str) -> Response:
        """Where the draft stands, what waits, and what to know before asking."""
        return self._state(self._draft(request, may_publish_draft))

    def _draft(self, request: Request, rule: Callable[[Any, Draft], Verdict]) -> Draft:
        draft: Draft = self.get_object()  # type: ignore[attr-defined]
        require(rule(request.user, draft))
        return draft

    def _change_status(
        self, request: Request, target: str, serializer: type[StatusChangeSerializer]
    ) -> Response:
        draft = self._draft(request, may_publish_draft)
        said = _said(request, serializer)
        if "words" in said:
            said["seen"] = said.pop("words")
        made = once(
            request,
            StatusRequest,
            lambda: change_status(actor=request.user, draft=draft, target=target, **said),
        )
        code = status.HTTP_200_OK if made.confirmed_at else status.HTTP_202_ACCEPTED
        return Response(PublicationSerializer(_fresh(made)).data, status=code)

    def _state(self, draft: Draft) -> Response:
        draft = Draft.objects.get(pk=draft.pk)
        waiting = draft.status_requests.open().select_related("requested_by", "confirmed_by").first()
        words = words_meant(draft, waiting.language if waiting else "")
        state = {
            "status": draft.status,
            "words": words,
            "groups": list(draft.access.order_by("group__slug").values_list("group__slug", flat=True)),
            "request": waiting,
            "readiness": readiness_of([draft])[draft.pk],
        }
        return Response(LifecycleSerializer(state, context={"words": words}).data)


def _said(request: Request, serializer: type[serializers.Serializer[Any]]) -> dict[str, Any]:
    said = serializer(data=request.data)
    said.is_valid(raise_exception=True)
    return dict(said.validated_data)


def _fresh(made: StatusRequest) -> StatusRequest:
    return StatusRequest.objects.select_related("draft").get(pk=made.pk)
