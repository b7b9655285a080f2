"""What is done at the desk: answering, publishing answers, hiding a comment."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from consultations.actions.answering import answer_comment, answer_comments, publish_answers
from consultations.actions.comments import hide_comment
from consultations.filling import filled
from consultations.forms.desk import AnswerForm
from consultations.models import Comment, Round
from consultations.queries import unagreed
from consultations.rules import may_moderate, may_publish_answers
from consultations.views.desk import desk_address, desk_round, ticked_comments
from consultations.views.desk_provisions import show_where
from core.verdicts import Conflict, require


@login_required
@require_POST
def desk_answer(request: HttpRequest, round_id: int) -> HttpResponse:
    """Answer the comment chosen, or every ticked one alike."""
    round = desk_round(request, round_id)
    ticked = ticked_comments(request, round)
    chosen = ticked or ticked_comments(request, round, field="comment")
    if not chosen:
        messages.error(request, _("Choose at least one comment."))
        return redirect(desk_address(round, request.POST.get("filters", "")))
    form = AnswerForm(request.POST, spoken=chosen[0].language)
    shown: dict[str, Any] = {"form": form, "chosen": chosen[0], "ticked": {c.uuid for c in ticked}}
    if not form.is_valid():
        return show_where(request, round, **shown, status=400)
    try:
        _answer(request, form, ticked, chosen[0])
    except ValidationError as error:
        form.take_errors(error)
        return show_where(request, round, **shown, status=400)
    except Conflict as conflict:
        # Of several, the one that is answered already is shown; the others stay ticked.
        answered = {UUID(uuid) for uuid in conflict.current.get("answered", [])}
        shown["chosen"] = next((c for c in chosen if c.uuid in answered), chosen[0])
        shown["ticked"] -= answered
        return show_where(request, round, **shown, status=409, conflict=conflict)
    messages.success(
        request,
        ngettext("%(n)d comment answered.", "%(n)d comments answered.", len(chosen)) % {"n": len(chosen)},
    )
    filters = request.POST.get("filters", "")
    return redirect(
        desk_address(
            round, filters, after=chosen[-1] if "next" in request.POST else chosen[0], request=request
        )
    )


def _answer(request: HttpRequest, form: AnswerForm, ticked: list[Comment], shown: Comment) -> None:
    fill = form.cleaned_data["fill"]
    if ticked:
        answer_comments(actor=request.user, comments=ticked, fill=fill, **form.answer)
        return
    given = form.answer
    if fill:
        words = {code: text for code, text in given["responses"].items() if text}
        given["responses"] = filled(shown, words, request.user)
    answer_comment(actor=request.user, comment=shown, version=form.cleaned_data["version"], **given)


@login_required
@require_POST
def desk_publish(request: HttpRequest, round_id: int) -> HttpResponse:
    """Publish the answers of ticked comments, or (button "all") every one that waits."""
    round = desk_round(request, round_id)
    require(may_publish_answers(request.user, round))
    ticked = ticked_comments(request, round)
    if "all" not in request.POST and not ticked:
        messages.error(request, _("Choose at least one comment."))
    else:
        n = len(
            publish_answers(
                actor=request.user, round=round, comments=None if "all" in request.POST else ticked
            )
        )
        messages.success(
            request, ngettext("%(n)d answer published.", "%(n)d answers published.", n) % {"n": n}
        )
        tell_of_unagreed(request, round, ticked if "all" not in request.POST else None)
    return redirect(desk_address(round, request.POST.get("filters", "")))


def tell_of_unagreed(request: HttpRequest, round: Round, comments: list[Comment] | None = None) -> None:
    """How many answers (of these comments) publishing left, for they wait for their second reader."""
    waiting = unagreed(round)
    if comments is not None:
        waiting = waiting.filter(comment__in=comments)
    if n := waiting.count():
        said = ngettext(
            "%(n)d answer waits for its second reader and is not published.",
            "%(n)d answers wait for their second reader and are not published.",
            n,
        )
        messages.warning(request, said % {"n": n})


@login_required
@require_POST
def desk_hide(request: HttpRequest, round_id: int) -> HttpResponse:
    """Hide a comment with a reason, or show it again."""
    round = desk_round(request, round_id)
    require(may_moderate(request.user, round))
    comment = next(iter(ticked_comments(request, round, field="comment")), None)
    filters = request.POST.get("filters", "")
    if comment is None:
        messages.error(request, _("Choose at least one comment."))
        return redirect(desk_address(round, filters))
    try:
        hide_comment(
            actor=request.user,
            comment=comment,
            reason=request.POST.get("reason", ""),
            hidden="show" not in request.POST,
        )
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect(desk_address(round, filters, after=comment))
