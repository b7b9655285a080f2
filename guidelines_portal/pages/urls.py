"""Addresses of standing pages; a route has the name of its text."""

from django.urls import path

from guidelines_portal.pages import views
from guidelines_portal.pages.texts import SLUGS

app_name = "pages"

urlpatterns = [
    path(f"{slug.replace('help-', 'help/', 1)}/", views.page, {"slug": slug}, name=slug) for slug in SLUGS
]
urlpatterns += [
    path("groups/", views.groups, name="groups"),
    path("groups/<slug:slug>/", views.group, name="group"),
]
