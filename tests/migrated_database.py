"""A migrated SQLite database, kept from one run to the next until a migration or a package changes.

Two hundred migrations take longer than most runs of a few tests. What is kept is a plain copy of the file; ``migrate``
runs over it all the same, so that what follows migrations (reference tables, triggers) is as the code has it now.
"""

import os
import shutil
import sqlite3
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.db.backends.sqlite3.creation import DatabaseCreation

_create_file = DatabaseCreation._create_test_db
_create = DatabaseCreation.create_test_db


def keep_migrated(config: pytest.Config) -> None:
    """Have SQLite's test databases begin with the copy, if there is one; else make one of the first that is made."""
    if getattr(config, "cache", None) is None:  # pytest without its cache
        return
    kept = config.cache.mkdir("migrated") / f"{_state_of_migrations()}.sqlite3"

    def create_file(self: Any, verbosity: int, autoclobber: bool, keepdb: bool = False) -> Any:
        made = _create_file(self, verbosity, autoclobber, keepdb)
        if kept.exists():
            shutil.copyfile(kept, self._get_test_db_name())
        return made

    def create(self: Any, *args: Any, **options: Any) -> Any:
        name = _create(self, *args, **options)
        if not kept.exists():
            _copy(self.connection.connection, kept)
        return name

    DatabaseCreation._create_test_db = create_file  # type: ignore[method-assign]
    DatabaseCreation.create_test_db = create  # type: ignore[method-assign]


def _copy(database: sqlite3.Connection, kept: Path) -> None:
    """Whole or not at all: several processes may do it at once."""
    for old in kept.parent.glob("*.sqlite3"):
        old.unlink(missing_ok=True)
    begun = kept.with_suffix(f".{os.getpid()}")
    copy = sqlite3.connect(begun)
    database.backup(copy)
    copy.close()
    begun.replace(kept)


def _state_of_migrations() -> str:
    """A hash of every migration of the portal and of the packages' pins."""
    files = [settings.BASE_DIR / "requirements.txt"]
    for app in apps.get_app_configs():
        if Path(app.path).is_relative_to(settings.BASE_DIR):
            files += sorted((Path(app.path) / "migrations").glob("*.py"))
    found = sha256()
    for path in files:
        found.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return found.hexdigest()[:16]
