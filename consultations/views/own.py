"""My comments: the list, a file of them, a copy by mail; and what others replied."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Case, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from consultations.actions.copies import mail_own_copy
from consultations.actions.discussing import choose_reply_mails
from consultations.copies import as_text, own_comments
from consultations.forms.comments import ReplyMailsForm
from consultations.models import Comment, ReplyMails
from consultations.presenting import present_comments, present_reply
from consultations.queries import share_rounds, with_discussion
from consultations.replies import REASONS, reason_for, replies_to
from consultations.views.voices import PER_PAGE, visible_round
from core.pagination import UncountedPaginator


@login_required
def my_comments(request: HttpRequest) -> HttpResponse:
    """Everything I wrote: drafts first, then by round."""
    found = with_discussion(Comment.objects.filter(author=request.user.pk)).order_by(
        Case(When(status=Comment.Status.DRAFT, then=0), default=1),
        "-round__opens_at",
        "round",
        "number",
        "pk",
    )
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "comments": present_comments(page, request.user)}
    return render(request, "consultations/my_comments.html", context)


@require_safe
@never_cache
@login_required
def my_comments_download(request: HttpRequest) -> HttpResponse:
    """All my comments as one text file."""
    text = as_text(own_comments(request.user), request.user)
    # With a mark of its encoding: some programs take a text in Arabic or Chinese for something else without it.
    response = HttpResponse("\ufeff" + text, content_type="text/plain; charset=utf-8")
    name = _("my-comments")
    response["Content-Disposition"] = f'attachment; filename="{name}.txt"'
    return response


@login_required
@require_POST
def my_comments_mail(request: HttpRequest, round_id: int) -> HttpResponse:
    """Mail me what I wrote in this round."""
    round = visible_round(request, round_id)
    try:
        mail_own_copy(actor=request.user, round=round)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("A copy is on its way to you."))
    return redirect("consultations:my_comments")


@require_safe
@never_cache
@login_required
def my_replies(request: HttpRequest) -> HttpResponse:
    """What others replied to me, or where I take part; and which mails about it I want."""
    page = UncountedPaginator(replies_to(request.user), PER_PAGE).get_page(request.GET.get("page"))
    share_rounds([reply.comment for reply in page])
    chosen = ReplyMails.objects.filter(user=request.user.pk).values_list("choice", flat=True).first()
    context = {
        "page": page,
        "replies": [
            (present_reply(reply, reply.comment, request.user), REASONS[reason_for(request.user, reply)])
            for reply in page
        ],
        "form": ReplyMailsForm(initial={"choice": chosen or ReplyMails.Choice.MINE}),
    }
    return render(request, "consultations/my_replies.html", context)


@login_required
@require_POST
def my_replies_mails(request: HttpRequest) -> HttpResponse:
    """Choose which mails about replies I get."""
    try:
        choose_reply_mails(actor=request.user, choice=request.POST.get("choice", ""))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("Your choice is saved."))
    return redirect("consultations:my_replies")
