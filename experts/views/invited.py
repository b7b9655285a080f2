"""What a nominee sees who opens the link of their mail."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import SignupForm
from allauth.account.internal.flows.signup import complete_signup
from allauth.account.models import EmailAddress
from allauth.account.views import SignupView
from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.models import User
from experts.actions.linking import find_link, refuse_by_link, take_over
from experts.models import Nomination, NomineeLink


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def invited(request: HttpRequest, token: str) -> HttpResponse:
    """See who nominates one in which call; go on, or say no. Opening changes nothing: mail programs open links too."""
    link = find_link(token)
    if link is None:
        return render(request, "experts/invited_closed.html", {}, status=404)
    nomination = link.nomination
    if request.user.is_authenticated and nomination.nominee_id == request.user.pk:
        take_over(actor=request.user, token=token)
        return redirect("nominations:nomination_detail", nomination.uuid)
    withdrawn = nomination.state == Nomination.State.WITHDRAWN
    if request.method == "POST" and "refuse" in request.POST and not withdrawn:
        refuse_by_link(token=token)
        return render(request, "experts/invited_closed.html", {"refused": True})
    if withdrawn or not link.is_open(timezone.now()):
        context = {
            "withdrawn": withdrawn,
            "used": link.used_at and not withdrawn,
            "expired": not withdrawn and not link.used_at,
            "link": link,
            "nomination": nomination,
            "call": nomination.call,
        }
        return render(request, "experts/invited_closed.html", context, status=410)
    if request.method == "POST" and request.user.is_authenticated:
        if not _has_confirmed(request.user, nomination.email):
            return _page(request, link, token)
        taken = take_over(actor=User.objects.get(pk=request.user.pk), token=token)
        messages.success(request, _("Welcome. Complete the nomination and hand it in."))
        return redirect("nominations:nomination_edit", taken.uuid)
    return _page(request, link, token)


def _has_confirmed(user: Any, address: str) -> bool:
    return EmailAddress.objects.filter(user=user, email=address, verified=True).exists()


def _page(request: HttpRequest, link: NomineeLink, token: str) -> HttpResponse:
    nomination = link.nomination
    signed_in = request.user.is_authenticated
    fits = signed_in and _has_confirmed(request.user, nomination.email)
    context = {
        "nomination": nomination,
        "call": nomination.call,
        "link": link,
        "token": token,
        "fits": fits,
        "has_account": User.objects.active().filter(email=nomination.email).exists(),
        "closes_at": nomination.call.deadlines_for(nomination.country_id)[0],
    }
    return render(request, "experts/invited.html", context, status=403 if signed_in and not fits else 200)


class NomineeSignUpForm(SignupForm):
    """Sign-up for the address that was named; what the country said of the person is filled in."""

    def __init__(self, *args: Any, nomination: Nomination, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].disabled = True
        self.fields["email"].help_text = _("The invitation has confirmed it.")
        self.initial.setdefault("name", nomination.name)
        self.initial.setdefault("country", nomination.country_id)
        self.initial["email"] = nomination.email


class NomineeSignUp(SignupView):
    """Create the account and take the nomination over, both or neither. The link has confirmed the address."""

    template_name = "experts/invited_sign_up.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.token = kwargs["token"]
        link = find_link(self.token)
        if link is None or not link.is_open(timezone.now()) or request.user.is_authenticated:
            return redirect("nominations:invited", self.token)
        if User.objects.filter(email=link.nomination.email).exists():
            return redirect("nominations:invited", self.token)
        self.nomination = link.nomination
        return super().dispatch(request, *args, **kwargs)

    def get_form_class(self) -> type[NomineeSignUpForm]:
        return NomineeSignUpForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "nomination": self.nomination}

    def form_valid(self, form: NomineeSignUpForm) -> HttpResponse:
        get_adapter().stash_verified_email(self.request, self.nomination.email)
        try:
            with transaction.atomic():
                self.user, response = form.try_save(self.request)
                if response:  # somebody took the address while the form was filled in
                    return redirect("nominations:invited", self.token)
                take_over(actor=self.user, token=self.token)
        except (Http404, IntegrityError):  # the same form, sent twice at once
            return redirect("nominations:invited", self.token)
        there = reverse("nominations:nomination_edit", args=[self.nomination.uuid])
        return complete_signup(self.request, user=self.user, redirect_url=there)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {
            **super().get_context_data(**kwargs),
            "nomination": self.nomination,
            "call": self.nomination.call,
        }


invited_sign_up = NomineeSignUp.as_view()
