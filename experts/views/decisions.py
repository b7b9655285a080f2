"""The secretariat's pages of a decision: prepared, looked over, announced, places filled again."""

from datetime import timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.templatetags.moments import zone_name
from core.forms import ReadableFields
from core.models import AuditEntry, subject_of
from core.punctuation import colon, detail
from experts.actions.announcing_decisions import DAYS, announce, summary_of
from experts.actions.appointing import (
    answer_on_behalf,
    invite_again,
    resign,
    state_at,
)
from experts.actions.deciding import decide_on
from experts.actions.recording import ask_for_record
from experts.actions.replacing import move_up, vacancies_of
from experts.forms.clocks import ClockField, ClocksForm
from experts.models import Appointment, Call, Decision, DecisionItem, Nomination, NominationMove, Selection
from experts.panel_group import is_regional, name_of_group
from experts.regional_balance import regional_balances
from experts.still_open import shown
from experts.telling import DECIDED, reach_in_words, reach_of_decision, told_in_words, told_of, told_so
from experts.views.selections import frame, panel_call
from experts.zones import offset_name

Outcome = DecisionItem.Outcome


class AnnounceForm(ReadableFields, ClocksForm):
    """Until when people answer, as clocks in the call's zone show it."""

    clocks = ("answer_by",)

    version = forms.IntegerField(widget=forms.HiddenInput)
    answer_by = ClockField(label=gettext_lazy("Answer until"))

    def __init__(self, *args: Any, call: Call, **kwargs: Any) -> None:
        super().__init__(*args, zone=call.zone, **kwargs)
        self.fields["answer_by"].help_text = _("As clocks show it in %(zone)s.") % {
            "zone": f"{zone_name(call.zone)}{detail()}{offset_name(timezone.now(), call.zone)}"
        }


def decision_of(call: Call) -> Decision:
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
        decide_on(
            actor=request.user, selection=selection, known_open=request.POST.get("known_open", "").split()
        )
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("panel:selection", call.pk, selection.uuid)
    return redirect("panel:decision", call.pk)


def nomination_of(call: Call, uuid: str) -> Nomination:
    try:
        key = UUID(uuid)
    except ValueError:
        raise ValidationError(_("Choose a person, or leave the row empty.")) from None
    return get_object_or_404(Nomination, call=call, uuid=key)


@login_required
@require_POST
def record(request: HttpRequest, call_id: int) -> HttpResponse:
    """Have the record made, in the reader's language; its job's page offers the file."""
    call = panel_call(request, call_id)
    job = ask_for_record(actor=request.user, decision=decision_of(call), language=get_language() or "en")
    return redirect("core:job_detail", job.uuid)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def announce_page(request: HttpRequest, call_id: int) -> HttpResponse:
    """What would be told to how many; the announcement itself when it is confirmed."""
    call = panel_call(request, call_id)
    decision = decision_of(call)
    if decision.announced_at:
        return redirect("panel:invited", call.pk)
    there = (timezone.now() + timedelta(days=DAYS)).astimezone(ZoneInfo(call.zone))
    begin = {
        "version": decision.version,
        "answer_by": there.replace(hour=23, minute=59, second=0, microsecond=0, tzinfo=None),
    }
    form = AnnounceForm(request.POST if request.method == "POST" else None, initial=begin, call=call)
    if form.is_valid():
        try:
            announce(
                actor=request.user,
                decision=decision,
                version=form.cleaned_data["version"],
                answer_by=form.cleaned_data["answer_by"],
                known_open=request.POST.get("known_open", "").split(),
            )
        except ValidationError as error:
            for message in error.messages:
                dated = "answer_by" in getattr(error, "error_dict", {})
                form.add_error("answer_by" if dated else None, message)
        else:
            messages.success(request, _("The decision is announced; the mails are on their way."))
            return redirect("panel:invited", call.pk)
    summary = summary_of(decision)
    context = {
        **frame(call),
        "decision": decision,
        "form": form,
        "summary": summary,
        "left_out": [(told_so(reason), n) for reason, n in summary.left_out.items()],
        "reach": reach_in_words(reach_of_decision(call)),
        "group": name_of_group(call),
        "still_open": shown(call, timezone.now()),
    }
    return render(request, "experts/announce.html", context, status=400 if form.errors else 200)


@login_required
@require_safe
def invited(request: HttpRequest, call_id: int) -> HttpResponse:
    """Who was invited, who answered what, which places are free and who may take them."""
    call = panel_call(request, call_id)
    decision = decision_of(call)
    return render(request, "experts/panel_places.html", _invited_context(call, decision))


def _invited_context(call: Call, decision: Decision) -> dict[str, Any]:
    now = timezone.now()
    left = ("declined", "resigned", "not_selected")
    reasons = NominationMove.objects.filter(after__in=left).exclude(reason="").order_by("-pk")
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
        .prefetch_related("replacements", Prefetch("nomination__moves", reasons, to_attr="given_up"))
    )
    rows: list[dict[str, Any]] = [
        {
            "place": each,
            "state": state_at(each, now),
            "taken": bool(each.replacements.all()),
            "regional": is_regional(each),
            "reason": each.nomination.given_up[0].reason  # type: ignore[attr-defined]
            if each.answer in left and each.nomination.given_up  # type: ignore[attr-defined]
            else "",
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
            for state in ("accepted", "open", "declined", "resigned", "expired")
        },
        "vacancies": vacancies_of(decision) if decision.announced_at else None,
        "told": _told(decision),
        "answer_by": now + timedelta(days=DAYS),
    }


def _told(decision: Decision) -> list[str]:
    """Who was told of the decision, as it was counted when it was announced; and which governments since."""
    made = AuditEntry.objects.filter(action="decision.announce", subject=subject_of(decision)).last()
    counts = made.changes.get("told", {}) if made else {}
    lines = [f"{told_so(outcome)}{colon()}{n}" for outcome, n in counts.items() if n]
    return [*lines, *filter(None, [told_in_words(told_of(DECIDED, decision))])]


def _regional(decision: Decision, groups: dict[str, list[Any]]) -> list[dict[str, Any]]:
    """Each regional group with its people and their balance."""
    standing = {
        rows[0]["place"].group.slug: [
            str(row["place"].nomination.uuid) for row in rows if row["state"] in ("open", "accepted")
        ]
        for rows in groups.values()
    }
    balances = regional_balances(decision, standing)
    return [
        {
            "name": name,
            "rows": rows,
            "balance": balances[rows[0]["place"].group.slug],
            "accepted": sum(row["state"] == "accepted" for row in rows),
        }
        for name, rows in sorted(groups.items())
    ]


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
    decision = decision_of(call)
    places, people = request.POST.getlist("place"), request.POST.getlist("person")
    try:
        pairs = [
            (_place(call, place), nomination_of(call, person))
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
