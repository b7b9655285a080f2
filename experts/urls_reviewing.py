"""Addresses of reviewing."""

from django.urls import URLPattern

app_name = "reviewing"

urlpatterns: list[URLPattern] = []
