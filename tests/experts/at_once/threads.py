"""Several people doing something at the same moment, each on a connection of their own."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from core.verdicts import Conflict, Refusal, Vanished

# What people are told; anything else that is raised would be a page that failed.
TOLD = (Conflict, Refusal, Vanished, ValidationError)
# How long one waits at a meeting for somebody whom a lock keeps away, and for what must end.
MOMENT, PATIENCE = 0.25, 30.0


def at_once(*works: Callable[[], Any]) -> list[Any]:
    """Run all of them together; in their order what they returned, or what they were told."""
    barrier = threading.Barrier(len(works))
    results: list[Any] = [None] * len(works)

    def one(n: int, work: Callable[[], Any]) -> None:
        try:
            barrier.wait(PATIENCE)
            results[n] = work()
        except BaseException as error:
            results[n] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=one, args=each, daemon=True) for each in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert not any(thread.is_alive() for thread in threads), "somebody waits for ever"
    for result in results:
        if isinstance(result, BaseException) and not isinstance(result, TOLD):
            raise result
    return results


def went_through(results: list[Any]) -> list[Any]:
    """What was returned, without what was refused."""
    return [result for result in results if not isinstance(result, BaseException)]


def refused(results: list[Any]) -> list[type]:
    return [type(result) for result in results if isinstance(result, BaseException)]


@contextmanager
def meeting(module: Any, name: str, *, parties: int = 2, after: bool = False) -> Iterator[None]:
    """Let ``parties`` threads meet where they call ``module.name``: before the call, or ``after`` it.

    Where a lock lets only one come so far, that one goes on alone after a moment: so a race that exists happens, and
    one that doesn't costs little.
    """
    barrier, original = threading.Barrier(parties), getattr(module, name)

    def wait() -> None:
        try:
            barrier.wait(MOMENT)
        except threading.BrokenBarrierError:
            pass

    def met(*args: Any, **kwargs: Any) -> Any:
        if not after:
            wait()
        result = original(*args, **kwargs)
        if after:
            wait()
        return result

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, name, met)
        yield
