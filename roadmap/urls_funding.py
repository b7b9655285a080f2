"""Addresses of the funding, among those of the road map."""

from django.urls import path

from roadmap.views import funding, funding_scenarios, funding_tables, managing_funding

urlpatterns = [
    path("roadmap/funding/", funding.overview, name="funding"),
    path("roadmap/funding/<slug:table>.<str:form>", funding_tables.export, name="funding_export"),
    path("roadmap/funding/lines/new/", managing_funding.line_create, name="funding_line_create"),
    path("roadmap/funding/lines/order/", managing_funding.lines_order, name="funding_order"),
    path("roadmap/funding/lines/<uuid:uuid>/", funding.line_detail, name="funding_line"),
    path("roadmap/funding/lines/<uuid:uuid>/edit/", managing_funding.line_edit, name="funding_line_edit"),
    path("roadmap/funding/transactions/", managing_funding.transaction_list, name="funding_transactions"),
    path(
        "roadmap/funding/transactions/new/",
        managing_funding.transaction_create,
        name="funding_transaction_create",
    ),
    path(
        "roadmap/funding/transactions/<uuid:uuid>/",
        funding.transaction_detail,
        name="funding_transaction",
    ),
    path(
        "roadmap/funding/transactions/<uuid:uuid>/replace/",
        managing_funding.transaction_replace,
        name="funding_replace",
    ),
    path("roadmap/funding/rates/", managing_funding.rate_list, name="funding_rates"),
    path(
        "roadmap/funding/rates/<int:rate_id>/withdraw/",
        managing_funding.rate_withdraw,
        name="funding_rate_withdraw",
    ),
    path("roadmap/funding/snapshots/new/", managing_funding.snapshot_create, name="funding_snapshot_create"),
    path("roadmap/funding/snapshots/<uuid:uuid>/", funding.snapshot_detail, name="funding_snapshot"),
    path("roadmap/funding/scenarios/new/", funding_scenarios.scenario_create, name="funding_scenario_create"),
    path(
        "roadmap/funding/scenarios/<uuid:uuid>/", funding_scenarios.scenario_detail, name="funding_scenario"
    ),
    path(
        "roadmap/funding/scenarios/<uuid:uuid>/edit/",
        funding_scenarios.scenario_edit,
        name="funding_scenario_edit",
    ),
    path(
        "roadmap/funding/scenarios/<uuid:uuid>/adopt/",
        funding_scenarios.scenario_adopt,
        name="funding_adopt",
    ),
    path(
        "roadmap/funding/scenarios/<uuid:uuid>/lines/<uuid:line>/",
        funding_scenarios.scenario_line,
        name="funding_scenario_line",
    ),
]
