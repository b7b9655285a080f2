"""Guidelines, their drafts, and the provisions of a draft in every language. Knows nothing of comments."""

from drafts.models.checks import CheckRun, Finding, Waiver
from drafts.models.draft import Draft, DraftAccess, DraftQuerySet, Guidelines
from drafts.models.provision import Lineage, Presence, Provision, StructureChange
from drafts.models.release import Edition, Rendering, StatusRequest
from drafts.models.text import ProvisionText, Revision, WorkInProgress

__all__ = [
    "CheckRun",
    "Draft",
    "DraftAccess",
    "DraftQuerySet",
    "Edition",
    "Finding",
    "Guidelines",
    "Lineage",
    "Presence",
    "Provision",
    "ProvisionText",
    "Rendering",
    "Revision",
    "StatusRequest",
    "StructureChange",
    "Waiver",
    "WorkInProgress",
]
