"""What stays as it was entered: transactions, estimates, rates and snapshots. The database itself refuses."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Tags, register
from django.db import connections

from core.protection import Protection

# A rate may be withdrawn once; nothing else of it changes.
_RATE_CHANGED = (
    "OLD.withdrawn_at IS NOT NULL OR NEW.withdrawn_at IS NULL OR NEW.currency <> OLD.currency OR"
    ' NEW."on" <> OLD."on" OR NEW.per_usd <> OLD.per_usd OR NEW.source <> OLD.source'
    " OR NEW.entered_by_id <> OLD.entered_by_id OR NEW.entered_at <> OLD.entered_at"
)
PROTECTION = Protection(
    {
        "funding_no_update": ("roadmap_fundingtransaction", "UPDATE", "TRUE"),
        "funding_no_delete": ("roadmap_fundingtransaction", "DELETE", "TRUE"),
        "cost_change_no_update": ("roadmap_costchange", "UPDATE", "TRUE"),
        "cost_change_no_delete": ("roadmap_costchange", "DELETE", "TRUE"),
        "snapshot_no_update": ("roadmap_fundingsnapshot", "UPDATE", "TRUE"),
        "snapshot_no_delete": ("roadmap_fundingsnapshot", "DELETE", "TRUE"),
        "rate_no_update": ("roadmap_exchangerate", "UPDATE", _RATE_CHANGED),
        "rate_no_delete": ("roadmap_exchangerate", "DELETE", "TRUE"),
    },
    "what was entered about funding stays: enter a correction",
)


def protect_after_migrate(using: str, **kwargs: Any) -> None:
    """Receiver of ``post_migrate``."""
    PROTECTION.install(connections[using])


@register(Tags.database)
def check_protection(
    app_configs: Any = None, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """Every trigger must be there, or an account could be changed unseen."""
    return PROTECTION.warnings(databases, said="The funding is not protected", code="roadmap.W001")
