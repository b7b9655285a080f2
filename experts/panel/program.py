"""Integer programs: whole numbers throughout, so that a found solution can be checked without rounding."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Row:
    """``low <= sum of coefficient x column <= high``; None leaves a side open; coefficients None are all 1."""

    columns: Sequence[int]
    low: int | None = None
    high: int | None = None
    coefficients: Sequence[int] | None = None

    def terms(self) -> list[tuple[int, int]]:
        """Pairs of column and coefficient."""
        return list(zip(self.columns, self.coefficients or [1] * len(self.columns), strict=True))

    def holds(self, values: Sequence[int]) -> bool:
        total = sum(coefficient * values[column] for column, coefficient in self.terms())
        return (self.low is None or total >= self.low) and (self.high is None or total <= self.high)


@dataclass(frozen=True)
class Program:
    """Maximise ``objective`` over whole numbers between ``lower`` and ``upper``, subject to ``rows``."""

    objective: Sequence[int]
    lower: Sequence[int]
    upper: Sequence[int]
    rows: Sequence[Row] = field(default_factory=tuple)

    def with_rows(self, *rows: Row) -> "Program":
        return Program(self.objective, self.lower, self.upper, (*self.rows, *rows))

    def with_objective(self, objective: Sequence[int]) -> "Program":
        return Program(objective, self.lower, self.upper, self.rows)

    def value(self, values: Sequence[int]) -> int:
        return sum(weight * value for weight, value in zip(self.objective, values, strict=True))

    def allows(self, values: Sequence[int]) -> bool:
        """Whether these values keep every bound and every row, by whole numbers."""
        return all(
            low <= value <= high for low, value, high in zip(self.lower, values, self.upper, strict=True)
        ) and all(row.holds(values) for row in self.rows)

    def fixed(self, settled: Mapping[int, int]) -> "Reduced":
        """The same program without the columns in ``settled`` and those whose bounds leave no choice."""
        values = list(self.lower)
        for column, value in settled.items():
            values[column] = value
        free = [
            column
            for column in range(len(self.objective))
            if column not in settled and self.lower[column] < self.upper[column]
        ]
        place = {column: index for index, column in enumerate(free)}
        rows = [_without(row, values, place) for row in self.rows]
        kept = [row for row in rows if row.columns or not row.holds(())]
        smaller = Program(
            [self.objective[column] for column in free],
            [self.lower[column] for column in free],
            [self.upper[column] for column in free],
            kept,
        )
        constant = sum(
            weight * value
            for column, (weight, value) in enumerate(zip(self.objective, values, strict=True))
            if column not in place
        )
        return Reduced(smaller, free, values, constant)


@dataclass(frozen=True)
class Reduced:
    """A program with some columns settled: ``free`` are those left, ``constant`` what the settled ones are worth."""

    program: Program
    free: Sequence[int]
    settled: Sequence[int]
    constant: int

    def widened(self, values: Sequence[int]) -> list[int]:
        """A solution of the smaller program as one of the whole."""
        whole = list(self.settled)
        for column, value in zip(self.free, values, strict=True):
            whole[column] = value
        return whole


def _without(row: Row, values: Sequence[int], place: Mapping[int, int]) -> Row:
    spent = 0
    columns, coefficients = [], []
    for column, coefficient in row.terms():
        if column in place:
            columns.append(place[column])
            coefficients.append(coefficient)
        else:
            spent += coefficient * values[column]
    low = None if row.low is None else row.low - spent
    high = None if row.high is None else row.high - spent
    return Row(columns, low, high, coefficients)
