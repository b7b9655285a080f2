"""Addresses of panel."""

from django.urls import path

from experts.views import selections

app_name = "panel"

urlpatterns = [
    path("calls/<int:call_id>/panel/", selections.selection_list, name="list"),
    path("calls/<int:call_id>/panel/new/", selections.selection_create, name="create"),
    path("calls/<int:call_id>/panel/compare/", selections.selection_compare, name="compare"),
    path("calls/<int:call_id>/panel/<uuid:uuid>/", selections.selection_detail, name="selection"),
    path("calls/<int:call_id>/panel/<uuid:uuid>/change/", selections.selection_change, name="change"),
]
