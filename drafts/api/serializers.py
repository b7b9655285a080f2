"""What the API tells of guidelines, drafts and provisions."""

from typing import Any

from django.db.models import Model
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from drafts.api.language import CHOOSE_LANGUAGE, LANGUAGES
from drafts.marks import printed, printed_marks
from drafts.models import Draft, Guidelines, Provision, ProvisionText, Revision
from drafts.queries import ReadProvision
from drafts.translating import TranslationState


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
    label = serializers.CharField(  # type: ignore[assignment]
        max_length=120, help_text="In the language of the request."
    )


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
    translation = serializers.ChoiceField(
        source="translation_state",
        choices=[("original", "original"), *((state, state) for state in TranslationState.values)],
        help_text="Of the language asked for: the original itself, or the state of its translation.",
    )

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
    version = serializers.IntegerField(
        min_value=0,
        max_value=2**31 - 1,
        help_text="The version that was read; 0 begins a missing translation.",
    )
    source_version = serializers.IntegerField(
        required=False,
        min_value=1,
        max_value=2**31 - 1,
        help_text=(
            "Of a translation: the version of the original that it says. It is up to date where that is the "
            "original's own; without it the translation stays as old as it was."
        ),
    )
    text = serializers.CharField(required=False, allow_blank=True, trim_whitespace=False)
    heading = serializers.CharField(required=False, allow_blank=True)
    reason = serializers.CharField(required=False, allow_blank=True, max_length=2000)
    new_footnotes = serializers.DictField(
        child=serializers.CharField(max_length=100_000),
        required=False,
        help_text="The words of new footnotes, by the label with which ``text`` marks them: ``[^label]``.",
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if not attrs["version"] and "source_version" not in attrs:
            error = _(
                "To begin a translation, give the version of the original that it says as source_version."
            )
            raise serializers.ValidationError({"version": [error]})
        return attrs


class RevisionSerializer(serializers.ModelSerializer[Revision]):
    author = serializers.SerializerMethodField()
    language = serializers.CharField(
        source="provision_text.language", help_text="The language of these words."
    )
    origin_comment = serializers.SerializerMethodField(
        help_text="The comment from which the change came, where the caller may read it."
    )
    reason = serializers.CharField(source="shown_reason", read_only=True)
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


def present(draft: Draft, rows: list[ReadProvision], *, unreleased: bool = False) -> dict[str, Any]:
    """What the serializer needs besides the rows (two queries): parents' keys and footnotes' words."""
    keys = dict(Provision.objects.filter(draft=draft).values_list("pk", "key"))
    languages = {row.language for row in rows} | {draft.source_language}
    texts = ProvisionText.with_unreleased if unreleased else ProvisionText.objects
    words = texts.of_draft(draft).filter(provision__kind=Provision.Kind.FOOTNOTE, language__in=languages)
    notes = words.values_list("provision__key", "language", "text")
    return {
        "keys": keys,
        "notes": {(key, language): text for key, language, text in notes},
        "source_language": draft.source_language,
    }
