"""Reminders around a panel: invitations without an answer, and reviews that aren't handed in."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Value
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core.notices import Addressee
from experts.deadlines import in_full
from experts.models import Appointment, Nomination, Review, Reviewer
from experts.panel_mails import reminder_of
from roadmap.occasions.calls import nomination_names
from roadmap.occasions.registry import DefaultRule, Occasion, Reminded, ReminderWords, Span, candidates

S = Nomination.State


# --- Invitations ------------------------------------------------------------------------------------------


def unanswered(span: Span, about: int | None = None) -> Iterator["QuerySet[Appointment]"]:
    """Invitations that went out and wait. Whoever was invited is told by the address of the nomination, with or
    without an account."""
    found = Appointment.objects.filter(
        answer="",
        lapsed_at=None,
        sent_at__isnull=False,
        offered_at__lte=span.settled,
        expires_at__gt=span.now,
        nomination__state__in=(S.INVITED, S.INVITED_TO_GROUP),
    )
    if about is not None:
        found = found.filter(pk=about)
    yield candidates(found, who=None, about=F("pk"), date=F("expires_at"), language=F("nomination__language"))


def _invitation_words(reminded: Reminded) -> ReminderWords | None:
    related = Appointment.objects.select_related(
        "group", "nomination__call__guidelines", "nomination__country"
    )
    content = reminder_of(related.get(pk=reminded.about))
    return ReminderWords(
        title=content.subject,
        paragraphs=content.paragraphs,
        action_label=content.action_label,
        action_path=content.action_path,
        reason=content.reason,
        attachments=content.attachments,
    )


def _invited(pk: int) -> Addressee | None:
    found = Appointment.objects.select_related("nomination").filter(pk=pk).first()
    return Addressee(found.nomination.email, found.nomination.name) if found else None


def _note_reminded(pk: int, at: datetime) -> None:
    Appointment.objects.filter(pk=pk).update(reminded_at=at)


def _invitation_names(pks: Sequence[int], reader: Any) -> dict[int, str]:
    places = dict(Appointment.objects.filter(pk__in=pks).values_list("pk", "nomination"))
    names = nomination_names(list(places.values()), reader)
    return {pk: names[nomination] for pk, nomination in places.items() if nomination in names}


# --- Reviews ----------------------------------------------------------------------------------------------


def owing_reviews(span: Span, about: int | None = None) -> Iterator["QuerySet[Reviewer]"]:
    """Reviewers who have reviews to write while scoring runs."""
    own = Q(nomination__nominee=OuterRef("user_id")) | Q(nomination__email=OuterRef("user__email"))
    waiting = Review.objects.unbarred().filter(
        ~own,
        reviewer=OuterRef("pk"),
        submitted_at=None,
        nomination__state=S.ELIGIBLE,
    )
    found = Reviewer.objects.filter(
        Exists(waiting),
        removed_at=None,
        added_at__lte=span.settled,
        call__scoring_opens_at__lte=span.now,
        call__scoring_closes_at__gt=span.now,
    )
    if about is not None:
        found = found.filter(pk=about)
    yield candidates(
        found, who=F("user_id"), about=F("pk"), date=F("call__scoring_closes_at"), language=Value("")
    )


def _review_words(reminded: Reminded) -> ReminderWords | None:
    reviewer = Reviewer.objects.select_related("call", "user").get(pk=reminded.about)
    call = reviewer.call
    waiting = Review.objects.unbarred().filter(
        reviewer=reviewer, submitted_at=None, nomination__state=S.ELIGIBLE
    )
    number = waiting.exclude(nomination__nominee=reviewer.user).exclude(nomination__email=reviewer.user.email)
    count = number.count()
    named = {
        "n": count,
        "call": call.title,
        "when": in_full(reminded.date, call.zone, reminded.person),
    }
    words = ngettext(
        "%(n)d review of yours in “%(call)s” isn’t handed in. Scoring closes: %(when)s.",
        "%(n)d reviews of yours in “%(call)s” aren’t handed in. Scoring closes: %(when)s.",
        count,
    )
    return ReminderWords(
        title=_("Reviews to hand in: %(call)s") % named,
        paragraphs=[words % named],
        action_label=_("See my reviews"),
        action_path=reverse("reviewing:scoring_overview", args=[call.pk]),
        reason=_("You get this message because you are a reviewer of “%(call)s”.") % named,
    )


def _reviewer_names(pks: Sequence[int], reader: Any) -> dict[int, str]:
    found = Reviewer.objects.filter(pk__in=pks).select_related("call")
    return {reviewer.pk: reviewer.call.title for reviewer in found}


OCCASIONS = [
    Occasion(
        "invitation_unanswered",
        gettext_lazy("An invitation to a panel is not answered"),
        gettext_lazy("Whoever was invited and has not answered"),
        gettext_lazy("the end of the invitation"),
        Appointment,
        unanswered,
        _invitation_words,
        [DefaultRule(3, mandatory=True)],
        _invitation_names,
        address=_invited,
        sent=_note_reminded,
        slow=True,
    ),
    Occasion(
        "review_missing",
        gettext_lazy("Reviews are not handed in"),
        gettext_lazy("Reviewers with reviews to write"),
        gettext_lazy("the end of scoring"),
        Reviewer,
        owing_reviews,
        _review_words,
        [DefaultRule(7), DefaultRule(2)],
        _reviewer_names,
    ),
]
