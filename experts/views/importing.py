"""Importing a table of nominations: look at what becomes of each row, then import."""

import csv
import io

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from core.spreadsheets import safe_cell
from core.verdicts import Conflict
from experts.actions.importing import import_nominations, preview_import
from experts.forms.importing import ImportForm
from experts.models import Call
from experts.nomination_sheet import COLUMN_LABELS, Entry, Fate
from experts.views.screening import for_screening, frame

MOST_SHOWN = 200


@for_screening
@require_http_methods(["GET", "HEAD", "POST"])
def nomination_import(request: HttpRequest, call: Call) -> HttpResponse:
    """Choose a table, see what becomes of each row, import those that can be."""
    sent = request.POST if request.method == "POST" else None
    form = ImportForm(sent, request.FILES or None, importer=request.user, call_id=call.pk)
    entries: list[Entry] = []
    status = 200
    if form.is_valid() and form.sheet:
        try:
            if "send" in request.POST and not request.FILES:
                made = import_nominations(actor=request.user, call=call, sheet=form.sheet)
                return _imported(request, call, made.imported)
            entries = preview_import(actor=request.user, call=call, sheet=form.sheet)
            if "report" in request.POST:
                return _report(entries)
        except Conflict as conflict:
            form.add_error(None, str(conflict.reason))
            status = 409
    counts = {fate: sum(entry.fate == fate for entry in entries) for fate in Fate.values}
    # What has to be mended first; a long table isn't shown whole.
    ordered = sorted(entries, key=lambda entry: (entry.fate != Fate.WRONG, entry.number))
    context = {
        **frame(call, "import"),
        "form": form,
        "rows": [(entry, _named(entry)) for entry in ordered[:MOST_SHOWN]],
        "hidden": max(0, len(entries) - MOST_SHOWN),
        "counts": counts,
    }
    return render(
        request, "experts/import.html", context, status=400 if form.errors and status == 200 else status
    )


def _named(entry: Entry) -> list[tuple[str, str]]:
    """The problems of a row, each under its column's name."""
    return [(str(COLUMN_LABELS[each.column]), f"{each.what} {each.todo}".strip()) for each in entry.problems]


def _imported(request: HttpRequest, call: Call, count: int) -> HttpResponse:
    if count:
        words = ngettext("%(count)d nomination is imported.", "%(count)d nominations are imported.", count)
        messages.success(request, words % {"count": count})
    else:
        messages.info(
            request, _("Nothing was imported: everything in the table is there already or has to be mended.")
        )
    return redirect("reviewing:nomination_list", call.pk)


def _report(entries: list[Entry]) -> HttpResponse:
    """One row for each row of the table, and for each problem; UTF-8 with its mark, by which Excel knows it."""
    file = io.StringIO(newline="")
    write = csv.writer(file)
    heads = [
        _("Row"),
        _("Name"),
        _("E-mail"),
        _("Country"),
        _("What becomes of it"),
        _("Column"),
        _("What is wrong"),
    ]
    write.writerow(heads)
    for entry in entries:
        said = [entry.number, entry.name, entry.email, entry.country or "", entry.fate_label]
        for column, what in _named(entry) or [("", "")]:
            write.writerow([safe_cell(value) for value in (*said, column, what)])
    response = HttpResponse("\ufeff" + file.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="nominations.csv"'
    return response
