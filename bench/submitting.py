"""The rate of submissions over HTTP, by several people at once, at two gunicorn workers."""

import json
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle

from knox.models import AuthToken

from accounts.models import User
from bench.scratch import CROWDED
from bench.serving import portal
from consultations.models import Comment, Round

SECONDS = 10.0
CLIENTS = 8


def submissions_a_second(round: Round) -> float:
    """Start gunicorn on the scratch database, post comments for ten seconds, count what was committed."""
    users = list(User.objects.filter(email__startswith="person")[:80])
    tokens = [AuthToken.objects.create(user)[1] for user in users]
    with portal() as address:
        before = Comment.objects.filter(round=round).count()
        until = time.monotonic() + SECONDS
        with ThreadPoolExecutor(CLIENTS) as pool:
            mine = [tokens[i::CLIENTS] for i in range(CLIENTS)]
            errors = sum(
                pool.map(
                    lambda part: _post_until(f"{address}/api/v1/rounds/{round.pk}/comments/", part, until),
                    mine,
                )
            )
        made = Comment.objects.filter(round=round).count() - before
    if errors:
        raise RuntimeError(f"{errors} submissions were refused")
    return made / SECONDS


def _post_until(address: str, tokens: list[str], until: float) -> int:
    errors = 0
    body = json.dumps(
        {"provision": CROWDED, "body": "Who pays for this?", "status": "submitted", "language": "en"}
    ).encode()
    for token in cycle(tokens):
        if time.monotonic() >= until:
            return errors
        request = urllib.request.Request(
            address,
            data=body,
            headers={"Content-Type": "application/json", "Authorization": f"Token {token}"},
        )
        try:
            urllib.request.urlopen(request, timeout=30).close()
        except OSError:
            errors += 1
    return errors
