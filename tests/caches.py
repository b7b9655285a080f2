"""Emptying the cache of one test process."""

from django.conf import settings
from django.core.cache import cache


def empty_cache() -> None:
    """Forget what this process has cached, counts of rate limits among it; other test processes keep theirs.

    In Redis `cache.clear()` would flush the whole database: what another process counts, and every queue.
    """
    if settings.REDIS_URL:
        client = cache._cache.get_client(None, write=True)  # type: ignore[attr-defined]
        for key in client.scan_iter(match=f"{cache.key_prefix}:*", count=1000):
            client.delete(key)
    else:
        cache.clear()
