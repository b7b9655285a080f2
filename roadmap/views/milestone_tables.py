"""The road map as files: a spreadsheet out and in, and a calendar."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, ngettext, override
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.tables import CSV, XLSX, as_csv
from core.verdicts import Conflict, require
from roadmap.actions.milestone_import import Fate, Row, import_milestones, mark_of, preview_milestones
from roadmap.calendar_feed import calendar_of
from roadmap.forms.milestone_import import MilestoneImportForm
from roadmap.milestone_queries import entries_for
from roadmap.milestone_rules import may_manage_milestones
from roadmap.milestone_sheet import as_xlsx, rows_of
from roadmap.models import Milestone
from roadmap.views.saving import status_of

FORMS = {"csv": (CSV, as_csv), "xlsx": (XLSX, as_xlsx)}


@require_safe
def milestone_export(request: HttpRequest, form: str) -> HttpResponse:
    """The milestones that the caller may see, as a table."""
    if form not in FORMS:
        raise Http404
    media_type, write = FORMS[form]
    rows = rows_of(entries_for(request.user), staff=bool(may_manage_milestones(request.user)))
    response = HttpResponse(write(rows), content_type=media_type)
    response["Content-Disposition"] = f'attachment; filename="roadmap.{form}"'
    response["Cache-Control"] = "no-store"
    return response


@require_safe
def roadmap_calendar(request: HttpRequest) -> HttpResponse:
    """The public milestones as a calendar to subscribe to: the same for everyone, for calendars don't sign in.

    In the language of ``?language=``, else of Accept-Language.
    """
    asked = request.GET.get("language", "")
    with override(asked if asked in dict(settings.LANGUAGES) else get_language()):
        content = calendar_of()
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'inline; filename="roadmap.ics"'
    return response


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def milestone_import(request: HttpRequest) -> HttpResponse:
    """Choose a table, see what becomes of each row, import."""
    require(may_manage_milestones(request.user))
    sent = request.POST if request.method == "POST" else None
    form = MilestoneImportForm(sent, request.FILES or None, importer=request.user)
    rows: list[Row] = []
    status = 0
    if form.is_valid() and form.sheet:
        if "send" in request.POST and not request.FILES:
            seen = request.POST.get("seen", "")
            try:
                return _imported(request, import_milestones(actor=request.user, sheet=form.sheet, seen=seen))
            except Conflict as conflict:
                form.add_error(None, str(conflict.reason))
                status = 409
        rows = preview_milestones(actor=request.user, sheet=form.sheet)
    counts = {fate.value: sum(row.fate == fate for row in rows) for fate in Fate}
    context = {
        "form": form,
        # What has to be mended first.
        "rows": sorted(rows, key=lambda row: (not row.problems, row.number)),
        "counts": counts,
        "wrong": sum(bool(row.problems) for row in rows),
        "to_do": counts["new"] + counts["changed"],
        "standing": Milestone.objects.count(),
        "seen": mark_of(rows),
    }
    status = status_of(form, status)
    return render(request, "roadmap/milestone_import.html", context, status=status)


def _imported(request: HttpRequest, rows: list[Row]) -> HttpResponse:
    count = sum(row.fate in (Fate.NEW, Fate.CHANGED) for row in rows)
    if count:
        words = ngettext(
            "%(count)d milestone is entered or changed.",
            "%(count)d milestones are entered or changed.",
            count,
        )
        messages.success(request, words % {"count": count})
    else:
        messages.info(request, _("Nothing was imported: everything in the table stands already."))
    return redirect("roadmap:overview")
