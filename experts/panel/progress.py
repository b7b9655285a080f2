"""Saying how far a calculation has come, so that somebody may watch it or stop it."""

from collections.abc import Callable

# Called with the steps done and all steps, before the first and after each. What it raises stops the calculation
# there and reaches the caller: nothing is left behind.
Progress = Callable[[int, int], None]


def silent(done: int, total: int) -> None:
    """Nobody watches."""
