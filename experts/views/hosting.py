"""The secretariat's pages of hosting: the board, meetings, comparing, scoring, deciding, agreements, outcomes."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core.verdicts import Conflict, Refused, require
from experts.actions.host_agreement import set_agreement_step, version_of
from experts.actions.hosting_slots import create_slot, record_outcome, remove_slot, update_slot
from experts.actions.weighing_offers import announce_hosts, decide_offer, score_offer
from experts.forms.hosting import OutcomeForm, SlotForm, Versioned
from experts.forms.weighing_offers import DecisionForm, ScoreForm, StepForm
from experts.hosting_queries import agreement_of, board_of, comparison, running, with_slots
from experts.hosting_rules import (
    OWN_MEETING,
    hosts_meeting,
    may_announce_hosts,
    may_see_agreement,
    may_weigh_offers,
)
from experts.models import Call, HostingOffer, HostingSlot
from experts.queries import whole_calls
from experts.rules import may_manage_calls
from experts.views.offers import found_offer, offer_page


def _managed(request: HttpRequest, call_id: int) -> Call:
    """The call to host, for the secretariat: 404 for who doesn't see it, 403 for who doesn't manage it."""
    calls = with_slots(whole_calls(request.user)).filter(kind=Call.Kind.HOSTING)
    call = get_object_or_404(calls, pk=call_id)
    require(may_manage_calls(request.user))
    return call


def _slot(request: HttpRequest, call_id: int, slot_id: int) -> HostingSlot:
    call = _managed(request, call_id)
    slot = get_object_or_404(call.slots.select_related("region"), pk=slot_id)
    slot.call = call
    return slot


def _clash(form: Versioned, conflict: Conflict) -> None:
    """Tell of a change by another, and let the same be sent again on top of it."""
    if "version" in conflict.current:
        form.take_version(conflict.current["version"])
    form.add_error(
        None,
        _(
            "This has changed since you opened it. What you wrote is below, unsaved. If you save again, yours takes"
            " its place."
        )
        if "version" in conflict.current
        else str(conflict.reason),
    )


def _board(request: HttpRequest, call: Call) -> dict[str, Any]:
    lines = board_of(call, request.user)
    return {
        "call": call,
        "lines": lines,
        "may_weigh": may_weigh_offers(request.user, call),
        "may_announce": may_announce_hosts(request.user, call),
        "undecided": sum(line.waiting for line in lines),
    }


@login_required
@require_safe
def board(request: HttpRequest, call_id: int) -> HttpResponse:
    """Every meeting with what was offered for it, how it is scored, and what is to do next."""
    call = _managed(request, call_id)
    context = _board(request, call)
    return render(request, "experts/hosting_board.html", context)


@login_required
def announce(request: HttpRequest, call_id: int) -> HttpResponse:
    """A summary to confirm: it is announced as it was shown, or not at all."""
    call = _managed(request, call_id)
    if request.method == "POST":
        version = request.POST.get("version", "")
        shown = int(version) if version.isascii() and version.isdecimal() and len(version) < 10 else 0
        announce_hosts(actor=request.user, call=call, version=shown)
        messages.success(request, _("The hosts are announced. Whoever made an offer is told by mail."))
        return redirect("hosting:board", call_id)
    if call.decided_at:
        return redirect("hosting:board", call_id)
    context = _board(request, call)
    return render(request, "experts/hosting_announce.html", context)


@login_required
def slot_create(request: HttpRequest, call_id: int) -> HttpResponse:
    call = _managed(request, call_id)
    form = SlotForm(request.POST or None, place=call.slots.count() + 1)
    if request.method == "POST" and form.is_valid():
        try:
            create_slot(actor=request.user, call=call, **form.plan)
        except ValidationError as error:
            form.take_errors(error)
        else:
            messages.success(request, _("The meeting is in the call."))
            return redirect("hosting:board", call_id)
    return _slot_form(request, call, form, None)


@login_required
def slot_edit(request: HttpRequest, call_id: int, slot_id: int) -> HttpResponse:
    slot = _slot(request, call_id, slot_id)
    form = SlotForm(request.POST or None, slot=slot)
    status = 0
    if request.method == "POST" and form.is_valid():
        try:
            version = form.cleaned_data["version"] or 0
            update_slot(actor=request.user, slot=slot, version=version, **form.plan)
        except ValidationError as error:
            form.take_errors(error)
        except Conflict as conflict:
            _clash(form, conflict)
            status = 409
        else:
            messages.success(request, _("The meeting is saved."))
            return redirect("hosting:board", call_id)
    return _slot_form(request, slot.call, form, slot, status)


def _slot_form(
    request: HttpRequest, call: Call, form: SlotForm, slot: HostingSlot | None, status: int = 0
) -> HttpResponse:
    context = {
        "call": call,
        "form": form,
        "slot": slot,
        "removable": slot is not None and not HostingOffer.objects.filter(slot=slot).exists(),
    }
    return render(request, "experts/slot_form.html", context, status=status or (400 if form.errors else 200))


@login_required
@require_POST
def slot_remove(request: HttpRequest, call_id: int, slot_id: int) -> HttpResponse:
    remove_slot(actor=request.user, slot=_slot(request, call_id, slot_id))
    messages.success(request, _("The meeting is no longer in the call."))
    return redirect("hosting:board", call_id)


@login_required
def slot_outcome(request: HttpRequest, call_id: int, slot_id: int) -> HttpResponse:
    """What became of a meeting, for everybody to read beside the plan."""
    slot = _slot(request, call_id, slot_id)
    standing = {"note": slot.outcome_note, "held_from": slot.held_from, "held_to": slot.held_to}
    form = OutcomeForm(
        request.POST or None, initial={**standing, "outcome": slot.outcome, "version": slot.version}
    )
    status = 0
    if request.method == "POST" and form.is_valid():
        try:
            record_outcome(actor=request.user, slot=slot, **form.change)
        except ValidationError as error:
            form.take_errors(error)
        except Conflict as conflict:
            _clash(form, conflict)
            status = 409
        else:
            messages.success(request, _("What became of the meeting is noted. Everybody sees it."))
            return redirect("hosting:board", call_id)
    context = {"call": slot.call, "slot": slot, "form": form}
    return render(
        request, "experts/slot_outcome.html", context, status=status or (400 if form.errors else 200)
    )


@login_required
def slot_detail(request: HttpRequest, call_id: int, slot_id: int) -> HttpResponse:
    """The offers for one meeting side by side; a POST decides on the one that it names."""
    slot = _slot(request, call_id, slot_id)
    sent: DecisionForm | None = None
    about, status = request.POST.get("offer", ""), 200
    if request.method == "POST":
        offer = next((row for row in running(slot, request.user) if str(row.uuid) == about), None)
        if offer is None:
            raise Conflict(_("There is no such offer for this meeting."))
        sent = DecisionForm(request.POST, prefix=about)
        status = 400
        if sent.is_valid():
            try:
                decide_offer(actor=request.user, offer=offer, **_decision(sent))
            except ValidationError as error:
                sent.take_errors(error)
            except Conflict as conflict:
                _clash_of_decision(sent, conflict)
                status = 409
            else:
                messages.success(request, _("Decided: %(host)s.") % {"host": offer.host})
                return redirect("hosting:slot_detail", call_id, slot_id)
    columns = comparison(slot, list(slot.call.criteria.all()), running(slot, request.user))
    weigh = may_weigh_offers(request.user, slot.call)
    if hosts_meeting(request.user, slot.pk):
        weigh = Refused(OWN_MEETING, "own_meeting")
    own = set(HostingOffer.objects.of_hosts(request.user).filter(slot=slot).values_list("pk", flat=True))
    forms = {}
    for column in columns if weigh else ():
        if column.offer.state == HostingOffer.State.WITHDRAWN or column.offer.pk in own:
            continue
        key = str(column.offer.uuid)
        forms[key] = sent if sent and key == about else _decision_form(column.offer)
    context = {"call": slot.call, "slot": slot, "columns": columns, "forms": forms, "may_weigh": weigh}
    return render(request, "experts/slot_detail.html", context, status=status)


def _decision_form(offer: HostingOffer) -> DecisionForm:
    decided = offer.decision_reason and offer.state != HostingOffer.State.SUBMITTED
    return DecisionForm(
        prefix=str(offer.uuid),
        initial={
            "version": offer.version,
            "outcome": offer.state if decided else None,
            "reason": offer.decision_reason,
        },
    )


def _decision(form: DecisionForm) -> dict[str, Any]:
    return {name: form.cleaned_data[name] for name in ("outcome", "reason", "version")}


def _clash_of_decision(form: DecisionForm, conflict: Conflict) -> None:
    if "version" in conflict.current:
        form.data = {**form.data.dict(), form.add_prefix("version"): str(conflict.current["version"])}
    form.add_error(None, str(conflict.reason))


@login_required
@require_POST
def offer_score(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The reader's own scores of an offer."""
    offer = found_offer(request, uuid)
    form = ScoreForm(request.POST, criteria=offer.slot.call.criteria.all())
    if form.is_valid():
        try:
            score_offer(actor=request.user, offer=offer, scores=form.scores)
        except ValidationError as error:
            form.take_errors(error)
        else:
            messages.success(request, _("Your scores are saved."))
            return redirect("hosting:slot_detail", offer.slot.call_id, offer.slot_id)
    require(may_manage_calls(request.user))
    return offer_page(request, offer, scoring=form, status=400)


@login_required
def agreement(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The steps with a chosen host; a POST sets the one that it names."""
    offer = found_offer(request, uuid)
    require(may_manage_calls(request.user))
    require(may_see_agreement(request.user, offer))
    sent, status = None, 200
    if request.method == "POST":
        sent = StepForm(request.POST, auto_id=f"id_{request.POST.get('kind', '')}_%s")
        status = 400
        if sent.is_valid():
            try:
                set_agreement_step(actor=request.user, offer=offer, **sent.cleaned_data)
            except ValidationError as error:
                sent.take_errors(error)
            else:
                messages.success(request, _("The step is saved."))
                return redirect("hosting:agreement", uuid)
    lines = []
    for line in agreement_of(offer, timezone.localdate()):
        step = line.step
        form = sent if sent and sent.data.get("kind") == line.kind else None
        if form is None:
            values = {"due_on": step.due_on, "done_on": step.done_on, "note": step.note} if step else {}
            initial = {**values, "kind": line.kind, "seen": version_of(step)}
            form = StepForm(initial=initial, auto_id=f"id_{line.kind}_%s")
        lines.append((line, form))
    context = {"offer": offer, "call": offer.slot.call, "lines": lines}
    return render(request, "experts/host_agreement.html", context, status=status)
