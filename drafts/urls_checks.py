"""Addresses of the checks of a draft."""

from django.urls import path

from drafts.views import checks

app_name = "checks"

_DRAFT = "drafting/<slug:slug>/<int:number>/checks/"

urlpatterns = [
    path(_DRAFT, checks.findings, name="findings"),
    path(f"{_DRAFT}run/", checks.check_now, name="run"),
    path(f"{_DRAFT}waive/", checks.waive, name="waive"),
    path(f"{_DRAFT}take-back/", checks.take_back, name="take_back"),
]
