"""How the API shows meetings, and what it takes in for them: shapes; what it means is checked by the actions."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.urls import reverse
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from experts.api.inputs import Instant, WordsInput
from experts.api.outputs import InEachLanguage, Said
from experts.standing import is_staff
from experts.words import reader_text, words_of
from roadmap.meeting_queries import agenda_of, numbers_of, papers_of, seen_decisions
from roadmap.models import Meeting, MeetingInvitation

LOCAL = "In the meeting's zone, with its offset from UTC at that time."


class AgendaOutput(serializers.Serializer[Any]):
    title = serializers.CharField()
    titles = serializers.DictField(child=serializers.CharField())
    minutes = serializers.IntegerField()
    pillar = serializers.IntegerField(allow_null=True)
    speakers = serializers.ListField(
        child=serializers.CharField(), help_text="Outside the meeting only those who agreed."
    )


class PaperOutput(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    title = serializers.CharField()
    language = serializers.CharField()
    embargo_until = serializers.DateTimeField(allow_null=True)
    file = serializers.URLField()


class NumbersOutput(serializers.Serializer[Any]):
    invited = serializers.IntegerField()
    yes = serializers.IntegerField()
    online = serializers.IntegerField()
    no = serializers.IntegerField()
    present = serializers.IntegerField()
    absent = serializers.IntegerField()


class MeetingRowSerializer(serializers.ModelSerializer[Meeting]):
    """A meeting in a list."""

    id = serializers.UUIDField(source="uuid", read_only=True)
    state = serializers.ChoiceField(choices=Meeting.State.choices, read_only=True)
    title, titles = Said(), InEachLanguage("title")
    language = serializers.SerializerMethodField()
    starts_at_local = serializers.SerializerMethodField(help_text=LOCAL)
    ends_at_local = serializers.SerializerMethodField(help_text=LOCAL)
    country = serializers.CharField(source="country_id", allow_null=True, read_only=True)
    join_url = serializers.SerializerMethodField(help_text="For those invited; else null.")
    groups = serializers.SerializerMethodField(help_text="Slugs; for those invited, else null.")
    answer = serializers.ChoiceField(
        source="own_answer",
        choices=MeetingInvitation.Answer.choices,
        allow_blank=True,
        allow_null=True,
        read_only=True,
        help_text="The caller's own; null where they aren't invited.",
    )
    summary = serializers.SerializerMethodField(help_text="Once it is published; Markdown.")

    class Meta:
        model = Meeting
        fields = [
            *("id", "kind", "state", "version", "title", "titles", "language", "public"),
            *("starts_at", "starts_at_local", "ends_at", "ends_at_local", "precision", "time_zone"),
            *("mode", "place", "country", "join_url", "groups", "announced_at", "cancelled_at"),
            *("held_at", "published_at", "answer", "summary"),
        ]
        read_only_fields = fields

    def get_language(self, meeting: Meeting) -> str:
        return reader_text(meeting, "title")[0]

    @extend_schema_field(serializers.DateTimeField())
    def get_starts_at_local(self, meeting: Meeting) -> str:
        return _local(meeting, meeting.starts_at)

    @extend_schema_field(serializers.DateTimeField())
    def get_ends_at_local(self, meeting: Meeting) -> str:
        return _local(meeting, meeting.ends_at)

    @extend_schema_field(serializers.URLField(allow_null=True))
    def get_join_url(self, meeting: Meeting) -> str | None:
        return meeting.join_url if _inside(meeting) else None

    @extend_schema_field(serializers.ListField(child=serializers.SlugField(), allow_null=True))
    def get_groups(self, meeting: Meeting) -> list[str] | None:
        return [group.slug for group in meeting.groups.all()] if _inside(meeting) else None

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_summary(self, meeting: Meeting) -> str | None:
        record = getattr(meeting, "record", None)
        return reader_text(record, "summary")[1] if meeting.published_at and record else None


class MeetingSerializer(MeetingRowSerializer):
    """One meeting, with what the caller may know of its inside."""

    agenda = serializers.SerializerMethodField(help_text="For those invited, and in public with the summary.")
    papers = serializers.SerializerMethodField(help_text="Those that the caller may know of.")
    decisions = serializers.SerializerMethodField(help_text="With the summary; earlier for those invited.")
    numbers = serializers.SerializerMethodField(help_text="For staff, and in public with the summary.")

    class Meta(MeetingRowSerializer.Meta):
        fields = [*MeetingRowSerializer.Meta.fields, "agenda", "papers", "decisions", "numbers"]
        read_only_fields = fields

    @property
    def _reader(self) -> Any:
        return self.context["request"].user

    @extend_schema_field(AgendaOutput(many=True))
    def get_agenda(self, meeting: Meeting) -> Any:
        inside = _inside(meeting)
        if not inside and not meeting.published_at:
            return []
        return [
            {
                "title": reader_text(line.item, "title")[1],
                "titles": words_of(line.item, "title"),
                "minutes": line.item.minutes,
                "pillar": line.item.pillar,
                "speakers": [row.person.shown_name for row in line.speakers],
            }
            for line in agenda_of(meeting, self._reader, inside=inside)
        ]

    @extend_schema_field(PaperOutput(many=True))
    def get_papers(self, meeting: Meeting) -> Any:
        request = self.context["request"]
        rows = [
            {
                "id": paper.uuid,
                "title": paper.title,
                "language": paper.language,
                "embargo_until": paper.embargo_until,
                "file": request.build_absolute_uri(reverse("file_download", args=[paper.file.uuid])),
            }
            for paper in papers_of(meeting, self._reader)
        ]
        return PaperOutput(rows, many=True).data

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_decisions(self, meeting: Meeting) -> list[str]:
        return [reader_text(row, "wording")[1] for row in seen_decisions(meeting, self._reader)]

    @extend_schema_field(NumbersOutput(allow_null=True))
    def get_numbers(self, meeting: Meeting) -> Any:
        if not meeting.published_at and not is_staff(self._reader):
            return None
        return NumbersOutput(numbers_of(meeting)).data


def _inside(meeting: Meeting) -> bool:
    """As ``with_shown`` found it for the caller."""
    return bool(meeting.is_inside)  # type: ignore[attr-defined]


def _local(meeting: Meeting, at: datetime) -> str:
    return at.astimezone(ZoneInfo(meeting.time_zone)).isoformat()


class MeetingChangeSerializer(serializers.Serializer[Any]):
    version = serializers.IntegerField(
        min_value=1,
        max_value=2**31 - 1,
        required=False,
        help_text="As it was read: 409 where the meeting has changed since.",
    )
    title = WordsInput(required=False)
    kind = serializers.ChoiceField(choices=Meeting.Kind.choices, required=False)
    starts_at = Instant(required=False)
    ends_at = Instant(required=False)
    precision = serializers.ChoiceField(
        choices=Meeting.Precision.choices,
        required=False,
        help_text="How exactly the time is known; with `day` and `month` the times are widened to whole ones.",
    )
    time_zone = serializers.CharField(required=False, max_length=64, help_text="IANA name.")
    mode = serializers.ChoiceField(choices=Meeting.Mode.choices, required=False)
    place = serializers.CharField(required=False, allow_blank=True, max_length=200)
    country = serializers.CharField(required=False, allow_null=True, max_length=3, help_text="ISO3.")
    join_url = serializers.CharField(required=False, allow_blank=True, max_length=500)
    public = serializers.BooleanField(required=False)
    groups = serializers.ListField(
        child=serializers.SlugField(), required=False, max_length=50, help_text="Slugs of the groups invited."
    )
    announced = serializers.BooleanField(
        required=False, help_text="True announces it; it can't be taken back."
    )
    state = serializers.ChoiceField(
        choices=Meeting.State.choices, required=False, help_text="Only `held` and `cancelled`."
    )
    note = serializers.CharField(
        required=False, allow_blank=True, max_length=2000, help_text="What is told of a cancellation."
    )


class NewMeetingSerializer(MeetingChangeSerializer):
    title = WordsInput()
    kind = serializers.ChoiceField(choices=Meeting.Kind.choices)
    starts_at = Instant()
    ends_at = Instant()
    mode = serializers.ChoiceField(choices=Meeting.Mode.choices)
    announced = serializers.BooleanField(default=False, help_text="Announces it at once.")
    version = None  # type: ignore[assignment]
    state = None  # type: ignore[assignment]
    note = None  # type: ignore[assignment]
