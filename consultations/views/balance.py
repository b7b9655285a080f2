"""The balance of a round for staff: who was asked, who has spoken, and the reminder to those who have not."""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.models import StakeholderGroup
from accounts.queries import region_names
from consultations.actions.reminding import remind_round
from consultations.balance import (
    DIMENSIONS,
    QUIET_DAYS,
    Audience,
    asked_people,
    audience_of,
    balance_tables,
    states_by_region,
)
from consultations.charts.bars import language_name
from consultations.forms.balance import GapForm, SendForm
from consultations.missing_mails import missing_words
from consultations.models import Round
from consultations.queries import cells_by_dimension
from consultations.reminder_rules import may_remind, may_see_balance
from consultations.views.voices import visible_round
from core.verdicts import require

NAMES_SHOWN = 200


def _staff_round(request: HttpRequest, round_id: int) -> Round:
    round = visible_round(request, round_id)
    require(may_see_balance(request.user, round))
    return round


@require_safe
@never_cache
@login_required
def balance(request: HttpRequest, round_id: int) -> HttpResponse:
    """Regions, stakeholder groups and languages against who was asked; member states without input; the log."""
    round = _staff_round(request, round_id)
    now = timezone.now()
    people = asked_people(round, at=now)
    cells = cells_by_dimension(round, request.user, DIMENSIONS)
    comments = {name: {cell.key: cell.comments for cell in found} for name, found in cells.items()}
    states = states_by_region(round, people)
    context = {
        "round": round,
        "asked": len(people),
        "spoke": sum(person.spoke for person in people),
        "tables": balance_tables(people, comments),
        "states": states,
        "states_total": sum(region.total for region in states),
        "states_spoke": sum(region.spoke for region in states),
        "log": _log(round),
        "may_remind": may_remind(request.user, round, at=now),
        "form": GapForm(),
        "staff": True,
    }
    return render(request, "consultations/balance.html", context)


@never_cache
@login_required
def balance_remind(request: HttpRequest, round_id: int) -> HttpResponse:
    """What a reminder would say, and to whom (GET); sending it (POST)."""
    round = _staff_round(request, round_id)
    require(may_remind(request.user, round, at=timezone.now()))
    if request.method == "POST":
        return _send(request, round)
    asked = GapForm(request.GET)
    if not asked.is_valid():
        return _preview(request, round, asked, status=400)
    return _preview(request, round, SendForm(initial=_chosen(asked)))


def _chosen(form: GapForm) -> dict[str, Any]:
    gap = form.gap
    return {"region": list(gap.regions), "group": list(gap.groups), "states": gap.states}


def _send(request: HttpRequest, round: Round) -> HttpResponse:
    form = SendForm(request.POST)
    if not form.is_valid():
        return _preview(request, round, form, status=400)
    data = form.cleaned_data
    try:
        reminder = remind_round(
            actor=request.user, round=round, gap=form.gap, key=data["key"], again=data["again"]
        )
    except ValidationError as error:
        form.take_errors(error)
        return _preview(request, round, form, status=400)
    n = reminder.people
    messages.success(
        request,
        ngettext("%(n)d person is reminded.", "%(n)d people are reminded.", n) % {"n": n},
    )
    return redirect("consultations:balance", round.pk)


def _preview(request: HttpRequest, round: Round, form: GapForm, *, status: int = 200) -> HttpResponse:
    known = GapForm(request.POST or request.GET)
    audience = Audience([], 0, 0)
    if known.is_valid():
        audience = audience_of(round, known.gap, at=timezone.now())
    context = {
        "round": round,
        "form": form,
        "sends": isinstance(form, SendForm),
        "audience": audience,
        "names": [person.name for person in audience.people[:NAMES_SHOWN]],
        "more": max(0, len(audience.people) - NAMES_SHOWN),
        "chosen": _words_of(known.gap.as_json()) if known.is_valid() else "",
        "mails": _mails(request, round, audience),
        "quiet_days": QUIET_DAYS,
        "staff": True,
    }
    return render(request, "consultations/balance_remind.html", context, status=status)


def _mails(request: HttpRequest, round: Round, audience: Audience) -> list[dict[str, Any]]:
    """The mail in each language in which somebody gets it."""
    found = []
    for code, n in audience.languages or [(translation.get_language() or "en", 0)]:
        with translation.override(code):
            words = missing_words(round, request.user)
        found.append({"code": code, "name": language_name(code), "people": n, "words": words})
    return found


def _log(round: Round) -> list[tuple[Any, list[str]]]:
    """The reminders that were sent, with what they were chosen by."""
    reminders = round.reminders.select_related("sent_by")
    return [(reminder, _words_of(reminder.choice)) for reminder in reminders]


def _words_of(choice: dict[str, Any]) -> list[str]:
    """Regions, groups and whether states alone, in the reader's words."""
    regions, groups = region_names(), dict(StakeholderGroup.choices)
    words: Iterable[Any] = [
        *(regions.get(code, code) for code in choice.get("regions", [])),
        *(groups.get(code, code) for code in choice.get("groups", [])),
        *([GapForm.base_fields["states"].label] if choice.get("states") else []),
    ]
    return [str(word) for word in words]
