"""The API of provisions."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from core.replay import once
from core.verdicts import require
from drafts.actions.drafting import revise_provision
from drafts.actions.translating import translate_provision
from drafts.api.language import LANGUAGE_PARAMETER, LanguageViewSet, asked_language
from drafts.api.serializers import (
    ProvisionChangeSerializer,
    ProvisionSerializer,
    RevisionSerializer,
    present,
)
from drafts.marks import kept_marks
from drafts.models import Draft, Provision, ProvisionText, Revision
from drafts.queries import read_provision, text_to_read
from drafts.rules import may_edit_draft, may_follow_translations
from drafts.slots import origins_of


def _translate(**fields: Any) -> Revision:
    """The translation as it stands once it is written."""
    words = translate_provision(**fields).words
    return words.revisions.get(version=words.version)


class ProvisionViewSet(LanguageViewSet[Provision]):
    """One provision: read, changed by drafters, with its history."""

    serializer_class = ProvisionSerializer  # type: ignore[assignment]
    queryset = Provision.objects.none()
    lookup_value_regex = r"\d{1,15}"
    filterset_fields: list[str] = []

    def get_queryset(self) -> QuerySet[Provision]:
        readable = Draft.objects.visible_to(self.request.user).values("pk")
        return Provision.objects.filter(draft__in=readable).select_related("draft", "parent")

    def _present(self, provision: Provision, language: str, *, unreleased: bool = False) -> dict[str, Any]:
        row = read_provision(provision, language, unreleased=unreleased)
        return dict(
            ProvisionSerializer(row, context=present(provision.draft, [row], unreleased=unreleased)).data
        )

    @extend_schema(parameters=[LANGUAGE_PARAMETER])
    def retrieve(self, request: Request, pk: str) -> Response:
        return Response(self._present(self.get_object(), asked_language(request)))

    @extend_schema(
        parameters=[LANGUAGE_PARAMETER], request=ProvisionChangeSerializer, responses=ProvisionSerializer
    )
    def partial_update(self, request: Request, pk: str) -> Response:
        """Change the words in the language named, in the body or the address; else in the source language."""
        provision = self.get_object()
        # Who may change some language gets as far as saying which; the action asks of that one.
        # A published draft may still take a translation, and refuses the others with what it is by now.
        verdict = may_edit_draft(request.user, provision.draft)
        if not verdict and verdict.code != "published":
            require(may_follow_translations(request.user, provision.draft))
        change = ProvisionChangeSerializer(data=request.data)
        change.is_valid(raise_exception=True)
        fields = dict(change.validated_data)
        source = provision.draft.source_language
        language = fields.pop("language", request.query_params.get("language", source))
        fields["notes"] = fields.pop("new_footnotes", {})
        # A translation may mark the footnotes of its source; its own numbers come last and so go first.
        texts = ProvisionText.with_unreleased.filter(provision=provision, language__in={language, source})
        ordered = sorted(texts, key=lambda text: text.language == language)
        known = [note for text in ordered for note in text.footnotes]
        for name in {"text", "heading"} & fields.keys():
            fields[name] = kept_marks(fields[name], known)
        if "source_version" in fields:
            fields.pop("notes")
            stands = next((text for text in texts if text.language == language), None)
            for name in ("text", "heading"):
                fields.setdefault(name, getattr(stands, name, ""))
        write = _translate if "source_version" in fields else revise_provision
        once(
            request,
            Revision,
            lambda: write(actor=request.user, provision=provision, language=language, **fields),
        )
        return Response(self._present(provision, language, unreleased=True))

    @extend_schema(parameters=[LANGUAGE_PARAMETER], responses=RevisionSerializer(many=True))
    @action(detail=True)
    def history(self, request: Request, pk: str) -> Response:
        """The wordings in one language (``language`` says which was fallen back to), newest first."""
        text = text_to_read(self.get_object(), asked_language(request))
        revisions = list(text.revisions.select_related("author").order_by("version")) if text else []
        for earlier, later in zip(revisions, revisions[1:], strict=False):
            later.before = earlier.content  # type: ignore[attr-defined]
        page = self.paginate_queryset(revisions[::-1])
        origins = origins_of(request.user, [revision.pk for revision in page or []])
        return self.get_paginated_response(
            RevisionSerializer(page, many=True, context={"origins": origins}).data
        )
