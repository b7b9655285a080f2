"""How many writes one person may send. Counted in the shared cache, so that processes count together."""

import logging
import time
from typing import Any

from django.conf import settings
from django.core.cache import cache
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

logger = logging.getLogger(__name__)

WINDOW = 60
BREAKER_SECONDS = 30.0


class WriteThrottle(BaseThrottle):
    """300 writes per minute and person (or address, where nobody is signed in); reading isn't counted.

    A limit that can't be counted doesn't limit: while the cache is away, submitting goes on.
    """

    limit = 300
    _count_again_at = 0.0

    def allow_request(self, request: Request, view: Any) -> bool:
        if request.method in SAFE_METHODS:
            return True
        self.now = time.time()
        return self._count(self._key(request)) <= getattr(settings, "WRITES_PER_MINUTE", self.limit)

    def wait(self) -> float:
        """Seconds until the next window, for Retry-After."""
        return WINDOW - self.now % WINDOW

    def _key(self, request: Request, what: str = "writes") -> str:
        user = request.user
        # get_ident() trusts as many proxies as the installation has: a forged header doesn't reset the count.
        who = f"person:{user.pk}" if user and user.is_authenticated else f"address:{self.get_ident(request)}"
        return f"{what}:{who}:{int(self.now // WINDOW)}"

    def may_once_more(self, request: Any, what: str, limit: int) -> bool:
        """Count one more ``what`` of this person (or address); whether it is within ``limit`` a minute."""
        self.now = time.time()
        return self._count(self._key(request, what)) <= limit

    def _count(self, key: str) -> int:
        if time.monotonic() < WriteThrottle._count_again_at:
            return 0
        try:
            if cache.add(key, 1, timeout=2 * WINDOW):
                return 1
            return int(cache.incr(key))
        except ValueError:  # ran out between the two calls
            return 1
        except Exception as error:
            WriteThrottle._count_again_at = time.monotonic() + BREAKER_SECONDS
            logger.warning("Writes are not limited: the cache is away (%s).", error)
            return 0
