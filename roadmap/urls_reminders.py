"""Addresses of reminders: a person's own choice, and the secretariat's pages."""

from django.urls import path

from roadmap.views import reminder_preferences

app_name = "reminders"

urlpatterns = [
    path("account/reminders/", reminder_preferences.preferences, name="preferences"),
    path("reminders/stop/<str:token>/", reminder_preferences.stop, name="stop"),
]
