"""People and threads that the tests of `core` share."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.db import connection


@pytest.fixture(autouse=True)
def _leave_the_broker_alone(request: pytest.FixtureRequest, settings: Any) -> None:
    """Tests deliver by themselves; what they published would stay in the queue of a real broker."""
    if not request.node.get_closest_marker("celery"):
        settings.REDIS_URL = ""


@pytest.fixture
def person(db: None) -> Any:
    return get_user_model().objects.create_user("amina@habitat.invalid", name="Amina Ndiaye")


@pytest.fixture
def stranger(db: None) -> Any:
    return get_user_model().objects.create_user("li@habitat.invalid", name="Li Wei")


@pytest.fixture
def together() -> Callable[[Callable[[], Any], int], list[Any]]:
    """Run a function in several threads at once; their results, exceptions among them."""

    def run(work: Callable[[], Any], count: int) -> list[Any]:
        barrier = threading.Barrier(count)
        results: list[Any] = []

        def one() -> None:
            barrier.wait()
            try:
                results.append(work())
            except Exception as error:
                results.append(error)
            finally:
                connection.close()

        threads = [threading.Thread(target=one) for _ in range(count)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return results

    return run
