"""A database that lasts for all tests of this folder."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import TransactionTestCase

from drafts import protection


@pytest.fixture(scope="package", autouse=True)
def _emptied_once(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Emptying all tables takes seconds: done after the last of these tests, not after each.

    Every test has calls, people and countries of its own, and looks at nothing else.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda case: None)
        yield
    with django_db_blocker.unblock():
        protection.remove(connection)
        call_command("flush", verbosity=0, interactive=False, allow_cascade=False, inhibit_post_migrate=False)
        connection.close()


@pytest.fixture(autouse=True)
def _files(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
