"""Addresses of the road map."""

from django.urls import path

from roadmap import urls_funding
from roadmap.views import managing_milestones, milestone_tables, milestones

app_name = "roadmap"

urlpatterns = [
    path("roadmap/", milestones.overview, name="overview"),
    path("roadmap/new/", managing_milestones.milestone_create, name="milestone_create"),
    path("roadmap/import/", milestone_tables.milestone_import, name="milestone_import"),
    path("roadmap/milestones.<str:form>", milestone_tables.milestone_export, name="milestone_export"),
    path("roadmap/<uuid:uuid>/", milestones.milestone_detail, name="milestone_detail"),
    path("roadmap/<uuid:uuid>/edit/", managing_milestones.milestone_edit, name="milestone_edit"),
    path("roadmap/<uuid:uuid>/forecast/", managing_milestones.milestone_forecast, name="milestone_forecast"),
    path("roadmap/<uuid:uuid>/drop/", managing_milestones.milestone_drop, name="milestone_drop"),
    path("roadmap/<uuid:uuid>/follow/", managing_milestones.milestone_follow, name="milestone_follow"),
    path("roadmap/<uuid:uuid>/place/", managing_milestones.milestone_place, name="milestone_place"),
    *urls_funding.urlpatterns,
]
