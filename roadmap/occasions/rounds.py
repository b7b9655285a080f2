"""Reminders of rounds: before they close, to who has said nothing or sent nothing; after it, to who owes answers."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import RoleGrant, User
from consultations.mails import in_full
from consultations.models import Comment, QuestionAnswer, Round, RoundDeadline
from drafts.models import Draft
from roadmap.occasions.people import in_groups, staff
from roadmap.occasions.registry import DefaultRule, Occasion, Reminded, ReminderWords, Span, candidates

Status = Comment.Status


def _names(pks: Sequence[int], reader: Any) -> dict[int, str]:
    return {round.pk: round.title for round in Round.objects.filter(pk__in=pks)}


# --- Before the closing -----------------------------------------------------------------------------------


def _closing(span: Span, about: int | None) -> "QuerySet[Round]":
    """Open rounds whose closing, or that of some of their people, lies in the span."""
    own = Q(closes_at__gt=span.after, closes_at__lte=span.until)
    theirs = Q(deadlines__at__gt=span.after, deadlines__at__lte=span.until)
    found = Round.objects.filter(own | theirs, closed_at=None, opens_at__lte=span.settled)
    readable = Draft.Status.CIRCULATED, *Draft.OPEN_TO_ALL
    found = found.filter(draft__status__in=readable).select_related("draft").distinct()
    return found.filter(pk=about) if about is not None else found


def _closing_for(round: Round) -> Any:
    """When it closes for a person: a deadline given to one of their roles, else the round's."""
    if not round.deadlines.exists():
        return round.closes_at
    roles = RoleGrant.objects.filter(user=OuterRef(OuterRef("pk")), scope_type="").values("role")
    given = RoundDeadline.objects.filter(round=round.pk, role__in=roles).order_by("-at")
    return Coalesce(Subquery(given.values("at")[:1]), round.closes_at)


def readers(round: Round, at: datetime) -> "QuerySet[User]":
    """Everybody who reads the round's draft, of those who have an account."""
    people = User.objects.active()
    if round.draft.status == Draft.Status.CIRCULATED:
        return people.filter(in_groups(round.draft.access.values("group"), at))
    return people


def without_input(span: Span, about: int | None = None) -> Iterator["QuerySet[User]"]:
    """Members of the round's groups, and whoever follows it, who have neither begun a comment nor answered."""
    for round in _closing(span, about):
        asked = in_groups(round.audience.values("group"), span.now) | Q(pk__in=round.followers.values("user"))
        begun = Comment.objects.filter(round=round.pk, author=OuterRef("pk"))
        answered = QuestionAnswer.objects.filter(question__round=round.pk, author=OuterRef("pk"))
        silent = readers(round, span.now).filter(asked, ~Exists(begun), ~Exists(answered))
        yield candidates(silent, who=F("pk"), about=round.pk, date=_closing_for(round))


def unsent(span: Span, about: int | None = None) -> Iterator["QuerySet[User]"]:
    """Whoever wrote a comment in the round that isn't submitted."""
    for round in _closing(span, about):
        drafts = Comment.objects.filter(round=round.pk, author=OuterRef("pk"), status=Status.DRAFT)
        found = readers(round, span.now).filter(Exists(drafts))
        yield candidates(found, who=F("pk"), about=round.pk, date=_closing_for(round))


def _input_words(reminded: Reminded) -> ReminderWords | None:
    round = Round.objects.get(pk=reminded.about)
    named = {"round": round.title, "when": in_full(reminded.date, reminded.person)}
    return ReminderWords(
        title=_("Closes soon: %(round)s") % named,
        paragraphs=[
            _("“%(round)s” closes on %(when)s. There is no comment of yours in it yet.") % named,
            _("If you have nothing to add, you need do nothing."),
        ],
        action_label=_("See the round"),
        action_path=reverse("consultations:round_detail", args=[round.pk]),
        reason=_("You get this message because you are asked to take part in “%(round)s”.") % named,
    )


def _unsent_words(reminded: Reminded) -> ReminderWords | None:
    round, person = Round.objects.get(pk=reminded.about), reminded.person
    number = Comment.objects.filter(round=round, author=person, status=Status.DRAFT).count()
    named = {"round": round.title, "when": in_full(reminded.date, person), "n": number}
    words = ngettext(
        "%(n)d comment of yours in “%(round)s” isn’t submitted. The round closes on %(when)s.",
        "%(n)d comments of yours in “%(round)s” aren’t submitted. The round closes on %(when)s.",
        number,
    )
    return ReminderWords(
        title=_("Begun and not submitted: %(round)s") % named,
        paragraphs=[words % named, _("What isn’t submitted by then does not count.")],
        action_label=_("See my comments"),
        action_path=reverse("consultations:my_comments"),
        reason=_("You get this message because you began to write in “%(round)s”.") % named,
    )


# --- After it ---------------------------------------------------------------------------------------------


def owing_answers(span: Span, about: int | None = None) -> Iterator["QuerySet[User]"]:
    """The secretariat, for rounds closed so long ago in which submitted comments have no published answer."""
    ended = Coalesce("closed_at", "closes_at")
    open_still = Comment.objects.filter(round=OuterRef("pk"), status=Status.SUBMITTED).filter(
        Q(disposition=None) | Q(disposition__published_at=None)
    )
    found = Round.objects.annotate(ended=ended).filter(
        Exists(open_still), ended__gt=span.after, ended__lte=span.until, published_at=None
    )
    if about is not None:
        found = found.filter(pk=about)
    for round in found:
        people = staff(round_id=round.pk)
        yield candidates(people, who=F("pk"), about=round.pk, date=round.closed_at or round.closes_at)


def _answers_words(reminded: Reminded) -> ReminderWords | None:
    round = Round.objects.get(pk=reminded.about)
    waiting = Comment.objects.filter(round=round, status=Status.SUBMITTED)
    number = waiting.filter(Q(disposition=None) | Q(disposition__published_at=None)).count()
    words = ngettext(
        "%(n)d comment in “%(round)s” has no published answer. The round closed on %(when)s.",
        "%(n)d comments in “%(round)s” have no published answer. The round closed on %(when)s.",
        number,
    )
    named = {"n": number, "round": round.title, "when": in_full(reminded.date, reminded.person)}
    return ReminderWords(
        title=_("Comments wait for an answer: %(round)s") % named,
        paragraphs=[words % named],
        action_label=_("Go to the desk"),
        action_path=reverse("consultations:desk", args=[round.pk]),
        reason=_("You get this message because you work for the secretariat."),
    )


OCCASIONS = [
    Occasion(
        "round_input",
        gettext_lazy("A round closes: no comment yet"),
        gettext_lazy("Members of the invited groups, and followers, who have said nothing"),
        gettext_lazy("the closing of the round"),
        Round,
        without_input,
        _input_words,
        [DefaultRule(7), DefaultRule(2)],
        _names,
    ),
    Occasion(
        "round_unsent",
        gettext_lazy("A round closes: comments not submitted"),
        gettext_lazy("Whoever wrote a comment that isn’t submitted"),
        gettext_lazy("the closing of the round"),
        Round,
        unsent,
        _unsent_words,
        [DefaultRule(3), DefaultRule(1)],
        _names,
    ),
    Occasion(
        "answers_overdue",
        gettext_lazy("Comments wait for an answer"),
        gettext_lazy("The secretariat"),
        gettext_lazy("the closing of the round"),
        Round,
        owing_answers,
        _answers_words,
        [DefaultRule(30, "after", repeat_days=14, times=4)],
        _names,
    ),
]
