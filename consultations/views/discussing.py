"""Replies and positions, given on a comment's own page or in the margin."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from consultations.actions.discussing import reply_to_comment, take_position
from consultations.forms.comments import ReplyForm
from consultations.models import Comment, Position, Reply
from consultations.presenting import present_comments
from consultations.views.comments import address_of, render_comment, signed_in_to_write, visible_comment
from core.idempotency import perform_once
from core.models import pk_of
from core.verdicts import Conflict, Refusal


@signed_in_to_write
@require_POST
def reply_create(request: HttpRequest, round_id: int, uuid: UUID) -> HttpResponse:
    """Reply to a comment. A second press makes no second reply; what is refused keeps its words on the page."""
    comment = visible_comment(request, round_id, uuid)
    form = ReplyForm(request.POST)
    if not form.is_valid():
        return render_comment(request, comment, form, status=400)
    try:
        reply, _created = perform_once(
            actor=request.user,
            key=form.cleaned_data["idempotency_key"],
            body={"comment": str(comment.uuid), "body": form.cleaned_data["body"]},
            action=lambda: reply_to_comment(
                author=request.user, comment=comment, body=form.cleaned_data["body"]
            ),
            find=lambda subject: Reply.objects.get(pk=pk_of(subject, Reply)),
        )
    except ValidationError as error:
        form.add_error("body", error.messages)
        return render_comment(request, comment, form, status=400)
    except (Refusal, Conflict) as refused:
        form.add_error(None, str(refused))
        return render_comment(request, comment, form, status=409 if isinstance(refused, Conflict) else 403)
    return redirect(f"{address_of(comment)}#reply-{reply.uuid}")


@signed_in_to_write
@require_POST
def position_take(request: HttpRequest, round_id: int, uuid: UUID) -> HttpResponse:
    """Support, oppose, reserve; the same again takes it back. With htmx, the comment as it stands now."""
    comment = visible_comment(request, round_id, uuid)
    position = request.POST.get("position") or None
    if position is not None and position not in Position.Value.values:
        messages.error(request, _("There is no such position."))
        return redirect(address_of(comment))
    try:
        take_position(
            user=request.user, comment=comment, position=position, reason=request.POST.get("reason")
        )
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect(address_of(comment))
    if getattr(request, "htmx", False):
        return _as_listed(request, visible_comment(request, round_id, uuid))
    messages.success(request, _("Your position is noted."))
    return redirect(address_of(comment))


def _as_listed(request: HttpRequest, comment: Comment) -> HttpResponse:
    """One comment as it stands in a list, to take the place of what it was."""
    context = {"shown": present_comments([comment], request.user)[0]}
    return render(request, "consultations/_comment.html", context)
