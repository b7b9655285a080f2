"""The commenter's one reply to an answer, given on the comment's own page."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from consultations.actions.reacting import react_to_answer
from consultations.answer_rules import may_react
from consultations.forms.comments import ReplyForm
from consultations.forms.reacting import ReactionForm
from consultations.models import Comment, Disposition
from consultations.views.comments import address_of, render_comment, signed_in_to_write, visible_comment
from core.verdicts import Conflict, require


@signed_in_to_write
@require_POST
def react(request: HttpRequest, round_id: int, uuid: UUID) -> HttpResponse:
    """Say whether the answer contents; what is refused keeps its words on the page."""
    comment = visible_comment(request, round_id, uuid)
    require(may_react(request.user, getattr(comment, "disposition", None) or Disposition(comment=comment)))
    form = ReactionForm(request.POST)
    if not form.is_valid():
        return _again(request, comment, form, 400)
    data = form.cleaned_data
    try:
        react_to_answer(
            actor=request.user,
            comment=comment,
            version=data["version"],
            content=data["content"] == "yes",
            why=data["why"],
        )
    except ValidationError as error:
        form.take_errors(error)
        return _again(request, comment, form, 400)
    except Conflict as conflict:
        form.add_error(None, str(conflict.reason))
        if version := conflict.current.get("version"):
            form.take_version(version)
        return _again(request, comment, form, 409)
    messages.success(request, _("Your reply to the answer is on the record."))
    return redirect(f"{address_of(comment)}#answer")


def _again(request: HttpRequest, comment: Comment, form: ReactionForm, status: int) -> HttpResponse:
    return render_comment(request, comment, ReplyForm.new(), reaction_form=form, status=status)
