"""What the trail shows of rounds, comments, replies, and questions.

Beside each entry stands who did it. So a comment and what is said under it are named only to whom the author's name is
shown: an administrator who isn't of the staff would read in the trail whose comment without name it is.
"""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from consultations.models import Comment, Question, Reply, Round
from consultations.rules import may_see_author, seen_number
from core.audit import Shown


def rounds(reader: Any, keys: list[str]) -> dict[str, Shown]:
    found = Round.objects.visible_to(reader).filter(pk__in=keys)
    return {str(r.pk): Shown(r.title, reverse("consultations:round_detail", args=[r.pk])) for r in found}


def comments(reader: Any, keys: list[str]) -> dict[str, Shown]:
    found = Comment.objects.visible_to(reader).filter(pk__in=keys).select_related("round")
    return {
        str(comment.pk): _shown(reader, comment)
        for comment in found.prefetch_related("round__audience")
        if may_see_author(reader, comment)
    }


def replies(reader: Any, keys: list[str]) -> dict[str, Shown]:
    """By the comment under which they stand."""
    under = dict(Reply.objects.filter(pk__in=keys).values_list("pk", "comment"))
    known = comments(reader, [str(pk) for pk in under.values()])
    return {str(pk): known[str(comment)] for pk, comment in under.items() if str(comment) in known}


def questions(reader: Any, keys: list[str]) -> dict[str, Shown]:
    visible = Round.objects.visible_to(reader).values("pk")
    found = Question.objects.filter(pk__in=keys, round__in=visible)
    return {
        str(q.pk): Shown(q.wording, reverse("consultations:question_detail", args=[q.round_id, q.pk]))
        for q in found
    }


def _shown(reader: Any, comment: Comment) -> Shown:
    number = seen_number(reader, comment)
    words = {"number": number, "round": comment.round.title}
    name = _("Comment %(number)s in “%(round)s”") if number else _("A comment in “%(round)s”")
    return Shown(name % words, reverse("consultations:comment_detail", args=[comment.round_id, comment.uuid]))


SUBJECTS = {
    "consultations.round": rounds,
    "consultations.comment": comments,
    "consultations.reply": replies,
    "consultations.question": questions,
}
