"""The API of guidelines and drafts."""

import re
from typing import ClassVar

from django import forms
from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _
from django_filters.rest_framework import CharFilter, Filter, FilterSet
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import mixins
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from core.replay import once
from core.verdicts import require
from drafts.actions.checking import check_draft
from drafts.actions.drafting import begin_draft
from drafts.api.checks import FindingSerializer
from drafts.api.documents import DocumentsMixin
from drafts.api.language import LANGUAGE_PARAMETER, LanguageViewSet, asked_language
from drafts.api.lifecycle import LifecycleMixin
from drafts.api.redlines import RedlineSerializer
from drafts.api.serializers import (
    DraftSerializer,
    GuidelinesSerializer,
    NewDraftSerializer,
    ProvisionSerializer,
    present,
)
from drafts.checks.listing import findings_of
from drafts.comparing import comparison_of
from drafts.models import Draft, Edition, Finding, Guidelines, Provision
from drafts.queries import read_provisions
from drafts.rules import may_check_draft, may_create_draft

WAIVED = ["all", "only"]


@extend_schema_view(
    list=extend_schema(parameters=[LANGUAGE_PARAMETER]),
    retrieve=extend_schema(parameters=[LANGUAGE_PARAMETER]),
)
class GuidelinesViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, LanguageViewSet[Guidelines]):
    """Guidelines of which the caller may read a draft."""

    serializer_class = GuidelinesSerializer
    queryset = Guidelines.objects.none()
    lookup_field = "slug"

    def get_queryset(self) -> QuerySet[Guidelines]:
        readable = Draft.objects.visible_to(self.request.user).values("guidelines")
        return Guidelines.objects.filter(pk__in=readable).order_by("slug")


class WholeNumberFilter(Filter):
    """The library's own would read 1.5 as 1."""

    field_class = forms.IntegerField


class DraftFilter(FilterSet):
    guidelines = CharFilter(field_name="guidelines__slug")
    number = WholeNumberFilter()

    class Meta:
        model = Draft
        fields: ClassVar[list[str]] = ["status"]


@extend_schema_view(
    list=extend_schema(parameters=[LANGUAGE_PARAMETER]),
    retrieve=extend_schema(parameters=[LANGUAGE_PARAMETER]),
)
class DraftViewSet(
    DocumentsMixin, LifecycleMixin, mixins.ListModelMixin, mixins.RetrieveModelMixin, LanguageViewSet[Draft]
):
    """Drafts that the caller may read; drafters begin new ones from earlier ones."""

    serializer_class = DraftSerializer
    queryset = Draft.objects.none()
    filterset_class = DraftFilter
    lookup_value_regex = r"\d{1,15}"

    def get_queryset(self) -> QuerySet[Draft]:
        source = Edition.objects.filter(draft=OuterRef("pk"), language=OuterRef("source_language"))
        visible = Draft.objects.visible_to(self.request.user)
        base = visible.filter(pk=OuterRef("base")).values("pk")
        return (
            visible.select_related("guidelines")
            .annotate(content_hash=Subquery(source.values("sha256")[:1]), readable_base=Subquery(base[:1]))
            .order_by("guidelines__slug", "-number")
        )

    @extend_schema(request=NewDraftSerializer, responses={201: DraftSerializer})
    def create(self, request: Request) -> Response:
        require(may_create_draft(request.user))
        new = NewDraftSerializer(data=request.data)
        new.is_valid(raise_exception=True)
        base = self.get_queryset().filter(pk=new.validated_data["base"]).first()
        if base is None:
            raise ValidationError({"base": ["There is no such draft."]})
        label = new.validated_data["label"]
        draft = once(request, Draft, lambda: begin_draft(actor=request.user, base=base, label=label))
        return Response(DraftSerializer(self.get_queryset().get(pk=draft.pk)).data, status=201)

    @extend_schema(
        parameters=[
            LANGUAGE_PARAMETER,
            OpenApiParameter("kind", enum=list(Provision.Kind.values)),
            OpenApiParameter("pillar", int),
            OpenApiParameter("actor", enum=list(Provision.Actor.values)),
        ],
        responses=ProvisionSerializer(many=True),
    )
    @action(detail=True, filterset_class=None)
    def provisions(self, request: Request, pk: str) -> Response:
        """The draft's provisions in document order."""
        filters = {name: request.query_params.get(name) for name in ("kind", "pillar", "actor")}
        return self._provisions(request, {k: v for k, v in filters.items() if v is not None})

    @extend_schema(parameters=[LANGUAGE_PARAMETER], responses=ProvisionSerializer(many=True))
    @action(detail=True, filterset_class=None)
    def terms(self, request: Request, pk: str) -> Response:
        """The draft's glossary."""
        return self._provisions(request, {"kind": str(Provision.Kind.TERM)})

    @extend_schema(
        parameters=[
            LANGUAGE_PARAMETER,
            OpenApiParameter("against", int, required=True, description="The draft to compare with."),
        ],
        responses=RedlineSerializer,
    )
    @action(detail=True, filterset_class=None, pagination_class=None)
    def redline(self, request: Request, pk: str) -> Response:
        """What changed from the draft ``against`` to this one, provision by provision, in reading order."""
        new = self.get_object()
        asked = request.query_params.get("against", "")
        against = (
            self.get_queryset().filter(pk=asked).first() if re.fullmatch(r"[0-9]{1,15}", asked) else None
        )
        if against is None or against.guidelines_id != new.guidelines_id:
            raise ValidationError({"against": [_("Name another draft of the same guidelines.")]})
        return Response(RedlineSerializer(comparison_of(new, against, asked_language(request))).data)

    @extend_schema(
        parameters=[
            LANGUAGE_PARAMETER,
            OpenApiParameter("code", str, description="Findings of one check."),
            OpenApiParameter("severity", enum=list(Finding.Severity.values)),
            OpenApiParameter("waived", enum=WAIVED, description="By default those that nobody waived."),
        ],
        responses=FindingSerializer(many=True),
    )
    @action(detail=True, filterset_class=None)
    def checks(self, request: Request, pk: str) -> Response:
        """What the checks find in the draft as it stands; messages in the language asked for."""
        draft = self.get_object()
        require(may_check_draft(request.user, draft))
        asked = {name: request.query_params.get(name, "") for name in ("code", "severity", "waived")}
        for name, choices in (("severity", list(Finding.Severity.values)), ("waived", WAIVED)):
            if asked[name] and asked[name] not in choices:
                raise ValidationError({name: [f"Choose one of: {', '.join(choices)}."]})
        check_draft(draft.pk)  # nothing to do where the last run is of this state
        page = self.paginate_queryset(findings_of(draft).chosen(**asked))
        return self.get_paginated_response(FindingSerializer(page, many=True).data)  # type: ignore[arg-type]

    def _provisions(self, request: Request, filters: dict[str, str]) -> Response:
        draft = self.get_object()
        errors = {}
        for name, choices in (("kind", Provision.Kind.values), ("actor", Provision.Actor.values)):
            if name in filters and filters[name] not in choices:
                errors[name] = [f"Choose one of: {', '.join(map(str, choices))}."]
        if "pillar" in filters and filters["pillar"] not in [str(n) for n in range(1, 9)]:
            errors["pillar"] = ["A pillar is a number from 1 to 8."]
        if errors:
            raise ValidationError(errors)
        rows = Provision.objects.filter(draft=draft, **filters).order_by("position")
        page = self.paginate_queryset(rows)  # type: ignore[arg-type]
        read = read_provisions(draft, page or [], asked_language(request))  # type: ignore[arg-type]
        return self.get_paginated_response(
            ProvisionSerializer(read, many=True, context=present(draft, read)).data  # type: ignore[arg-type]
        )
