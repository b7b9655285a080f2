"""A round's questions and the caller's answers to them."""

import json
from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import NotAuthenticated
from rest_framework.exceptions import ValidationError as InvalidInput
from rest_framework.request import Request
from rest_framework.response import Response

from consultations.actions.question_answers import answer_question
from consultations.actions.questions import LONGEST_OPTION, LONGEST_WORDING, MOST_OPTIONS
from consultations.api.inputs import BIGGEST, LANGUAGES, SURROGATE, Words
from consultations.asked import answer_counts, asked_questions
from consultations.charts import median_of
from consultations.forms.questions import wordings_of
from consultations.models import Question, QuestionAnswer, Round
from consultations.rules import may_read_voices
from core.replay import once

VALUE = {
    "oneOf": [
        {"type": "string"},
        {"type": "integer", "minimum": 1, "maximum": 5},
        {"type": "array", "items": {"type": "string"}},
    ],
    "nullable": True,
    "description": "The key of a choice, keys of several, a step of the scale, or words; null: none.",
}


@extend_schema_field(VALUE)
class Value(serializers.JSONField):
    """An answer as it is; what it may be depends on its question."""

    def to_internal_value(self, data: Any) -> Any:
        if SURROGATE.search(json.dumps(data, ensure_ascii=False)):
            raise InvalidInput("A text holds characters that are none.")
        return data


class OptionOutput(serializers.Serializer[Any]):
    key = serializers.CharField()
    words = serializers.DictField(child=serializers.CharField())


class QuestionAnswerSerializer(serializers.ModelSerializer[QuestionAnswer]):
    """The caller's own answer. ``late``: ``draft`` came after closing and is not counted; ``value`` is."""

    value = Value(allow_null=True, read_only=True)
    draft = Value(source="late", allow_null=True, read_only=True)
    late = serializers.SerializerMethodField()

    class Meta:
        model = QuestionAnswer
        fields = ["question", "value", "draft", "late", "language", "version", "at"]
        read_only_fields = fields

    def get_late(self, answer: QuestionAnswer) -> bool:
        return answer.late is not None


class ResultsOutput(serializers.Serializer[Any]):
    people = serializers.IntegerField()
    counts = serializers.DictField(child=serializers.IntegerField())
    median = serializers.FloatField(allow_null=True)


class QuestionSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    position = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=Question.Kind.choices)
    wording = serializers.CharField()
    wordings = serializers.DictField(child=serializers.CharField())
    options = OptionOutput(many=True)
    provision = serializers.CharField(allow_null=True)
    required = serializers.BooleanField()  # type: ignore[assignment]  # DRF's own fields have one, too
    version = serializers.IntegerField()
    answer = QuestionAnswerSerializer(allow_null=True)
    results = ResultsOutput(
        allow_null=True, help_text="Null where what was said is not for the caller. Words are not in it."
    )


class NewQuestionSerializer(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(choices=Question.Kind.choices)
    wording = Words(max_length=LONGEST_WORDING)
    options = serializers.ListField(
        child=Words(max_length=LONGEST_OPTION), required=False, max_length=MOST_OPTIONS
    )
    provision = serializers.CharField(required=False, allow_null=True, allow_blank=True, max_length=120)
    required = serializers.BooleanField(default=False)  # type: ignore[assignment]
    position = serializers.IntegerField(min_value=1, max_value=1000, required=False)


class QuestionAnswerInput(serializers.Serializer[Any]):
    value = Value(allow_null=True)
    version = serializers.IntegerField(
        min_value=0,
        max_value=BIGGEST,
        required=False,
        help_text="The version seen, 0 for none: another one standing is a 409. Left out, the answer is set.",
    )
    language = serializers.ChoiceField(choices=LANGUAGES, required=False)


def shown_questions(round: Round, request: Request) -> list[dict[str, Any]]:
    """A round's questions as the caller may see them, in a constant number of queries."""
    reads = may_read_voices(request.user, round)
    counts = answer_counts(round, request.user)
    rows = []
    for asked in asked_questions(round, request.user):
        question = asked.question
        people, chosen = counts.get(question.pk, (0, None))
        results = {
            "people": people,
            "counts": {key: chosen[key] for key in sorted(chosen)} if chosen else {},
            "median": median_of(chosen) if chosen and question.kind == Question.Kind.SCALE else None,
        }
        rows.append(
            {
                **{name: getattr(question, name) for name in ("id", "position", "kind", "wording")},
                **{name: getattr(question, name) for name in ("options", "required", "version")},
                "wordings": wordings_of(question),
                "provision": question.provision_key or None,
                "answer": asked.answer,
                "results": results if reads else None,
            }
        )
    return list(QuestionSerializer(rows, many=True).data)


class QuestionViewSet(viewsets.GenericViewSet[Question]):
    """Questions of rounds that the caller may see; they are listed with their round."""

    serializer_class = QuestionSerializer
    queryset = Question.objects.none()
    lookup_value_regex = r"\d{1,15}"
    filterset_fields: list[str] = []

    def get_queryset(self) -> QuerySet[Question]:
        rounds = Round.objects.visible_to(self.request.user)
        return Question.objects.filter(round__in=rounds.values("pk")).select_related("round")

    @extend_schema(request=QuestionAnswerInput, responses=QuestionAnswerSerializer)
    @action(detail=True, methods=["put"])
    def answer(self, request: Request, pk: str) -> Response:
        """Answer, change the answer, take it back (null). After closing it is kept as a draft: ``late``."""
        if not request.user.is_authenticated:
            raise NotAuthenticated
        question = self.get_object()
        given = QuestionAnswerInput(data=request.data)
        given.is_valid(raise_exception=True)
        fields = given.validated_data
        answer = once(
            request,
            QuestionAnswer,
            lambda: answer_question(author=request.user, question=question, **fields),
        )
        return Response(QuestionAnswerSerializer(answer).data)
