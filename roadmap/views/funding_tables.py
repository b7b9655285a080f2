"""The funding as files for spreadsheets."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from core.tables import CSV, XLSX, as_csv, as_xlsx
from roadmap.actions.milestone_dates import today
from roadmap.funding_list import lines_on
from roadmap.funding_queries import ledger_of, series_in
from roadmap.funding_rules import may_manage_funding
from roadmap.funding_sheet import Rows, course_table, day_of, lines_table, transactions_table
from roadmap.views.funding import asked_budget

TABLES = ("lines", "transactions", "course")
FORMS = {"csv": CSV, "xlsx": XLSX}


@require_safe
def export(request: HttpRequest, table: str, form: str) -> HttpResponse:
    """What the caller may see, as of ``?at=``: the estimate (``lines``), every entry (``transactions``), or the sums
    over time (``course``)."""
    if table not in TABLES or form not in FORMS:
        raise Http404
    rows = _rows(request, table)
    content = as_csv(rows) if form == "csv" else as_xlsx(rows, title=table, widths={"A": 38, "D": 40})
    response = HttpResponse(content, content_type=FORMS[form])
    response["Content-Disposition"] = f'attachment; filename="funding-{table}.{form}"'
    response["Cache-Control"] = "no-store"
    return response


def _rows(request: HttpRequest, table: str) -> Rows:
    budget = asked_budget(request)
    if table == "transactions":
        staff = bool(may_manage_funding(request.user))
        return transactions_table(request.user, budget, staff=staff)
    at, ledger = day_of(request.GET.get("at", ""), today()), ledger_of(budget)
    if table == "lines":
        return lines_table(lines_on(budget, ledger, at))
    return course_table(series_in(ledger, at))
