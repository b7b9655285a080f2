"""Addresses of a drafter's workspace."""

from django.urls import path

from drafts.views import editing, structure

app_name = "editing"

BASE = "drafting/<slug:slug>/<int:number>/edit/"

urlpatterns = [
    path(BASE, structure.structure, name="structure"),
    path(f"{BASE}names.json", editing.names, name="names"),
    path(f"{BASE}take-back/<int:version>/", structure.undo, name="undo"),
    path(f"{BASE}<slug:key>/", editing.edit, name="edit"),
    path(f"{BASE}<slug:key>/work/", editing.work, name="work"),
    path(f"{BASE}<slug:key>/here/", editing.presence, name="presence"),
    path(f"{BASE}<slug:key>/restore/", editing.restore, name="restore"),
    path(f"{BASE}<slug:key>/act/", structure.act, name="act"),
    path(f"{BASE}<slug:key>/add/", structure.add, name="add"),
    path(f"{BASE}<slug:key>/split/", structure.split, name="split"),
]
