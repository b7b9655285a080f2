"""What changed between two drafts, for programs."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from drafts.comparing import StoredWording
from drafts.comparison import CHANGES, Ancestor, Compared, Comparison
from drafts.marks import printed_pieces
from drafts.redline import Piece

SIGNS = {"same": "=", "removed": "-", "added": "+"}


class AncestorSerializer(serializers.Serializer[Ancestor]):
    key = serializers.CharField()
    kind = serializers.ChoiceField(choices=["split", "merge"])


class ComparedSerializer(serializers.Serializer[Compared]):
    """One provision of either draft.

    Joining the texts of ``=`` and ``+`` gives the new text exactly as ``provisions`` gives it, ``=`` and ``-``
    the old one. Where only footnotes were renumbered the operations show it, and ``change`` is ``unchanged``.
    """

    key = serializers.CharField()
    change = serializers.ChoiceField(choices=CHANGES)
    moved = serializers.BooleanField(help_text="Stands under another parent or in another order.")
    number = serializers.SerializerMethodField(help_text="As printed in the new draft; null where removed.")
    number_before = serializers.SerializerMethodField(
        help_text="As printed in the old draft; null where new."
    )
    language = serializers.SerializerMethodField(
        help_text="The language compared: the source language where one of the drafts hasn't got the one asked for."
    )
    operations = serializers.SerializerMethodField(help_text='Of the text: [["=", …], ["-", …], ["+", …]].')
    heading_operations = serializers.SerializerMethodField()
    ancestors = AncestorSerializer(many=True)
    ancestor_operations = serializers.SerializerMethodField(
        help_text="Of a split or merged provision: against its ancestors' words, for reading."
    )

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_number(self, row: Compared) -> str | None:
        return row.new.number if row.new else None

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_number_before(self, row: Compared) -> str | None:
        return row.old.number if row.old else None

    @extend_schema_field(serializers.CharField())
    def get_language(self, row: Compared) -> str:
        return getattr(row.here, "language", "")

    @extend_schema_field(serializers.ListField(child=serializers.ListField(child=serializers.CharField())))
    def get_operations(self, row: Compared) -> list[list[str]]:
        return _operations(row, row.text)

    @extend_schema_field(serializers.ListField(child=serializers.ListField(child=serializers.CharField())))
    def get_heading_operations(self, row: Compared) -> list[list[str]]:
        return _operations(row, row.heading)

    @extend_schema_field(serializers.ListField(child=serializers.ListField(child=serializers.CharField())))
    def get_ancestor_operations(self, row: Compared) -> list[list[str]]:
        return [[SIGNS[piece.kind], piece.text] for piece in row.from_ancestors]


class SummarySerializer(serializers.Serializer[Any]):
    added = serializers.IntegerField()
    removed = serializers.IntegerField()
    changed = serializers.IntegerField()
    moved = serializers.IntegerField()
    unchanged = serializers.IntegerField()


class RedlineSerializer(serializers.Serializer[Comparison]):
    summary = SummarySerializer()
    provisions = ComparedSerializer(many=True)


def _operations(row: Compared, pieces: tuple[Piece, ...]) -> list[list[str]]:
    return [[SIGNS[p.kind], p.text] for p in printed_pieces(pieces, _marks(row.old), _marks(row.new))]


def _marks(wording: Any) -> dict[str, str]:
    return dict(wording.marks) if isinstance(wording, StoredWording) else {}
