"""Several processes that live and die together."""

import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from types import FrameType, TracebackType

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class ChildDied(Exception):
    """A process ended by itself. `name` and `status` say which and how."""

    def __init__(self, name: str, status: int) -> None:
        super().__init__(f"{name} stopped by itself (status {status}).")
        self.name = name
        self.status = status


class Supervisor:
    """Starts processes and stops all of them when one dies or this process is told to stop.

    A context manager, for the main thread: inside it Ctrl-C, SIGTERM and SIGHUP ask for a stop in place of
    ending this process; on leaving, whatever was started is stopped, also after an error.
    """

    def __init__(self, *, patience: float = 10.0) -> None:
        self._patience = patience
        self._children: dict[str, subprocess.Popen[bytes]] = {}
        self._stopping = threading.Event()
        self._previous: dict[int, Callable[[int, FrameType | None], object] | int | None] = {}

    def __enter__(self) -> "Supervisor":
        for number in STOP_SIGNALS:
            self._previous[number] = signal.signal(number, lambda *_: self._stopping.set())
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
        for number, handler in self._previous.items():
            signal.signal(number, handler)

    @property
    def asked_to_stop(self) -> bool:
        return self._stopping.is_set()

    def start(
        self, name: str, command: Sequence[str], *, environment: Mapping[str, str] | None = None
    ) -> None:
        """Start `command` in a session of its own, so that Ctrl-C reaches it once, through this process."""
        self._children[name] = subprocess.Popen(  # noqa: S603  our own command lines
            command, env={**os.environ, **(environment or {})}, start_new_session=True
        )

    def wait_until(self, ready: Callable[[], bool], *, timeout: float) -> bool:
        """Wait for `ready()`; False when time ran out or a stop was asked for. Raises ChildDied."""
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline and not self.asked_to_stop:
            self._require_all_alive()
            if ready():
                return True
            self._stopping.wait(0.1)
        return False

    def run(self) -> None:
        """Return when a stop was asked for. Raises ChildDied when a process ends before that."""
        while not self._stopping.wait(0.3):
            self._require_all_alive()

    def stop(self) -> None:
        """Ask every process to end; after `patience` seconds end by force what is left, children included."""
        alive = [child for child in self._children.values() if child.poll() is None]
        for child in alive:
            child.terminate()
        deadline = time.monotonic() + self._patience
        for child in alive:
            try:
                child.wait(max(0.0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                pass
        for child in self._children.values():
            try:
                os.killpg(child.pid, signal.SIGKILL)  # also what a dead process may have left behind
            except ProcessLookupError:
                pass
            child.wait()
        self._children.clear()

    def _require_all_alive(self) -> None:
        for name, child in self._children.items():
            if (status := child.poll()) is not None:
                raise ChildDied(name, status)
