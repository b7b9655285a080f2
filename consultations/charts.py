"""Figures that people compare: a table whose rows carry their bar, and a sentence that says what it shows."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from consultations.models import Tally

WIDTH = 400


@dataclass(frozen=True)
class Bar:
    """One row. Widths are units of the picture's view box, ``WIDTH`` for the longest bar of the chart."""

    key: str
    label: str
    comments: int
    participants: int
    proposals: int
    width: int
    proposals_width: int


@dataclass(frozen=True)
class Chart:
    """Bars of one dimension; ``width`` is that of the view box."""

    name: str
    title: str
    bars: list[Bar]
    width: int = WIDTH

    @property
    def sentence(self) -> str:
        """What the bars show first: the longest one and its share."""
        longest = max(self.bars, key=lambda bar: bar.comments)
        return _("Most comments: %(label)s, %(n)d of %(total)d.") % {
            "label": longest.label,
            "n": longest.comments,
            "total": sum(bar.comments for bar in self.bars),
        }


def chart_of(name: str, title: str, cells: Iterable[Tally], labels: Mapping[str, str]) -> Chart:
    """A chart of ``cells``; ``labels`` names their keys, in the order in which they are drawn."""
    found = {cell.key: cell for cell in cells}
    order = [key for key in labels if key in found] + [key for key in found if key not in labels]
    most = max((cell.comments for cell in found.values()), default=0)
    bars = []
    for key in order:
        cell = found[key]
        bars.append(
            Bar(
                key,
                str(labels.get(key, key)),
                cell.comments,
                cell.participants,
                cell.proposals,
                round(WIDTH * cell.comments / most),
                round(WIDTH * cell.proposals / most),
            )
        )
    return Chart(name, title, bars)
