"""Addresses of the translation desk."""

from django.urls import path

from drafts.views import translating, translations

app_name = "translating"

BASE = "drafting/<slug:slug>/<int:number>/translate/"

urlpatterns = [
    path(BASE, translations.progress, name="progress"),
    path(f"{BASE}<str:language>/", translations.listing, name="listing"),
    path(f"{BASE}<str:language>/<slug:key>/", translating.desk, name="desk"),
    path(f"{BASE}<str:language>/<slug:key>/work/", translating.work, name="work"),
    path(f"{BASE}<str:language>/<slug:key>/here/", translating.presence, name="presence"),
    path(f"{BASE}<str:language>/<slug:key>/act/", translating.act, name="act"),
]
