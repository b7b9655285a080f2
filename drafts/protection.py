"""What is published can't change: the database itself refuses, whoever asks.

Triggers, on both databases, put back after every ``migrate`` (SQLite drops them when it rebuilds a table) and
watched by a system check. A language is closed once its edition is frozen. In a published draft only a language that
is to come still takes words: none of them is one that readers see, and they are shown all at once, when it is frozen,
never hidden again. Revisions and editions are append-only at all times.
"""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Tags, register
from django.db import connections

from core.protection import Protection

OPEN_TO_ALL = "('published', 'superseded', 'adopted')"

_DRAFT_CLOSED = (
    f"EXISTS (SELECT 1 FROM drafts_draft d WHERE d.id = {{row}}.draft_id AND d.status IN {OPEN_TO_ALL})"  # noqa: S608
)
_LANGUAGE_FROZEN = (
    "EXISTS (SELECT 1 FROM drafts_edition e JOIN drafts_provision p ON p.draft_id = e.draft_id"
    " WHERE p.id = {row}.provision_id AND e.language = {row}.language)"
)
_TEXT_DRAFT_CLOSED = (
    "EXISTS (SELECT 1 FROM drafts_draft d JOIN drafts_provision p ON p.draft_id = d.id"  # noqa: S608
    f" WHERE p.id = {{row}}.provision_id AND d.status IN {OPEN_TO_ALL})"
)
_TEXT_SHOWN = f"NOT {{row}}.unreleased AND {_TEXT_DRAFT_CLOSED}"
_TEXT_FROZEN = (
    "EXISTS (SELECT 1 FROM drafts_provisiontext t JOIN drafts_provision p ON p.id = t.provision_id"
    " JOIN drafts_edition e ON e.draft_id = p.draft_id AND e.language = t.language"
    " WHERE t.id = {row}.provision_text_id)"
)
_TEXT_CLOSED = f"{_LANGUAGE_FROZEN} OR ({_TEXT_SHOWN})"
_DRAFT_CHANGED = (
    f"OLD.status IN {OPEN_TO_ALL} AND ((NEW.status <> OLD.status AND NOT (OLD.status = 'published' AND"
    " NEW.status IN ('superseded', 'adopted'))) OR NEW.guidelines_id <> OLD.guidelines_id"
    " OR NEW.number <> OLD.number OR NEW.source_language <> OLD.source_language"
    " OR NEW.published_at <> OLD.published_at)"
)

# name: (table, event, condition)
TRIGGERS: dict[str, tuple[str, str, str]] = {
    "draft_published_stays": ("drafts_draft", "UPDATE", _DRAFT_CHANGED),
    "draft_published_kept": ("drafts_draft", "DELETE", f"OLD.status IN {OPEN_TO_ALL}"),
    "provision_no_insert": ("drafts_provision", "INSERT", _DRAFT_CLOSED.format(row="NEW")),
    "provision_no_update": ("drafts_provision", "UPDATE", _DRAFT_CLOSED.format(row="OLD")),
    "provision_no_delete": ("drafts_provision", "DELETE", _DRAFT_CLOSED.format(row="OLD")),
    "lineage_no_insert": ("drafts_lineage", "INSERT", _DRAFT_CLOSED.format(row="NEW")),
    "lineage_no_update": ("drafts_lineage", "UPDATE", _DRAFT_CLOSED.format(row="OLD")),
    "lineage_no_delete": ("drafts_lineage", "DELETE", _DRAFT_CLOSED.format(row="OLD")),
    "structure_no_update": ("drafts_structurechange", "UPDATE", "TRUE"),
    "structure_no_delete": ("drafts_structurechange", "DELETE", "TRUE"),
    "text_no_insert": ("drafts_provisiontext", "INSERT", _TEXT_CLOSED.format(row="NEW")),
    "text_no_update": (
        "drafts_provisiontext",
        "UPDATE",
        f"{_TEXT_CLOSED.format(row='OLD')} OR {_LANGUAGE_FROZEN.format(row='NEW')}",
    ),
    "text_no_delete": ("drafts_provisiontext", "DELETE", _TEXT_CLOSED.format(row="OLD")),
    "revision_no_insert": ("drafts_revision", "INSERT", _TEXT_FROZEN.format(row="NEW")),
    "revision_no_update": ("drafts_revision", "UPDATE", "TRUE"),
    "revision_no_delete": ("drafts_revision", "DELETE", "TRUE"),
    "edition_no_update": ("drafts_edition", "UPDATE", "TRUE"),
    "edition_no_delete": ("drafts_edition", "DELETE", "TRUE"),
}
MESSAGE = "published text and its history cannot be changed"


PROTECTION = Protection(TRIGGERS, MESSAGE)
install, remove = PROTECTION.install, PROTECTION.remove


def protect_after_migrate(using: str, **kwargs: Any) -> None:
    """Receiver of ``post_migrate``."""
    install(connections[using])


@register(Tags.database)
def check_protection(
    app_configs: Any = None, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """Every trigger must be there, or a published text could be changed unseen."""
    return PROTECTION.warnings(databases, said="Published drafts are not protected", code="drafts.W001")
