"""How the portal speaks to SQLite and to PostgreSQL."""

from pathlib import Path
from typing import Any

import environ


def sqlite(path: Path) -> dict[str, Any]:
    """Options under which several processes share one SQLite file.

    Write-ahead logging lets readers go on beside a writer; IMMEDIATE takes the write lock when a transaction
    begins, so that two writers queue (for 20 s) where they would otherwise fail on upgrading a read lock.
    """
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(path),
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
        },
    }


def from_url(url: str, *, lock_timeout_ms: int = 10_000) -> dict[str, Any]:
    """The entry of DATABASES for a DATABASE_URL.

    PostgreSQL: a connection is refused after 5 s and a lock is waited for at most `lock_timeout_ms`, so that
    a request ends with an error a person can act on. SQLite gets the options of `sqlite()`.
    """
    config: dict[str, Any] = dict(environ.Env.db_url_config(url))
    if config["ENGINE"].endswith("sqlite3"):
        return sqlite(Path(config["NAME"]))
    options = dict(config.get("OPTIONS", {}))
    options.setdefault("connect_timeout", 5)
    options.setdefault("options", f"-c lock_timeout={lock_timeout_ms}")
    return {**config, "OPTIONS": options, "CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
