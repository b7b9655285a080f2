"""A database that lasts for all tests of this folder."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import TransactionTestCase

FOLDER = Path(__file__).parent


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(nextitem: pytest.Item | None) -> Iterator[None]:
    """Emptying all tables takes seconds: done after the last of these tests, not after each.

    Every test has calls, people and countries of its own, and looks at nothing else.
    """
    with pytest.MonkeyPatch.context() as patch:
        if nextitem is not None and nextitem.path.parent == FOLDER:
            patch.setattr(TransactionTestCase, "_fixture_teardown", lambda case: None)
        yield


@pytest.fixture(autouse=True)
def _files(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
