"""Addresses of the pages of `core`, which stand under the page's language. Files and probes have none."""

from django.urls import path

from core import mailbox, views

app_name = "core"

urlpatterns = [
    path("jobs/<uuid:uuid>/", views.job_detail, name="job_detail"),
    path("mailbox/", mailbox.mailbox_list, name="mailbox_list"),
    path("mailbox/<str:mail_id>/", mailbox.mailbox_detail, name="mailbox_detail"),
    path("mailbox/<str:mail_id>/html/", mailbox.mailbox_html, name="mailbox_html"),
]
