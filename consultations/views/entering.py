"""Entering a comment that was received otherwise: one page of the desk."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from consultations.actions.entering_received import day_of_closing, enter_received
from consultations.forms.entering import ReceivedForm, new_entry
from consultations.models import Comment, Round
from consultations.rules import may_enter_for_others
from consultations.views.comments import address_of
from consultations.views.desk import desk_round
from core.idempotency import perform_once
from core.models import pk_of
from core.verdicts import Conflict, require


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: HttpRequest, round_id: int) -> HttpResponse:
    """The form; sent, the comment. A second press makes no second comment."""
    round = desk_round(request, round_id)
    if request.method != "POST":
        provision = request.GET.get("provision", "")
        return _page(
            request,
            round,
            new_entry(round, request.user, provision=provision, language=get_language() or "en"),
        )
    require(may_enter_for_others(request.user, round, at=timezone.now()))
    form = ReceivedForm(request.POST, round=round, user=request.user)
    if not form.is_valid():
        return _page(request, round, form, 400)
    try:
        comment = _entered(request, round, form)
    except ValidationError as error:
        form.take_errors(error)
        return _page(request, round, form, 400)
    except Conflict:
        form.take_new_key()
        words = _(
            "This form was sent before with other content, and that is saved. If you send it again, this is saved"
            " beside it."
        )
        form.add_error(None, words)
        return _page(request, round, form, 409)
    messages.success(request, _told(comment))
    return redirect(address_of(comment))


def _entered(request: HttpRequest, round: Round, form: ReceivedForm) -> Comment:
    sent = {name: request.POST.getlist(name) for name in request.POST if name != "csrfmiddlewaretoken"}
    comment, _new = perform_once(
        actor=request.user,
        key=form.cleaned_data["key"],
        body={"round": round.pk, **sent},
        action=lambda: enter_received(actor=request.user, round=round, received=form.received, **form.words),
        find=lambda subject: get_object_or_404(Comment, pk=pk_of(subject, Comment)),
    )
    return comment


def _told(comment: Comment) -> str:
    if comment.status == Comment.Status.LATE:
        return _("Entered as late input: it is kept and read, but has no number and is not counted.")
    return _("Entered as no. %(number)s.") % {"number": comment.number}


def _page(request: HttpRequest, round: Round, form: ReceivedForm, status: int = 200) -> HttpResponse:
    context = {
        "round": round,
        "form": form,
        "may_enter": may_enter_for_others(request.user, round, at=timezone.now()),
        "closed_on": day_of_closing(round),
    }
    return render(request, "consultations/enter.html", context, status=status)
