"""Addresses of guidelines and their drafts."""

from django.urls import path

from drafts.views import changes, reading, wordings

app_name = "drafts"

urlpatterns = [
    path("guidelines/<slug:slug>/", reading.draft_contents, name="guidelines"),
    path("guidelines/<slug:slug>/<int:number>/", reading.draft_contents, name="contents"),
    path("guidelines/<slug:slug>/<int:number>/changes/<int:against>/", changes.draft_changes, name="changes"),
    path(
        "guidelines/<slug:slug>/<int:number>/changes/<int:against>/<slug:key>/",
        changes.unit_changes,
        name="unit_changes",
    ),
    path("guidelines/<slug:slug>/<int:number>/history/<slug:key>/", wordings.history, name="history"),
    path("guidelines/<slug:slug>/wordings/<slug:key>/", wordings.wordings, name="wordings"),
    path("guidelines/<slug:slug>/<int:number>/whole/", reading.whole, name="whole"),
    path("guidelines/<slug:slug>/<int:number>/<slug:key>/", reading.read, name="read"),
]
