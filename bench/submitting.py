"""The rate of submissions over HTTP, by several people at once, at two gunicorn workers."""

import json
import os
import subprocess
import sys
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle

from django.conf import settings
from django.db import connection
from knox.models import AuthToken

from accounts.models import User
from bench.scratch import CROWDED
from consultations.models import Comment, Round

PORT = 8765
SECONDS = 10.0
CLIENTS = 8


def submissions_a_second(round: Round) -> float:
    """Start gunicorn on the scratch database, post comments for ten seconds, count what was committed."""
    users = list(User.objects.filter(email__startswith="person")[:80])
    tokens = [AuthToken.objects.create(user)[1] for user in users]
    database = connection.settings_dict
    url = f"postgres://{database['USER']}:{database['PASSWORD']}@{database['HOST']}:{database['PORT']}/{database['NAME']}"
    server = subprocess.Popen(
        [
            *(sys.executable, "-m", "gunicorn", "guidelines_portal.wsgi", "--bind", f"127.0.0.1:{PORT}"),
            *("--workers", "2", "--threads", "4", "--log-level", "error"),
        ],
        cwd=settings.BASE_DIR,
        env={
            **os.environ,
            "DATABASE_URL": url,
            "DJANGO_SETTINGS_MODULE": "guidelines_portal.settings.embedded",
        },
    )
    try:
        _wait()
        before = Comment.objects.filter(round=round).count()
        until = time.monotonic() + SECONDS
        with ThreadPoolExecutor(CLIENTS) as pool:
            mine = [tokens[i::CLIENTS] for i in range(CLIENTS)]
            errors = sum(pool.map(lambda part: _post_until(round.pk, part, until), mine))
        made = Comment.objects.filter(round=round).count() - before
    finally:
        server.terminate()
        server.wait(30)
    if errors:
        raise RuntimeError(f"{errors} submissions were refused")
    return made / SECONDS


def _wait() -> None:
    for _ in range(100):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{PORT}/healthz", timeout=2).close()
            return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError("gunicorn did not answer")


def _post_until(round_id: int, tokens: list[str], until: float) -> int:
    errors = 0
    body = json.dumps(
        {"provision": CROWDED, "body": "Who pays for this?", "status": "submitted", "language": "en"}
    ).encode()
    for token in cycle(tokens):
        if time.monotonic() >= until:
            return errors
        request = urllib.request.Request(
            f"http://127.0.0.1:{PORT}/api/v1/rounds/{round_id}/comments/",
            data=body,
            headers={"Content-Type": "application/json", "Authorization": f"Token {token}"},
        )
        try:
            urllib.request.urlopen(request, timeout=30).close()
        except OSError:
            errors += 1
    return errors
