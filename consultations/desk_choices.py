"""What the desk's filters offer, and a filter said in words: each part with the address of the list without it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.models import Country, Region, StakeholderGroup
from consultations.assigned import answerers
from consultations.desk_filters import SORTS, DeskFilter
from consultations.models import Comment, Disposition, Round, Tag
from consultations.queries import SECOND_READER
from drafts.models import Provision
from drafts.places import place_name

Choice = tuple[str, str]
# What has provisions below it; a paragraph is found from its own page or comment.
STRUCTURE = ("chapter", "section", "pillar", "principle", "step")


@dataclass(frozen=True)
class Part:
    """One thing that is asked for: its name, what is asked, and the address without it."""

    label: str
    value: str
    without: str


class DeskChoices:
    """The choices of each select; every list is read once, and only where it is shown."""

    def __init__(self, round: Round, chosen: DeskFilter) -> None:
        self.round, self.chosen = round, chosen

    @property
    def pillars(self) -> list[Choice]:
        return [(str(n), str(n)) for n in range(1, 9)]

    @cached_property
    def provisions(self) -> list[Choice]:
        """The parts of the document, and the provision asked for, whatever it is."""
        found = Provision.objects.filter(draft=self.round.draft_id).order_by("position")
        kept = found.filter(kind__in=STRUCTURE) | found.filter(key=self.chosen.provision)
        return [("-", _("whole draft")), *((row.key, place_name(row)) for row in kept)]

    @property
    def kinds(self) -> list[Choice]:
        return _said(Comment.Kind.choices)

    @property
    def answers(self) -> list[Choice]:
        first = [("none", _("Not answered")), ("any", _("Answered"))]
        if self.round.second_reader:
            first.append((SECOND_READER, _("Waits for a second reader")))
        return [*first, *_said(Disposition.Outcome.choices)]

    @property
    def publishing(self) -> list[Choice]:
        return [("yes", _("Published")), ("no", _("Not published"))]

    @cached_property
    def people(self) -> list[Choice]:
        return [(str(person.pk), person.shown_name) for person in answerers(self.round)]

    @property
    def assigned(self) -> list[Choice]:
        return [
            ("me", pgettext("assigned to", "Me")),
            ("nobody", pgettext("assigned to", "Nobody")),
            *self.people,
        ]

    @cached_property
    def tags(self) -> list[Choice]:
        return [(str(tag.pk), tag.name) for tag in Tag.objects.filter(round=self.round)]

    @property
    def proposals(self) -> list[Choice]:
        return [("yes", _("With proposed words")), ("no", _("Without proposed words"))]

    @property
    def languages(self) -> list[Choice]:
        return [(code, str(name)) for code, name in settings.LANGUAGES]

    @cached_property
    def regions(self) -> list[Choice]:
        return [(row.code, str(row)) for row in Region.objects.filter(scheme="un_group").order_by("name")]

    @property
    def groups(self) -> list[Choice]:
        return _said(StakeholderGroup.choices)

    @cached_property
    def countries(self) -> list[Choice]:
        return sorted(((row.pk, str(row)) for row in Country.objects.all()), key=lambda pair: pair[1])

    @property
    def sorts(self) -> list[Choice]:
        return _said(SORTS.items())

    def in_words(self) -> list[Part]:
        """What narrows the list, in the order of the fields."""
        known = {name: (label, choices) for label, name, choices in self.fields}
        parts = []
        for name in self.chosen.narrowing:
            value = getattr(self.chosen, name)
            label, choices = known.get(name, (_("Words"), [(value, f"“{value}”")]))
            said = dict(choices).get(value, value)
            parts.append(Part(label, said, self.chosen.without(name).query))
        return parts

    @cached_property
    def fields(self) -> list[tuple[str, str, list[Choice]]]:
        """Label, name and choices of each select."""
        return [
            (_("Answer"), "answer", self.answers),
            (_("Publishing"), "published", self.publishing),
            (_("Assigned to"), "assigned", self.assigned),
            (_("Tag"), "tag", self.tags),
            (_("Kind"), "kind", self.kinds),
            (_("Proposal"), "proposal", self.proposals),
            (_("Pillar"), "pillar", self.pillars),
            (_("Provision"), "provision", self.provisions),
            (_("Language"), "spoken", self.languages),
            (_("Region"), "region", self.regions),
            (_("Stakeholder group"), "group", self.groups),
            (_("Member State"), "country", self.countries),
        ]

    @property
    def shown_fields(self) -> list[dict[str, Any]]:
        return [
            {"label": label, "name": name, "choices": choices, "chosen": getattr(self.chosen, name)}
            for label, name, choices in self.fields
            if choices
        ]


def _said(choices: Iterable[tuple[Any, Any]]) -> list[Choice]:
    return [(str(value), str(label)) for value, label in choices]
