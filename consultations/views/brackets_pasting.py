"""Pasting bracketed text: what was understood, and then entering it; of a provision, or of many."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from consultations.actions.comments import find_provision
from consultations.actions.entering import Entry, enter_proposals, standing_proposals
from consultations.forms.brackets import BracketsForm, PartForm
from consultations.models import Round
from consultations.negotiating import NotationError, Understanding, understand
from consultations.pasted import read_pasted, state_of
from consultations.rules import counts_if_entered, may_enter_for_others
from consultations.views.brackets import rows_of
from consultations.views.brackets_understood import Fault, country_names, fault_of, show_row
from consultations.views.desk import desk_round
from core.verdicts import Conflict, require
from drafts.queries import ReadProvision
from drafts.views.language import text_language


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def brackets_paste(request: HttpRequest, round_id: int, key: str = "") -> HttpResponse:
    """The form; sent, what was understood of it; sent with ``confirm``, the proposals are entered.

    ``key`` is a provision's; or a chapter's or pillar's, or none for the whole draft: then the text is that of
    several, each with its number before it.
    """
    round = desk_round(request, round_id)
    rows, title, page_key = rows_of(round, key, text_language(request))
    if not key or page_key == key:
        return _part(request, round, rows, title, key)
    if rows[0].text is None or not rows[0].printed_text:
        raise Http404
    return _one(request, round, rows[0])


def _one(request: HttpRequest, round: Round, row: ReadProvision) -> HttpResponse:
    version = row.text.version if row.text else 0
    if request.method != "POST":
        return _page(request, round, row, BracketsForm(initial={"version": version}))
    require(may_enter_for_others(request.user, round, at=timezone.now()))
    form = BracketsForm(request.POST)
    try:
        find_provision(round, row.key)
    except ValidationError as error:  # the round doesn't ask about it
        form.add_error(None, error.messages[0])
    if not form.is_valid():
        return _page(request, round, row, form, status=400)
    source = form.cleaned_data["notation"].replace("\r\n", "\n")
    try:
        understood = understand(source, row.printed_text, codes=set(country_names()))
    except NotationError as error:
        return _page(request, round, row, form, fault=fault_of(source, error), status=400)
    if "confirm" not in request.POST:
        return _page(request, round, row, form, understood=understood)
    seen = form.cleaned_data["version"] or 0
    entry = Entry(row.key, row.language, seen, understood.proposals, understood.header)
    try:
        made = enter_proposals(actor=request.user, round=round, entries=[entry])
    except Conflict as conflict:
        return _page(request, round, row, form, understood=understood, conflict=conflict, status=409)
    return _entered(request, round, row.key, row.language, len(made))


def _entered(request: HttpRequest, round: Round, key: str, language: str, n: int) -> HttpResponse:
    messages.success(request, ngettext("%(n)d proposal entered.", "%(n)d proposals entered.", n) % {"n": n})
    page = (
        reverse("consultations:brackets", args=[round.pk, key])
        if key
        else reverse("consultations:brackets_whole", args=[round.pk])
    )
    return redirect(f"{page}?text={language}")


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
    shown = show_row(request.user, round, row, understood, country_names()) if understood else None
    context: dict[str, Any] = {
        "round": round,
        "row": row,
        "form": form,
        "version": row.text.version if row.text else 0,
        "shown": shown,
        "fault": fault,
        "conflict": conflict,
        "may_enter": may_enter_for_others(request.user, round, at=now),
        "counts": counts_if_entered(round, at=now),
    }
    return render(request, "consultations/brackets_paste.html", context, status=status)


def _part(
    request: HttpRequest, round: Round, rows: list[ReadProvision], title: ReadProvision | None, key: str
) -> HttpResponse:
    """A text of several provisions; what can't be read in one of them is said, and nothing is entered."""
    now = timezone.now()
    flat = [each for row in rows for each in (row, *row.footnotes)]
    form = PartForm(request.POST if request.method == "POST" else None)
    language = text_language(request)
    context: dict[str, Any] = {
        "round": round,
        "key": key,
        "title": title,
        "form": form,
        "language": language,
        "may_enter": may_enter_for_others(request.user, round, at=now),
        "counts": counts_if_entered(round, at=now),
    }
    if request.method != "POST":
        return render(request, "consultations/brackets_paste_part.html", context)
    require(context["may_enter"])
    if not form.is_valid():
        return render(request, "consultations/brackets_paste_part.html", context, status=400)
    names = country_names()
    source = form.cleaned_data["notation"].replace("\r\n", "\n").removeprefix("\ufeff")
    pasted = read_pasted(round, source, flat, names)
    state = state_of(flat)
    status = 200 if pasted.may_be_entered else 400
    if "confirm" in request.POST and pasted.may_be_entered:
        if form.cleaned_data["seen"] == state:
            try:
                made = enter_proposals(actor=request.user, round=round, entries=pasted.entries)
            except Conflict as conflict:
                context["conflict"], status = conflict, 409
            else:
                return _entered(request, round, key, language, len(made))
        else:
            context["moved"], status = True, 409
    standing = standing_proposals(round, request.user)
    shown = [
        (show_row(request.user, round, each.row, each.understood, names, standing=standing), each)
        for each in pasted.rows
    ]
    context |= {
        "pasted": pasted,
        "state": state,
        "faults": [(row, fault_of(source, error)) for row, error in pasted.faults],
        "new": [pair for pair in shown if pair[0].does_something],
        "known": [pair for pair in shown if not pair[0].does_something],
    }
    return render(request, "consultations/brackets_paste_part.html", context, status=status)
