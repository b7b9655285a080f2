"""The portal as an installation serves it, on the scratch database: gunicorn with two workers, collected files."""

import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connection

PORT = 8765
ADDRESS = f"http://127.0.0.1:{PORT}"


@contextmanager
def portal() -> Iterator[str]:
    """Start it; gives its address. It is stopped at the end."""
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
        yield ADDRESS
    finally:
        server.terminate()
        server.wait(30)


def _wait() -> None:
    for _ in range(100):
        try:
            urllib.request.urlopen(f"{ADDRESS}/healthz", timeout=2).close()
            return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError("gunicorn did not answer")
