"""Addresses of the documents made of a draft."""

from django.urls import path

from drafts.views import documents

app_name = "documents"

urlpatterns = [
    path("guidelines/<slug:slug>/<int:number>/documents/", documents.document_list, name="list"),
    path(
        "guidelines/<slug:slug>/<int:number>/documents/<str:language>/<str:form>/",
        documents.download,
        name="download",
    ),
    path(
        "guidelines/<slug:slug>/<int:number>/documents/<str:language>/<str:form>/make/",
        documents.make,
        name="make",
    ),
]
