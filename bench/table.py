"""A line of the table that the benchmarks print."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Measure:
    """What, the figure, the bound, and whether it holds."""

    what: str
    value: str
    bound: str = ""
    holds: bool = True


def at_most(what: str, milliseconds: float, most: float) -> Measure:
    return Measure(what, f"{milliseconds:,.0f} ms", f"at most {most:,.0f} ms", milliseconds <= most)
