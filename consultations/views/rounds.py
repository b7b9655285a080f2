"""The pages of rounds: what is asked, of whom, until when, and what was said."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from consultations.actions.following import follow_round
from consultations.actions.rounds import TRANSITIONS, create_round, move_round, update_round
from consultations.asked import asked_questions
from consultations.charts import charts_of
from consultations.forms.questions import marked
from consultations.forms.rounds import RoundForm, initial_of
from consultations.journey import next_draft_of, steps_of
from consultations.mails import in_full
from consultations.models import Round
from consultations.queries import cells_by_dimension, own_drafts, with_people
from consultations.rules import (
    in_audience,
    is_secretariat,
    is_staff,
    may_comment,
    may_manage_round,
    may_manage_rounds,
    may_see_account,
    may_see_figures,
    own_deadline,
)
from core.verdicts import Verdict, require
from drafts.queries import Unit, contents


@dataclass(frozen=True)
class RoundCard:
    """A round in a list, with whether the reader may comment in it now, and whether its account is given to them."""

    round: Round
    may_comment: Verdict
    accounted: bool = False


def round_list(request: HttpRequest) -> HttpResponse:
    """Open rounds first, then planned ones, then those that are over."""
    now = timezone.now()
    rounds = list(with_people(Round.objects.visible_to(request.user)).prefetch_related("audience__group"))
    by_state: dict[str, list[RoundCard]] = {"open": [], "planned": [], "past": []}
    for round in rounds:
        state = round.state_at(now)
        given = bool(round.published_at and may_see_account(request.user, round))
        card = RoundCard(round, may_comment(request.user, round, at=now), given)
        by_state[state if state in by_state else "past"].append(card)
    context = {**by_state, "may_manage": is_staff(request.user)}
    return render(request, "consultations/round_list.html", context)


def round_detail(request: HttpRequest, round_id: int) -> HttpResponse:
    """One round: what to do now, what is asked of whom and until when, what happens then, what was said."""
    rounds = with_people(Round.objects.visible_to(request.user)).prefetch_related("audience__group", "scope")
    round = get_object_or_404(rounds, pk=round_id)
    now = timezone.now()
    state = round.state_at(now)
    units = contents(round.draft, get_language() or "en")
    next_draft = next_draft_of(round, request.user)
    own_closing = own_deadline(request.user, round)
    verdict = may_comment(request.user, round, at=now)
    context = {
        "round": round,
        "state": state,
        "draft": round.draft,
        "next_draft": next_draft,
        "sees_account": bool(may_see_account(request.user, round)),
        "steps": steps_of(round, state, next_draft),
        "may_comment": verdict,
        # Not within the hidden grace: nobody is to plan with it.
        "takes_part": bool(verdict) and now < (own_closing or round.closes_at),
        "own_closing": own_closing,
        "invited": in_audience(request.user, round),
        "waiting": own_drafts(round, request.user).count() if state not in ("planned", "open") else 0,
        "asked": asked_questions(round, request.user, back=request.path),
        "first_page": next((u.provision.key for u in units if u.has_page), ""),
        "scope": _scope(round, units),
        "secretariat": is_secretariat(request.user, round),
        "staff": is_staff(request.user, round),
        "follows": request.user.is_authenticated and round.followers.filter(user=request.user.pk).exists(),
        "may_follow": request.user.is_authenticated and state in (Round.State.PLANNED, Round.State.OPEN),
        "moves": [to for to, froms in TRANSITIONS.items() if state in froms],
        **_teaser(round, request.user, units),
    }
    return render(request, "consultations/round_detail.html", context)


def _teaser(round: Round, user: Any, units: list[Unit]) -> dict[str, Any]:
    """Three numbers and one chart, for those who may see them."""
    if not may_see_figures(user, round):
        return {"reads_voices": False, "total": None, "chart": None}
    cells = cells_by_dimension(round, user, ("total", "pillar"))
    total = cells["total"][0] if "total" in cells else None
    charts = charts_of(cells, ("pillar",), total.comments, pillars=pillar_names(units)) if total else []
    return {"reads_voices": True, "total": total, "chart": charts[0] if charts else None}


@login_required
def round_create(request: HttpRequest) -> HttpResponse:
    require(may_manage_rounds(request.user))
    form = RoundForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            round = create_round(actor=request.user, **form.plan, **form.fixed)
        except ValidationError as error:
            form.take_errors(error)
        else:
            messages.success(request, _("The round is planned."))
            return redirect("consultations:round_detail", round.pk)
    return _form_page(request, form, None)


@login_required
def round_edit(request: HttpRequest, round_id: int) -> HttpResponse:
    round = get_object_or_404(with_people(Round.objects.visible_to(request.user)), pk=round_id)
    require(may_manage_round(request.user, round))
    form = RoundForm(request.POST or None, initial=initial_of(round), standing=round)
    if request.method == "POST" and form.is_valid():
        try:
            closed_before = round.closes_at
            changed = update_round(actor=request.user, round=round, **form.plan)
        except ValidationError as error:
            form.take_errors(error)
        else:
            messages.success(request, _what_happened(request, changed, closed_before))
            return redirect("consultations:round_detail", round.pk)
    return _form_page(request, form, round)


@login_required
@require_POST
def round_move(request: HttpRequest, round_id: int) -> HttpResponse:
    """Close early, mark as answered, publish the answers."""
    round = get_object_or_404(Round.objects.visible_to(request.user), pk=round_id)
    try:
        round = move_round(actor=request.user, round=round, to=request.POST.get("state", ""))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("The round is now: %(state)s.") % {"state": round.state.label})
    # The account's preview has the same buttons.
    page = "account" if request.POST.get("back") == "account" else "round_detail"
    return redirect(f"consultations:{page}", round_id)


def _what_happened(request: HttpRequest, round: Round, before: datetime) -> str:
    """That the round is saved; where its closing was moved, to when, and who is told."""
    if round.closes_at == before:
        return _("The round is saved.")
    when = {"when": in_full(round.closes_at, request.user)}
    if round.closes_at > before:
        said = _("The round is extended. It now closes on %(when)s.") % when
    else:
        said = _("The round is saved. It closes earlier now: on %(when)s.") % when
    n = round.followers.count()
    told = ngettext(
        "%(n)d person who asked for it is told by mail.", "%(n)d people who asked for it are told by mail.", n
    )
    return f"{said} {told % {'n': n}}" if n and not round.closed_at else said


@login_required
@require_POST
def round_follow(request: HttpRequest, round_id: int) -> HttpResponse:
    """Tell me when the closing of this round is moved (button "follow"), or no longer."""
    round = get_object_or_404(Round.objects.visible_to(request.user), pk=round_id)
    wanted = "follow" in request.POST
    follow_round(actor=request.user, round=round, wanted=wanted)
    messages.success(
        request,
        _("You will be told by mail when the closing is moved.")
        if wanted
        else _("You will no longer be told of this round."),
    )
    return redirect(f"{reverse('consultations:round_detail', args=[round.pk])}#follow")


def pillar_names(units: list[Unit]) -> dict[str, SafeString]:
    """The pillars of a draft as the reader knows them, by number: ``1`` → ``1. Shared prosperity``.

    A heading that isn't translated is marked with its language.
    """
    names = {}
    for unit in units:
        if unit.provision.kind == "pillar" and unit.provision.pillar and unit.read.text:
            number, text = str(unit.provision.pillar), unit.read.text
            names[number] = format_html("{}. {}", number, marked({text.language: text.heading}))
    return names


def _form_page(request: HttpRequest, form: RoundForm, round: Round | None) -> HttpResponse:
    context: dict[str, Any] = {"form": form, "round": round}
    return render(request, "consultations/round_form.html", context, status=400 if form.errors else 200)


def _scope(round: Round, units: list[Unit]) -> list[str]:
    """What the round asks about, in the reader's words; empty where it is the whole draft."""
    keys = {part.key for part in round.scope.all()}
    named = {}
    for unit in units:
        heading = unit.read.text.heading if unit.read.text else ""
        named[unit.provision.key] = " ".join(filter(None, (unit.provision.number, heading)))
    in_order = [unit.provision.key for unit in units if unit.provision.key in keys]
    return [named[key] or key for key in in_order] + sorted(keys - set(in_order))
