"""The page on which a decision is looked over and departed from, person by person."""

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from experts.actions.announcing_decisions import broken_rules, summary_of
from experts.actions.deciding import depart, rank_alternate, state_reasons
from experts.links import nomination_page
from experts.models import Call, Decision, DecisionItem, Nomination
from experts.panel_balance import bullets_of
from experts.panel_group import outcomes_of
from experts.panel_words import Words
from experts.selection_pool import problem_behind
from experts.states import POOL
from experts.still_open import known_open_of
from experts.undecided_twins import twins_of
from experts.views.decisions import decision_of, nomination_of
from experts.views.selections import frame, panel_call

Outcome = DecisionItem.Outcome


@dataclass(frozen=True)
class Wrong:
    """What was sent and refused: shown again at the person's own box, with what is wrong. ``nomination`` is empty where
    it was of nobody in particular."""

    message: str
    nomination: str = ""
    outcome: str = ""
    reason: str = ""
    ranking: bool = False


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def decision_page(request: HttpRequest, call_id: int) -> HttpResponse:
    """Everyone's outcome, the balance after departures, what stands in the way of announcing."""
    call = panel_call(request, call_id)
    decision = decision_of(call)
    wrong = None
    if request.method == "POST":
        try:
            _change(request, decision)
            return redirect("panel:decision", call.pk)
        except ValidationError as refused:
            wrong = _wrong(request, " ".join(refused.messages))
            decision = decision_of(call)
    return render(
        request, "experts/decision.html", _shown(call, decision, wrong), status=400 if wrong else 200
    )


def _wrong(request: HttpRequest, message: str) -> Wrong:
    sent = request.POST
    if "state" in sent:
        return Wrong(message)
    return Wrong(
        message,
        nomination=sent.get("nomination", ""),
        outcome=sent.get("outcome", ""),
        reason=sent.get("reason", ""),
        ranking="up" in sent or "down" in sent,
    )


def _change(request: HttpRequest, decision: Decision) -> None:
    sent = request.POST
    version = _number(sent.get("version"))
    if "state" in sent:
        state_reasons(
            actor=request.user, decision=decision, version=version, statement=sent.get("statement", "")
        )
        return
    nomination = nomination_of(decision.call, sent.get("nomination", ""))
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


def _shown(call: Call, decision: Decision, wrong: Wrong | None) -> dict[str, Any]:
    words = Words()
    items = list(
        decision.items.select_related("nomination__country", "departed_by").order_by(
            "rank", "nomination__name"
        )
    )
    for item in items:
        item.page = nomination_page(item.nomination.uuid)  # type: ignore[attr-defined]
        mine = wrong is not None and wrong.nomination == str(item.nomination.uuid)
        item.wrong = wrong if mine else None  # type: ignore[attr-defined]
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
        "wrong": wrong,
        "wrong_item": next((item for item in items if item.wrong), None),  # type: ignore[attr-defined]
        "known_open": known_open_of(decision),
        "members": by_outcome[Outcome.MEMBER],
        "alternates": by_outcome[Outcome.ALTERNATE],
        "regional": by_outcome[Outcome.REGIONAL],
        "others": by_outcome[Outcome.NONE],
        "departed": [item for item in items if item.departed_by_id],
        "twins": _twins(call, decision, items),
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


def _twins(call: Call, decision: Decision, items: list[DecisionItem]) -> list[tuple[Nomination, Nomination]]:
    """Who look like one person, while two different things would be told them."""
    if decision.announced_at:
        return []
    known = {str(item.nomination.uuid): item.nomination for item in items}
    return [(known[first], known[second]) for first, second in twins_of(call, list(known)).pairs]
