"""A person's own pages."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from knox.models import AuthToken

from accounts.actions.profile import change_profile, revoke_token
from accounts.forms.profile import ProfileForm
from accounts.models import User


@login_required
def profile(request: HttpRequest) -> HttpResponse:
    """How I am named, addressed and told the time."""
    person = User.objects.get(pk=request.user.pk)
    form = ProfileForm(request.POST or None, instance=person)
    if request.method == "POST" and form.is_valid():
        try:
            change_profile(actor=request.user, person=User.objects.get(pk=person.pk), **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("Your profile is saved."))
            return redirect("accounts:profile")
    context = {"form": form, "tokens": AuthToken.objects.filter(user=person).order_by("-created")}
    return render(request, "accounts/profile.html", context, status=400 if form.errors else 200)


@login_required
@require_POST
def token_revoke(request: HttpRequest, key: str) -> HttpResponse:
    """Take one of my API tokens out of use; ``key`` is its visible beginning."""
    token = get_object_or_404(AuthToken, user=request.user.pk, token_key=key)
    revoke_token(actor=request.user, token=token)
    messages.success(request, _("The token is out of use."))
    return redirect("accounts:profile")
