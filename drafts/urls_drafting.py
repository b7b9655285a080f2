"""Addresses of a draft's way from its beginning to its adoption."""

from django.urls import path

from drafts.views import drafting, lifecycle

app_name = "drafting"

_DRAFT = "drafting/<slug:slug>/<int:number>/"

urlpatterns = [
    path("drafting/", lifecycle.overview, name="overview"),
    path(_DRAFT, lifecycle.draft_page, name="draft"),
    path(f"{_DRAFT}begin/", drafting.begin, name="begin"),
    path(f"{_DRAFT}names/", drafting.names, name="names"),
    path(f"{_DRAFT}act/", lifecycle.act, name="act"),
]
