"""A cache that the portal can do without."""

import socket
import time
from collections.abc import Iterator

import pytest

from guidelines_portal.cache import ForgivingRedisCache

OPTIONS = {"OPTIONS": {"socket_timeout": 1, "socket_connect_timeout": 1}}


@pytest.fixture(autouse=True)
def _ask_at_once() -> Iterator[None]:
    ForgivingRedisCache._asked_again_at = 0.0
    yield
    ForgivingRedisCache._asked_again_at = 0.0


def assert_empty(cache: ForgivingRedisCache) -> None:
    assert cache.get("key", "default") == "default"
    cache.set("key", 1)
    assert cache.add("key", 1) is True
    assert cache.get_many(["key"]) == {}
    assert "key" not in cache
    with pytest.raises(ValueError, match="not found"):
        cache.incr("key")


def test_without_redis_it_is_an_empty_cache() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    assert_empty(ForgivingRedisCache(f"redis://127.0.0.1:{port}/0", OPTIONS))


def test_a_redis_that_is_silent_costs_one_timeout_not_one_per_call() -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen(20)
        started = time.monotonic()
        assert_empty(ForgivingRedisCache(f"redis://127.0.0.1:{silent.getsockname()[1]}/0", OPTIONS))
    assert time.monotonic() - started < 3
