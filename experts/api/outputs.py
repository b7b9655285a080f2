"""How the API shows calls."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Model
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from experts.hosting_queries import host_of
from experts.models import (
    Call,
    CallPaper,
    CallQuestion,
    CallReopening,
    Criterion,
    HostingOffer,
    HostingSlot,
)
from experts.queries import own_deadlines
from experts.standing import is_staff
from experts.words import reader_text, words_of

LOCAL = "In the call's zone, with its offset from UTC at that time."


class _Said(serializers.Field[Any, Any, Any, Any]):
    """A translated text in the language asked for, or the one that it fell back to."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(source="*", read_only=True, **kwargs)

    def to_representation(self, row: Model) -> str:
        return reader_text(row, str(self.field_name))[1]


class _InEachLanguage(serializers.Field[Any, Any, Any, Any]):
    """Every language that a translated text has."""

    def __init__(self, field: str, **kwargs: Any) -> None:
        super().__init__(source="*", read_only=True, **kwargs)
        self.translated = field

    def to_representation(self, row: Model) -> dict[str, str]:
        return words_of(row, self.translated)


Said = extend_schema_field(serializers.CharField())(_Said)
InEachLanguage = extend_schema_field(serializers.DictField(child=serializers.CharField()))(_InEachLanguage)


class CriterionSerializer(serializers.ModelSerializer[Criterion]):
    name, description = Said(), Said()
    names, descriptions = InEachLanguage("name"), InEachLanguage("description")

    class Meta:
        model = Criterion
        fields = ["code", "name", "names", "description", "descriptions", "weight"]
        read_only_fields = fields


class CallPaperSerializer(serializers.ModelSerializer[CallPaper]):
    class Meta:
        model = CallPaper
        fields = ["kind", "required", "max_pages"]
        read_only_fields = fields


class CallQuestionSerializer(serializers.ModelSerializer[CallQuestion]):
    wording, wordings = Said(), InEachLanguage("wording")

    class Meta:
        model = CallQuestion
        fields = ["id", "wording", "wordings", "required", "max_words"]
        read_only_fields = fields


class CallReopeningSerializer(serializers.ModelSerializer[CallReopening]):
    class Meta:
        model = CallReopening
        fields = ["country", "closes_at", "endorsement_closes_at", "reason", "given_at"]
        read_only_fields = fields


class OwnDeadlines(serializers.Serializer[Any]):
    closes_at = serializers.DateTimeField()
    endorsement_closes_at = serializers.DateTimeField()


class HostSerializer(serializers.ModelSerializer[HostingOffer]):
    kind = serializers.ChoiceField(source="host_kind", choices=HostingOffer.HostKind.choices)
    name = serializers.CharField(source="host")

    class Meta:
        model = HostingOffer
        fields = ["kind", "name", "country", "place", "starts_on", "ends_on"]
        read_only_fields = fields


class HostingSlotSerializer(serializers.ModelSerializer[HostingSlot]):
    title, titles = Said(), InEachLanguage("title")
    region = serializers.CharField(source="region.code", default=None, read_only=True)
    host = serializers.SerializerMethodField(
        help_text="Once the hosts are announced; null where there is none."
    )

    class Meta:
        model = HostingSlot
        fields = [
            *("id", "kind", "title", "titles", "region", "starts_on", "ends_on", "participants", "host"),
            *("outcome", "held_from", "held_to", "outcome_note"),
        ]
        read_only_fields = fields

    @extend_schema_field(HostSerializer(allow_null=True))
    def get_host(self, slot: HostingSlot) -> Any:
        host = host_of(self.context["call"], slot)
        return HostSerializer(host).data if host else None


class CallSerializer(serializers.ModelSerializer[Call]):
    guidelines = serializers.CharField(source="guidelines.slug", read_only=True)
    group = serializers.CharField(
        source="group.slug",
        default=None,
        read_only=True,
        help_text="Whose members a call for experts chooses; null: the Expert Working Group, or see `by_region`.",
    )
    state = serializers.ChoiceField(choices=Call.State.choices, read_only=True)
    title, terms = Said(), Said()
    language = serializers.SerializerMethodField(help_text="Language of the title, where it fell back.")
    titles, all_terms = InEachLanguage("title"), InEachLanguage("terms")
    opens_at_local = serializers.SerializerMethodField(help_text=LOCAL)
    closes_at = serializers.DateTimeField(
        source="closing", read_only=True, help_text="Earlier than announced where it was closed early."
    )
    closes_at_local = serializers.SerializerMethodField(help_text=LOCAL)
    endorsement_closes_at_local = serializers.SerializerMethodField(help_text=LOCAL)
    own_deadlines = serializers.SerializerMethodField(
        help_text="Where the caller's country was given later ones; else null."
    )
    criteria = CriterionSerializer(many=True, read_only=True)
    papers = CallPaperSerializer(many=True, read_only=True)
    questions = CallQuestionSerializer(many=True, read_only=True)
    slots = serializers.SerializerMethodField(help_text="Meetings of a call to host; empty in others.")
    reopenings = serializers.SerializerMethodField(help_text="Countries with more time; staff only.")

    class Meta:
        model = Call
        fields = [
            *("id", "kind", "guidelines", "state", "version", "title", "titles", "terms", "all_terms"),
            *("language", "opens_at", "opens_at_local", "closes_at", "closes_at_local"),
            *("endorsement_closes_at", "endorsement_closes_at_local", "own_deadlines", "zone"),
            *(
                "seats",
                "per_country_limit",
                "motivation_words",
                "retention_days",
                "blind",
                "group",
                "by_region",
            ),
            *("scoring_opens_at", "scoring_closes_at", "discussion_closes_at"),
            *(
                "criteria",
                "papers",
                "questions",
                "slots",
                "announced_at",
                "closed_at",
                "decided_at",
                "reopenings",
            ),
        ]
        read_only_fields = fields

    # The secretariat's own arrangements.
    STAFF_ONLY = ("scoring_opens_at", "scoring_closes_at", "discussion_closes_at", "reopenings")

    def to_representation(self, call: Call) -> dict[str, Any]:
        shown: dict[str, Any] = super().to_representation(call)
        if not is_staff(self._reader):
            shown |= dict.fromkeys(self.STAFF_ONLY)
        return shown

    @property
    def _reader(self) -> Any:
        return self.context["request"].user

    def get_language(self, call: Call) -> str:
        return reader_text(call, "title")[0]

    @extend_schema_field(serializers.DateTimeField())
    def get_opens_at_local(self, call: Call) -> str:
        return _local(call, call.opens_at)

    @extend_schema_field(serializers.DateTimeField())
    def get_closes_at_local(self, call: Call) -> str:
        return _local(call, call.closing)

    @extend_schema_field(serializers.DateTimeField(allow_null=True))
    def get_endorsement_closes_at_local(self, call: Call) -> str | None:
        return _local(call, call.endorsement_closes_at) if call.endorsement_closes_at else None

    @extend_schema_field(OwnDeadlines(allow_null=True))
    def get_own_deadlines(self, call: Call) -> dict[str, Any] | None:
        own = own_deadlines(self._reader, call)
        return OwnDeadlines({"closes_at": own[0], "endorsement_closes_at": own[1]}).data if own else None

    @extend_schema_field(HostingSlotSerializer(many=True))
    def get_slots(self, call: Call) -> Any:
        return HostingSlotSerializer(call.slots.all(), many=True, context={**self.context, "call": call}).data

    @extend_schema_field(CallReopeningSerializer(many=True, allow_null=True))
    def get_reopenings(self, call: Call) -> Any:
        return CallReopeningSerializer(call.reopenings.all(), many=True).data


def _local(call: Call, at: datetime) -> str:
    return at.astimezone(ZoneInfo(call.zone)).isoformat()
