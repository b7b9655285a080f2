"""Addresses of resolutions, what is reported on them, and the reports to the Board."""

from django.urls import path

from roadmap.views import board_reports, managing_resolutions, reporting, resolution_import, resolutions

app_name = "resolutions"

urlpatterns = [
    path("resolutions/", resolutions.tracker, name="tracker"),
    path("resolutions/new/", managing_resolutions.resolution_create, name="create"),
    path("resolutions/import/", resolution_import.upload, name="import"),
    path("resolutions/import/<uuid:uuid>/", resolution_import.confirm, name="import_confirm"),
    path("resolutions/periods/", reporting.periods, name="periods"),
    path("resolutions/periods/<str:code>/", reporting.period_detail, name="period"),
    path("resolutions/periods/<str:code>/close/", reporting.period_close, name="period_close"),
    path("resolutions/entries/<uuid:uuid>/", reporting.entry_edit, name="entry"),
    path("resolutions/entries/<uuid:uuid>/take/", reporting.entry_take, name="entry_take"),
    path("resolutions/entries/<uuid:uuid>/leave-out/", reporting.entry_leave_out, name="entry_leave_out"),
    path("resolutions/entries/<uuid:uuid>/add/", reporting.line_add, name="line_add"),
    path("resolutions/lines/<uuid:uuid>/", reporting.line_edit, name="line"),
    path("resolutions/lines/<uuid:uuid>/remove/", reporting.line_remove, name="line_remove"),
    path("resolutions/reports/", board_reports.report_make, name="report_make"),
    path("resolutions/reports/<uuid:uuid>/", board_reports.report_detail, name="report"),
    path("resolutions/reports/<uuid:uuid>/issue/", board_reports.report_issue, name="report_issue"),
    path(
        "resolutions/reports/<uuid:uuid>/<str:language>/<str:form>/", board_reports.download, name="download"
    ),
    path("resolutions/reports/<uuid:uuid>/<str:language>/<str:form>/make/", board_reports.make, name="make"),
    path("resolutions/<uuid:uuid>/", resolutions.resolution_detail, name="detail"),
    path("resolutions/<uuid:uuid>/edit/", managing_resolutions.resolution_edit, name="edit"),
]
