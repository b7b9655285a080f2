"""The secretariat's pages of the funding: estimates, transactions, rates, snapshots."""

from functools import partial
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from core.verdicts import require
from roadmap.actions.cost_lines import add_line, change_line, order_lines
from roadmap.actions.funding import enter_transaction, replace_transaction
from roadmap.actions.rates import enter_rate, withdraw_rate
from roadmap.actions.snapshots import take_snapshot
from roadmap.forms.funding import (
    CostLineForm,
    RateForm,
    ReasonForm,
    ReplaceForm,
    SnapshotForm,
    TransactionForm,
)
from roadmap.funding_list import seen_entries
from roadmap.funding_rules import may_manage_funding
from roadmap.models import CostLine, ExchangeRate, FundingSnapshot, FundingTransaction
from roadmap.scenario_queries import standing_lines
from roadmap.views.funding import asked_budget, found_entry
from roadmap.views.saving import afresh, entered, saved, status_of


@login_required
def line_create(request: HttpRequest) -> HttpResponse:
    require(may_manage_funding(request.user))
    budget = asked_budget(request)
    form = CostLineForm(request.POST or None, key=uuid4())
    status = 0
    if request.method == "POST" and form.is_valid():
        key = form.cleaned_data["key"]
        add = partial(add_line, actor=request.user, guidelines=budget, uuid=key, **form.content)
        line, status = entered(request, form, CostLine, add)
        if line is not None:
            messages.success(request, _("The line is entered."))
            return redirect("roadmap:funding_line", line.uuid)
    return _line_page(request, form, None, status)


@login_required
def line_edit(request: HttpRequest, uuid: UUID) -> HttpResponse:
    line = get_object_or_404(CostLine, uuid=uuid)
    require(may_manage_funding(request.user))
    form = CostLineForm(request.POST or None, line=line)
    status = 0
    if request.method == "POST" and form.is_valid():
        version = form.cleaned_data["version"]
        change = partial(change_line, actor=request.user, line=line, version=version, **form.content)
        status = saved(form, change, standing=lambda: CostLineForm(line=afresh(line)))
        if not status:
            messages.success(request, _("The line is saved."))
            return redirect("roadmap:funding_line", line.uuid)
    return _line_page(request, form, line, status)


def _line_page(
    request: HttpRequest, form: CostLineForm, line: CostLine | None, status: int = 0
) -> HttpResponse:
    context = {"form": form, "line": line}
    return render(request, "roadmap/funding_line_form.html", context, status=status_of(form, status))


@login_required
def lines_order(request: HttpRequest) -> HttpResponse:
    """In which order money is to be spent: a number for each line."""
    require(may_manage_funding(request.user))
    budget = asked_budget(request)
    lines = list(standing_lines(budget))
    wrong = moved = False
    if request.method == "POST":
        moved = any(
            request.POST.get(f"seen-{line.pk}", str(line.priority)) != str(line.priority) for line in lines
        )
        sent = {line.pk: request.POST.get(f"place-{line.pk}", "").strip() for line in lines}
        wrong = any(
            place and not (place.isascii() and place.isdecimal() and len(place) < 5)
            for place in sent.values()
        )
        if not wrong and not moved:
            order = {pk: int(place) for pk, place in sent.items() if place}
            order_lines(actor=request.user, guidelines=budget, order=order)
            messages.success(request, _("The order is saved."))
            return redirect(f"{request.path}?{request.GET.urlencode()}" if request.GET else request.path)
    context = {"lines": lines, "budget": budget, "wrong": wrong, "moved": moved}
    status = 409 if moved else 400 if wrong else 200
    return render(request, "roadmap/funding_order.html", context, status=status)


@login_required
def transaction_list(request: HttpRequest) -> HttpResponse:
    """Every entry, also those that others stand in the stead of."""
    require(may_manage_funding(request.user))
    budget = asked_budget(request)
    context = {"budget": budget, "entries": seen_entries(request.user, budget)}
    return render(request, "roadmap/funding_transactions.html", context)


@login_required
def transaction_create(request: HttpRequest) -> HttpResponse:
    require(may_manage_funding(request.user))
    budget = asked_budget(request)
    form = TransactionForm(request.POST or None, guidelines=budget, key=uuid4())
    status = 0
    if request.method == "POST" and form.is_valid():
        enter = partial(enter_transaction, actor=request.user, guidelines=budget, **form.content)
        entry, status = entered(request, form, FundingTransaction, enter)
        if entry is not None:
            messages.success(request, _("The entry is kept."))
            return redirect("roadmap:funding_transaction", entry.uuid)
    return _entry_page(request, form, None, status)


@login_required
def transaction_replace(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Correct, change or cancel: a new entry in the stead of this one."""
    entry = found_entry(request, uuid)
    require(may_manage_funding(request.user))
    form = ReplaceForm(request.POST or None, entry=entry, key=uuid4())
    status = 0
    if request.method == "POST" and form.is_valid():
        replace = partial(replace_transaction, actor=request.user, entry=entry, **form.content)
        made, status = entered(request, form, FundingTransaction, replace)
        if made is not None:
            messages.success(request, _("The new entry stands in the stead of the earlier one."))
            return redirect("roadmap:funding_transaction", made.uuid)
    return _entry_page(request, form, entry, status)


def _entry_page(
    request: HttpRequest, form: Any, entry: FundingTransaction | None, status: int = 0
) -> HttpResponse:
    context = {"form": form, "entry": entry}
    status = status_of(form, status)
    return render(request, "roadmap/funding_transaction_form.html", context, status=status)


@login_required
def rate_list(request: HttpRequest) -> HttpResponse:
    """Every rate, withdrawn ones too; a POST enters one."""
    require(may_manage_funding(request.user))
    form = RateForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            enter_rate(actor=request.user, **form.cleaned_data)
        except ValidationError as error:
            form.take_errors(error)
        else:
            messages.success(request, _("The rate is entered."))
            return redirect("roadmap:funding_rates")
    rates = ExchangeRate.objects.select_related("entered_by", "withdrawn_by")
    context = {"form": form, "rates": rates}
    return render(request, "roadmap/funding_rates.html", context, status=status_of(form))


@login_required
def rate_withdraw(request: HttpRequest, rate_id: int) -> HttpResponse:
    require(may_manage_funding(request.user))
    rate = get_object_or_404(ExchangeRate, pk=rate_id)
    form = ReasonForm(request.POST or None)
    status = 0
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        if not (status := saved(form, partial(withdraw_rate, actor=request.user, rate=rate, reason=reason))):
            messages.success(request, _("The rate is withdrawn."))
            return redirect("roadmap:funding_rates")
    converted = FundingTransaction.objects.filter(rate=rate, replaced_by__isnull=True)
    lines = CostLine.objects.filter(rate=rate, dropped=False)
    context = {"form": form, "rate": rate, "converted": converted, "lines": lines}
    status = status_of(form, status)
    return render(request, "roadmap/funding_rate_withdraw.html", context, status=status)


@login_required
def snapshot_create(request: HttpRequest) -> HttpResponse:
    require(may_manage_funding(request.user))
    budget = asked_budget(request)
    form = SnapshotForm(request.POST or None, key=uuid4())
    status = 0
    if request.method == "POST" and form.is_valid():
        take = partial(take_snapshot, actor=request.user, guidelines=budget, **form.content)
        made, status = entered(request, form, FundingSnapshot, take)
        if made is not None:
            messages.success(request, _("The snapshot is taken; it will not change."))
            return redirect("roadmap:funding_snapshot", made.uuid)
    context = {"form": form}
    return render(request, "roadmap/funding_snapshot_form.html", context, status=status_of(form, status))
