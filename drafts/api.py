"""The API of guidelines, drafts and provisions."""

from typing import Any, ClassVar, TypeVar

from django import forms
from django.conf import settings
from django.db.models import Model, OuterRef, QuerySet, Subquery
from django.utils.translation import activate, get_language
from django_filters.rest_framework import CharFilter, Filter, FilterSet
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field, extend_schema_view
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from core.replay import once
from core.verdicts import require
from drafts.actions.drafting import begin_draft, revise_provision
from drafts.actions.publishing import publish_draft
from drafts.marks import kept_marks, printed, printed_marks
from drafts.models import Draft, Edition, Guidelines, Provision, ProvisionText, Revision, StatusRequest
from drafts.queries import ReadProvision, read_provision, read_provisions, text_to_read
from drafts.rules import may_create_draft, may_edit_draft
from drafts.slots import origins_of

LANGUAGES = [code for code, _name in settings.LANGUAGES]
LANGUAGE_PARAMETER = OpenApiParameter("language", enum=LANGUAGES, description="Language of the texts.")
CHOOSE_LANGUAGE = f"Choose one of: {', '.join(LANGUAGES)}."
M = TypeVar("M", bound=Model)


def asked_language(request: Request) -> str:
    """``?language=``, else what Accept-Language agreed on."""
    asked = request.query_params.get("language")
    if asked is None:
        return get_language() or "en"
    if asked not in LANGUAGES:
        raise ValidationError({"language": [CHOOSE_LANGUAGE]})
    return asked


def in_every_language(row: Model, name: str) -> dict[str, str]:
    """What a translated field says, by language; languages without words are left out."""
    words = {code: getattr(row, f"{name}_{code.replace('-', '_')}") for code in LANGUAGES}
    return {code: text for code, text in words.items() if text}


class GuidelinesSerializer(serializers.ModelSerializer[Guidelines]):
    titles = serializers.SerializerMethodField(help_text="The title in every language it has.")

    class Meta:
        model = Guidelines
        fields = ["slug", "title", "titles"]

    @extend_schema_field(serializers.DictField(child=serializers.CharField()))
    def get_titles(self, guidelines: Guidelines) -> dict[str, str]:
        return in_every_language(guidelines, "title")


class DraftSerializer(serializers.ModelSerializer[Draft]):
    guidelines = serializers.SlugRelatedField[Guidelines](slug_field="slug", read_only=True)
    base = serializers.IntegerField(
        source="readable_base", allow_null=True, help_text="The earlier draft, where the caller may read it."
    )
    labels = serializers.SerializerMethodField(help_text="The label in every language it has.")
    content_hash = serializers.SerializerMethodField(
        help_text="SHA-256 of the source language's frozen edition; null before publication."
    )

    class Meta:
        model = Draft
        fields = [
            *("id", "guidelines", "number", "label", "labels", "status", "base", "source_language"),
            *("published_at", "content_hash"),
        ]
        read_only_fields = fields

    @extend_schema_field(serializers.DictField(child=serializers.CharField()))
    def get_labels(self, draft: Draft) -> dict[str, str]:
        return in_every_language(draft, "label")

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_content_hash(self, draft: Draft) -> str | None:
        return getattr(draft, "content_hash", None)


class NewDraftSerializer(serializers.Serializer[Any]):
    base = serializers.IntegerField(min_value=1, max_value=10**15)
    label = serializers.CharField(max_length=120)  # type: ignore[assignment]


class FootnoteSerializer(serializers.Serializer[Any]):
    number = serializers.CharField()
    text = serializers.CharField()


class ProvisionSerializer(serializers.Serializer[ReadProvision]):
    """One provision in the language asked for, or the one fallen back to (``language`` says which)."""

    id = serializers.IntegerField(source="provision.pk")
    key = serializers.CharField(source="provision.key")
    parent = serializers.SerializerMethodField()  # type: ignore[assignment]
    kind = serializers.ChoiceField(source="provision.kind", choices=Provision.Kind.choices)
    number = serializers.CharField(source="provision.number")
    pillar = serializers.IntegerField(source="provision.pillar", allow_null=True)
    actor = serializers.CharField(source="provision.actor", allow_null=True)
    heading = serializers.SerializerMethodField()
    text = serializers.SerializerMethodField()
    footnotes = serializers.SerializerMethodField()
    language = serializers.CharField(help_text="The language of this text.")
    requested_language = serializers.CharField(source="asked_language")
    version = serializers.SerializerMethodField()

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_parent(self, row: ReadProvision) -> str | None:
        return self.context["keys"].get(row.provision.parent_id)

    def get_heading(self, row: ReadProvision) -> str:
        return printed_marks(row.text.heading, row.text.footnotes) if row.text else ""

    def get_text(self, row: ReadProvision) -> str:
        """Plain text; footnote marks stand as ``[^n]`` with the printed number."""
        return printed_marks(row.text.text, row.text.footnotes) if row.text else ""

    @extend_schema_field(FootnoteSerializer(many=True))
    def get_footnotes(self, row: ReadProvision) -> list[dict[str, str]]:
        """The notes' words, in the source language where they are not translated yet."""
        notes, source = self.context["notes"], self.context["source_language"]
        return [
            {
                "number": note["number"],
                "text": notes.get((note["key"], row.language), notes.get((note["key"], source), "")),
            }
            for note in (row.text.footnotes if row.text else [])
        ]

    @extend_schema_field(serializers.IntegerField(allow_null=True))
    def get_version(self, row: ReadProvision) -> int | None:
        return row.text.version if row.text else None


class ProvisionChangeSerializer(serializers.Serializer[Any]):
    # Its own message: the usual one repeats what was sent, which need not be text that can be sent back.
    language = serializers.ChoiceField(
        choices=LANGUAGES, required=False, error_messages={"invalid_choice": CHOOSE_LANGUAGE}
    )
    version = serializers.IntegerField(min_value=1, max_value=2**31 - 1)
    text = serializers.CharField(required=False, allow_blank=True, trim_whitespace=False)
    heading = serializers.CharField(required=False, allow_blank=True)
    reason = serializers.CharField(required=False, allow_blank=True, max_length=2000)


class RevisionSerializer(serializers.ModelSerializer[Revision]):
    author = serializers.SerializerMethodField()
    language = serializers.CharField(
        source="provision_text.language", help_text="The language of these words."
    )
    origin_comment = serializers.SerializerMethodField(
        help_text="The comment from which the change came, where the caller may read it."
    )
    before = serializers.SerializerMethodField()
    after = serializers.SerializerMethodField()

    class Meta:
        model = Revision
        fields = ["version", "language", "author", "at", "reason", "origin_comment", "before", "after"]

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_author(self, revision: Revision) -> str | None:
        return revision.author.name if revision.author else None

    @extend_schema_field(serializers.UUIDField(allow_null=True))
    def get_origin_comment(self, revision: Revision) -> str | None:
        origins: dict[int, str] = self.context.get("origins", {})
        return origins.get(revision.pk)

    @extend_schema_field(serializers.JSONField(allow_null=True))
    def get_before(self, revision: Revision) -> Any:
        before = getattr(revision, "before", None)
        return printed(before) if before else None

    @extend_schema_field(serializers.JSONField())
    def get_after(self, revision: Revision) -> Any:
        return printed(revision.content)


class PublicationSerializer(serializers.Serializer[Any]):
    status = serializers.CharField()
    confirmed = serializers.BooleanField()


def present(draft: Draft, rows: list[ReadProvision]) -> dict[str, Any]:
    """What the serializer needs besides the rows (two queries): parents' keys and footnotes' words."""
    keys = dict(Provision.objects.filter(draft=draft).values_list("pk", "key"))
    languages = {row.language for row in rows} | {draft.source_language}
    words = ProvisionText.objects.of_draft(draft).filter(
        provision__kind=Provision.Kind.FOOTNOTE, language__in=languages
    )
    notes = words.values_list("provision__key", "language", "text")
    return {
        "keys": keys,
        "notes": {(key, language): text for key, language, text in notes},
        "source_language": draft.source_language,
    }


class LanguageViewSet(viewsets.GenericViewSet[M]):
    """Titles, labels and messages are in the language asked for, as the texts are."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        activate(asked_language(request))  # for this request: the next one begins with its own


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
class DraftViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, LanguageViewSet[Draft]):
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

    @extend_schema(request=None, responses={200: PublicationSerializer, 202: PublicationSerializer})
    @action(detail=True, methods=["post"])
    def publish(self, request: Request, pk: str) -> Response:
        """Ask for publication (202), or confirm what another person asked for (200)."""
        asked = self.get_object()
        publication = once(request, StatusRequest, lambda: publish_draft(actor=request.user, draft=asked))
        draft = Draft.objects.get(pk=publication.draft_id)
        confirmed = publication.confirmed_at is not None
        code = status.HTTP_200_OK if confirmed else status.HTTP_202_ACCEPTED
        return Response({"status": draft.status, "confirmed": confirmed}, status=code)

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


class ProvisionViewSet(LanguageViewSet[Provision]):
    """One provision: read, changed by drafters, with its history."""

    serializer_class = ProvisionSerializer  # type: ignore[assignment]
    queryset = Provision.objects.none()
    lookup_value_regex = r"\d{1,15}"
    filterset_fields: list[str] = []

    def get_queryset(self) -> QuerySet[Provision]:
        readable = Draft.objects.visible_to(self.request.user).values("pk")
        return Provision.objects.filter(draft__in=readable).select_related("draft", "parent")

    def _present(self, provision: Provision, language: str) -> dict[str, Any]:
        row = read_provision(provision, language)
        return dict(ProvisionSerializer(row, context=present(provision.draft, [row])).data)

    @extend_schema(parameters=[LANGUAGE_PARAMETER])
    def retrieve(self, request: Request, pk: str) -> Response:
        return Response(self._present(self.get_object(), asked_language(request)))

    @extend_schema(
        parameters=[LANGUAGE_PARAMETER], request=ProvisionChangeSerializer, responses=ProvisionSerializer
    )
    def partial_update(self, request: Request, pk: str) -> Response:
        """Change the words in the language named, in the body or the address; else in the source language."""
        provision = self.get_object()
        verdict = may_edit_draft(request.user, provision.draft)
        if verdict.code != "published":
            require(verdict)
        change = ProvisionChangeSerializer(data=request.data)
        change.is_valid(raise_exception=True)
        fields = dict(change.validated_data)
        source = provision.draft.source_language
        language = fields.pop("language", request.query_params.get("language", source))
        words = ProvisionText.objects.filter(provision=provision, language=language).first()
        for name in {"text", "heading"} & fields.keys():
            fields[name] = kept_marks(fields[name], words.footnotes if words else [])
        once(
            request,
            Revision,
            lambda: revise_provision(actor=request.user, provision=provision, language=language, **fields),
        )
        return Response(self._present(provision, language))

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
