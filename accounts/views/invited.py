"""What somebody sees who opens the link of an invitation."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.signup import complete_signup
from allauth.account.views import SignupView
from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.actions.invitations import accept_invitation, find_invitation
from accounts.forms.invitations import InvitedSignUpForm
from accounts.models import Invitation, User
from accounts.rules import CLOSED, may_accept
from accounts.slots import occasions_meant_by
from core.verdicts import Refusal


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """See what is offered, and take it. Opening the link changes nothing: mail programs open links too."""
    found = find_invitation(token)
    if found is None:
        reason = _(
            "This link opens no invitation. It may be incomplete, or a later mail may have brought another one."
        )
        return render(request, "accounts/invitation_closed.html", {"reason": reason}, status=404)
    if request.method == "POST" and request.user.is_authenticated:
        person = User.objects.get(pk=request.user.pk)
        try:
            accept_invitation(actor=person, token=token)
        except Refusal:
            return _page(request, found, token)
        messages.success(request, _("Welcome: %(offer)s.") % {"offer": found.offer})
        return redirect("accounts:welcome")
    return _page(request, found, token)


def _page(request: HttpRequest, found: Invitation, token: str) -> HttpResponse:
    found.refresh_from_db()
    now = timezone.now()
    state = found.state_at(now)
    if state != Invitation.State.OPEN:
        mine = request.user.is_authenticated and found.accepted_by_id == request.user.pk
        reason = _("You have accepted this invitation.") if mine else CLOSED[state]
        closed = {"reason": reason, "accepted": state == Invitation.State.ACCEPTED}
        return render(request, "accounts/invitation_closed.html", closed, status=200 if mine else 410)
    verdict = may_accept(request.user, found, at=now)
    context = {
        "invitation": found,
        "token": token,
        "verdict": verdict,
        "has_account": User.objects.active().filter(email=found.email).exists(),
        "occasions": occasions_meant_by(found),
    }
    refused = request.user.is_authenticated and not verdict
    return render(request, "accounts/invitation_open.html", context, status=403 if refused else 200)


class InvitedSignUp(SignupView):
    """Create the account and take up the invitation, both or neither. The link has confirmed the address."""

    template_name = "accounts/invitation_sign_up.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.token = kwargs["token"]
        found = find_invitation(self.token)
        if found is None or found.state_at(timezone.now()) != Invitation.State.OPEN:
            return redirect("accounts:invitation", self.token)
        if request.user.is_authenticated or User.objects.filter(email=found.email).exists():
            return redirect("accounts:invitation", self.token)
        self.invitation = found
        return super().dispatch(request, *args, **kwargs)

    def get_form_class(self) -> type[InvitedSignUpForm]:
        return InvitedSignUpForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "invitation": self.invitation}

    def form_valid(self, form: InvitedSignUpForm) -> HttpResponse:
        get_adapter().stash_verified_email(self.request, self.invitation.email)
        try:
            with transaction.atomic():
                self.user, response = form.try_save(self.request)
                if response:  # somebody took the address while the form was filled in
                    return redirect("accounts:invitation", self.token)
                accept_invitation(actor=self.user, token=self.token)
        except (Refusal, IntegrityError):  # the same form, sent twice at once
            return redirect("accounts:invitation", self.token)
        return complete_signup(self.request, user=self.user, redirect_url=reverse("accounts:welcome"))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "invitation": self.invitation}


invitation_sign_up = InvitedSignUp.as_view()
