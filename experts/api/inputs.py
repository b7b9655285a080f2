"""What the API takes in for calls: shapes and limits; what it means is checked by the actions."""

import re
from datetime import datetime
from typing import Any

from django.utils.dateparse import parse_datetime
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from experts.actions.call_parts import HEAVIEST, MOST_PAGES, MOST_WORDS
from experts.actions.calls import NUMBERS
from experts.models import Call, CallPaper
from experts.words import LANGUAGES

BIGGEST = 10**15
SURROGATE = re.compile("[\ud800-\udfff]")


@extend_schema_field(
    {"oneOf": [{"type": "string"}, {"type": "object", "additionalProperties": {"type": "string"}}]}
)
class WordsInput(serializers.Field[Any, Any, Any, Any]):
    """A text in the request's language, or a mapping of languages to texts."""

    def to_internal_value(self, data: Any) -> dict[str, str]:
        if isinstance(data, str):
            data = {self.context["language"]: data}
        if not isinstance(data, dict) or not all(isinstance(text, str) for text in data.values()):
            raise ValidationError("Give a text, or a mapping of languages to texts.")
        if set(data) - set(LANGUAGES):
            raise ValidationError(f"Languages are {', '.join(LANGUAGES)}.")
        if any("\x00" in text or SURROGATE.search(text) for text in data.values()):
            raise ValidationError("A text holds characters that are none.")
        return data

    def to_representation(self, value: Any) -> Any:
        return value


class Instant(serializers.DateTimeField):
    """A time that says where on earth: without an offset it could be any of a day's hours."""

    def to_internal_value(self, value: Any) -> datetime:
        at: datetime = super().to_internal_value(value)
        try:
            written = parse_datetime(value) if isinstance(value, str) else None
        except ValueError:
            written = None
        if written is None or written.tzinfo is None:
            raise ValidationError("Give the offset from UTC, such as 2023-10-12T21:59:00Z.")
        return at


def _number(name: str, **options: Any) -> serializers.IntegerField:
    least, most = NUMBERS[name]
    return serializers.IntegerField(min_value=least, max_value=most, required=False, **options)


class CriterionInput(serializers.Serializer[Any]):
    code = serializers.SlugField(required=False, max_length=40, help_text="Left out, it is made of the name.")
    name = WordsInput(required=False)
    description = WordsInput(required=False)
    weight = serializers.IntegerField(min_value=1, max_value=HEAVIEST, required=False)


class CallPaperInput(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(choices=CallPaper.Kind.choices)
    required = serializers.BooleanField(required=False)  # type: ignore[assignment]
    max_pages = serializers.IntegerField(min_value=1, max_value=MOST_PAGES, required=False, allow_null=True)


class CallQuestionInput(serializers.Serializer[Any]):
    id = serializers.IntegerField(
        min_value=1, max_value=BIGGEST, required=False, help_text="Of a question that stands."
    )
    wording = WordsInput(required=False)
    required = serializers.BooleanField(required=False)  # type: ignore[assignment]
    max_words = serializers.IntegerField(min_value=1, max_value=MOST_WORDS, required=False)


class CallChangeSerializer(serializers.Serializer[Any]):
    version = serializers.IntegerField(
        min_value=1,
        max_value=2**31 - 1,
        required=False,
        help_text="As it was read: 409 where the call has changed since.",
    )
    title = WordsInput(required=False)
    terms = WordsInput(required=False)
    opens_at = Instant(required=False)
    closes_at = Instant(required=False)
    endorsement_closes_at = Instant(required=False, allow_null=True)
    scoring_opens_at = Instant(required=False, allow_null=True)
    scoring_closes_at = Instant(required=False, allow_null=True)
    discussion_closes_at = Instant(required=False, allow_null=True)
    zone = serializers.CharField(
        required=False, max_length=50, help_text="IANA name of the zone in which deadlines are announced."
    )
    seats = _number("seats")
    per_country_limit = _number("per_country_limit", allow_null=True)
    motivation_words = _number("motivation_words")
    grace = _number("grace", write_only=True)
    retention_days = _number("retention_days")
    blind = serializers.BooleanField(required=False)
    group = serializers.SlugField(
        required=False,
        allow_null=True,
        help_text="Slug of the group whose members are chosen; null: the Expert Working Group.",
    )
    by_region = serializers.BooleanField(
        required=False, help_text="Each person chosen joins the regional group of their country."
    )
    criteria = CriterionInput(many=True, required=False, help_text="The whole list, in order.")
    papers = CallPaperInput(many=True, required=False, help_text="The whole list.")
    questions = CallQuestionInput(many=True, required=False, help_text="The whole list, in order.")
    reason = serializers.CharField(
        required=False,
        allow_blank=True,
        max_length=2000,
        help_text="Why something that was announced changes, or why the call is closed early.",
    )
    announced = serializers.BooleanField(
        required=False, help_text="True announces it; it can't be taken back."
    )
    state = serializers.ChoiceField(
        choices=Call.State.choices, required=False, help_text="Only `closed`: closes it early."
    )


class NewCallSerializer(CallChangeSerializer):
    kind = serializers.ChoiceField(choices=Call.Kind.choices)
    guidelines = serializers.SlugField(
        required=False, help_text="Slug; left out, those that were begun last."
    )
    title = WordsInput()
    opens_at = Instant()
    closes_at = Instant()
    announced = serializers.BooleanField(
        default=True, help_text="False leaves it in preparation, seen by the secretariat only."
    )
    version = None  # type: ignore[assignment]
    reason = None  # type: ignore[assignment]
    state = None  # type: ignore[assignment]
