"""The project: settings, addresses, the API's router and Celery. The only package that knows every app."""

from guidelines_portal.celery import app as celery_app

__all__ = ["celery_app"]
