"""Who answers a round's comments: those who may, and how much lies with each."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from accounts.models import Role, RoleGrant, User
from consultations.models import Assignment, Comment, Round, Tag
from consultations.rules import may_answer


@dataclass(frozen=True)
class Share:
    """What lies with one person, or (``person`` None) with nobody."""

    person: Any
    assigned: int
    answered: int

    @property
    def left(self) -> int:
        return self.assigned - self.answered


def answerers(round: Round) -> "QuerySet[User]":
    """Who may answer in the round, by name; the query behind ``rules.may_answer``."""
    here = Q(scope_type="") | Q(scope_type="round", scope_id=str(round.pk))
    grants = RoleGrant.objects.filter(here, user=OuterRef("pk"), role__in=(Role.STAFF, Role.DRAFTER))
    return User.objects.active().filter(Exists(grants)).order_by("name", "pk")


def shares_of(round: Round) -> list[Share]:
    """Everybody with comments to answer, and who could have some; what is nobody's comes last (three queries)."""
    asked = (
        Assignment.objects.filter(round=round, comment__status__in=Comment.TO_ANSWER)
        .values("person")
        .order_by()
    )
    counts = {
        row["person"]: (row["assigned"], row["answered"])
        for row in asked.annotate(assigned=Count("pk"), answered=Count("comment__disposition"))
    }
    people = {person.pk: person for person in answerers(round)}
    if missing := set(counts) - set(people):
        people |= User.objects.in_bulk(missing)
    shares = [Share(person, *counts.get(pk, (0, 0))) for pk, person in people.items()]
    total = Comment.objects.filter(round=round, status__in=Comment.TO_ANSWER).aggregate(
        all=Count("pk"), answered=Count("disposition")
    )
    theirs = [sum(column) for column in zip(*counts.values(), strict=True)] or [0, 0]
    return [*shares, Share(None, total["all"] - theirs[0], total["answered"] - theirs[1])]


def waiting_for(person: Any, round: Round) -> int:
    """How many comments of the round the person is still to answer; 0 for who may not answer there any more."""
    if not may_answer(person, round):
        return 0
    theirs = Assignment.objects.filter(round=round, person=person, comment__status__in=Comment.TO_ANSWER)
    return theirs.filter(comment__disposition=None).count()


def tags_of(round: Round) -> "QuerySet[Tag]":
    """A round's tags, each with the number of comments that bear it (``used``)."""
    return Tag.objects.filter(round=round).annotate(used=Count("taggings"))
