"""Redis as a cache that the portal can do without."""

import logging
import time
from collections.abc import Callable
from typing import Any, TypeVar

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)
Result = TypeVar("Result")

PAUSE_SECONDS = 10.0


class ForgivingRedisCache(RedisCache):
    """Behaves as an empty cache while Redis is away, so that pages and sign-in go on.

    What is lost meanwhile: rate limits aren't counted. After a failure Redis isn't asked for ten seconds, so
    that not every request waits for a timeout.
    """

    _asked_again_at = 0.0

    def _try(self, call: Callable[[], Result], otherwise: Result) -> Result:
        if time.monotonic() < ForgivingRedisCache._asked_again_at:
            return otherwise
        try:
            return call()
        except RedisError:
            ForgivingRedisCache._asked_again_at = time.monotonic() + PAUSE_SECONDS
            logger.warning("The cache is away; going on without it.", exc_info=True)
            return otherwise

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        return self._try(lambda: super(ForgivingRedisCache, self).get(key, default, version), default)

    def set(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        self._try(lambda: super(ForgivingRedisCache, self).set(key, value, timeout, version), None)

    def add(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        return self._try(lambda: super(ForgivingRedisCache, self).add(key, value, timeout, version), True)

    def touch(self, key: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        return self._try(lambda: super(ForgivingRedisCache, self).touch(key, timeout, version), False)

    def delete(self, key: Any, version: int | None = None) -> bool:
        return self._try(lambda: super(ForgivingRedisCache, self).delete(key, version), False)

    def get_many(self, keys: Any, version: int | None = None) -> dict[Any, Any]:
        return self._try(lambda: super(ForgivingRedisCache, self).get_many(keys, version), {})

    def set_many(self, data: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> list[Any]:
        return self._try(
            lambda: super(ForgivingRedisCache, self).set_many(data, timeout, version), list(data)
        )

    def delete_many(self, keys: Any, version: int | None = None) -> None:
        self._try(lambda: super(ForgivingRedisCache, self).delete_many(keys, version), None)

    def has_key(self, key: Any, version: int | None = None) -> bool:
        return self._try(lambda: super(ForgivingRedisCache, self).has_key(key, version), False)

    def incr(self, key: Any, delta: int = 1, version: int | None = None) -> int:
        value = self._try(lambda: super(ForgivingRedisCache, self).incr(key, delta, version), None)
        if value is None:  # as for any key that isn't there
            raise ValueError(f"Key {key!r} not found")
        return value

    def clear(self) -> None:
        self._try(lambda: super(ForgivingRedisCache, self).clear(), None)
