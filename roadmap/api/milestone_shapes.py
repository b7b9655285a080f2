"""How the API shows milestones, and what it takes in for them."""

from collections.abc import Mapping
from typing import Any

from django.contrib.auth.models import AnonymousUser
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.facts import facts_of
from accounts.models import Role
from consultations.models import Round
from drafts.models import Draft
from experts.api.inputs import WordsInput
from experts.api.outputs import InEachLanguage, Said
from experts.models import Call
from experts.words import reader_text
from roadmap.milestone_queries import Entry
from roadmap.models import ABOUT, Cause, DateChange, Kind, Meeting, Milestone
from roadmap.plan import Dates, Precision, Standing, State

BIGGEST = 2**31 - 1


def _staff(context: Mapping[str, Any]) -> bool:
    request = context.get("request")
    return facts_of(request.user if request else AnonymousUser()).has(Role.STAFF)


class AboutSerializer(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(choices=ABOUT)
    id = serializers.CharField(max_length=36, help_text="Its id in the API.")


class _Part(serializers.Field[Any, Any, Any, Any]):
    """A part of the dates of a kind, as they stand on the day asked for; named as the milestone's column."""

    def __init__(self) -> None:
        super().__init__(source="*", read_only=True)

    def to_representation(self, row: Milestone) -> Any:
        kind, _underscore, part = str(self.field_name).rpartition("_")
        dates: Dates | None = getattr(standing_of(row, self.context), kind)
        value = getattr(dates, part) if dates else None
        if part == "precision":
            return str(value) if value else None
        return value and value.isoformat()


@extend_schema_field(serializers.DateField(allow_null=True))
class _Day(_Part):
    """A day, or null."""


@extend_schema_field(serializers.ChoiceField(choices=Precision.choices, allow_null=True))
class _Exactness(_Part):
    """How exactly the source says when, or null where there are no dates."""


def standing_of(row: Milestone, context: Mapping[str, Any]) -> Standing:
    """The milestone's standing on the day asked for; nothing where it wasn't entered yet."""
    if context.get("asof"):
        then: Mapping[int, Standing] = context["then"]
        return then.get(row.pk, Standing())
    return row.standing


class MilestoneSerializer(serializers.ModelSerializer[Milestone]):
    id = serializers.UUIDField(source="uuid", read_only=True)
    title, description = Said(), Said()
    titles, descriptions = InEachLanguage("title"), InEachLanguage("description")
    language = serializers.SerializerMethodField(help_text="The language that `title` is in.")
    owner = serializers.SerializerMethodField(
        help_text="The person's id; for the secretariat and the owner only."
    )
    about = serializers.SerializerMethodField(
        help_text="What moves the milestone by itself, where the caller may see it."
    )
    tentative_start, tentative_end = _Day(), _Day()
    tentative_precision = _Exactness()
    forecast_start, forecast_end = _Day(), _Day()
    forecast_precision = _Exactness()
    actual_start, actual_end = _Day(), _Day()
    actual_precision = _Exactness()
    state = serializers.SerializerMethodField()
    overruled = serializers.SerializerMethodField(
        help_text="A person's word stands against what would follow by itself."
    )
    slippage = serializers.SerializerMethodField(
        help_text="Days late (negative: early) against the tentative dates; null where that can't be said."
    )
    depends_on = serializers.SerializerMethodField()
    critical = serializers.SerializerMethodField(
        help_text="On the chain with the least room to the last milestone."
    )

    class Meta:
        model = Milestone
        fields = [
            *(
                "id",
                "position",
                "title",
                "titles",
                "description",
                "descriptions",
                "language",
                "owner",
                "public",
            ),
            *("about", "tentative_start", "tentative_end", "tentative_precision"),
            *("forecast_start", "forecast_end", "forecast_precision"),
            *("actual_start", "actual_end", "actual_precision"),
            *("state", "overruled", "slippage", "depends_on", "critical", "version"),
        ]
        read_only_fields = fields

    def _entry(self, row: Milestone) -> Entry:
        entries: Mapping[int, Entry] = self.context["entries"]
        return entries[row.pk]

    @extend_schema_field(serializers.CharField())
    def get_language(self, row: Milestone) -> str:
        return reader_text(row, "title")[0]

    @extend_schema_field(serializers.IntegerField(allow_null=True))
    def get_owner(self, row: Milestone) -> int | None:
        request = self.context.get("request")
        own = request is not None and request.user.is_authenticated and request.user.pk == row.owner_id
        return row.owner_id if own or _staff(self.context) else None

    @extend_schema_field(AboutSerializer(allow_null=True))
    def get_about(self, row: Milestone) -> dict[str, str] | None:
        name = row.about_kind
        if not name or not may_see_thing(self.context, name, getattr(row, f"{name}_id")):
            return None
        thing = getattr(row, name)
        return {"kind": name, "id": str(getattr(thing, "uuid", thing.pk))}

    @extend_schema_field(serializers.ChoiceField(choices=State.choices))
    def get_state(self, row: Milestone) -> str:
        return str(standing_of(row, self.context).state)

    @extend_schema_field(serializers.BooleanField())
    def get_overruled(self, row: Milestone) -> bool:
        return row.overruled_at is not None

    @extend_schema_field(serializers.IntegerField(allow_null=True))
    def get_slippage(self, row: Milestone) -> int | None:
        return standing_of(row, self.context).slippage()

    @extend_schema_field(serializers.ListField(child=serializers.UUIDField()))
    def get_depends_on(self, row: Milestone) -> list[str]:
        return [str(other.uuid) for other in self._entry(row).depends_on]

    @extend_schema_field(serializers.BooleanField())
    def get_critical(self, row: Milestone) -> bool:
        return self._entry(row).critical


def may_see_thing(context: Mapping[str, Any], name: str, pk: int) -> bool:
    """Whether the caller sees the call, draft, round or meeting; what they see is asked once for a page of the list."""
    models: dict[str, Any] = {"call": Call, "draft": Draft, "round": Round, "meeting": Meeting}
    request = context.get("request")
    user = request.user if request else AnonymousUser()
    seen: dict[str, set[int]] = context["seen"]
    if name not in seen:
        seen[name] = set(models[name].objects.visible_to(user).values_list("pk", flat=True))
    return pk in seen[name]


class DateChangeSerializer(serializers.ModelSerializer[DateChange]):
    kind = serializers.ChoiceField(choices=Kind.choices, read_only=True)
    cause = serializers.ChoiceField(choices=Cause.choices, read_only=True)
    by = serializers.SerializerMethodField(help_text="The person's id, for the secretariat only.")
    by_itself = serializers.SerializerMethodField(help_text="Nobody did this by hand.")
    state = serializers.CharField(
        source="stated", read_only=True, help_text="What a person said of the state."
    )

    class Meta:
        model = DateChange
        fields = ["at", "by", "by_itself", "kind", "start", "end", "precision", "state", "cause", "reason"]
        read_only_fields = fields

    @extend_schema_field(serializers.IntegerField(allow_null=True))
    def get_by(self, change: DateChange) -> int | None:
        return change.by_id if _staff(self.context) else None

    @extend_schema_field(serializers.BooleanField())
    def get_by_itself(self, change: DateChange) -> bool:
        return change.by_id is None


def _date() -> serializers.DateField:
    return serializers.DateField(required=False, allow_null=True)


def _precision() -> serializers.ChoiceField:
    return serializers.ChoiceField(
        choices=Precision.choices, required=False, help_text="Left out, it follows from the days."
    )


class MilestoneChangeSerializer(serializers.Serializer[Any]):
    version = serializers.IntegerField(
        min_value=1,
        max_value=BIGGEST,
        required=False,
        help_text="As it was read: 409 where the milestone has changed since.",
    )
    title = WordsInput(required=False)
    description = WordsInput(required=False)
    owner = serializers.IntegerField(
        min_value=1, max_value=BIGGEST, required=False, allow_null=True, help_text="The person's id."
    )
    public = serializers.BooleanField(required=False)
    about = AboutSerializer(required=False, allow_null=True)
    depends_on = serializers.ListField(
        child=serializers.UUIDField(), required=False, max_length=200, help_text="The whole list."
    )
    tentative_start, tentative_end, tentative_precision = _date(), _date(), _precision()
    forecast_start, forecast_end, forecast_precision = _date(), _date(), _precision()
    actual_start, actual_end, actual_precision = _date(), _date(), _precision()
    state = serializers.ChoiceField(
        choices=State.choices,
        required=False,
        help_text="Follows from the dates; where another is given, a person's word overrules.",
    )
    reason = serializers.CharField(
        required=False,
        allow_blank=True,
        max_length=2000,
        help_text="Why dates or the state change; kept with it.",
    )


class NewMilestoneSerializer(MilestoneChangeSerializer):
    title = WordsInput()
    version = None  # type: ignore[assignment]
