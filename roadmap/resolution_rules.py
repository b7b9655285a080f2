"""Who may see and do what with resolutions, reporting periods and reports to the Board."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.facts import facts_of
from accounts.models import Role
from core.models import StoredFile
from core.verdicts import Allowed, Refused, Verdict
from roadmap.models import BoardReport, BoardReportDocument, ReportingPeriod

DOCUMENT = "board_report"  # the purpose of the files that reports are kept in
HIDDEN = Refused(_("There is no such report."), "hidden")


def may_manage_resolutions(user: Any) -> Verdict:
    """The secretariat enters resolutions, reports on them, closes periods and issues reports."""
    if facts_of(user).has(Role.STAFF):
        return Allowed
    return Refused(_("Only the secretariat may do this."), "not_staff")


def may_see_period(user: Any, period: ReportingPeriod) -> Verdict:
    """Closed ones everybody, the open one the secretariat; as ``ReportingPeriod.objects.visible_to``."""
    if period.is_closed or facts_of(user).has(Role.STAFF):
        return Allowed
    return HIDDEN


def may_change_period(user: Any, period: ReportingPeriod) -> Verdict:
    """The secretariat, until the period is closed."""
    if not (manages := may_manage_resolutions(user)):
        return manages
    if period.is_closed:
        return Refused(
            _("This period is closed. What was wrong in it is put right in an entry of the next one."),
            "closed",
        )
    return Allowed


def may_see_report(user: Any, report: BoardReport) -> Verdict:
    """Issued ones everybody, the others the secretariat."""
    if report.issued_at is not None or facts_of(user).has(Role.STAFF):
        return Allowed
    return HIDDEN


def may_read_report_file(user: Any, stored: StoredFile) -> Verdict:
    """A report's file is read by whoever may see the report."""
    made = BoardReportDocument.objects.filter(file=stored).select_related("text__report").first()
    return may_see_report(user, made.text.report) if made else HIDDEN
