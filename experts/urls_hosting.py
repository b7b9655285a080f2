"""Addresses of hosting."""

from django.urls import path

from experts.views import hosting, offers

app_name = "hosting"

urlpatterns = [
    path("calls/<int:call_id>/offer/", offers.offer_begin, name="offer"),
    path("calls/<int:call_id>/hosting/", hosting.board, name="board"),
    path("calls/<int:call_id>/hosting/announce/", hosting.announce, name="announce"),
    path("calls/<int:call_id>/hosting/new/", hosting.slot_create, name="slot_create"),
    path("calls/<int:call_id>/hosting/<int:slot_id>/", hosting.slot_detail, name="slot_detail"),
    path("calls/<int:call_id>/hosting/<int:slot_id>/edit/", hosting.slot_edit, name="slot_edit"),
    path("calls/<int:call_id>/hosting/<int:slot_id>/outcome/", hosting.slot_outcome, name="slot_outcome"),
    path("calls/<int:call_id>/hosting/<int:slot_id>/remove/", hosting.slot_remove, name="slot_remove"),
    path("offers/<uuid:uuid>/", offers.offer_detail, name="offer_detail"),
    path("offers/<uuid:uuid>/edit/", offers.offer_edit, name="offer_edit"),
    path("offers/<uuid:uuid>/keep/", offers.offer_keep, name="offer_keep"),
    path("offers/<uuid:uuid>/withdraw/", offers.offer_withdraw, name="offer_withdraw"),
    path("offers/<uuid:uuid>/score/", hosting.offer_score, name="offer_score"),
    path("offers/<uuid:uuid>/agreement/", hosting.agreement, name="agreement"),
]
