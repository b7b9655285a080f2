"""How the API shows the funding, and what it takes in for it. Amounts are decimals, as text."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from experts.api.inputs import WordsInput
from experts.api.outputs import InEachLanguage, Said
from experts.standing import is_staff
from experts.words import reader_text
from roadmap.models import CostLine, ExchangeRate, FundingSnapshot, FundingTransaction

BIGGEST = 2**31 - 1
CODE = "ISO 4217."


def _money(**options: Any) -> serializers.DecimalField:
    return serializers.DecimalField(max_digits=16, decimal_places=2, **options)


class RateSerializer(serializers.ModelSerializer[ExchangeRate]):
    date = serializers.DateField(source="on")

    class Meta:
        model = ExchangeRate
        fields = ["currency", "date", "per_usd", "source"]
        read_only_fields = fields


class TransactionSerializer(serializers.ModelSerializer[FundingTransaction]):
    id = serializers.UUIDField(source="uuid", read_only=True)
    guidelines = serializers.CharField(source="guidelines.slug", read_only=True)
    iati_type = serializers.IntegerField(
        read_only=True, help_text="IATI TransactionType: 13 pledge, 11 commitment, 1 receipt."
    )
    date = serializers.DateField(source="on", read_only=True)
    rate = RateSerializer(
        read_only=True, allow_null=True, help_text="By which it was turned into dollars; null for dollars."
    )
    source = serializers.CharField(  # type: ignore[assignment]
        source="giver", read_only=True, help_text="From whom."
    )
    line = serializers.UUIDField(source="line.uuid", read_only=True, default=None, allow_null=True)
    milestone = serializers.SerializerMethodField(help_text="Of its line, where the caller may see it.")
    fulfils = serializers.SerializerMethodField(help_text="The promise that it is the next step of.")
    replaces = serializers.SerializerMethodField(help_text="The entry in whose stead it stands.")
    replaced_by = serializers.SerializerMethodField(help_text="The entry that stands in its stead.")
    note = serializers.SerializerMethodField(help_text="For the secretariat only.")

    class Meta:
        model = FundingTransaction
        fields = [
            *("id", "guidelines", "kind", "iati_type", "date", "amount", "currency", "amount_usd", "rate"),
            *("in_kind", "source", "country", "line", "milestone", "public", "fulfils", "replaces"),
            *("replacement", "replaced_by", "reason", "note"),
        ]
        read_only_fields = fields

    def _shown(self, entry: FundingTransaction | None) -> str | None:
        return str(entry.uuid) if entry is not None and entry.pk in self.context["seen"] else None

    @extend_schema_field(serializers.UUIDField(allow_null=True))
    def get_milestone(self, row: FundingTransaction) -> str | None:
        milestone = row.line.milestone if row.line else None
        seen = milestone is not None and milestone.pk in self.context["milestones"]
        return str(milestone.uuid) if milestone is not None and seen else None

    @extend_schema_field(serializers.UUIDField(allow_null=True))
    def get_fulfils(self, row: FundingTransaction) -> str | None:
        return self._shown(row.fulfils)

    @extend_schema_field(serializers.UUIDField(allow_null=True))
    def get_replaces(self, row: FundingTransaction) -> str | None:
        return self._shown(row.replaces)

    @extend_schema_field(serializers.UUIDField(allow_null=True))
    def get_replaced_by(self, row: FundingTransaction) -> str | None:
        return self._shown(getattr(row, "replaced_by", None))

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_note(self, row: FundingTransaction) -> str | None:
        return row.note if is_staff(self.context["request"].user) else None


class _GiverInput(serializers.Serializer[Any]):
    """What an entry and one in its stead share."""

    date = serializers.DateField(required=False)
    amount = _money(required=False)
    currency = serializers.CharField(max_length=3, required=False, help_text=CODE)
    in_kind = serializers.BooleanField(required=False)
    organisation = serializers.IntegerField(
        min_value=1, max_value=BIGGEST, required=False, allow_null=True, help_text="Its id."
    )
    source = serializers.CharField(  # type: ignore[assignment]
        max_length=200,
        required=False,
        allow_blank=True,
        help_text="The giver by name, where no organisation.",
    )
    country = serializers.CharField(max_length=3, required=False, allow_null=True, help_text="ISO3.")
    line = serializers.UUIDField(required=False, allow_null=True)
    fulfils = serializers.UUIDField(required=False, allow_null=True)
    public = serializers.BooleanField(required=False)
    note = serializers.CharField(max_length=2000, required=False, allow_blank=True)


class NewTransactionSerializer(_GiverInput):
    guidelines = serializers.SlugField(required=False, help_text="Left out, those that were begun last.")
    kind = serializers.ChoiceField(choices=FundingTransaction.Kind.choices)
    date = serializers.DateField()
    amount = _money()


class ReplacementSerializer(_GiverInput):
    """Nothing changes in place: what is sent makes a new entry in the stead of the one addressed."""

    replacement = serializers.ChoiceField(choices=FundingTransaction.Replacement.choices)
    reason = serializers.CharField(max_length=2000)


class CostLineSerializer(serializers.ModelSerializer[CostLine]):
    id = serializers.UUIDField(source="uuid", read_only=True)
    guidelines = serializers.CharField(source="guidelines.slug", read_only=True)
    title, unit = Said(), Said()
    titles, units = InEachLanguage("title"), InEachLanguage("unit")
    language = serializers.SerializerMethodField(help_text="The language that `title` is in.")
    milestone = serializers.SerializerMethodField(help_text="Where the caller may see it.")
    rate = RateSerializer(read_only=True, allow_null=True)

    class Meta:
        model = CostLine
        fields = [
            *("id", "guidelines", "priority", "kind", "title", "titles", "language", "unit", "units"),
            *("milestone", "quantity", "unit_cost", "currency", "amount_usd", "rate", "dropped", "version"),
        ]
        read_only_fields = fields

    @extend_schema_field(serializers.CharField())
    def get_language(self, row: CostLine) -> str:
        return reader_text(row, "title")[0]

    @extend_schema_field(serializers.UUIDField(allow_null=True))
    def get_milestone(self, row: CostLine) -> str | None:
        seen = row.milestone is not None and row.milestone_id in self.context["milestones"]
        return str(row.milestone.uuid) if row.milestone is not None and seen else None


class CostLineChangeSerializer(serializers.Serializer[Any]):
    version = serializers.IntegerField(min_value=1, max_value=BIGGEST, required=False)
    kind = serializers.ChoiceField(choices=CostLine.Kind.choices, required=False)
    title, unit = WordsInput(required=False), WordsInput(required=False)
    milestone = serializers.UUIDField(required=False, allow_null=True)
    quantity = serializers.DecimalField(max_digits=10, decimal_places=2, required=False)
    unit_cost = _money(required=False)
    currency = serializers.CharField(max_length=3, required=False, help_text=CODE)
    date = serializers.DateField(required=False, help_text="From which day on it is estimated so; today.")
    dropped = serializers.BooleanField(required=False, help_text="No longer part of the estimate.")
    reason = serializers.CharField(
        max_length=2000, required=False, allow_blank=True, help_text="Needed where the estimate changes."
    )


class NewCostLineSerializer(CostLineChangeSerializer):
    guidelines = serializers.SlugField(required=False, help_text="Left out, those that were begun last.")
    title = WordsInput()
    quantity = serializers.DecimalField(max_digits=10, decimal_places=2)
    unit_cost = _money()
    version = None  # type: ignore[assignment]
    dropped = None  # type: ignore[assignment]


class PositionSerializer(serializers.Serializer[Any]):
    """Sums at the end of a day; pledged, committed and received exclude each other."""

    at = serializers.DateField()
    currency = serializers.CharField()
    required = _money()  # type: ignore[assignment]
    pledged, committed = _money(), _money()
    received, mobilised, gap = _money(), _money(), _money()
    gap_percent = serializers.DecimalField(max_digits=4, decimal_places=1, allow_null=True)


class SnapshotSerializer(serializers.ModelSerializer[FundingSnapshot]):
    id = serializers.UUIDField(source="uuid", read_only=True)
    guidelines = serializers.CharField(source="guidelines.slug", read_only=True)
    title, titles = Said(), InEachLanguage("title")
    at = serializers.DateField(source="on", read_only=True)
    mobilised = _money(read_only=True)
    lines = serializers.JSONField(source="content.lines", read_only=True)

    class Meta:
        model = FundingSnapshot
        fields = [
            *("id", "guidelines", "title", "titles", "at", "taken_at", "required", "pledged", "committed"),
            *("received", "mobilised", "lines", "sha256"),
        ]
        read_only_fields = fields


class NewSnapshotSerializer(serializers.Serializer[Any]):
    guidelines = serializers.SlugField(required=False, help_text="Left out, those that were begun last.")
    title = WordsInput()
    at = serializers.DateField(help_text="As of the end of which day; none to come.")
