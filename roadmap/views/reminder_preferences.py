"""A person's own page of reminders, and the page that a mail's link opens."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core import signing
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from accounts.models import User
from roadmap.actions.reminder_preferences import choose_reminders, stop_reminders
from roadmap.forms.reminder_preferences import ReminderPreferenceForm
from roadmap.models import ReminderPreference
from roadmap.occasions import occasion_of
from roadmap.reminder_choices import choices
from roadmap.reminder_mails import read_stop_token


@never_cache
@login_required
def preferences(request: HttpRequest) -> HttpResponse:
    """Of what I am reminded, and how."""
    person = User.objects.get(pk=request.user.pk)
    chosen = ReminderPreference.objects.filter(user=person).first() or ReminderPreference(user=person)
    offered = choices()
    form = ReminderPreferenceForm(request.POST or None, chosen=chosen, offered=offered)
    if request.method == "POST" and form.is_valid():
        try:
            choose_reminders(actor=request.user, person=person, **form.choice)
        except ValidationError as error:
            form.take_errors(error)
        else:
            messages.success(request, _("Your choice is saved."))
            return redirect("reminders:preferences")
    context = {"form": form, "always": [each.occasion for each in offered if each.always], "person": person}
    return render(request, "roadmap/reminder_preferences.html", context, status=400 if form.errors else 200)


@never_cache
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """Turn off what a mail reminded of, without signing in: the link went to the person's address.

    Opening it changes nothing, for mail programs open links by themselves.
    """
    try:
        person, code = read_stop_token(token)
    except (signing.BadSignature, TypeError, ValueError) as error:
        raise Http404 from error
    offered = {each.occasion.code: each for each in choices()}
    if occasion_of(code) is None or not User.objects.active().filter(pk=person).exists():
        raise Http404
    stopped = request.method == "POST"
    if stopped:
        stop_reminders(person_id=person, code=code)
    context = {"occasion": occasion_of(code), "choice": offered.get(code), "stopped": stopped}
    return render(request, "roadmap/reminder_stop.html", context)
