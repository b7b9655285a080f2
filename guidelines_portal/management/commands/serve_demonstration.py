"""Serve the demonstration: web server and worker together, until Ctrl-C."""

import argparse
import json
import socket
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from guidelines_portal.supervisor import ChildDied, Supervisor

START_TIMEOUT = 60.0


class Command(BaseCommand):
    help = (
        "Starts the web server and the worker, prints the address and the sign-ins, and stops both on Ctrl-C."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--host", default="127.0.0.1", help="the address to listen on")
        parser.add_argument("--check-port", action="store_true", help="only say whether the port is free")

    def handle(self, *, host: str, port: int, check_port: bool, **options: Any) -> None:
        require_free_port(host, port)
        if check_port:
            return
        try:
            with Supervisor() as supervisor:
                for name, command in background_commands():
                    supervisor.start(name, command)
                supervisor.start("The web server", web_command(host, port))
                if supervisor.wait_until(lambda: answers(host, port), timeout=START_TIMEOUT):
                    self.stdout.write(announcement(port))
                    self.stdout.flush()
                    supervisor.run()
                elif not supervisor.asked_to_stop:
                    raise CommandError(f"The web server did not answer within {START_TIMEOUT:.0f} seconds.")
                self.stdout.write("Stopping …")
        except ChildDied as error:
            raise CommandError(f"{error} Everything else has been stopped.") from error
        self.stdout.write("Stopped. The data is kept: `make demo` goes on with it.")


def web_command(host: str, port: int) -> list[str]:
    """The command line of the web server."""
    return [
        *(sys.executable, "-m", "gunicorn", "guidelines_portal.wsgi"),
        *("--bind", f"{host}:{port}", "--workers", "2", "--threads", "4"),
        *("--graceful-timeout", "5", "--log-level", "warning", "--no-control-socket"),
    ]


def background_commands() -> list[tuple[str, list[str]]]:
    """The processes that do what pages leave to later, each with its name."""
    if not settings.REDIS_URL:
        return [("The worker", [sys.executable, str(settings.BASE_DIR / "manage.py"), "run_worker"])]
    celery = [sys.executable, "-m", "celery", "--app", "guidelines_portal"]
    schedule = str(settings.STATE_DIRECTORY / "celerybeat-schedule")
    return [
        ("The worker", [*celery, "worker", "--concurrency", "2", "--loglevel", "warning"]),
        ("The scheduler", [*celery, "beat", "--schedule", schedule, "--loglevel", "warning"]),
    ]


def require_free_port(host: str, port: int) -> None:
    """Raise CommandError when something else listens on the port."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise CommandError(
                f"Port {port} can't be used ({error.strerror}). Choose another: make demo PORT={port + 1}"
            ) from error


def answers(host: str, port: int) -> bool:
    """Whether something accepts connections on the port."""
    reachable = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104  compared, not bound
    try:
        socket.create_connection((reachable, port), timeout=1).close()
    except OSError:
        return False
    return True


def announcement(port: int) -> str:
    """What the terminal shows once the portal answers: where it is and who may sign in."""
    lines = [
        "",
        f"  The portal is at {settings.SITE_URL}",
        f"  (listening on port {port}; Ctrl-C stops it)",
        "",
    ]
    people = sign_ins(settings.DEMONSTRATION_ACCOUNTS)
    if people:
        width = max(len(person["email"]) for person in people)
        lines.append("  Sign in as:")
        lines += [
            f"    {person['email']:<{width}}  {person['password']}  {person['role']}" for person in people
        ]
    return "\n".join([*lines, ""])


def sign_ins(path: Path) -> list[dict[str, str]]:
    """The accounts that loading the demonstration wrote down: `email`, `password` and `role` of each."""
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else []
