"""What the whole suite shares: which tests need a browser or Redis, and a cache that starts empty."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db import connection
from django.utils import translation
from hypothesis import settings

from core import protection
from drafts.comparing import at_hand
from tests.caches import empty_cache
from tests.migrated_database import keep_migrated

# The same examples in every run: a failure belongs to the change at hand. HYPOTHESIS_PROFILE=explore looks for
# new ones; what it finds is mended or, where a text can be read in two ways by anybody, left out of the texts written.
settings.register_profile("steady", derandomize=True, deadline=None)
settings.register_profile("explore", deadline=None, max_examples=500)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))

# What is the same on every database: pure computing, words, files, and tables of answers that other tests of the same
# addresses go through on both.
ONCE = (
    "accounts/test_countries_table.py",
    "accounts/test_reserved_names.py",
    "accounts/test_sign_in_mails.py",
    "architecture",
    "core/test_collation.py",
    "core/test_punctuation.py",
    "core/test_spreadsheets.py",
    "drafts/checks/test_real_document.py",
    "drafts/formats",
    "drafts/test_documents.py",
    "drafts/test_redline.py",
    "experts/panel",
    "guidelines_portal/pages/test_embargo.py",
    "guidelines_portal/pages/test_texts.py",
    "guidelines_portal/test_api_schema.py",
    "guidelines_portal/test_demonstration_calls.py",
    "guidelines_portal/test_demonstration_texts.py",
    "guidelines_portal/test_permissions.py",
    "guidelines_portal/test_second_draft.py",
    "guidelines_portal/test_styleguide.py",
    "guidelines_portal/test_weight.py",
)

BROWSER_MISSING = "no Chromium on this machine"
REDIS_MISSING = "REDIS_URL is not set"


def find_chromium() -> str | None:
    """The path of a Chromium or Chrome, or None."""
    names = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
    return next((path for path in map(shutil.which, names) if path), None)


def pytest_configure(config: pytest.Config) -> None:
    if os.environ.get("REQUIRE_BROWSER") == "1" and not find_chromium():
        raise pytest.UsageError(f"REQUIRE_BROWSER=1, but there is {BROWSER_MISSING}.")
    keep_migrated(config)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    chromium, here = find_chromium(), Path(__file__).parent
    for item in items:
        if any(item.path.is_relative_to(here / name) for name in ONCE):
            item.add_marker(pytest.mark.once)
        if item.get_closest_marker("browser") and not chromium:
            item.add_marker(pytest.mark.skip(reason=BROWSER_MISSING))
        if item.get_closest_marker("celery") and not django_settings.REDIS_URL:
            item.add_marker(pytest.mark.skip(reason=REDIS_MISSING))
    items[:] = _long_first(items)


def _long_first(items: list[pytest.Item]) -> list[pytest.Item]:
    """The long tests at the beginning of both halves: the two workers, who begin with one half each, share them."""
    long = [item for item in items if item.get_closest_marker("long")]
    short = [item for item in items if not item.get_closest_marker("long")]
    half = len(short) // 2
    return [*long[0::2], *short[:half], *long[1::2], *short[half:]]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say it where it is read: a green run without the browser tests is not a full one."""
    skipped = terminalreporter.stats.get("skipped", [])
    count = sum(BROWSER_MISSING in str(report.longrepr) for report in skipped)
    if count:
        terminalreporter.section("BROWSER TESTS DID NOT RUN", sep="!", red=True, bold=True)
        terminalreporter.line(
            f"{count} skipped: {BROWSER_MISSING}. Install the package `chromium`.", red=True
        )


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """The Chromium that browser tests start; only for tests marked `browser`."""
    path = find_chromium()
    assert path, BROWSER_MISSING
    return path


@pytest.fixture(autouse=True)
def _begin_in_english() -> Iterator[None]:
    """A page fetched in another language leaves it active in the test's own thread."""
    with translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def _empty_shared_cache() -> Iterator[None]:
    """Empty Redis' part of the cache, where rate limits are counted; the database's rolls back by itself."""
    yield
    at_hand.forget()
    if django_settings.REDIS_URL:
        empty_cache()


@pytest.fixture(autouse=True)
def _let_flush_empty_published_drafts(request: pytest.FixtureRequest) -> Iterator[None]:
    """SQLite empties tables row by row, which the protection of what may not change refuses.

    The flush at the end of a transactional test sends ``post_migrate``, which puts the protection back.
    """
    marker = request.node.get_closest_marker("django_db")
    transactional = "transactional_db" in request.fixturenames or (
        marker is not None and marker.kwargs.get("transaction")
    )
    if transactional:
        request.getfixturevalue("transactional_db")
    yield
    if transactional:
        protection.remove_all(connection)


@pytest.fixture
def celery_process(transactional_db: None) -> Iterator[subprocess.Popen[bytes]]:
    """A real Celery worker on this test's database and on a queue of its own; only for tests marked `celery`.

    Starts when the worker answers; what it is sent is carried out in another process, as in production.
    """
    from guidelines_portal.celery import app

    app.control.purge()
    name = f"{django_settings.CELERY_TASK_DEFAULT_QUEUE}@localhost"
    command = [sys.executable, "-m", "celery", "--app", "guidelines_portal", "worker"]
    options = ["--hostname", name, "--concurrency", "2", "--loglevel", "warning", "--without-mingle"]
    worker = subprocess.Popen(
        [*command, *options],
        cwd=django_settings.BASE_DIR,
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "guidelines_portal.settings.testing",
            "DATABASE_URL": _url_of(connection.settings_dict),
            "TEST_STATE_DIRECTORY": str(django_settings.STATE_DIRECTORY),
        },
    )
    try:
        deadline = time.monotonic() + 60
        while not app.control.ping(destination=[name], timeout=0.5):
            assert worker.poll() is None, "the Celery worker did not start"
            assert time.monotonic() < deadline, "the Celery worker did not answer"
        yield worker
    finally:
        worker.terminate()
        try:
            worker.wait(20)
        except subprocess.TimeoutExpired:
            worker.kill()
            worker.wait()
        app.control.purge()


def _url_of(database: dict[str, Any]) -> str:
    """The DATABASE_URL of a connection's settings: under test, those of the test database."""
    if database["ENGINE"].endswith("sqlite3"):
        return f"sqlite:///{database['NAME']}"
    password = f":{database['PASSWORD']}" if database["PASSWORD"] else ""
    host = f"{database['HOST'] or 'localhost'}:{database['PORT'] or 5432}"
    return f"postgres://{database['USER']}{password}@{host}/{database['NAME']}"
