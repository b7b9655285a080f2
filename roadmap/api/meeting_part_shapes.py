"""How the API shows the parts of a meeting, and what it takes in for them; what it means is checked by the actions."""

from typing import Any

from django.urls import reverse
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from drafts.api.language import LANGUAGES
from experts.api.inputs import BIGGEST, Instant, WordsInput
from experts.api.outputs import InEachLanguage, Said
from experts.standing import is_staff
from roadmap.models import (
    AgendaItem,
    AgendaSpeaker,
    Attendance,
    MeetingDecision,
    MeetingInvitation,
    MeetingPaper,
    MeetingTask,
)

READ_AS = "As it was read: 409 where it has changed since."
POINT = "A point of the agenda, by its id."
FOR_STAFF = "The person’s id; for the secretariat, and for themselves."


def _version() -> serializers.IntegerField:
    return serializers.IntegerField(min_value=1, max_value=2**31 - 1, required=False, help_text=READ_AS)


def _key(**options: Any) -> serializers.IntegerField:
    return serializers.IntegerField(min_value=1, max_value=BIGGEST, **options)


class PersonKey(serializers.Serializer[Any]):
    """Whose key is told to the secretariat, and to the person."""

    person = serializers.SerializerMethodField(help_text=FOR_STAFF)
    name = serializers.CharField(source="person.shown_name", read_only=True)

    @extend_schema_field(serializers.IntegerField(allow_null=True))
    def get_person(self, row: Any) -> int | None:
        reader = self.context["request"].user
        return int(row.person_id) if is_staff(reader) or row.person_id == reader.pk else None


# --- Agenda -----------------------------------------------------------------------------------------------


class SpeakerSerializer(PersonKey, serializers.ModelSerializer[AgendaSpeaker]):
    spoken = serializers.SerializerMethodField(help_text="Minutes as noted; for the secretariat, else null.")

    class Meta:
        model = AgendaSpeaker
        fields = ["person", "name", "minutes", "spoken"]
        read_only_fields = fields

    def get_spoken(self, row: AgendaSpeaker) -> int | None:
        return row.spoken if is_staff(self.context["request"].user) else None


class AgendaItemSerializer(serializers.ModelSerializer[AgendaItem]):
    title, titles = Said(), InEachLanguage("title")
    draft = serializers.SerializerMethodField(help_text="Its id, for whoever reads it; else null.")
    provision = serializers.SerializerMethodField(help_text='The key of a provision of that draft, or "".')
    speakers = serializers.SerializerMethodField(
        help_text="For those invited; outside the meeting only those who agreed."
    )

    class Meta:
        model = AgendaItem
        fields = [
            *("id", "version", "position", "title", "titles", "minutes", "pillar"),
            *("draft", "provision", "speakers"),
        ]
        read_only_fields = fields

    def _reads(self, item: AgendaItem) -> bool:
        return item.draft_id in self.context["readable"]

    def get_draft(self, item: AgendaItem) -> int | None:
        return item.draft_id if self._reads(item) else None

    def get_provision(self, item: AgendaItem) -> str:
        return item.provision_key if self._reads(item) else ""

    @extend_schema_field(SpeakerSerializer(many=True))
    def get_speakers(self, item: AgendaItem) -> Any:
        named = self.context["named"]
        rows = [row for row in item.speakers.all() if named is None or row.person_id in named]
        return SpeakerSerializer(rows, many=True, context=self.context).data


class SpeakerInput(serializers.Serializer[Any]):
    person = _key(help_text="Somebody invited, by their id.")
    minutes = serializers.IntegerField(min_value=0, max_value=1440, default=0)


class AgendaItemChangeSerializer(serializers.Serializer[Any]):
    version = _version()
    title = WordsInput(required=False)
    minutes = serializers.IntegerField(min_value=0, max_value=1440, required=False)
    pillar = serializers.IntegerField(min_value=1, max_value=8, required=False, allow_null=True)
    draft = _key(required=False, allow_null=True, help_text="A draft by its id.")
    provision = serializers.CharField(required=False, allow_blank=True, max_length=120)
    speakers = serializers.ListField(child=SpeakerInput(), required=False, max_length=100)


class NewAgendaItemSerializer(AgendaItemChangeSerializer):
    title = WordsInput()
    version = None  # type: ignore[assignment]


# --- Papers -----------------------------------------------------------------------------------------------


class MeetingPaperSerializer(serializers.ModelSerializer[MeetingPaper]):
    id = serializers.UUIDField(source="uuid", read_only=True)
    item = serializers.IntegerField(source="item_id", allow_null=True, read_only=True, help_text=POINT)
    name = serializers.CharField(source="file.name", read_only=True, help_text="Of the file.")
    file = serializers.SerializerMethodField()

    class Meta:
        model = MeetingPaper
        fields = ["id", "version", "title", "language", "item", "embargo_until", "added_at", "name", "file"]
        read_only_fields = fields

    @extend_schema_field(serializers.URLField())
    def get_file(self, paper: MeetingPaper) -> str:
        request = self.context["request"]
        return str(request.build_absolute_uri(reverse("file_download", args=[paper.file.uuid])))


class PaperChangeSerializer(serializers.Serializer[Any]):
    version = _version()
    title = serializers.CharField(required=False, max_length=200)
    language = serializers.ChoiceField(choices=LANGUAGES, required=False)
    item = _key(required=False, allow_null=True, help_text=POINT)
    embargo_until = Instant(
        required=False, allow_null=True, help_text="Until then only the secretariat knows of the paper."
    )


class NewPaperSerializer(PaperChangeSerializer):
    title = serializers.CharField(max_length=200)
    language = serializers.ChoiceField(choices=LANGUAGES)
    file = serializers.FileField(help_text="PDF, Word or Excel, at most 25 MB.")
    version = None  # type: ignore[assignment]


# --- Invitations ------------------------------------------------------------------------------------------


class MeetingInvitationSerializer(PersonKey, serializers.ModelSerializer[MeetingInvitation]):
    id = serializers.UUIDField(source="uuid", read_only=True)
    attendance = serializers.SerializerMethodField(help_text="Whether they came, as noted; else null.")

    class Meta:
        model = MeetingInvitation
        fields = [
            *("id", "version", "person", "name", "invited_at", "withdrawn_at"),
            *("answer", "answered_at", "on_behalf", "named", "attendance"),
        ]
        read_only_fields = fields

    @extend_schema_field(serializers.ChoiceField(choices=Attendance.State.choices, allow_null=True))
    def get_attendance(self, invitation: MeetingInvitation) -> str | None:
        return invitation.attendance.state if hasattr(invitation, "attendance") else None


class NewInvitationSerializer(serializers.Serializer[Any]):
    person = _key(required=False, help_text="Somebody with an account, by their id.")
    email = serializers.EmailField(required=False, help_text="The same by the address of the account.")


class InvitationChangeSerializer(serializers.Serializer[Any]):
    version = _version()
    answer = serializers.ChoiceField(choices=MeetingInvitation.Answer.choices, required=False)
    named = serializers.BooleanField(
        required=False, help_text="Whether they are named in public; only people themselves say it."
    )
    withdrawn = serializers.BooleanField(
        required=False, help_text="True takes it back. Whoever is invited anew gets a new one."
    )


# --- Decisions and tasks ----------------------------------------------------------------------------------


class MeetingDecisionSerializer(serializers.ModelSerializer[MeetingDecision]):
    wording, wordings = Said(), InEachLanguage("wording")
    item = serializers.IntegerField(source="item_id", allow_null=True, read_only=True, help_text=POINT)

    class Meta:
        model = MeetingDecision
        fields = ["id", "version", "position", "item", "wording", "wordings", "noted_at"]
        read_only_fields = fields


class DecisionChangeSerializer(serializers.Serializer[Any]):
    version = _version()
    wording = WordsInput(required=False)
    item = _key(required=False, allow_null=True, help_text=POINT)


class NewDecisionSerializer(DecisionChangeSerializer):
    wording = WordsInput()
    version = None  # type: ignore[assignment]


class MeetingTaskSerializer(serializers.ModelSerializer[MeetingTask]):
    id = serializers.UUIDField(source="uuid", read_only=True)
    owner = serializers.IntegerField(source="owner_id", read_only=True)
    name = serializers.CharField(source="owner.shown_name", read_only=True, help_text="Of its owner.")
    decision = serializers.IntegerField(source="decision_id", allow_null=True, read_only=True)

    class Meta:
        model = MeetingTask
        fields = ["id", "version", "title", "owner", "name", "due_on", "decision", "given_at", "done_at"]
        read_only_fields = fields


class TaskChangeSerializer(serializers.Serializer[Any]):
    version = _version()
    title = serializers.CharField(required=False, max_length=300)
    owner = _key(required=False, help_text="Who does it, by their id.")
    due_on = serializers.DateField(required=False, allow_null=True)
    decision = _key(required=False, allow_null=True, help_text="What it follows from, by its id.")
    done = serializers.BooleanField(
        required=False,
        help_text="Its owner says so, or the secretariat; nothing else is the owner’s to change.",
    )


class NewTaskSerializer(TaskChangeSerializer):
    title = serializers.CharField(max_length=300)
    owner = _key(help_text="Who does it, by their id.")
    done = None  # type: ignore[assignment]
    version = None  # type: ignore[assignment]
