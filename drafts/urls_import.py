"""Addresses of importing a draft."""

from django.urls import path

from drafts import import_views

app_name = "imports"

urlpatterns = [
    path("drafts/import/", import_views.upload, name="upload"),
    path("drafts/import/<uuid:uuid>/", import_views.confirm, name="confirm"),
]
