"""The secretariat's pages of a decision: prepared, looked over, announced, places filled again."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.form_fields import SecretariatTimeField
from core.forms import ReadableFields
from experts.actions.announcing_decisions import DAYS, announce, broken_rules, summary_of
from experts.actions.appointing import (
    answer_on_behalf,
    invite_again,
    resign,
    state_at,
)
from experts.actions.deciding import decide_on, depart, rank_alternate, state_reasons
from experts.actions.recording import ask_for_record
from experts.actions.replacing import move_up, vacancies_of
from experts.links import nomination_page
from experts.models import Appointment, Call, Decision, DecisionItem, Nomination, Selection
from experts.panel_balance import bullets_of
from experts.panel_group import is_regional, name_of_group, outcomes_of
from experts.panel_words import Words
from experts.selection_pool import problem_behind
from experts.states import POOL
from experts.views.selections import frame, panel_call

Outcome = DecisionItem.Outcome


class AnnounceForm(ReadableFields, forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)
    answer_by = SecretariatTimeField(label=gettext_lazy("Answer until"))


def _decision(call: Call) -> Decision:
    found: Decision = get_object_or_404(
        Decision.objects.select_related("selection__call", "decided_by", "announced_by", "record", "call"),
        call=call,
    )
    return found


@login_required
@require_POST
def decide(request: HttpRequest, call_id: int, uuid: UUID) -> HttpResponse:
    """Begin the decision from a computed panel."""
    call = panel_call(request, call_id)
    selection = get_object_or_404(Selection.objects.select_related("call"), call=call, uuid=uuid)
    try:
        decide_on(actor=request.user, selection=selection)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("panel:selection", call.pk, selection.uuid)
    return redirect("panel:decision", call.pk)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def decision_page(request: HttpRequest, call_id: int) -> HttpResponse:
    """Everyone's outcome, the balance after departures, what stands in the way of announcing."""
    call = panel_call(request, call_id)
    decision = _decision(call)
    error = None
    if request.method == "POST":
        try:
            _change(request, decision)
            return redirect("panel:decision", call.pk)
        except ValidationError as refused:
            error = " ".join(refused.messages)
            decision = _decision(call)
    return render(
        request, "experts/decision.html", _shown(call, decision, error), status=400 if error else 200
    )


def _change(request: HttpRequest, decision: Decision) -> None:
    sent = request.POST
    version = _number(sent.get("version"))
    if "state" in sent:
        state_reasons(
            actor=request.user, decision=decision, version=version, statement=sent.get("statement", "")
        )
        return
    nomination = _nomination(decision.call, sent.get("nomination", ""))
    reason = sent.get("reason", "")
    if "up" in sent or "down" in sent:
        rank_alternate(
            actor=request.user,
            decision=decision,
            version=version,
            nomination=nomination,
            up="up" in sent,
            reason=reason,
        )
    else:
        depart(
            actor=request.user,
            decision=decision,
            version=version,
            nomination=nomination,
            outcome=sent.get("outcome", ""),
            reason=reason,
        )


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 10 else 0


def _nomination(call: Call, uuid: str) -> Nomination:
    try:
        key = UUID(uuid)
    except ValueError:
        raise ValidationError(_("Choose a person, or leave the row empty.")) from None
    return get_object_or_404(Nomination, call=call, uuid=key)


def _shown(call: Call, decision: Decision, error: str | None) -> dict[str, Any]:
    words = Words()
    items = list(
        decision.items.select_related("nomination__country", "departed_by").order_by(
            "rank", "nomination__name"
        )
    )
    for item in items:
        item.page = nomination_page(item.nomination.uuid)  # type: ignore[attr-defined]
    by_outcome = {outcome: [item for item in items if item.outcome == outcome] for outcome in Outcome.values}
    broken = broken_rules(decision, items)
    balance = []
    if decision.selection:
        problem = problem_behind(decision.selection)
        known = {candidate.id for candidate in problem.candidates}
        members = [str(item.nomination.uuid) for item in by_outcome[Outcome.MEMBER]]
        balance = bullets_of(problem, [uuid for uuid in members if uuid in known], words)
    names = {str(item.nomination.uuid): item.nomination.name for item in items}
    asked = decision.selection.problem if decision.selection else {"quotas": [], "per_country": None}
    decided = {item.nomination_id for item in items}
    return {
        **frame(call),
        "decision": decision,
        "error": error,
        "members": by_outcome[Outcome.MEMBER],
        "alternates": by_outcome[Outcome.ALTERNATE],
        "regional": by_outcome[Outcome.REGIONAL],
        "others": by_outcome[Outcome.NONE],
        "departed": [item for item in items if item.departed_by_id],
        "undecided": [
            nomination
            for nomination in Nomination.objects.filter(call=call, state__in=POOL).select_related("country")
            if nomination.pk not in decided
        ]
        if not decision.announced_at
        else [],
        "balance": balance,
        "broken": [
            words.demand(
                {
                    "kind": each.kind,
                    "attribute": each.attribute,
                    "value": each.value,
                    "candidate": each.candidate,
                },
                asked,
                names,
            )
            for each in broken
        ],
        "outcomes": outcomes_of(call),
        "seats": asked.get("seats"),
        "summary": None if decision.announced_at else summary_of(decision),
    }


@login_required
@require_POST
def record(request: HttpRequest, call_id: int) -> HttpResponse:
    """Have the record made, in the reader's language; its job's page offers the file."""
    call = panel_call(request, call_id)
    job = ask_for_record(actor=request.user, decision=_decision(call), language=get_language() or "en")
    return redirect("core:job_detail", job.uuid)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def announce_page(request: HttpRequest, call_id: int) -> HttpResponse:
    """What would be told to how many; the announcement itself when it is confirmed."""
    call = panel_call(request, call_id)
    decision = _decision(call)
    if decision.announced_at:
        return redirect("panel:invited", call.pk)
    begin = {"version": decision.version, "answer_by": timezone.now() + timedelta(days=DAYS)}
    form = AnnounceForm(request.POST if request.method == "POST" else None, initial=begin)
    if form.is_valid():
        try:
            announce(
                actor=request.user,
                decision=decision,
                version=form.cleaned_data["version"],
                answer_by=form.cleaned_data["answer_by"],
            )
        except ValidationError as error:
            for message in error.messages:
                form.add_error("answer_by" if hasattr(error, "error_dict") else None, message)
        else:
            messages.success(request, _("The decision is announced; the mails are on their way."))
            return redirect("panel:invited", call.pk)
    context = {
        **frame(call),
        "decision": decision,
        "form": form,
        "summary": summary_of(decision),
        "group": name_of_group(call),
    }
    return render(request, "experts/announce.html", context, status=400 if form.errors else 200)


@login_required
@require_safe
def invited(request: HttpRequest, call_id: int) -> HttpResponse:
    """Who was invited, who answered what, which places are free and who may take them."""
    call = panel_call(request, call_id)
    decision = _decision(call)
    return render(request, "experts/panel_places.html", _invited_context(call, decision))


def _invited_context(call: Call, decision: Decision) -> dict[str, Any]:
    now = timezone.now()
    found = list(
        Appointment.objects.filter(nomination__call=call)
        .select_related(
            *(
                "nomination__country",
                "nomination__call__group",
                "group",
                "replaces__nomination",
                "answered_by",
            )
        )
        .prefetch_related("replacements")
    )
    rows: list[dict[str, Any]] = [
        {
            "place": each,
            "state": state_at(each, now),
            "taken": bool(each.replacements.all()),
            "regional": is_regional(each),
        }
        for each in found
    ]
    panel = [row for row in rows if not row["regional"]]
    groups: dict[str, list[Any]] = {}
    for row in rows:
        if row["regional"]:
            groups.setdefault(row["place"].group.name, []).append(row)
    return {
        **frame(call),
        "decision": decision,
        "panel": panel,
        "group": name_of_group(call),
        "regional": _regional(decision, groups),
        "counts": {
            state: sum(row["state"] == state for row in panel)
            for state in ("accepted", "open", "declined", "expired")
        },
        "vacancies": vacancies_of(decision) if decision.announced_at else None,
        "answer_by": now + timedelta(days=DAYS),
    }


def _regional(decision: Decision, groups: dict[str, list[Any]]) -> list[dict[str, Any]]:
    """Each regional group with its people and their balance."""
    drawn = []
    problem = problem_behind(decision.selection) if decision.selection else None
    known = {candidate.id for candidate in problem.candidates} if problem else set()
    words = Words()
    for name, rows in sorted(groups.items()):
        standing = [row for row in rows if row["state"] in ("open", "accepted")]
        uuids = [str(row["place"].nomination.uuid) for row in standing]
        uuids = [uuid for uuid in uuids if uuid in known]
        balance = []
        if problem and uuids:
            free = replace(problem, quotas=(), include=frozenset(), exclude=frozenset())
            balance = [
                group
                for group in bullets_of(free, uuids, words)
                if group.is_main and group.attribute != "region"
            ]
        accepted = sum(row["state"] == "accepted" for row in rows)
        drawn.append({"name": name, "rows": rows, "balance": balance, "accepted": accepted})
    return drawn


@login_required
@require_POST
def place_change(request: HttpRequest, call_id: int, uuid: UUID) -> HttpResponse:
    """An answer on behalf, a resignation, another invitation: by the button that was pressed."""
    call = panel_call(request, call_id)
    place = get_object_or_404(
        Appointment.objects.select_related("nomination__call", "group"), nomination__call=call, uuid=uuid
    )
    sent = request.POST
    try:
        if "resign" in sent:
            resign(actor=request.user, appointment=place, reason=sent.get("reason", ""))
        elif "again" in sent:
            invite_again(
                actor=request.user,
                appointment=place,
                expires_at=timezone.now() + timedelta(days=DAYS),
            )
        else:
            answer_on_behalf(
                actor=request.user,
                appointment=place,
                answer=sent.get("answer", ""),
                publish_name="publish_name" in sent,
                publish_country="publish_country" in sent,
            )
        messages.success(request, _("It is recorded."))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("panel:invited", call.pk)


@login_required
@require_POST
def fill(request: HttpRequest, call_id: int) -> HttpResponse:
    """Invite to free places: pairs of place and person, as the page proposed them."""
    call = panel_call(request, call_id)
    decision = _decision(call)
    places, people = request.POST.getlist("place"), request.POST.getlist("person")
    try:
        pairs = [
            (_place(call, place), _nomination(call, person))
            for place, person in zip(places, people, strict=False)
        ]
        made = move_up(
            actor=request.user,
            decision=decision,
            pairs=pairs,
            expires_at=timezone.now() + timedelta(days=DAYS),
            reason=request.POST.get("reason", ""),
        )
        messages.success(request, _("Invited: %(n)d.") % {"n": len(made)})
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("panel:invited", call.pk)


def _place(call: Call, uuid: str) -> Appointment:
    try:
        key = UUID(uuid)
    except ValueError:
        raise ValidationError(_("This place isn't free any more.")) from None
    return get_object_or_404(Appointment.objects.select_related("group"), nomination__call=call, uuid=key)
