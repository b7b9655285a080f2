"""The secretariat's pages of reminders: what will go out, what went, and the rules."""

import re
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from core.addresses import is_local
from core.models import Message
from core.pagination import UncountedPaginator
from core.verdicts import Conflict
from roadmap.actions.reminder_care import (
    check_rule,
    hold_reminder,
    note_bounce,
    release_reminder,
    save_rule,
    send_reminder_now,
    send_test,
)
from roadmap.actions.reminding import rules_in_force
from roadmap.forms.reminders import ReminderRuleForm
from roadmap.models import ReminderHold, ReminderRule
from roadmap.occasions import occasion_of, occasions
from roadmap.reminder_outlook import BOUNCED, coming, day_words, named, outlook, told
from roadmap.reminder_rules import may_manage_reminders
from roadmap.reminder_words import rule_in_words

PER_PAGE = 50
KEY = re.compile("[0-9]{1,15}")
STATES = [*Message.State.values, BOUNCED]


def _staff_only(request: HttpRequest) -> None:
    """To everybody else these pages aren't there."""
    if not may_manage_reminders(request.user):
        raise Http404


def _back(request: HttpRequest) -> HttpResponse:
    target = request.POST.get("next", "")
    return redirect(target if is_local(target) else "reminders:overview")


@require_safe
@never_cache
@login_required
def overview(request: HttpRequest) -> HttpResponse:
    """What will go out in the next fourteen days: a drawing by day, and who is meant beneath, of the first day until
    another is asked for (``?day=all`` for all)."""
    _staff_only(request)
    now = timezone.now()
    code = request.GET.get("occasion", "")
    days = outlook(now)
    # Days beyond the drawing have no rows of their own.
    asked = request.GET.get("day", "")
    day = next((each.day for each in days if each.day.isoformat() == asked), None)
    if not asked and not code:
        day = next((each.day for each in days if each.total), None)
    rows, more = coming(now, reader=request.user, day=day, code=code)
    most = max((each.total for each in days), default=0) or 1
    context = {
        "days": [(each, round(100 * each.total / most, 1)) for each in days],
        "total": sum(each.total for each in days),
        "rows": rows,
        "more": more,
        "day": day_words(day) if day else "",
        "code": code,
        "occasions": occasions(),
        "here": request.get_full_path(),
    }
    return render(request, "roadmap/reminders_overview.html", context)


@require_safe
@never_cache
@login_required
def sent(request: HttpRequest) -> HttpResponse:
    """What was queued, and what became of each mail."""
    _staff_only(request)
    state = request.GET.get("state", "")
    page = UncountedPaginator(told(state), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": named(list(page), request.user),
        "state": state if state in STATES else "",
        "states": [*Message.State.choices, (BOUNCED, _("Came back"))],
        "query": f"state={state}" if state in STATES else "",
        "here": request.get_full_path(),
    }
    return render(request, "roadmap/reminders_sent.html", context)


def _meant(request: HttpRequest) -> dict[str, Any]:
    """Which reminder a form means: occasion, subject, person."""
    about, who = request.POST.get("about", ""), request.POST.get("person", "")
    if not KEY.fullmatch(about) or (who and not KEY.fullmatch(who)):
        raise Http404
    person = get_object_or_404(User.objects.active(), pk=int(who)) if who else None
    return {"code": request.POST.get("occasion", ""), "about": int(about), "person": person}


@login_required
@require_POST
def hold(request: HttpRequest) -> HttpResponse:
    _staff_only(request)
    hold_reminder(actor=request.user, **_meant(request))
    messages.success(request, _("The reminder is held back."))
    return _back(request)


@login_required
@require_POST
def release(request: HttpRequest, hold_id: int) -> HttpResponse:
    _staff_only(request)
    release_reminder(actor=request.user, hold=get_object_or_404(ReminderHold, pk=hold_id))
    messages.success(request, _("The reminder goes out again."))
    return _back(request)


@login_required
@require_POST
def send(request: HttpRequest) -> HttpResponse:
    """Send one reminder before its time."""
    _staff_only(request)
    days = request.POST.get("days", "")
    if not days.removeprefix("-").isdecimal() or len(days) > 5:
        raise Http404
    try:
        done = send_reminder_now(actor=request.user, days=int(days), **_meant(request))
    except Conflict as refused:
        messages.error(request, str(refused))
    else:
        said = _("The reminder is on its way.") if done else _("This reminder was sent before.")
        messages.success(request, said)
    return _back(request)


@login_required
@require_POST
def bounce(request: HttpRequest, message_id: int) -> HttpResponse:
    """Note that a mail came back."""
    _staff_only(request)
    message = get_object_or_404(Message, pk=message_id, notices__kind__startswith="reminder.")
    note_bounce(actor=request.user, message=message, note=request.POST.get("note", ""))
    messages.success(request, _("It is noted."))
    return _back(request)


@login_required
@require_POST
def test_mail(request: HttpRequest) -> HttpResponse:
    """A reminder of nothing, to whoever asks for it."""
    _staff_only(request)
    send_test(actor=request.user)
    messages.success(request, _("A test mail is on its way to you."))
    return redirect("reminders:overview")


# --- Rules ------------------------------------------------------------------------------------------------


@require_safe
@never_cache
@login_required
def rule_list(request: HttpRequest) -> HttpResponse:
    """Every occasion with its reminders, those out of force too."""
    _staff_only(request)
    rules_in_force()
    known: dict[str, list[tuple[ReminderRule, str]]] = {}
    for rule in ReminderRule.objects.order_by("side", "-days"):
        occasion = occasion_of(rule.occasion)
        if occasion:
            known.setdefault(rule.occasion, []).append((rule, rule_in_words(rule, occasion)))
    context = {"groups": [(each, known.get(each.code, [])) for each in occasions()]}
    return render(request, "roadmap/reminder_rules.html", context)


@never_cache
@login_required
def rule_new(request: HttpRequest, code: str) -> HttpResponse:
    _staff_only(request)
    if occasion_of(code) is None:
        raise Http404
    return _edit(request, ReminderRule(occasion=code, days=7, side=ReminderRule.Side.BEFORE))


@never_cache
@login_required
def rule_edit(request: HttpRequest, rule_id: int) -> HttpResponse:
    """Change a rule. “See the effect” shows what would go out, and saves nothing."""
    _staff_only(request)
    return _edit(request, get_object_or_404(ReminderRule, pk=rule_id))


def _edit(request: HttpRequest, rule: ReminderRule) -> HttpResponse:
    occasion = occasion_of(rule.occasion)
    if occasion is None:
        raise Http404
    form = ReminderRuleForm(request.POST or None, rule=rule, occasion=occasion)
    effect = None
    if request.method == "POST" and form.is_valid():
        try:
            if "preview" in request.POST:
                effect = _effect(rule, form.wanted)
            else:
                save_rule(actor=request.user, rule=rule, **form.wanted)
                messages.success(request, _("The reminder is saved."))
                return redirect(f"{reverse('reminders:rules')}#{occasion.code}")
        except ValidationError as error:
            form.take_errors(error)
    context = {"form": form, "rule": rule, "occasion": occasion, "effect": effect}
    return render(request, "roadmap/reminder_rule.html", context, status=400 if form.errors else 200)


def _effect(rule: ReminderRule, wanted: dict[str, Any]) -> dict[str, int]:
    """How many reminders of the occasion fall due within fourteen days, as it is and as it would be."""
    now, rules = timezone.now(), rules_in_force()
    others = [each for each in rules.get(rule.occasion, []) if each.pk != rule.pk]
    changed = ReminderRule(
        occasion=rule.occasion,
        **{name: wanted[name] for name in ("days", "side", "times", "mandatory")},
        repeat_days=wanted["repeat_days"],
    )
    check_rule(changed)
    then = [*others, changed] if wanted["active"] else others
    return {
        "now": sum(day.total for day in outlook(now, rules={rule.occasion: rules.get(rule.occasion, [])})),
        "then": sum(day.total for day in outlook(now, rules={rule.occasion: then})),
    }
