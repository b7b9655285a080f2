"""Pages of scenarios: what is kept and what falls, what was proposed, and who decided."""

from functools import partial
from uuid import UUID, uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core.verdicts import Conflict, require
from roadmap.actions.milestone_dates import today
from roadmap.actions.scenarios import adopt_proposal, change_scenario, create_scenario, decide_line
from roadmap.forms.funding_scenarios import DecideForm, ScenarioForm
from roadmap.funding_rules import may_manage_funding
from roadmap.models import FundingScenario
from roadmap.scenario_queries import plans_for, proposal_for
from roadmap.scenarios import Plan
from roadmap.views.funding import asked_budget
from roadmap.views.saving import afresh, entered, saved, status_of


def _found(request: HttpRequest, uuid: UUID) -> FundingScenario:
    visible = FundingScenario.objects.visible_to(request.user).select_related("guidelines")
    return get_object_or_404(visible, uuid=uuid)


def _managed(request: HttpRequest, uuid: UUID) -> FundingScenario:
    scenario = _found(request, uuid)
    require(may_manage_funding(request.user))
    return scenario


def _plan(request: HttpRequest, scenario: FundingScenario) -> Plan:
    plans = plans_for(request.user, scenario.guidelines, today())
    return next(plan for plan in plans if plan.scenario.pk == scenario.pk)


@require_safe
def scenario_detail(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Every line with what becomes of it; for the secretariat with what the money would pay for in order of
    priority."""
    scenario = _found(request, uuid)
    staff = bool(may_manage_funding(request.user))
    plan = _plan(request, scenario)
    proposal = proposal_for(scenario.guidelines, today()) if staff else None
    context = {
        "scenario": scenario,
        "plan": plan,
        "proposal": proposal,
        "rows": [(row, proposal.lines.get(row.line.pk) if proposal else None) for row in plan.rows],
        "staff": staff,
    }
    return render(request, "roadmap/funding_scenario.html", context)


@login_required
def scenario_create(request: HttpRequest) -> HttpResponse:
    require(may_manage_funding(request.user))
    budget = asked_budget(request)
    form = ScenarioForm(request.POST or None, key=uuid4())
    status = 0
    if request.method == "POST" and form.is_valid():
        key = form.cleaned_data["key"]
        create = partial(create_scenario, actor=request.user, guidelines=budget, uuid=key, **form.content)
        made, status = entered(request, form, FundingScenario, create)
        if made is not None:
            messages.success(request, _("The scenario is entered. Decide now what becomes of each line."))
            return redirect("roadmap:funding_scenario", made.uuid)
    context = {"form": form, "scenario": None}
    return render(request, "roadmap/funding_scenario_form.html", context, status=status_of(form, status))


@login_required
def scenario_edit(request: HttpRequest, uuid: UUID) -> HttpResponse:
    scenario = _managed(request, uuid)
    form = ScenarioForm(request.POST or None, scenario=scenario)
    status = 0
    if request.method == "POST" and form.is_valid():
        version = form.cleaned_data["version"]
        change = partial(
            change_scenario, actor=request.user, scenario=scenario, version=version, **form.content
        )
        status = saved(form, change, standing=lambda: ScenarioForm(scenario=afresh(scenario)))
        if not status:
            messages.success(request, _("The scenario is saved."))
            return redirect("roadmap:funding_scenario", uuid)
    context = {"form": form, "scenario": scenario}
    return render(request, "roadmap/funding_scenario_form.html", context, status=status_of(form, status))


@login_required
def scenario_line(request: HttpRequest, uuid: UUID, line: UUID) -> HttpResponse:
    """What becomes of one line: as proposed, or otherwise with a reason."""
    scenario = _managed(request, uuid)
    row = next((row for row in _plan(request, scenario).rows if row.line.uuid == line), None)
    if row is None:
        raise Http404
    proposed = proposal_for(scenario.guidelines, today()).lines.get(row.line.pk)
    form = DecideForm(request.POST or None, row=row, proposed=proposed, version=scenario.version)
    status = 0
    if request.method == "POST" and form.is_valid():
        decide = partial(
            decide_line,
            actor=request.user,
            scenario=scenario,
            line=row.line,
            on=today(),
            **form.cleaned_data,
        )
        if not (status := saved(form, decide)):
            messages.success(request, _("It is decided."))
            return redirect("roadmap:funding_scenario", uuid)
    context = {"scenario": scenario, "row": row, "proposed": proposed, "form": form}
    status = status_of(form, status)
    return render(request, "roadmap/funding_scenario_line.html", context, status=status)


@login_required
@require_POST
def scenario_adopt(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Take over what was computed, for every line that nobody decided otherwise with a reason."""
    scenario = _managed(request, uuid)
    sent = request.POST.get("version", "")
    version = int(sent) if sent.isascii() and sent.isdecimal() and len(sent) < 10 else 0
    try:
        adopt_proposal(actor=request.user, scenario=scenario, on=today(), version=version)
    except Conflict as conflict:
        messages.error(request, str(conflict.reason))
    else:
        messages.success(request, _("The proposal is taken over; what was decided otherwise stays."))
    return redirect("roadmap:funding_scenario", uuid)
