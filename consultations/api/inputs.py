"""What the API takes in: shapes and limits; what the words mean is checked by the actions."""

import re
from typing import Any

from django.conf import settings
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from accounts.models import Country, Group, StakeholderGroup
from consultations.actions.anchoring import AnchorInput
from consultations.models import Comment, Disposition, Entry, Position, Round

LANGUAGES = [code for code, _name in settings.LANGUAGES]
BIGGEST = 2**31 - 1
SURROGATE = re.compile("[\ud800-\udfff]")


@extend_schema_field(
    {
        "oneOf": [
            {"type": "string"},
            {"type": "object", "additionalProperties": {"type": "string"}},
        ]
    }
)
class Words(serializers.Field[Any, Any, Any, Any]):
    """A text in the request's language, or a mapping of languages to texts."""

    def __init__(self, *, max_length: int = 20_000, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.max_length = max_length

    def to_internal_value(self, data: Any) -> dict[str, str]:
        if isinstance(data, str):
            data = {self.context["language"]: data}
        if not isinstance(data, dict) or not all(isinstance(v, str) for v in data.values()):
            raise ValidationError("Give a text, or a mapping of languages to texts.")
        if set(data) - set(LANGUAGES):
            raise ValidationError(f"Languages are {', '.join(LANGUAGES)}.")
        if any(len(text) > self.max_length for text in data.values()):
            raise ValidationError(f"At most {self.max_length} characters.")
        # Neither null characters nor halves of characters can be kept.
        if any("\x00" in text or SURROGATE.search(text) for text in data.values()):
            raise ValidationError("A text holds characters that are none.")
        return data

    def to_representation(self, value: Any) -> Any:
        return value


class AnchorSerializer(serializers.Serializer[Any]):
    exact = serializers.CharField(trim_whitespace=False, max_length=20_000)
    prefix = serializers.CharField(trim_whitespace=False, allow_blank=True, default="", max_length=1000)
    suffix = serializers.CharField(trim_whitespace=False, allow_blank=True, default="", max_length=1000)
    start = serializers.IntegerField(min_value=0, max_value=BIGGEST, required=False, allow_null=True)
    end = serializers.IntegerField(min_value=0, max_value=BIGGEST, required=False, allow_null=True)
    language = serializers.ChoiceField(choices=LANGUAGES, required=False)
    version = serializers.IntegerField(min_value=1, max_value=BIGGEST, required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if (attrs.get("start") is None) != (attrs.get("end") is None):
            raise ValidationError("Give start and end, or neither.")
        return attrs


def anchor_input(data: dict[str, Any] | None) -> AnchorInput | None:
    return AnchorInput(**data) if data else None


class CommentWordsSerializer(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(choices=Comment.Kind.choices, required=False)
    body = serializers.CharField(required=False, allow_blank=True, trim_whitespace=False)
    proposed_text = serializers.CharField(required=False, allow_blank=True, trim_whitespace=False)
    rationale = serializers.CharField(required=False, allow_blank=True, trim_whitespace=False)
    language = serializers.ChoiceField(choices=LANGUAGES, required=False)
    attribution = serializers.ChoiceField(choices=Comment.Attribution.choices, required=False)
    anchor = AnchorSerializer(required=False, allow_null=True)
    links = serializers.ListField(
        child=serializers.CharField(max_length=2000),
        required=False,
        max_length=50,
        help_text="Addresses of web pages, added to the comment's evidence; those it has already stay.",
    )


class EnteredForSerializer(serializers.Serializer[Any]):
    """Whose comment it is, how and when it was received; for the secretariat only."""

    how = serializers.ChoiceField(choices=Entry.How.choices)
    received_on = serializers.DateField()
    source = serializers.ChoiceField(choices=Entry.Source.choices)  # type: ignore[assignment]
    country = serializers.PrimaryKeyRelatedField[Country](
        queryset=Country.objects.all(), required=False, allow_null=True
    )
    organisation = serializers.CharField(required=False, allow_blank=True, max_length=200)
    person = serializers.CharField(required=False, allow_blank=True, max_length=150)
    region = serializers.CharField(required=False, allow_blank=True, max_length=40)
    stakeholder_group = serializers.ChoiceField(choices=StakeholderGroup.choices, required=False)
    in_time = serializers.BooleanField(
        required=False, help_text="Entered after the closing, and received before it: staff vouch for that."
    )


class NewCommentSerializer(CommentWordsSerializer):
    provision = serializers.CharField(required=False, allow_null=True, allow_blank=True, max_length=120)
    status = serializers.ChoiceField(choices=["draft", "submitted"], default="submitted")
    entered_for = EnteredForSerializer(required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if "entered_for" in attrs and (
            attrs.get("anchor") or attrs.get("links") or attrs["status"] == "draft"
        ):
            raise ValidationError(
                {"entered_for": "What is entered for others has no anchor, links, or draft."}
            )
        return attrs


class CommentChangeSerializer(CommentWordsSerializer):
    version = serializers.IntegerField(min_value=1, max_value=BIGGEST)
    status = serializers.ChoiceField(choices=["submitted", "withdrawn", "late", "hidden"], required=False)
    hidden_reason = serializers.CharField(required=False, allow_blank=True, max_length=2000)


class NewReplySerializer(serializers.Serializer[Any]):
    body = serializers.CharField()
    language = serializers.ChoiceField(choices=LANGUAGES, required=False)


class SupportSerializer(serializers.Serializer[Any]):
    position = serializers.ChoiceField(choices=Position.Value.choices, allow_null=True)
    reason = serializers.CharField(required=False, allow_blank=True, help_text="Why, in words.")


class WithdrawSerializer(serializers.Serializer[Any]):
    version = serializers.IntegerField(min_value=1, max_value=BIGGEST, required=False)


class DispositionChangeSerializer(serializers.Serializer[Any]):
    outcome = serializers.ChoiceField(choices=Disposition.Outcome.choices)
    response = Words()
    version = serializers.IntegerField(min_value=1, max_value=BIGGEST, required=False)
    published = serializers.BooleanField(required=False)
    applied_revision = serializers.IntegerField(
        min_value=1, max_value=10**15, required=False, allow_null=True
    )


class RoundChangeSerializer(serializers.Serializer[Any]):
    title = Words(required=False, max_length=200)
    guidance = Words(required=False)
    opens_at = serializers.DateTimeField(required=False)
    closes_at = serializers.DateTimeField(required=False)
    visibility = serializers.ChoiceField(choices=Round.Visibility.choices, required=False)
    groups = serializers.SlugRelatedField[Group](
        slug_field="slug", queryset=Group.objects.all(), many=True, required=False
    )
    scope = serializers.ListField(child=serializers.CharField(max_length=120), required=False)
    grace = serializers.IntegerField(min_value=0, max_value=10_080, required=False)
    anonymous = serializers.BooleanField(required=False)
    second_reader = serializers.BooleanField(
        required=False,
        help_text="Answers are published once a second person of the secretariat agreed to them.",
    )
    state = serializers.ChoiceField(choices=Round.State.choices, required=False)


class NewRoundSerializer(RoundChangeSerializer):
    draft = serializers.IntegerField(min_value=1, max_value=10**15)
    kind = serializers.ChoiceField(choices=Round.Kind.choices)
    title = Words(max_length=200)
    opens_at = serializers.DateTimeField()
    closes_at = serializers.DateTimeField()
    state = None  # type: ignore[assignment]
