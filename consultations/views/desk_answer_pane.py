"""What the answer's pane of the desk shows beside its form."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet

from consultations.actions.answering import standing_of
from consultations.answer_rules import may_keep_templates, may_read_second
from consultations.forms.desk import AnswerForm, answer_initial
from consultations.models import AnswerTemplate, Comment, Disposition, HeldChange, Round, SentBack
from consultations.presenting import ShownComment
from consultations.queries import earlier_answers, unagreed, waiting_for_second_reader
from core.verdicts import Conflict


def templates_for(round: Round) -> "QuerySet[AnswerTemplate]":
    """What is offered on a round: templates of its guidelines, and those for all."""
    own = Q(guidelines=None) | Q(guidelines=round.draft.guidelines_id)
    return AnswerTemplate.objects.filter(own, retired_at=None)


def form_for(
    shown: ShownComment | None, form: AnswerForm | None, conflict: Conflict | None
) -> AnswerForm | None:
    """The form on the comment that is shown: the one that came back, else one with its standing answer."""
    if form is None and shown:
        form = AnswerForm(initial=answer_initial(shown.comment), spoken=shown.comment.language)
    if form and conflict and shown and shown.disposition:
        # Both answers are in sight now: sending again is meant to replace the standing one.
        form.take_version(conflict.current.get("version", shown.disposition.version))
    return form


def answer_pane(
    round: Round, user: Any, shown: ShownComment | None, listed: Iterable[Comment]
) -> dict[str, Any]:
    """Templates, what was answered before, and where the answer stands with its second reader."""
    reads = bool(may_read_second(user, round))
    pane: dict[str, Any] = {
        "secretariat": True,
        "templates": list(templates_for(round)),
        "may_keep_templates": bool(may_keep_templates(user)),
        "reads_second": round.second_reader and reads,
        "unread": waiting_for_second_reader(Comment.objects.filter(round=round)).count()
        if round.second_reader
        else 0,
        "unagreed": unagreed(round).count(),
    }
    if shown and shown.disposition:
        pane |= _standing(user, shown.comment, shown.disposition)
    if pane["reads_second"]:
        pane["seen"] = _seen(listed, shown)
    return pane


def _standing(user: Any, comment: Comment, disposition: Disposition) -> dict[str, Any]:
    standing = standing_of(disposition)
    held = standing if isinstance(standing, HeldChange) else None
    sent_back = SentBack.objects.filter(disposition=disposition, version=standing.version)
    waits = held or (
        comment.round.second_reader and not disposition.agreed_at and not disposition.published_at
    )
    return {
        "held": held,
        "sent_back": sent_back.select_related("by").first(),
        "waits_for_reader": bool(waits),
        "wrote_it": standing.decided_by_id == user.pk,
        "standing_version": standing.version,
        "earlier": earlier_answers(comment, user),
    }


def _seen(listed: Iterable[Comment], shown: ShownComment | None) -> list[str]:
    """Which answers the page shows, and how they read: agreeing is to what was seen."""
    pks = {comment.pk for comment in listed} | ({shown.comment.pk} if shown else set())
    found = Disposition.objects.filter(comment__in=pks).select_related("comment", "held")
    return [f"{each.comment.uuid}:{_version(each)}" for each in found]


def _version(disposition: Disposition) -> int:
    held: HeldChange | None = getattr(disposition, "held", None)
    return held.version if held else disposition.version
