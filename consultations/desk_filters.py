"""Which comments the secretariat wants to see at its desk, and in which order; kept in the address."""

import unicodedata
from collections.abc import Container
from dataclasses import dataclass, fields, replace
from typing import Any

from django.conf import settings
from django.db.models import BooleanField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.models import StakeholderGroup
from consultations.models import Assignment, Comment, Disposition, Round, Tagging
from consultations.queries import SECOND_READER, of_known_origin, waiting_for_second_reader
from consultations.search import asked_words, containing
from drafts.models import Provision

LANGUAGES = dict(settings.LANGUAGES)
LISTS = (Comment.Status.LATE, Comment.Status.HIDDEN, Comment.Status.WITHDRAWN)  # those apart
ANSWERS = ("none", "any", SECOND_READER, *Disposition.Outcome.values)
# Each ends with the number, so that two pages never show the same comment.
SORTS: dict[str, Any] = {
    "": _("Number"),
    "newest": _("Newest first"),
    "place": _("Order of the document"),
    "support": _("Most support"),
    "oppose": _("Most opposed"),
    "waiting": _("Longest without an answer"),
}
ORDERS: dict[str, tuple[Any, ...]] = {
    "": ("number", "pk"),
    "newest": (F("number").desc(nulls_last=True), "-pk"),
    "place": (F("provision__position").asc(nulls_first=True), "number", "pk"),
    "support": ("-supporting", "number", "pk"),
    "oppose": ("-opposing", "number", "pk"),
    "waiting": (
        ExpressionWrapper(Q(disposition__isnull=False), output_field=BooleanField()),
        "submitted_at",
        "pk",
    ),
}


@dataclass(frozen=True)
class DeskFilter:
    """Each field under its name in the address; "" where nothing is asked for."""

    status: str = ""
    pillar: str = ""
    provision: str = ""  # a key; what stands below it is meant too; "-" for the draft as a whole
    kind: str = ""
    answer: str = ""
    published: str = ""
    assigned: str = ""  # "me", "nobody", or the key of a person
    tag: str = ""  # the key of a tag
    proposal: str = ""
    spoken: str = ""
    region: str = ""
    group: str = ""
    country: str = ""
    search: str = ""
    sort: str = ""

    @classmethod
    def of(cls, given: QueryDict) -> "DeskFilter":
        """What an address asks for; values that mean nothing are left out."""
        return cls(
            status=_one_of(given, "status", LISTS),
            pillar=_one_of(given, "pillar", list("12345678")),
            provision=_word(given, "provision", 200),
            kind=_one_of(given, "kind", Comment.Kind.values),
            answer=_one_of(given, "answer", ANSWERS),
            published=_one_of(given, "published", ("yes", "no")),
            assigned=_one_of(given, "assigned", ("me", "nobody")) or _key(given, "assigned"),
            tag=_key(given, "tag"),
            proposal=_one_of(given, "proposal", ("yes", "no")),
            spoken=_one_of(given, "spoken", LANGUAGES),
            region=_word(given, "region", 40),
            group=_one_of(given, "group", StakeholderGroup.values),
            country=_word(given, "country", 3),
            search=asked_words(given.get("search", "")),
            sort=_one_of(given, "sort", SORTS),
        )

    @property
    def asked(self) -> dict[str, str]:
        """What is asked for, by name."""
        values = ((field.name, getattr(self, field.name)) for field in fields(self))
        return {name: value for name, value in values if value}

    @property
    def query(self) -> str:
        """The part of an address that asks for the same again."""
        asked = QueryDict(mutable=True)
        asked.update(self.asked)
        return asked.urlencode()

    @property
    def narrowing(self) -> list[str]:
        """The names of what narrows the list: neither the list that it is nor its order."""
        return [name for name in self.asked if name not in ("status", "sort")]

    def without(self, *names: str) -> "DeskFilter":
        """The same filter less some of it."""
        return replace(self, **dict.fromkeys(names, ""))

    def find(self, round: Round, user: Any) -> "QuerySet[Comment]":
        """The comments of a round that it lets through, in no order, for those who may answer in the round: they
        read everything but drafts, and this asks for less than ``visible_to`` would."""
        found: QuerySet[Comment] = Comment.objects.filter(round=round)
        found = (
            found.filter(status=self.status) if self.status else found.filter(status__in=Comment.TO_ANSWER)
        )
        found = self._of_place(found, round)
        for name, column in (("kind", "kind"), ("spoken", "language")):
            if value := getattr(self, name):
                found = found.filter(**{column: value})
        origin = {"region": self.region, "stakeholder_group": self.group, "country": self.country}
        if asked := {column: value for column, value in origin.items() if value}:
            found = of_known_origin(found, user, round).filter(**asked)
        if self.proposal:
            without = Q(proposed_text="")
            found = found.filter(~without if self.proposal == "yes" else without)
        found = self._of_work(self._answered(found), round, user)
        return self._with_words(found, round)

    def sorted(self, comments: "QuerySet[Comment]") -> "QuerySet[Comment]":
        return comments.order_by(*ORDERS[self.sort])

    def _of_place(self, found: "QuerySet[Comment]", round: Round) -> "QuerySet[Comment]":
        if self.pillar:
            inside = Provision.objects.filter(draft=round.draft_id, pillar=int(self.pillar))
            found = found.filter(provision__in=list(inside.values_list("pk", flat=True)))
        if self.provision == "-":
            return found.filter(provision=None)
        return found.filter(provision__in=_below(round, self.provision)) if self.provision else found

    def _answered(self, found: "QuerySet[Comment]") -> "QuerySet[Comment]":
        if self.answer in ("none", "any"):
            found = found.filter(disposition__isnull=self.answer == "none")
        elif self.answer == SECOND_READER:
            found = waiting_for_second_reader(found)
        elif self.answer:
            found = found.filter(disposition__outcome=self.answer)
        if self.published:
            found = found.filter(
                disposition__isnull=False, disposition__published_at__isnull=self.published == "no"
            )
        return found

    def _of_work(self, found: "QuerySet[Comment]", round: Round, user: Any) -> "QuerySet[Comment]":
        if self.assigned == "nobody":
            found = found.filter(~Exists(Assignment.objects.filter(comment=OuterRef("pk"))))
        elif self.assigned:
            person = user.pk if self.assigned == "me" else int(self.assigned)
            found = found.filter(pk__in=_keys(Assignment.objects.filter(round=round, person=person)))
        if self.tag:
            borne = Tagging.objects.filter(tag=int(self.tag), tag__round=round)
            found = found.filter(pk__in=_keys(borne))
        return found

    def _with_words(self, found: "QuerySet[Comment]", round: Round) -> "QuerySet[Comment]":
        """Words, or where a number is typed also the comment that has it."""
        folded = unicodedata.normalize("NFKC", self.search).strip().lstrip("#")
        if folded.isdecimal() and len(folded) <= 9:
            said = containing(Comment.objects.filter(round=round).order_by(), self.search).values("pk")
            return found.filter(Q(number=int(folded)) | Q(pk__in=said))
        return containing(found, self.search)


def _keys(rows: "QuerySet[Any]") -> "QuerySet[Any]":
    return rows.order_by().values("comment")


def _below(round: Round, key: str) -> list[int]:
    """The keys of the rows of a provision and of everything that stands below it."""
    children: dict[int | None, list[int]] = {}
    begin = []
    for pk, parent, name in Provision.objects.filter(draft=round.draft_id).values_list("pk", "parent", "key"):
        children.setdefault(parent, []).append(pk)
        if name == key:
            begin.append(pk)
    for pk in begin:  # grows while it is read
        begin.extend(children.get(pk, []))
    return begin


def _one_of(given: QueryDict, name: str, known: Container[str]) -> str:
    value = given.get(name, "")
    return value if value and value in known else ""


def _word(given: QueryDict, name: str, longest: int) -> str:
    value = given.get(name, "").replace("\x00", "").strip()
    return value if len(value) <= longest else ""


def _key(given: QueryDict, name: str) -> str:
    value = given.get(name, "")
    return str(int(value)) if value.isascii() and value.isdigit() and len(value) <= 15 else ""
