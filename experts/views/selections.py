"""The secretariat's pages of computed panels: asked for, read, compared, discarded."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.idempotency import perform_once
from core.models import pk_of
from core.verdicts import require
from core.views import STOP_POLLING
from experts.actions.selecting import (
    Prepared,
    analyse_again,
    discard_selection,
    keep_selection,
    prepare_selection,
    rename_selection,
    restore_selection,
)
from experts.forms.selections import SelectionForm, asked_by, pool_in_words
from experts.links import call_page
from experts.models import Call, Decision, Selection
from experts.panel import Status
from experts.panel_balance import bullets_of
from experts.panel_reading import (
    chosen_of,
    difference_of,
    people_of,
    read_selection,
)
from experts.panel_words import Words
from experts.rules import may_work_on_panel
from experts.selection_pool import hash_of, pool_of, problem_of
from experts.still_open import shown

MOST_COMPARED = 3


def panel_call(request: HttpRequest, call_id: int) -> Call:
    """The call whose panel the caller works on. 404 where it isn't visible, ``Refusal`` for who may not."""
    calls = Call.objects.visible_to(request.user).filter(kind=Call.Kind.EXPERTS)
    call: Call = get_object_or_404(calls, pk=call_id)
    require(may_work_on_panel(request.user, call))
    return call


def frame(call: Call) -> dict[str, Any]:
    """What every page of a panel shows of the call."""
    return {"call": call, "call_address": call_page(call.pk)}


@login_required
@require_safe
def selection_list(request: HttpRequest, call_id: int) -> HttpResponse:
    """The panels computed for a call, newest first; those discarded can be taken up again."""
    call = panel_call(request, call_id)
    found = list(Selection.objects.filter(call=call).select_related("created_by").defer("pool"))
    decision = Decision.objects.filter(call=call).first()
    context = {
        **frame(call),
        "selections": [each for each in found if each.discarded_at is None],
        "discarded": [each for each in found if each.discarded_at is not None],
        "decision": decision,
    }
    return render(request, "experts/selection_list.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def selection_create(request: HttpRequest, call_id: int) -> HttpResponse:
    """Ask for a panel. ``look`` computes and shows what would change; ``keep`` keeps it."""
    call = panel_call(request, call_id)
    base = _base(request, call)
    pool, words = pool_of(call, request.user), Words()
    people = people_of(call, pool, words)
    begin = asked_by(base, relaxed="relaxed" in request.GET) if base else None
    if begin:  # who has left the pool can't be decided on
        for which in ("include", "exclude"):
            begin[which] = {uuid: why for uuid, why in begin[which].items() if uuid in people}
    sent = request.POST if request.method == "POST" else None
    form = SelectionForm(sent, call=call, pool=pool, people=people, words=words, begin=begin)
    context = {**frame(call), "form": form, "base": base, "pool_words": pool_in_words(pool)}
    if form.is_valid():
        try:
            prepared = prepare_selection(actor=request.user, call=call, asked=form.asked())
            if "look" not in request.POST:
                return _keep(request, form, prepared)
            context["look"] = _look(prepared, base, people, words)
        except ValidationError as error:
            form.take_errors(error)
    status = 400 if form.errors else 200
    return render(request, "experts/selection_form.html", context, status=status)


def _base(request: HttpRequest, call: Call) -> Selection | None:
    """The selection from which this one starts."""
    try:
        uuid = UUID(request.GET.get("from", ""))
    except ValueError:
        return None
    return Selection.objects.filter(call=call, uuid=uuid).first()


def _keep(request: HttpRequest, form: SelectionForm, prepared: Prepared) -> HttpResponse:
    selection, new = perform_once(
        actor=request.user,
        key=form.idempotency_key,
        body=sorted((name, values) for name, values in request.POST.lists() if "csrf" not in name),
        action=lambda: keep_selection(actor=request.user, prepared=prepared, name=form.cleaned_data["name"]),
        find=lambda subject: get_object_or_404(Selection, pk=pk_of(subject, Selection)),
    )
    if new:
        messages.success(request, _("The panel is computed and kept."))
    return redirect("panel:selection", prepared.call.pk, selection.uuid)


def _look(prepared: Prepared, base: Selection | None, people: dict[str, Any], words: Words) -> dict[str, Any]:
    """What would come out, and against the selection it starts from, what would change."""
    chosen = [str(uuid) for uuid in prepared.solution.selected]
    look: dict[str, Any] = {
        "status": str(prepared.solution.status),
        "merit": prepared.solution.merit,
        "people": [people[uuid] for uuid in chosen if uuid in people],
        "difference": None,
    }
    if base and chosen and chosen_of(base) and prepared.solution.status is not Status.INFEASIBLE:
        rules = (base.problem, prepared.asked.stored())
        before = chosen_of(base)
        look["difference"] = difference_of(prepared.problem, before, chosen, people, words, rules)
    return look


@login_required
@require_safe
@never_cache
def selection_detail(request: HttpRequest, call_id: int, uuid: UUID) -> HttpResponse:
    """One panel with its proof; the part that is still computed alone when htmx asks for it."""
    call = panel_call(request, call_id)
    selection = _selection(call, uuid)
    job = selection.job
    waiting = "attainable" not in selection.outcome and job is not None
    if request.headers.get("HX-Request") == "true":
        done = not waiting or (job is not None and job.finished)
        context = {**frame(call), "selection": selection, "job": job, "waiting": waiting}
        return render(request, "experts/_selection_job.html", context, status=STOP_POLLING if done else 200)
    decision = Decision.objects.filter(call=call).first()
    announced = decision is not None and decision.announced_at is not None
    context = {
        **frame(call),
        "selection": selection,
        "reading": read_selection(selection),
        "job": job,
        "waiting": waiting,
        "pool_changed": not announced and hash_of(pool_of(call, request.user)) != selection.pool_sha256,
        "decision": decision,
        "still_open": {} if announced else shown(call, timezone.now()),
    }
    return render(request, "experts/selection_detail.html", context)


def _selection(call: Call, uuid: UUID) -> Selection:
    found: Selection = get_object_or_404(
        Selection.objects.select_related("job", "call", "created_by"), call=call, uuid=uuid
    )
    return found


@login_required
@require_safe
def selection_compare(request: HttpRequest, call_id: int) -> HttpResponse:
    """Two or three panels side by side; the first is what the others are compared with."""
    call = panel_call(request, call_id)
    asked = list(dict.fromkeys(request.GET.getlist("s")))[:MOST_COMPARED]
    try:
        found = {each.uuid: each for each in Selection.objects.filter(call=call, uuid__in=asked)}
        chosen = [found[UUID(uuid)] for uuid in asked if UUID(uuid) in found]
    except (ValueError, ValidationError) as error:
        raise Http404 from error
    if len(chosen) < 2:
        messages.info(request, _("Choose two or three panels to compare."))
        return redirect("panel:list", call.pk)
    words = Words()
    first = chosen[0]
    # Merits may have changed between two pools: each person counts as the newest of them found them.
    entries = {
        entry["uuid"]: entry
        for each in sorted(chosen, key=lambda each: each.created_at)
        for entry in each.pool
    }
    pool = [entries[uuid] for uuid in sorted(entries)]
    people = people_of(call, pool, words)
    plain_rules = {**first.problem, "include": {}, "exclude": {}}
    problem = problem_of(plain_rules, pool)
    others = [
        (
            other,
            difference_of(
                problem, chosen_of(first), chosen_of(other), people, words, (first.problem, other.problem)
            )
            if chosen_of(first) and chosen_of(other)
            else None,
        )
        for other in chosen[1:]
    ]
    sets = [set(chosen_of(each)) for each in chosen]
    rows = [
        (person, [person.uuid in members for members in sets])
        for person in sorted(people.values(), key=lambda each: (-(each.merit or 0), each.name))
        if any(person.uuid in members for members in sets)
    ]
    context = {
        **frame(call),
        "chosen": chosen,
        "first": first,
        "others": others,
        "rows": rows,
        "balances": _side_by_side(problem, chosen, words),
        "pools_differ": len({each.pool_sha256 for each in chosen}) > 1,
    }
    return render(request, "experts/selection_compare.html", context)


def _side_by_side(problem: Any, chosen: list[Selection], words: Words) -> list[tuple[str, list[Any], bool]]:
    """For each value, how many of each panel have it; None where nobody was chosen. What none asked for is folded."""
    panels = [(each, bullets_of(problem, chosen_of(each), words)) for each in chosen]
    asked = {quota["attribute"] for each in chosen for quota in each.problem["quotas"]}
    return [
        (
            group.label,
            [
                (
                    row.label,
                    row.pool,
                    [found[g].rows[r].count if chosen_of(each) else None for each, found in panels],
                )
                for r, row in enumerate(group.rows)
            ],
            group.attribute not in asked,
        )
        for g, group in enumerate(panels[0][1])
        if group.is_main or group.attribute in asked
    ]


@login_required
@require_POST
def selection_change(request: HttpRequest, call_id: int, uuid: UUID) -> HttpResponse:
    """Rename, discard, take up again, compute again what failed: by the button that was pressed."""
    call = panel_call(request, call_id)
    selection = _selection(call, uuid)
    if "discard" in request.POST:
        discard_selection(actor=request.user, selection=selection)
        messages.success(request, _("The panel is put aside. You can take it up again below."))
        return redirect("panel:list", call.pk)
    if "restore" in request.POST:
        restore_selection(actor=request.user, selection=selection)
    elif "again" in request.POST:
        analyse_again(actor=request.user, selection=selection)
    else:
        try:
            rename_selection(actor=request.user, selection=selection, name=request.POST.get("name", ""))
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
    return redirect("panel:selection", call.pk, selection.uuid)
