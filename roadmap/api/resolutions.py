"""Resolutions and what is reported on them: closed periods for everybody, the open one for the secretariat."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils.translation import get_language
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import mixins, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from core.replay import once
from core.verdicts import require
from drafts.api.language import LanguageViewSet
from experts.api.inputs import WordsInput
from experts.api.outputs import InEachLanguage, Said
from experts.words import reader_text
from roadmap.actions.reporting import change_entry
from roadmap.actions.resolutions import FIRST_YEAR, HIGHEST, LAST_YEAR, change_resolution, create_resolution
from roadmap.models import EntryLine, OperativeParagraph, Resolution, ResolutionEntry
from roadmap.resolution_queries import entries_seen, seen_resolutions
from roadmap.resolution_rules import may_manage_resolutions


class OperativeParagraphSerializer(serializers.ModelSerializer[OperativeParagraph]):
    text = Said()
    texts = InEachLanguage("text")

    class Meta:
        model = OperativeParagraph
        fields = ["number", "text", "texts"]
        read_only_fields = fields


class EntryLineSerializer(serializers.ModelSerializer[EntryLine]):
    id = serializers.UUIDField(source="uuid", read_only=True)
    kind = serializers.ChoiceField(choices=EntryLine.Kind.choices, read_only=True)
    text = Said()
    language = serializers.SerializerMethodField(help_text="The language that `text` is in.")
    operative_paragraphs = serializers.ListField(
        child=serializers.CharField(), source="operative", read_only=True
    )
    corrects = serializers.SerializerMethodField(
        help_text="The entry of an earlier period that this one puts right."
    )

    class Meta:
        model = EntryLine
        fields = ["id", "kind", "text", "language", "operative_paragraphs", "corrects"]
        read_only_fields = fields

    @extend_schema_field(serializers.CharField())
    def get_language(self, line: EntryLine) -> str:
        return reader_text(line, "text")[0]

    @extend_schema_field(serializers.UUIDField(allow_null=True))
    def get_corrects(self, line: EntryLine) -> str | None:
        return str(line.corrects.uuid) if line.corrects else None


class ReportedPeriodSerializer(serializers.ModelSerializer[ResolutionEntry]):
    period = serializers.CharField(
        source="period.code", read_only=True, help_text="The half-year: `2024-2` is the second half of 2024."
    )
    starts = serializers.DateField(source="period.starts", read_only=True)
    ends = serializers.DateField(source="period.ends", read_only=True)
    closed = serializers.BooleanField(source="period.is_closed", read_only=True)
    status = serializers.ChoiceField(choices=ResolutionEntry.Status.choices, read_only=True)
    gap = serializers.DecimalField(max_digits=16, decimal_places=2, read_only=True, allow_null=True)
    gap_percent = serializers.IntegerField(read_only=True, allow_null=True)
    entries = EntryLineSerializer(many=True, source="lines", read_only=True)

    class Meta:
        model = ResolutionEntry
        fields = [
            *("period", "starts", "ends", "closed", "status", "required", "mobilised", "gap", "gap_percent"),
            *("currency", "entries"),
        ]
        read_only_fields = fields


class ResolutionSerializer(serializers.ModelSerializer[Resolution]):
    id = serializers.UUIDField(source="uuid", read_only=True)
    title = Said()
    titles = InEachLanguage("title")
    language = serializers.SerializerMethodField(help_text="The language that `title` is in.")
    guidelines: Any = serializers.SlugRelatedField(
        slug_field="slug", read_only=True, allow_null=True, help_text="Those that the resolution asks for."
    )
    status = serializers.SerializerMethodField(
        help_text="By the end of the last period that the caller sees; null before anything was reported."
    )
    operative_paragraphs = OperativeParagraphSerializer(many=True, read_only=True)
    periods = ReportedPeriodSerializer(many=True, source="entries", read_only=True)

    class Meta:
        model = Resolution
        fields = [
            *("id", "session", "number", "symbol", "title", "titles", "language", "year", "adopted_on"),
            *("document", "guidelines", "status", "operative_paragraphs", "periods", "version"),
        ]
        read_only_fields = fields

    @extend_schema_field(serializers.CharField())
    def get_language(self, row: Resolution) -> str:
        return reader_text(row, "title")[0]

    @extend_schema_field(serializers.ChoiceField(choices=ResolutionEntry.Status.choices, allow_null=True))
    def get_status(self, row: Resolution) -> str | None:
        return next((entry.status for entry in row.entries.all()), None)


class ParagraphInput(serializers.Serializer[Any]):
    number = serializers.CharField(max_length=12, help_text="`3`, or `1 (a)` for a lettered item.")
    text = WordsInput()


class ResolutionChangeSerializer(serializers.Serializer[Any]):
    version = serializers.IntegerField(
        min_value=1,
        max_value=2**31 - 1,
        required=False,
        help_text="As it was read: 409 where the resolution has changed since.",
    )
    title = WordsInput(required=False)
    year = serializers.IntegerField(min_value=FIRST_YEAR, max_value=LAST_YEAR, required=False)
    adopted_on = serializers.DateField(required=False, allow_null=True)
    document = serializers.CharField(required=False, allow_blank=True, max_length=40)
    operative_paragraphs = ParagraphInput(many=True, required=False, help_text="The whole list, in order.")
    status = serializers.ChoiceField(
        choices=ResolutionEntry.Status.choices,
        required=False,
        help_text="In the period that is open; 400 where none is.",
    )


class NewResolutionSerializer(ResolutionChangeSerializer):
    session = serializers.IntegerField(min_value=1, max_value=HIGHEST)
    number = serializers.IntegerField(min_value=1, max_value=HIGHEST)
    title = WordsInput()
    year = serializers.IntegerField(min_value=FIRST_YEAR, max_value=LAST_YEAR)
    version = None  # type: ignore[assignment]
    status = None  # type: ignore[assignment]


class ResolutionViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, LanguageViewSet[Resolution]):
    """Resolutions of the Assembly, with what is reported on each by half-year."""

    serializer_class = ResolutionSerializer
    queryset = Resolution.objects.none()
    lookup_field = "uuid"
    lookup_url_kwarg = "id"
    lookup_value_regex = "[0-9a-fA-F-]{36}"

    def get_queryset(self) -> QuerySet[Resolution]:
        entries = Prefetch("entries", queryset=entries_seen(self.request.user))
        return seen_resolutions().select_related("guidelines").prefetch_related(entries)

    def _show(self, resolution: Resolution, status: int = 200) -> Response:
        shown = self.get_queryset().get(pk=resolution.pk)
        return Response(
            ResolutionSerializer(shown, context=self.get_serializer_context()).data, status=status
        )

    @extend_schema(request=NewResolutionSerializer, responses={201: ResolutionSerializer})
    def create(self, request: Request) -> Response:
        """A resolution, with an entry in the period that is open."""
        require(may_manage_resolutions(request.user))
        new = NewResolutionSerializer(data=request.data, context={"language": get_language() or "en"})
        new.is_valid(raise_exception=True)
        facts = _facts(new.validated_data)
        made = once(request, Resolution, lambda: create_resolution(actor=request.user, **facts))
        return self._show(made, status=201)

    @extend_schema(request=ResolutionChangeSerializer, responses=ResolutionSerializer)
    def partial_update(self, request: Request, id: str) -> Response:
        """What is named changes, the rest stays."""
        resolution = self.get_object()
        require(may_manage_resolutions(request.user))
        change = ResolutionChangeSerializer(data=request.data, context={"language": get_language() or "en"})
        change.is_valid(raise_exception=True)
        facts = _facts(change.validated_data)
        status = facts.pop("status", None)

        def act() -> Resolution:
            changed = change_resolution(actor=request.user, resolution=resolution, **facts)
            if status is not None:
                _set_status(request.user, resolution, status)
            return changed

        return self._show(once(request, Resolution, act))


def _facts(validated: Mapping[str, Any]) -> dict[str, Any]:
    """What was sent, as the actions take it."""
    facts = dict(validated)
    if "title" in facts:
        facts["titles"] = facts.pop("title")
    if "operative_paragraphs" in facts:
        facts["paragraphs"] = [(each["number"], each["text"]) for each in facts.pop("operative_paragraphs")]
    return facts


def _set_status(actor: Any, resolution: Resolution, status: str) -> None:
    entries = ResolutionEntry.objects.select_related("period", "resolution")
    entry = entries.filter(resolution=resolution, period__closed_at__isnull=True).first()
    if entry is None:
        raise serializers.ValidationError({"status": ["No period is open."]})
    change_entry(actor=actor, entry=entry, status=status)
