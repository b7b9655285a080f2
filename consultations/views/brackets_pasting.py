"""Pasting the bracketed text of a provision: what was understood, and then entering it."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts.models import Country
from consultations.actions.comments import find_provision
from consultations.actions.entering import Plan, enter_proposals, plan_entering
from consultations.forms.brackets import BracketsForm
from consultations.models import Round
from consultations.negotiating import NotationError, Sign, Understanding, understand
from consultations.rules import counts_if_entered, may_enter_for_others
from consultations.views.desk import desk_round
from consultations.views.voices import find_row
from core.punctuation import listed
from core.verdicts import Conflict, require
from drafts.queries import ReadProvision
from drafts.redline import Piece, redline


@dataclass
class Fault:
    """Where a text can't be read: its line, cut in two at the place."""

    error: NotationError
    before: str
    after: str


@dataclass
class ShownPlan:
    """A proposal as it is shown before it is entered."""

    plan: Plan
    pieces: list[Piece]
    said: list[tuple[str, str]]
    differ: list[str]


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def brackets_paste(request: HttpRequest, round_id: int, key: str) -> HttpResponse:
    """The form; sent, what was understood of it; sent with ``confirm``, the proposals are entered."""
    round = desk_round(request, round_id)
    row = find_row(request, round, key)
    if row is None or row.text is None or not row.printed_text:
        raise Http404
    if request.method != "POST":
        return _page(request, round, row, BracketsForm(initial={"version": row.text.version}))
    require(may_enter_for_others(request.user, round, at=timezone.now()))
    form = BracketsForm(request.POST)
    try:
        find_provision(round, key)
    except ValidationError as error:  # the round doesn't ask about it
        form.add_error(None, error.messages[0])
    if not form.is_valid():
        return _page(request, round, row, form, status=400)
    source = form.cleaned_data["notation"].replace("\r\n", "\n")
    try:
        understood = understand(source, row.printed_text, codes=set(_countries()))
    except NotationError as error:
        return _page(request, round, row, form, fault=_fault(source, error), status=400)
    if "confirm" not in request.POST:
        return _page(request, round, row, form, understood=understood)
    try:
        made = enter_proposals(
            actor=request.user,
            round=round,
            provision_key=key,
            language=row.language,
            version=form.cleaned_data["version"] or 0,
            proposals=understood.proposals,
            rationale=understood.header,
        )
    except Conflict as conflict:
        return _page(request, round, row, form, understood=understood, conflict=conflict, status=409)
    n = len(made)
    messages.success(request, ngettext("%(n)d proposal entered.", "%(n)d proposals entered.", n) % {"n": n})
    return redirect(f"{reverse('consultations:brackets', args=[round.pk, key])}?text={row.language}")


def _page(
    request: HttpRequest,
    round: Round,
    row: ReadProvision,
    form: BracketsForm,
    *,
    understood: Understanding | None = None,
    fault: Fault | None = None,
    conflict: Conflict | None = None,
    status: int = 200,
) -> HttpResponse:
    now = timezone.now()
    plans = plan_entering(request.user, round, row, understood.proposals) if understood else []
    names = _countries()
    context: dict[str, Any] = {
        "round": round,
        "row": row,
        "form": form,
        "version": row.text.version if row.text else 0,
        "understood": understood,
        "brackets": [(each, _said(each.positions, names)) for each in understood.brackets]
        if understood
        else [],
        "plans": [_shown(plan, row, names) for plan in plans],
        "does_something": any(plan.does_something for plan in plans),
        "fault": fault,
        "conflict": conflict,
        "may_enter": may_enter_for_others(request.user, round, at=now),
        "counts": counts_if_entered(round, at=now),
    }
    return render(request, "consultations/brackets_paste.html", context, status=status)


def _shown(plan: Plan, row: ReadProvision, names: dict[str, str]) -> ShownPlan:
    said = _said(plan.proposal.positions, names)
    pieces = redline(row.printed_text, plan.wording)
    return ShownPlan(plan, pieces, said, [names.get(code, code) for code in sorted(plan.differ)])


def _said(positions: Any, names: dict[str, str]) -> list[tuple[str, str]]:
    """Who says what in words, one pair for each sign that is there."""
    words = {
        Sign.SUPPORT: _("Supported by"),
        Sign.OPPOSE: _("Opposed by"),
        Sign.RESERVE: _("Position reserved by"),
    }
    found = []
    for sign, label in words.items():
        states = [names.get(code, code) for code, given in sorted(positions.items()) if given == sign]
        if states:
            found.append((label, states))
    return [(label, listed(states)) for label, states in found]


def _countries() -> dict[str, str]:
    return {country.pk: country.name for country in Country.objects.all()}


def _fault(source: str, error: NotationError) -> Fault:
    line = source.split("\n")[error.line - 1]
    return Fault(error, line[: error.column - 1], line[error.column - 1 :])
