"""What the portal keeps of me, what I agreed to, and how I take it away or have it erased."""

import time

from allauth.account.decorators import reauthentication_required
from allauth.account.internal.flows.reauthentication import get_reauthentication_flows
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.actions.consents import give_consent, withdraw_consent
from accounts.actions.erasing import erase_account
from accounts.actions.exporting import KIND, PURPOSE, start_export
from accounts.facts import facts_of
from accounts.forms.my_data import EraseForm
from accounts.models import ConsentText, User
from accounts.queries import consent_text, consents_of, newest_version, standing_consent
from accounts.slots import personal_records
from accounts.wording import changed_words
from core.addresses import is_local
from core.models import Job, StoredFile

# Who signs in by code alone has nothing to enter again: a fresh sign-in stands for it.
FRESH = 15 * 60


@login_required
@require_safe
@never_cache
def my_data(request: HttpRequest) -> HttpResponse:
    """Everything the portal keeps of me, in brief."""
    person = _own(request)
    context = {
        "person": person,
        "consents": consents_of(person),
        "state": facts_of(request.user).consent,
        "kept": [(records.title, len(records.collect(person))) for records in personal_records()],
        "exports": StoredFile.objects.filter(owner=person, purpose=PURPOSE).order_by("-pk"),
        "job": Job.objects.filter(
            owner=person, kind=KIND, state__in=[Job.State.QUEUED, Job.State.RUNNING]
        ).first(),
    }
    return render(request, "accounts/my_data.html", context)


@login_required
@require_POST
def export(request: HttpRequest) -> HttpResponse:
    """Begin to put my data together, and show how far it is."""
    job = start_export(actor=request.user, person=_own(request))
    return redirect("core:job_detail", job.uuid)


@login_required
@never_cache
def consent(request: HttpRequest) -> HttpResponse:
    """The text in force, what changed since I agreed, and the button to agree."""
    person, language = _own(request), get_language() or "en"
    if request.method == "POST":
        pk = request.POST.get("text", "")
        text = get_object_or_404(ConsentText, pk=int(pk) if pk.isdecimal() and len(pk) < 10 else 0)
        give_consent(actor=request.user, person=person, text=text)
        messages.success(request, _("Thank you. Your consent is on record."))
        return redirect(_back(request))
    text_in_force = consent_text(newest_version(), language)
    standing = standing_consent(person)
    earlier = None
    if standing and text_in_force and standing.text.version < text_in_force.version:
        earlier = consent_text(standing.text.version, text_in_force.language) or standing.text
    context = {
        "text": text_in_force,
        "standing": standing,
        "earlier": earlier,
        "changes": changed_words(earlier.text, text_in_force.text) if earlier and text_in_force else [],
        "next": _back(request, default=""),
        "state": facts_of(request.user).consent,
    }
    return render(request, "accounts/consent.html", context)


@login_required
@require_POST
def consent_withdraw(request: HttpRequest) -> HttpResponse:
    """Take my consent back: one click."""
    if withdraw_consent(actor=request.user, person=_own(request)):
        messages.success(
            request, _("Your consent is withdrawn. Your name is being taken off what you submitted.")
        )
    return redirect("accounts:my_data")


@login_required
@never_cache
@reauthentication_required
def erase(request: HttpRequest) -> HttpResponse:
    """What goes and what stays; then, with my address typed, the end of my account."""
    person = _own(request)
    if not _freshly_known(request):
        return render(request, "accounts/erase_stale.html", status=403)
    form = EraseForm(request.POST if request.method == "POST" else None, person=person)
    if request.method == "POST" and form.is_valid():
        erase_account(actor=request.user, person=person)
        logout(request)
        return redirect("accounts:erased")
    return render(request, "accounts/erase.html", {"form": form}, status=400 if form.errors else 200)


@require_safe
def erased(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/erased.html")


def _own(request: HttpRequest) -> User:
    """The caller's row, read anew: a form that was refused leaves no trace on it."""
    return User.objects.select_related("country").get(pk=request.user.pk)


def _freshly_known(request: HttpRequest) -> bool:
    person = request.user
    if not person.is_authenticated or get_reauthentication_flows(person):
        return True  # allauth has asked
    signed_in = person.last_login
    return signed_in is not None and time.time() - signed_in.timestamp() < FRESH


def _back(request: HttpRequest, default: str = "accounts:my_data") -> str:
    """Where the person came from, within the portal."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    return wanted if is_local(wanted) else default
