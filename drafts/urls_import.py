"""Addresses of importing a draft."""

from django.urls import path

from drafts.views import importing

app_name = "imports"

urlpatterns = [
    path("drafts/import/", importing.upload, name="upload"),
    path("drafts/import/<uuid:uuid>/", importing.confirm, name="confirm"),
]
