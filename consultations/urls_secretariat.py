"""Addresses of rounds and of the secretariat's desk."""

from django.urls import path

from consultations.views import desk, rounds

urlpatterns = [
    path("rounds/", rounds.round_list, name="round_list"),
    path("rounds/new/", rounds.round_create, name="round_create"),
    path("rounds/<int:round_id>/", rounds.round_detail, name="round_detail"),
    path("rounds/<int:round_id>/edit/", rounds.round_edit, name="round_edit"),
    path("rounds/<int:round_id>/move/", rounds.round_move, name="round_move"),
    path("rounds/<int:round_id>/desk/", desk.desk, name="desk"),
    path("rounds/<int:round_id>/desk/answer/", desk.desk_answer, name="desk_answer"),
    path("rounds/<int:round_id>/desk/publish/", desk.desk_publish, name="desk_publish"),
    path("rounds/<int:round_id>/desk/hide/", desk.desk_hide, name="desk_hide"),
]
