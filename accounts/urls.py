"""Addresses of a person's own pages; signing in and up is allauth's."""

from django.urls import path

from accounts import views

app_name = "accounts"

urlpatterns = [
    path("profile/", views.profile, name="profile"),
    path("profile/tokens/<slug:key>/revoke/", views.token_revoke, name="token_revoke"),
]
