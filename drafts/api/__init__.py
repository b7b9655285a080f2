"""The API of guidelines, drafts and provisions."""

from drafts.api.drafts import DraftViewSet, GuidelinesViewSet
from drafts.api.provisions import ProvisionViewSet

__all__ = ["DraftViewSet", "GuidelinesViewSet", "ProvisionViewSet"]
