"""The Celery application of a production installation; settings come from Django's, prefixed CELERY_."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guidelines_portal.settings.embedded")

app = Celery("guidelines_portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
