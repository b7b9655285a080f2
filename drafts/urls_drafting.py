"""Addresses of a draft's way from its beginning to its adoption."""

from django.urls import path

from drafts.views import drafting

app_name = "drafting"

urlpatterns = [path("drafting/<slug:slug>/<int:number>/begin/", drafting.begin, name="begin")]
