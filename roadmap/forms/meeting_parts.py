"""Forms of a meeting's parts: points of the agenda, papers, notes and summary, decisions, tasks."""

from typing import Any

from django import forms
from django.conf import settings
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.form_fields import SecretariatTimeField
from core.punctuation import detail
from drafts.models import Draft
from experts.forms.hosting import DayField
from experts.words import words_of
from roadmap.actions.agendas import LONGEST_TITLE, MOST_MINUTES
from roadmap.actions.meeting_papers import LONGEST_TITLE as LONGEST_PAPER
from roadmap.actions.meeting_records import LONGEST_NOTES, LONGEST_TASK, LONGEST_WORDING
from roadmap.forms.languages import LanguagesForm
from roadmap.models import (
    AgendaItem,
    Meeting,
    MeetingDecision,
    MeetingPaper,
    MeetingRecord,
    MeetingTask,
)

FREE_LINES = 2  # for further speakers


def guests(meeting: Meeting) -> Any:
    """Who is invited, by name: they speak and take tasks on."""
    invited = meeting.invitations.filter(withdrawn_at__isnull=True).values("person")
    return User.objects.filter(pk__in=invited, erased_at__isnull=True).order_by("name", "pk")


class PersonField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return str(obj.shown_name)


class ItemField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.position}. {obj.title}"


class DraftField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.guidelines.title}{detail()}{obj.label}"


class AgendaItemForm(LanguagesForm):
    """A point of the agenda, with lines for who speaks to it."""

    translated = {"title": (_("Point of the agenda"), LONGEST_TITLE, 0)}
    needed = ("title",)
    minutes = forms.IntegerField(label=_("Minutes"), min_value=0, max_value=MOST_MINUTES, initial=30)
    pillar = forms.TypedChoiceField(
        label=_("Pillar"),
        coerce=int,
        empty_value=None,
        required=False,
        choices=[("", _("No pillar alone")), *((n, str(n)) for n in range(1, 9))],
    )
    draft: Any = DraftField(Draft.objects.none(), label=_("Draft"), required=False, empty_label=_("No draft"))
    provision_key = forms.CharField(
        label=_("Provision"),
        max_length=120,
        required=False,
        help_text=_("Its key in the draft, such as para_33; empty for all of the draft."),
    )

    def __init__(self, data: Any = None, *, meeting: Meeting, item: AgendaItem | None = None) -> None:
        speakers = list(item.speakers.all()) if item else []
        initial: dict[str, Any] = {}
        if item:
            names = ("minutes", "pillar", "draft", "provision_key", "version")
            initial = {name: getattr(item, name) for name in names}
            initial |= {f"title_{code}": text for code, text in words_of(item, "title").items()}
            for n, row in enumerate(speakers):
                initial |= {f"speaker_{n}": row.person_id, f"speaker_{n}_minutes": row.minutes}
        super().__init__(data, initial=initial)
        drafts = Draft.objects.select_related("guidelines").order_by("-pk")
        self.fields["draft"].queryset = drafts  # type: ignore[attr-defined]
        people = guests(meeting)
        self.lines = len(speakers) + FREE_LINES
        for n in range(self.lines):
            self.fields[f"speaker_{n}"] = PersonField(
                people, label=_("Speaker"), required=False, empty_label=_("Nobody")
            )
            self.fields[f"speaker_{n}_minutes"] = forms.IntegerField(
                label=_("Minutes of the speaker"), min_value=0, max_value=MOST_MINUTES, required=False
            )

    @property
    def others(self) -> list[BoundField]:
        return [field for field in super().others if not field.name.startswith("speaker_")]

    @property
    def speaker_lines(self) -> list[tuple[BoundField, BoundField]]:
        return [(self[f"speaker_{n}"], self[f"speaker_{n}_minutes"]) for n in range(self.lines)]

    @property
    def content(self) -> dict[str, Any]:
        given = self.cleaned_data
        lines = [
            (given.get(f"speaker_{n}"), given.get(f"speaker_{n}_minutes") or 0) for n in range(self.lines)
        ]
        names = ("minutes", "pillar", "draft", "provision_key")
        return {
            **{name: given[name] for name in names},
            "titles": self.words("title"),
            "speakers": [(person, minutes) for person, minutes in lines if person],
        }


class PaperForm(LanguagesForm):
    """A paper; its file only when it is added."""

    title = forms.CharField(label=_("Name of the paper"), max_length=LONGEST_PAPER)
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES, initial="en")
    item: Any = ItemField(
        AgendaItem.objects.none(),
        label=_("Point of the agenda"),
        required=False,
        empty_label=_("The whole meeting"),
    )
    embargo_until = SecretariatTimeField(
        label=_("Embargo until"),
        required=False,
        help_text=_("Until then nobody but the secretariat knows of the paper. Time of the secretariat."),
    )
    file = forms.FileField(label=_("File (PDF, Word or Excel)"))

    def __init__(
        self, data: Any = None, files: Any = None, *, meeting: Meeting, paper: MeetingPaper | None = None
    ) -> None:
        names = ("title", "language", "item", "embargo_until", "version")
        initial = {name: getattr(paper, name) for name in names} if paper else {}
        super().__init__(data, files, initial=initial)
        self.fields["item"].queryset = meeting.agenda.all()  # type: ignore[attr-defined]
        if paper:
            del self.fields["file"]

    @property
    def content(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("title", "language", "item", "embargo_until")}


class RecordForm(LanguagesForm):
    """Notes and summary in six languages."""

    translated = {
        "summary": (_("Summary, for everybody"), LONGEST_NOTES, 8),
        "notes": (_("Notes, for those invited"), LONGEST_NOTES, 8),
    }

    def __init__(self, data: Any = None, *, record: MeetingRecord | None = None) -> None:
        initial: dict[str, Any] = {"version": record.version if record else 0}
        if record:
            for name in self.translated:
                initial |= {f"{name}_{code}": text for code, text in words_of(record, name).items()}
        super().__init__(data, initial=initial)


class DecisionForm(LanguagesForm):
    translated = {"wording": (_("What was decided"), LONGEST_WORDING, 3)}
    needed = ("wording",)
    item: Any = ItemField(
        AgendaItem.objects.none(),
        label=_("Point of the agenda"),
        required=False,
        empty_label=_("The whole meeting"),
    )

    def __init__(
        self, data: Any = None, *, meeting: Meeting, decision: MeetingDecision | None = None, **kwargs: Any
    ) -> None:
        initial: dict[str, Any] = {}
        if decision:
            initial = {"item": decision.item_id, "version": decision.version}
            initial |= {f"wording_{code}": text for code, text in words_of(decision, "wording").items()}
        super().__init__(data, initial=initial, **kwargs)
        self.fields["item"].queryset = meeting.agenda.all()  # type: ignore[attr-defined]


class TaskForm(LanguagesForm):
    title = forms.CharField(
        label=_("What is to be done"), max_length=LONGEST_TASK, widget=forms.TextInput(attrs={"dir": "auto"})
    )
    owner: Any = PersonField(User.objects.none(), label=_("Who does it"))
    due_on = DayField(label=_("Until"), required=False)

    def __init__(
        self,
        data: Any = None,
        *,
        meeting: Meeting,
        staff: User,
        task: MeetingTask | None = None,
        **kwargs: Any,
    ) -> None:
        names = ("title", "owner", "due_on", "version")
        initial = {name: getattr(task, name) for name in names} if task else {}
        super().__init__(data, initial=initial, **kwargs)
        ids = [*guests(meeting).values_list("pk", flat=True), staff.pk, *([task.owner_id] if task else [])]
        people = User.objects.filter(pk__in=ids).order_by("name", "pk")
        self.fields["owner"].queryset = people  # type: ignore[attr-defined]

    @property
    def content(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("title", "owner", "due_on")}
