"""Nominations as the API takes and shows them, as far as the caller may see them."""

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from experts.actions.writing import is_late
from experts.completeness import gaps_of_nominee
from experts.models import DeclaredInterest, Gender, Level, Nomination, PaperReading
from experts.nomination_queries import K, values_of
from experts.rules import is_nominee

LANGUAGES = [code for code, _name in settings.LANGUAGES]
BIGGEST = 2**31 - 1
CODE_LIST = {"type": "array", "items": {"oneOf": [{"type": "integer"}, {"type": "string"}]}}


@extend_schema_field(CODE_LIST)
class Codes(serializers.ListField):
    """Codes; pillars as numbers or texts."""

    child = serializers.CharField(max_length=40)


class InterestSerializer(serializers.Serializer[Any]):
    topic = serializers.ChoiceField(choices=DeclaredInterest.Topic.choices)
    exists = serializers.BooleanField()
    detail = serializers.CharField(allow_blank=True, default="", max_length=5000)


class RefereeSerializer(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=150)
    position = serializers.CharField(allow_blank=True, default="", max_length=200)
    email = serializers.EmailField(allow_blank=True, default="")


class AnswerSerializer(serializers.Serializer[Any]):
    question = serializers.IntegerField(min_value=1, max_value=BIGGEST)
    text = serializers.CharField(allow_blank=True, max_length=20_000)


class WordsSerializer(serializers.Serializer[Any]):
    name = serializers.CharField(required=False, allow_blank=True, max_length=150)
    email = serializers.EmailField(required=False, allow_blank=True)
    language = serializers.ChoiceField(
        choices=LANGUAGES, required=False, help_text="Of mails to the nominee."
    )
    gender = serializers.ChoiceField(choices=Gender.choices, required=False, allow_blank=True)
    workplace = serializers.CharField(required=False, allow_blank=True, max_length=200)
    position = serializers.CharField(required=False, allow_blank=True, max_length=200)
    level_of_government = serializers.ChoiceField(choices=Level.choices, required=False, allow_blank=True)
    expertise = Codes(required=False, max_length=50)
    languages = Codes(required=False, max_length=50)
    nationalities = Codes(required=False, max_length=10)
    experience = serializers.CharField(required=False, allow_blank=True, max_length=20_000)
    years_of_experience = serializers.IntegerField(required=False, allow_null=True, min_value=0, max_value=80)
    experienced_in_processes = serializers.BooleanField(required=False, allow_null=True)
    motivation = serializers.CharField(required=False, allow_blank=True, max_length=20_000)
    interests = InterestSerializer(many=True, required=False)
    referees = RefereeSerializer(many=True, required=False)
    answers = AnswerSerializer(many=True, required=False)


class NewNominationSerializer(WordsSerializer):
    country = serializers.CharField(required=False, max_length=3)
    way = serializers.CharField(required=False, help_text="`applied`: for oneself.", max_length=10)
    attested = serializers.BooleanField(
        default=False, help_text="The focal point says that the person agreed; the nominee is told at once."
    )


class ChangeSerializer(WordsSerializer):
    version = serializers.IntegerField(min_value=1, max_value=BIGGEST)


class SubmitSerializer(serializers.Serializer[Any]):
    version = serializers.IntegerField(min_value=1, max_value=BIGGEST, required=False)
    consent = serializers.BooleanField(default=False)
    declared = serializers.BooleanField(default=False)
    attested = serializers.BooleanField(default=False)


class EndorseSerializer(serializers.Serializer[Any]):
    version = serializers.IntegerField(min_value=1, max_value=BIGGEST, required=False)


class WithdrawNominationSerializer(serializers.Serializer[Any]):
    reason = serializers.CharField(allow_blank=True, default="", max_length=5000)


def changes_of(fields: dict[str, Any]) -> dict[str, Any]:
    """Validated input as the actions take it."""
    changes = dict(fields)
    if "languages" in changes:
        changes["languages"] = ["zh-hans" if code == "zh" else code for code in changes["languages"]]
    if "interests" in changes:
        changes["interests"] = {row["topic"]: (row["exists"], row["detail"]) for row in changes["interests"]}
    if "answers" in changes:
        changes["answers"] = {row["question"]: row["text"] for row in changes["answers"]}
    return changes


class NominationListSerializer(serializers.ModelSerializer[Nomination]):
    """What whoever may know of a nomination sees of it. ``merit``: for the secretariat, null for all others."""

    id = serializers.UUIDField(source="uuid", read_only=True)
    country = serializers.CharField(source="country_id")
    region = serializers.SerializerMethodField(help_text="UN regional group of the country.")
    expertise = serializers.SerializerMethodField()
    languages = serializers.SerializerMethodField()
    state = serializers.SerializerMethodField()
    merit = serializers.SerializerMethodField()

    class Meta:
        model = Nomination
        fields = [
            *("id", "call", "way", "state", "name", "gender", "country", "region", "workplace", "position"),
            *("level_of_government", "expertise", "languages", "merit", "version", "submitted_at"),
        ]
        read_only_fields = fields

    def get_region(self, nomination: Nomination) -> str:
        return str(self.context["regions"].get(nomination.country_id, ""))

    @extend_schema_field(CODE_LIST)
    def get_expertise(self, nomination: Nomination) -> list[int | str]:
        return [int(code) if code.isdecimal() else code for code in values_of(nomination, K.EXPERTISE)]

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_languages(self, nomination: Nomination) -> list[str]:
        return values_of(nomination, K.LANGUAGE)

    @extend_schema_field(serializers.ChoiceField(choices=Nomination.State.choices))
    def get_state(self, nomination: Nomination) -> str:
        return str(self.context["sight"].state_of(nomination))

    @extend_schema_field(serializers.FloatField(allow_null=True))
    def get_merit(self, nomination: Nomination) -> float | None:
        if nomination.merit is None or not self.context["sight"].is_secretariat(nomination):
            return None
        return float(nomination.merit)


class NominationSerializer(NominationListSerializer):
    """A nomination; what the caller may not see is null."""

    nationalities = serializers.SerializerMethodField()
    answers = serializers.SerializerMethodField()
    papers = serializers.SerializerMethodField()
    interests = serializers.SerializerMethodField()
    referees = serializers.SerializerMethodField()
    missing = serializers.SerializerMethodField(help_text="For the nominee: what it still needs.")
    late = serializers.SerializerMethodField(help_text="A draft whose deadline is over.")

    DETAILS = ("experience", "years_of_experience", "experienced_in_processes", "motivation")
    PERSONAL = ("email", "language", "receipt", "endorsed_at", "consented_at")

    class Meta(NominationListSerializer.Meta):
        fields = [
            *NominationListSerializer.Meta.fields,
            *("nationalities", "experience", "years_of_experience", "experienced_in_processes", "motivation"),
            *("answers", "papers", "email", "language", "receipt", "endorsed_at", "consented_at", "referees"),
            *("interests", "missing", "late"),
        ]
        read_only_fields = fields

    def to_representation(self, nomination: Nomination) -> dict[str, Any]:
        shown: dict[str, Any] = super().to_representation(nomination)
        reads_as = self._as(nomination)
        hidden = () if reads_as else self.DETAILS
        if reads_as in ("", PaperReading.As.REVIEWER):
            hidden = (*hidden, *self.PERSONAL)
        return {**shown, **dict.fromkeys(hidden)}

    def _as(self, nomination: Nomination) -> str:
        return str(self.context["sight"].reads_as(nomination))

    @extend_schema_field(serializers.ListField(child=serializers.CharField(), allow_null=True))
    def get_nationalities(self, nomination: Nomination) -> list[str] | None:
        return values_of(nomination, K.NATIONALITY) if self._as(nomination) else None

    @extend_schema_field(AnswerSerializer(many=True, allow_null=True))
    def get_answers(self, nomination: Nomination) -> list[dict[str, Any]] | None:
        if not self._as(nomination):
            return None
        return [{"question": answer.question_id, "text": answer.text} for answer in nomination.answers.all()]

    @extend_schema_field(serializers.ListField(child=serializers.DictField(), allow_null=True))
    def get_papers(self, nomination: Nomination) -> list[dict[str, Any]] | None:
        if not self._as(nomination):
            return None
        return [
            {
                "kind": paper.kind,
                "name": paper.file.name,
                "pages": paper.pages,
                "uploaded_at": paper.uploaded_at,
                "file": self.context["request"].build_absolute_uri(
                    reverse("file_download", args=[paper.file.uuid])
                ),
            }
            for paper in nomination.papers.all()
        ]

    @extend_schema_field(InterestSerializer(many=True, allow_null=True))
    def get_interests(self, nomination: Nomination) -> list[dict[str, Any]] | None:
        if self._as(nomination) not in (PaperReading.As.NOMINEE, PaperReading.As.SECRETARIAT):
            return None
        rows = nomination.interests.all()
        return [{"topic": row.topic, "exists": row.exists, "detail": row.detail} for row in rows]

    @extend_schema_field(RefereeSerializer(many=True, allow_null=True))
    def get_referees(self, nomination: Nomination) -> list[dict[str, Any]] | None:
        if self._as(nomination) in ("", PaperReading.As.REVIEWER):
            return None
        rows = nomination.referees.all()
        return [{"name": row.name, "position": row.position, "email": row.email} for row in rows]

    @extend_schema_field(serializers.ListField(child=serializers.CharField(), allow_null=True))
    def get_missing(self, nomination: Nomination) -> list[str] | None:
        if not is_nominee(self.context["request"].user, nomination):
            return None
        return [gap.field for gap in gaps_of_nominee(nomination)]

    def get_late(self, nomination: Nomination) -> bool:
        unfinished = (Nomination.State.DRAFT, Nomination.State.AWAITING_NOMINEE)
        return nomination.state in unfinished and is_late(nomination, at=timezone.now())
