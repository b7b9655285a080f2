"""Addresses of rounds, the reading room, comments and the desk."""

from consultations import urls_reading, urls_secretariat

app_name = "consultations"

urlpatterns = [*urls_reading.urlpatterns, *urls_secretariat.urlpatterns]
