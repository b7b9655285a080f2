"""A round's comments as a file, over the API: a job is started, and looked after under ``jobs/``."""

from typing import Any

from rest_framework import serializers
from rest_framework.exceptions import Throttled
from rest_framework.request import Request

from consultations.actions.compiling import ask_for_compilation
from consultations.api.inputs import LANGUAGES
from consultations.compilations.asked import OUTCOMES, PILLARS, STATUSES, Asked, Filters, Format, Kind
from consultations.models import Comment, Round
from consultations.search import asked_words
from core.models import Job
from core.replay import once
from core.throttling import WINDOW, WriteThrottle

ASKED_PER_MINUTE = 20


class ExportFilterSerializer(serializers.Serializer[Any]):
    """As the filters of ``rounds/{id}/comments/``."""

    provision = serializers.CharField(
        required=False, allow_blank=True, max_length=120, help_text="Key; empty for the draft as a whole."
    )
    pillar = serializers.ChoiceField(choices=list(PILLARS), required=False)
    kind = serializers.ChoiceField(choices=Comment.Kind.choices, required=False)
    status = serializers.ChoiceField(choices=STATUSES, required=False)
    disposition = serializers.ChoiceField(choices=OUTCOMES, required=False)
    search = serializers.CharField(required=False, allow_blank=True, max_length=200)

    @property
    def filters(self) -> Filters:
        given = self.validated_data
        provision = given.get("provision")
        return Filters(
            pillar=given.get("pillar"),
            provision="" if provision is None else provision or "-",
            kind=given.get("kind", ""),
            outcome=given.get("disposition", ""),
            status=given.get("status", ""),
            search=asked_words(given.get("search", "")),
        )


class ExportSerializer(serializers.Serializer[Any]):
    format = serializers.ChoiceField(choices=Format.choices)
    kind = serializers.ChoiceField(choices=Kind.choices, default=Kind.MATRIX)
    language = serializers.ChoiceField(
        choices=LANGUAGES, default="en", help_text="Of headings and labels; texts stay as they were written."
    )
    filters = serializers.DictField(required=False, default=dict)


class ExportShownSerializer(serializers.Serializer[Any]):
    job = serializers.UUIDField(help_text="It is looked after under jobs/.")


class Shape(ExportSerializer):
    """For the schema alone: there what is inside ``filters`` is told."""

    filters = ExportFilterSerializer(required=False)  # type: ignore[assignment]


def export_comments(request: Request, round: Round) -> Job:
    """The job that a request asks for; the caller is signed in."""
    asked = ExportSerializer(data=request.data)
    asked.is_valid(raise_exception=True)
    given = asked.validated_data
    narrowed = ExportFilterSerializer(data=given["filters"])
    narrowed.is_valid(raise_exception=True)
    if not WriteThrottle().may_once_more(request, "compilations", ASKED_PER_MINUTE):
        raise Throttled(wait=WINDOW)
    wanted = Asked(
        round.pk,
        kind=given["kind"],
        form=given["format"],
        language=given["language"],
        filters=narrowed.filters,
    )
    return once(request, Job, lambda: ask_for_compilation(actor=request.user, round=round, asked=wanted))
