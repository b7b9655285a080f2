"""Probes: is the process alive, and can it serve?"""

import redis
from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

BROKER_TIMEOUT = 1.0


@require_safe
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """Alive: asks nothing of anyone."""
    return JsonResponse({"status": "ok"})


@require_safe
@never_cache
def readyz(request: HttpRequest) -> HttpResponse:
    """Ready: 200 while the database answers. Without its broker the portal serves all the same."""
    ready = database_answers()
    body = {"database": "ok" if ready else "unavailable", "broker": broker_state()}
    return JsonResponse(body, status=200 if ready else 503)


def database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except (DatabaseError, InterfaceError):
        connection.close()  # or the next request would be handed the broken connection
        return False
    return True


def broker_state() -> str:
    """`embedded` where none is set, `ok`, or `degraded` when it doesn't answer within a second."""
    if not settings.REDIS_URL:
        return "embedded"
    client = redis.Redis.from_url(
        settings.REDIS_URL, socket_timeout=BROKER_TIMEOUT, socket_connect_timeout=BROKER_TIMEOUT
    )
    try:
        client.ping()
    except (redis.RedisError, OSError):
        return "degraded"
    finally:
        client.close()
    return "ok"
