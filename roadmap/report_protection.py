"""What was reported stays as it was reported: closed periods and the words of reports. The database itself refuses."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Tags, register
from django.db import connections

from core.protection import Protection

_PERIOD_CLOSED = (
    "EXISTS (SELECT 1 FROM roadmap_reportingperiod p WHERE p.id = {row}.period_id"
    " AND p.closed_at IS NOT NULL)"
)
_ENTRY_CLOSED = (
    "EXISTS (SELECT 1 FROM roadmap_resolutionentry e JOIN roadmap_reportingperiod p ON p.id = e.period_id"
    " WHERE e.id = {row}.entry_id AND p.closed_at IS NOT NULL)"
)
_REPORT_CHANGED = (
    "OLD.issued_at IS NOT NULL OR NEW.issued_at IS NULL OR NEW.period_id <> OLD.period_id"
    " OR NEW.as_of <> OLD.as_of OR NEW.made_at <> OLD.made_at"
)


def _of_closed(name: str, table: str, condition: str) -> dict[str, tuple[str, str, str]]:
    new, old = condition.format(row="NEW"), condition.format(row="OLD")
    return {
        f"{name}_no_insert": (table, "INSERT", new),
        f"{name}_no_update": (table, "UPDATE", f"{old} OR {new}"),
        f"{name}_no_delete": (table, "DELETE", old),
    }


PROTECTION = Protection(
    {
        "period_closed_stays": ("roadmap_reportingperiod", "UPDATE", "OLD.closed_at IS NOT NULL"),
        "period_closed_kept": ("roadmap_reportingperiod", "DELETE", "OLD.closed_at IS NOT NULL"),
        **_of_closed("entry_closed", "roadmap_resolutionentry", _PERIOD_CLOSED),
        **_of_closed("entry_line_closed", "roadmap_entryline", _ENTRY_CLOSED),
        "board_report_no_update": ("roadmap_boardreport", "UPDATE", _REPORT_CHANGED),
        "board_report_no_delete": ("roadmap_boardreport", "DELETE", "TRUE"),
        "board_report_text_no_update": ("roadmap_boardreporttext", "UPDATE", "TRUE"),
        "board_report_text_no_delete": ("roadmap_boardreporttext", "DELETE", "TRUE"),
    },
    "what was reported stays: put it right in the next period",
)


def protect_after_migrate(using: str, **kwargs: Any) -> None:
    """Receiver of ``post_migrate``."""
    PROTECTION.install(connections[using])


@register(Tags.database)
def check_report_protection(
    app_configs: Any = None, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """Every trigger must be there, or a report could be changed unseen."""
    return PROTECTION.warnings(databases, said="Reports are not protected", code="roadmap.W002")
