"""Addresses of calendars; they have no language of their own."""

from django.urls import path

from roadmap.views import calendars

app_name = "calendars"

urlpatterns = [
    path("meetings/<uuid:uuid>.ics", calendars.meeting_ics, name="meeting"),
    path("rounds/<int:round_id>.ics", calendars.round_ics, name="round"),
    path("calendar/<str:token>.ics", calendars.personal_ics, name="personal"),
]
