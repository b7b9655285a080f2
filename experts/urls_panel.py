"""Addresses of panel."""

from django.urls import path

from experts.views import decision_page, decisions, places, selections

app_name = "panel"

urlpatterns = [
    path("calls/<int:call_id>/panel/", selections.selection_list, name="list"),
    path("calls/<int:call_id>/panel/new/", selections.selection_create, name="create"),
    path("calls/<int:call_id>/panel/compare/", selections.selection_compare, name="compare"),
    path("calls/<int:call_id>/panel/decision/", decision_page.decision_page, name="decision"),
    path("calls/<int:call_id>/panel/decision/record/", decisions.record, name="record"),
    path("calls/<int:call_id>/panel/decision/announce/", decisions.announce_page, name="announce"),
    path("calls/<int:call_id>/panel/invited/", decisions.invited, name="invited"),
    path("calls/<int:call_id>/panel/invited/fill/", decisions.fill, name="fill"),
    path("calls/<int:call_id>/panel/invited/<uuid:uuid>/", decisions.place_change, name="place"),
    path("calls/<int:call_id>/panel/members/", places.members, name="members"),
    path("calls/<int:call_id>/panel/<uuid:uuid>/", selections.selection_detail, name="selection"),
    path("calls/<int:call_id>/panel/<uuid:uuid>/change/", selections.selection_change, name="change"),
    path("calls/<int:call_id>/panel/<uuid:uuid>/decide/", decisions.decide, name="decide"),
    path("places/<str:token>/", places.answer, name="answer"),
    path("places/<str:token>/letter/", places.letter, name="letter"),
]
