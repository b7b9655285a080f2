"""Addresses of guidelines and their drafts."""

from django.urls import path

from drafts import views

app_name = "drafts"

urlpatterns = [
    path("guidelines/<slug:slug>/", views.draft_contents, name="guidelines"),
    path("guidelines/<slug:slug>/<int:number>/", views.draft_contents, name="contents"),
    path("guidelines/<slug:slug>/<int:number>/<slug:key>/", views.read, name="read"),
]
