"""Processes that live and die together."""

import os
import signal
import sys
import threading
import time
from pathlib import Path

import pytest

from guidelines_portal.supervisor import ChildDied, Supervisor


def python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


def sleeper(pid_file: Path, before: str = "") -> list[str]:
    """A command that writes its id once it is ready, then waits."""
    ready = f"import os, pathlib; pathlib.Path({str(pid_file)!r}).write_text(str(os.getpid()))"
    return python(f"import time, signal\n{before}\n{ready}\ntime.sleep(60)")


def alive(pid_file: Path) -> bool:
    try:
        os.kill(int(pid_file.read_text()), 0)
    except ProcessLookupError:
        return False
    return True


def written(path: Path) -> bool:
    return path.is_file() and path.read_text() != ""


def test_when_one_dies_the_others_are_stopped(tmp_path: Path) -> None:
    pid_file = tmp_path / "pid"
    with pytest.raises(ChildDied, match="The worker stopped by itself"), Supervisor() as supervisor:
        supervisor.start("The web server", sleeper(pid_file))
        assert supervisor.wait_until(lambda: written(pid_file), timeout=20)
        supervisor.start("The worker", python("raise SystemExit(3)"))
        supervisor.run()
    assert not alive(pid_file)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_everything(tmp_path: Path, number: signal.Signals) -> None:
    pid_file = tmp_path / "pid"
    with Supervisor() as supervisor:
        supervisor.start("The worker", sleeper(pid_file))
        assert supervisor.wait_until(lambda: written(pid_file), timeout=20)
        threading.Timer(0.2, os.kill, (os.getpid(), number)).start()
        supervisor.run()
        assert supervisor.asked_to_stop
    assert not alive(pid_file)


def test_what_ignores_the_signal_is_ended_by_force(tmp_path: Path) -> None:
    pid_file = tmp_path / "pid"
    started = time.monotonic()
    with Supervisor(patience=0.5) as supervisor:
        supervisor.start("Stubborn", sleeper(pid_file, "signal.signal(signal.SIGTERM, signal.SIG_IGN)"))
        assert supervisor.wait_until(lambda: written(pid_file), timeout=20)
    assert not alive(pid_file)
    assert time.monotonic() - started < 20


def test_waiting_ends_when_time_is_up() -> None:
    with Supervisor() as supervisor:
        assert supervisor.wait_until(lambda: False, timeout=0.2) is False
