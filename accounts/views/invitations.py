"""The secretariat's pages of invitations."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.actions.invitations import (
    invite_people,
    preview_invitations,
    resend_invitation,
    withdraw_invitation,
)
from accounts.forms.invitations import InvitationForm
from accounts.invitation_list import Line, Outcome
from accounts.invitation_report import report_csv
from accounts.models import Invitation
from accounts.rules import may_invite
from core.verdicts import require

PER_PAGE = 50


@login_required
@require_safe
def invitation_list(request: HttpRequest) -> HttpResponse:
    """Who was invited, to what, and what became of it; the latest first."""
    require(may_invite(request.user))
    invitations = Invitation.objects.select_related("group", "country", "invited_by").order_by(
        "-created_at", "-pk"
    )
    page = Paginator(invitations, PER_PAGE).get_page(request.GET.get("page"))
    now = timezone.now()
    rows = [
        {
            "invitation": invitation,
            "state": invitation.state_at(now),
            "state_label": Invitation.State(invitation.state_at(now)).label,
            "may_change": may_invite(request.user, invitation.role),  # a mission's too: it offers no role
        }
        for invitation in page
    ]
    return render(request, "accounts/invitation_list.html", {"page": page, "rows": rows})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def invitation_create(request: HttpRequest) -> HttpResponse:
    """Paste a list or choose a table, look at what would become of each line, send."""
    require(may_invite(request.user))
    sent = request.POST if request.method == "POST" else None
    form = InvitationForm(sent, request.FILES or None, inviter=request.user, initial=_initial(request))
    lines: list[Line] = []
    if form.is_valid():
        try:
            lines = preview_invitations(actor=request.user, **form.plan)
            if "report" in request.POST:
                return _report(lines)
            if request.POST.get("seen") == form.seen and "send" in request.POST:
                lines = invite_people(actor=request.user, **form.plan, days=form.cleaned_data["days"])
                return _sent(request, sum(line.is_sent for line in lines))
        except ValidationError as error:
            form.take_errors(error)
    wrong = sum(line.outcome == Outcome.WRONG for line in lines)
    context = {
        "form": form,
        "lines": lines,
        "wrong": wrong,
        "to_send": 0 if wrong else sum(line.is_sent for line in lines),
        "seen": form.seen if lines else "",
    }
    return render(
        request, "accounts/invitation_form.html", context, status=400 if form.errors or wrong else 200
    )


def _initial(request: HttpRequest) -> dict[str, str]:
    """What the address fills in: the overview of member states leads here for one of them."""
    known = {name: request.GET[name] for name in ("country", "role") if name in request.GET}
    return {"language": get_language() or "en", **known}


def _report(lines: list[Line]) -> HttpResponse:
    response = HttpResponse(report_csv(lines), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="invitations.csv"'
    return response


@login_required
@require_POST
def invitation_resend(request: HttpRequest, uuid: UUID) -> HttpResponse:
    require(may_invite(request.user))
    invitation = get_object_or_404(Invitation, uuid=uuid)
    resend_invitation(actor=request.user, invitation=invitation)
    messages.success(request, _("A new mail is on its way to %(name)s.") % {"name": invitation.name})
    return redirect("accounts:invitation_list")


@login_required
@require_POST
def invitation_withdraw(request: HttpRequest, uuid: UUID) -> HttpResponse:
    require(may_invite(request.user))
    invitation = get_object_or_404(Invitation, uuid=uuid)
    withdraw_invitation(actor=request.user, invitation=invitation)
    messages.success(request, _("The invitation of %(name)s is withdrawn.") % {"name": invitation.name})
    return redirect("accounts:invitation_list")


def _sent(request: HttpRequest, count: int) -> HttpResponse:
    if count:
        words = ngettext(
            "%(count)d invitation is on its way.", "%(count)d invitations are on their way.", count
        )
        messages.success(request, words % {"count": count})
    else:
        messages.info(request, _("Everyone in the list takes part or has been invited already."))
    return redirect("accounts:invitation_list")
