"""Rows that may not change: the database itself refuses, whoever asks.

Triggers, on both databases, put back after every ``migrate`` (SQLite drops them when it rebuilds a table) and watched
by a system check of the app that needs them.
"""

from collections.abc import Mapping, Sequence

from django.core.checks import CheckMessage, Warning
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

# name: (table, event, condition), the condition in SQL on OLD and NEW.
Triggers = Mapping[str, tuple[str, str, str]]

_known: list["Protection"] = []


class Protection:
    """The triggers of an app, and what the database says when one of them refuses. Made once, at import."""

    def __init__(self, triggers: Triggers, message: str) -> None:
        self.triggers, self.message = triggers, message
        _known.append(self)

    def install(self, connection: BaseDatabaseWrapper) -> None:
        """Create every trigger anew. Does nothing on a database that hasn't the tables yet."""
        if not self._has_tables(connection):
            return
        self.remove(connection)
        with connection.cursor() as cursor:
            for name, (table, event, condition) in self.triggers.items():
                if connection.vendor == "postgresql":
                    # A WHEN clause may hold no subquery, so a function tests them.
                    cursor.execute(
                        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
                        f" IF {condition} THEN RAISE EXCEPTION '{self.message}'"
                        " USING ERRCODE = 'integrity_constraint_violation'; END IF;"
                        f" RETURN {'OLD' if event == 'DELETE' else 'NEW'}; END $$"
                    )
                    cursor.execute(
                        f"CREATE TRIGGER {name} BEFORE {event} ON {table}"
                        f" FOR EACH ROW EXECUTE FUNCTION {name}()"
                    )
                else:
                    cursor.execute(
                        f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW WHEN {condition}"
                        f" BEGIN SELECT RAISE(ABORT, '{self.message}'); END"
                    )

    def remove(self, connection: BaseDatabaseWrapper) -> None:
        """Take the triggers away: for ``install``, and for emptying a test database."""
        with connection.cursor() as cursor:
            for name, (table, _event, _condition) in self.triggers.items():
                on = f" ON {table}" if connection.vendor == "postgresql" else ""
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}{on}")

    def missing(self, connection: BaseDatabaseWrapper) -> list[str]:
        """The triggers that the database has not; none where it hasn't the tables yet."""
        if not self._has_tables(connection):
            return []
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal")
            else:
                cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
            return sorted(set(self.triggers) - {row[0] for row in cursor.fetchall()})

    def warnings(self, databases: Sequence[str] | None, *, said: str, code: str) -> list[CheckMessage]:
        """For a system check: ``said`` of each of the databases (their aliases) that lacks a trigger, under ``code``.

        A warning: an error would keep `migrate`, which puts them back, from running.
        """
        return [
            Warning(
                f"{said}: missing triggers {', '.join(missing)}.",
                hint="Run manage.py migrate: it puts them back.",
                id=code,
            )
            for alias in databases or []
            if (missing := self.missing(connections[alias]))
        ]

    def _has_tables(self, connection: BaseDatabaseWrapper) -> bool:
        tables = set(connection.introspection.table_names())
        return {table for table, _event, _condition in self.triggers.values()} <= tables


def remove_all(connection: BaseDatabaseWrapper) -> None:
    """Take every trigger away, of whatever app: for emptying a test database."""
    for known in _known:
        known.remove(connection)
