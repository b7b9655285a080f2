"""What the acts about resolutions and reports to the Board are called in the audit trail."""

from django.utils.translation import gettext_lazy as _

REPORT_ACTS = {
    "resolution.create": _("Entered a resolution"),
    "resolution.change": _("Changed a resolution"),
    "resolution.import": _("Imported a document on resolutions"),
    "period.open": _("Opened a reporting period"),
    "period.change": _("Changed a reporting period"),
    "period.close": _("Closed a reporting period"),
    "entry.change": _("Changed what is reported on a resolution"),
    "entry.take": _("Took an activity over into the report"),
    "entry.leave_out": _("Left an activity out of the report"),
    "entry.add": _("Added to the report on a resolution"),
    "entry.word": _("Worded the report on a resolution anew"),
    "entry.remove": _("Removed something from the report on a resolution"),
    "board_report.make": _("Made the report to the Board as of a day"),
    "board_report.issue": _("Issued the report to the Board"),
    "board_report.make_document": _("Had a document of the report to the Board made"),
}
