"""My account: an overview, and the devices on which I am signed in."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from knox.models import AuthToken

from accounts.actions.sessions import end_sessions
from accounts.models import User
from accounts.rules import may_invite
from accounts.sessions import devices_of
from accounts.slots import occasions_open_to
from accounts.standing import standing_of


@login_required
@require_safe
@never_cache
def overview(request: HttpRequest) -> HttpResponse:
    """Everything that is mine to look after, with where it stands."""
    person = User.objects.get(pk=request.user.pk)
    factors = list(Authenticator.objects.filter(user=person).values_list("type", flat=True))
    context = {
        "person": person,
        "new_address": EmailAddress.objects.filter(user=person, verified=False).first(),
        "app": Authenticator.Type.TOTP in factors,
        "passkeys": factors.count(Authenticator.Type.WEBAUTHN),
        "devices": UserSession.objects.filter(user=person).count(),
        "tokens": AuthToken.objects.filter(user=person).count(),
        "connected": SocialAccount.objects.filter(user=person).count(),
        "standing": standing_of(person),
        "may_invite": may_invite(person),
    }
    return render(request, "accounts/overview.html", context)


@login_required
@require_safe
@never_cache
def welcome(request: HttpRequest) -> HttpResponse:
    """What I am now, what is still to be done, and what I can take part in: after accepting an invitation."""
    person = User.objects.get(pk=request.user.pk)
    context = {"standing": standing_of(person), "occasions": occasions_open_to(person)}
    return render(request, "accounts/welcome.html", context)


@login_required
@require_safe
@never_cache
def session_list(request: HttpRequest) -> HttpResponse:
    """Where I am signed in."""
    person = User.objects.get(pk=request.user.pk)
    devices = devices_of(person, request.session.session_key)
    return render(request, "accounts/session_list.html", {"devices": devices})


@login_required
@require_POST
def session_end(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign out on one device; this one included."""
    person = User.objects.get(pk=request.user.pk)
    if end_sessions(actor=request.user, person=person, only=pk):
        messages.success(request, _("That device is signed out."))
    return redirect("accounts:session_list")


@login_required
@require_POST
def session_end_others(request: HttpRequest) -> HttpResponse:
    """Sign out everywhere but here."""
    person = User.objects.get(pk=request.user.pk)
    ended = end_sessions(actor=request.user, person=person, spare=request.session.session_key)
    done = ngettext("%(count)d other device is signed out.", "%(count)d other devices are signed out.", ended)
    messages.success(request, done % {"count": ended})
    return redirect("accounts:session_list")
