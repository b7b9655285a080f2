"""Addresses of a person's own pages; signing in and up is allauth's."""

from django.urls import path

from accounts.views import profile

app_name = "accounts"

urlpatterns = [
    path("profile/", profile.profile, name="profile"),
    path("profile/tokens/<slug:key>/revoke/", profile.token_revoke, name="token_revoke"),
]
