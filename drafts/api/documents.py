"""Documents of a draft, for programs: which there are, asking for one, fetching it."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError as Invalid
from django.http import Http404
from django.http.response import HttpResponseBase
from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from core.replay import once
from drafts.actions.rendering import ask_for_document
from drafts.documents.sending import send
from drafts.documents.shelf import FAILED, MADE, MAKING, NOT_MADE, Place, place_of, shelves_of
from drafts.models import Draft, Rendering

LANGUAGES = [code for code, _name in settings.LANGUAGES]


class DocumentSerializer(serializers.Serializer[Place]):
    """One document of a draft, whether it is made or not."""

    language = serializers.ChoiceField(choices=LANGUAGES)
    format = serializers.ChoiceField(choices=Rendering.Format.choices, source="form")
    state = serializers.ChoiceField(choices=[NOT_MADE, MAKING, MADE, FAILED])
    content_hash = serializers.CharField(
        help_text="SHA-256 of the words in this language; of a published draft that of the JSON document."
    )
    done = serializers.IntegerField(source="rendering.job.done", default=None, allow_null=True)
    total = serializers.IntegerField(source="rendering.job.total", default=None, allow_null=True)
    size = serializers.IntegerField(source="rendering.file.size", default=None, allow_null=True)
    sha256 = serializers.CharField(
        source="rendering.file.sha256", default=None, allow_null=True, help_text="Of the file."
    )
    made_at = serializers.DateTimeField(source="rendering.file.created_at", default=None, allow_null=True)
    url = serializers.SerializerMethodField(help_text="Where to fetch it, once it is made.")

    @extend_schema_field(serializers.URLField(allow_null=True))
    def get_url(self, place: Place) -> str | None:
        if place.state != MADE:
            return None
        request, draft = self.context["request"], self.context["draft"]
        path = reverse("v1:draft-document", args=[draft.pk, place.language, place.form])
        return str(request.build_absolute_uri(f"{path}?v={place.version}"))


class AskedDocumentSerializer(serializers.Serializer[Any]):
    language = serializers.ChoiceField(choices=LANGUAGES)
    format = serializers.ChoiceField(choices=Rendering.Format.choices)


class DocumentsMixin:
    """The part of a draft's endpoint that speaks of its documents."""

    @extend_schema(methods=["GET"], responses=DocumentSerializer(many=True))
    @extend_schema(
        methods=["POST"],
        request=AskedDocumentSerializer,
        responses={200: DocumentSerializer, 202: DocumentSerializer},
    )
    @action(detail=True, methods=["get", "post"], filterset_class=None, pagination_class=None)
    def documents(self, request: Request, pk: str) -> Response:
        """The draft's documents by language and format. POST asks for one: 200 where it is made, else 202."""
        draft: Draft = self.get_object()  # type: ignore[attr-defined]
        context = {"request": request, "draft": draft}
        if request.method != "POST":
            places = [place for shelf in shelves_of(draft) for place in shelf.places]
            shelf = DocumentSerializer(places, many=True, context=context)  # type: ignore[arg-type]
            return Response(shelf.data)
        asked = AskedDocumentSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        language, form = asked.validated_data["language"], asked.validated_data["format"]
        try:
            once(
                request,
                Rendering,
                lambda: ask_for_document(actor=request.user, draft=draft, language=language, form=form),
            )
        except Invalid as error:
            raise ValidationError(error.message_dict) from error
        place = place_of(draft, language, form)
        made = place is not None and place.state == MADE
        code = status.HTTP_200_OK if made else status.HTTP_202_ACCEPTED
        return Response(DocumentSerializer(place, context=context).data, status=code)

    @extend_schema(
        parameters=[
            OpenApiParameter("language", str, OpenApiParameter.PATH, enum=LANGUAGES),
            OpenApiParameter("form", str, OpenApiParameter.PATH, enum=list(Rendering.Format.values)),
        ],
        responses={(200, "application/octet-stream"): OpenApiResponse(OpenApiTypes.BINARY)},
    )
    @action(
        detail=True,
        url_path=r"documents/(?P<language>[a-z-]{2,10})/(?P<form>[a-z]{3,5})",
        filterset_class=None,
        pagination_class=None,
    )
    def document(self, request: Request, pk: str, language: str, form: str) -> HttpResponseBase:
        """The file itself; 404 where it isn't made."""
        draft: Draft = self.get_object()  # type: ignore[attr-defined]
        place = place_of(draft, language, form)
        if place is None:
            raise Http404
        return send(request._request, draft, place)
