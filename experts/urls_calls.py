"""Addresses of calls."""

from django.urls import path

from experts.views import calls, managing_calls

app_name = "calls"

urlpatterns = [
    path("calls/", calls.call_list, name="call_list"),
    path("calls/new/", managing_calls.call_create, name="call_create"),
    path("calls/<int:call_id>/", calls.call_detail, name="call_detail"),
    path("calls/<int:call_id>/edit/", managing_calls.call_edit, name="call_edit"),
    path("calls/<int:call_id>/announce/", managing_calls.call_announce, name="call_announce"),
    path("calls/<int:call_id>/close/", managing_calls.call_close, name="call_close"),
    path("calls/<int:call_id>/reopen/", managing_calls.call_reopen, name="call_reopen"),
]
