"""Addresses of reminders: a person's own choice, and the secretariat's pages."""

from django.urls import path

from roadmap.views import reminder_preferences, reminders

app_name = "reminders"

urlpatterns = [
    path("account/reminders/", reminder_preferences.preferences, name="preferences"),
    path("reminders/stop/<str:token>/", reminder_preferences.stop, name="stop"),
    path("reminders/", reminders.overview, name="overview"),
    path("reminders/sent/", reminders.sent, name="sent"),
    path("reminders/hold/", reminders.hold, name="hold"),
    path("reminders/holds/<int:hold_id>/release/", reminders.release, name="release"),
    path("reminders/send/", reminders.send, name="send"),
    path("reminders/messages/<int:message_id>/bounced/", reminders.bounce, name="bounce"),
    path("reminders/test/", reminders.test_mail, name="test"),
    path("reminders/rules/", reminders.rule_list, name="rules"),
    path("reminders/rules/new/<slug:code>/", reminders.rule_new, name="rule_new"),
    path("reminders/rules/<int:rule_id>/", reminders.rule_edit, name="rule_edit"),
]
