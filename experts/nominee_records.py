"""What experts keep of a person, for their own eyes; and what the trail shows of nominations."""

from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.slots import PersonalRecords
from core.audit import Shown
from experts.models import (
    Appointment,
    ConflictOfInterest,
    Decision,
    Nomination,
    PaperReading,
    Review,
    Selection,
)
from experts.receipts import content_of
from experts.standing import is_staff
from experts.states import shown

Rows = list[dict[str, Any]]


def nominations(person: User) -> Rows:
    """One's own nominations, whole; scores and what isn't announced are the secretariat's."""
    found = Nomination.objects.filter(nominee=person).select_related("call", "country", "consent_text")
    related = found.prefetch_related("traits", "papers__file", "interests", "referees", "answers__question")
    return [_nomination(nomination) for nomination in related.order_by("pk")]


def _nomination(nomination: Nomination) -> dict[str, Any]:
    state = Nomination.State(shown(nomination.state, announced=nomination.call.decided_at is not None))
    return {
        **content_of(nomination),
        "call": nomination.call.title,
        "country": nomination.country.name,
        "state": str(state.label),
        "email": nomination.email,
        "language": nomination.language,
        "answers": {answer.question.wording: answer.text for answer in nomination.answers.all()},
        "interests": [
            {"topic": str(row.get_topic_display()), "exists": row.exists, "detail": row.detail}
            for row in nomination.interests.all()
        ],
        "referees": [
            {"name": row.name, "position": row.position, "email": row.email}
            for row in nomination.referees.all()
        ],
        "papers": [
            {"kind": str(paper.get_kind_display()), "pages": paper.pages, "at": paper.uploaded_at}
            for paper in nomination.papers.all()
        ],
        "consent": nomination.consent_text.text if nomination.consent_text else None,
        "consented_at": nomination.consented_at,
        "submitted_at": nomination.submitted_at,
        "receipt": nomination.receipt,
    }


def paper_readings(person: User) -> Rows:
    """Who opened one's papers, and when: by what they were then, not by name."""
    found = PaperReading.objects.filter(nomination__nominee=person).exclude(reader=person)
    return [
        {
            "call": row.nomination.call.title,
            "paper": str(row.get_kind_display()),
            "by": reader_in_words(row),
            "at": row.at,
        }
        for row in found.select_related("nomination__call").order_by("pk")
    ]


def reader_in_words(reading: PaperReading) -> str:
    """As what somebody opened a paper. Until the decision is announced reviewers aren't told apart from the
    secretariat: that they read at all would tell that the nomination was found eligible."""
    announced = reading.nomination.call.decided_at is not None
    if not announced and reading.reader_as in (PaperReading.As.SECRETARIAT, PaperReading.As.REVIEWER):
        return _("The secretariat or a reviewer")
    return str(reading.get_reader_as_display())


def trail(reader: Any, keys: list[str]) -> dict[str, Shown]:
    found = Nomination.objects.visible_to(reader).filter(pk__in=keys).select_related("call")
    return {
        str(n.pk): Shown(
            _("Nomination of %(name)s in “%(call)s”") % {"name": n.name, "call": n.call.title},
            reverse("nominations:nomination_detail", args=[n.uuid]),
        )
        for n in found
    }


def withheld(reader: Any) -> Q:
    """What the trail keeps from whoever isn't of the secretariat: nominations, how they are weighed, the panel. From
    its members, what they don't see of it, be it another's draft, and what they are barred from."""
    known = Nomination.objects.visible_to(reader) & Nomination.objects.unbarred_for(reader)
    barred = Nomination.objects.exclude(pk__in=known.values("pk"))
    calls = Q(call__nominations__in=Nomination.objects.keeping_from_panel(reader))
    hidden: dict[str, Any] = {
        "nomination": barred,
        "review": Review.objects.filter(nomination__in=barred),
        "conflictofinterest": ConflictOfInterest.objects.filter(nomination__in=barred),
        "selection": Selection.objects.filter(calls),
        "decision": Decision.objects.filter(calls),
        "appointment": Appointment.objects.filter(nomination__in=barred)
        | Appointment.objects.filter(nomination__call__in=Decision.objects.filter(calls).values("call")),
    }
    if not is_staff(reader):
        return reduce(or_, (Q(subject__startswith=f"experts.{name}:") for name in hidden))
    return Q(
        subject__in=[
            f"experts.{name}:{pk}"
            for name, found in hidden.items()
            for pk in set(found.values_list("pk", flat=True))
        ]
    )


RECORDS = [
    PersonalRecords(
        "nominations",
        gettext_lazy("Nominations"),
        nominations,
        {
            "call": gettext_lazy("Call"),
            "country": gettext_lazy("Country"),
            "state": gettext_lazy("State"),
            "submitted_at": gettext_lazy("Submitted"),
        },
    ),
    PersonalRecords(
        "paper_readings",
        gettext_lazy("Who opened your papers"),
        paper_readings,
        {"paper": gettext_lazy("Paper"), "by": gettext_lazy("Who"), "at": gettext_lazy("When")},
    ),
]
SUBJECTS = {"experts.nomination": trail}
