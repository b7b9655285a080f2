"""Figures that people compare: a table whose rows carry their bar, and a sentence that says what it shows."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import unescape
from typing import Any

from babel import Locale
from babel.lists import format_list
from django.conf import settings
from django.utils.html import strip_tags
from django.utils.safestring import SafeString
from django.utils.translation import get_language, to_locale
from django.utils.translation import gettext as _

from accounts.models import StakeholderGroup
from accounts.queries import region_names
from consultations.models import Comment, Disposition, Tally

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
    """Bars of one dimension; ``width`` is that of the view box, ``left_out`` how many comments stand in no bar."""

    name: str
    title: str
    bars: list[Bar]
    left_out: int = 0
    width: int = WIDTH

    @property
    def sentence(self) -> str:
        """What the bars show first: the longest one, or those that are equally long."""
        return sentence_of([(plain(bar.label), bar.comments) for bar in self.bars])


def sentence_of(counts: Sequence[tuple[str, int]], total: int | None = None) -> str:
    """Says which of ``counts`` is largest; ``total`` where it isn't their sum."""
    total = sum(n for _label, n in counts) if total is None else total
    most = max((n for _label, n in counts), default=0)
    longest = [label for label, n in counts if n == most]
    if not most:
        return _("Nothing to compare yet.")
    if len(counts) > 1 and len(longest) == len(counts):
        return _("All are equal: %(n)d each of %(total)d.") % {"n": most, "total": total}
    words = {"n": most, "total": total}
    if len(longest) > 1:
        return _("Most: %(labels)s, %(n)d each of %(total)d.") % {**words, "labels": _listed(longest)}
    return _("Most: %(label)s, %(n)d of %(total)d.") % {**words, "label": longest[0]}


def plain(label: str) -> str:
    """A label without the mark of its language: a sentence is one text."""
    return unescape(strip_tags(label)) if isinstance(label, SafeString) else label


def chart_of(
    name: str, title: str, cells: Iterable[Tally], labels: Mapping[str, str], total: int | None = None
) -> Chart:
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
                label if isinstance(label := labels.get(key, key), SafeString) else str(label),
                cell.comments,
                cell.participants,
                cell.proposals,
                round(WIDTH * cell.comments / most),
                round(WIDTH * cell.proposals / most),
            )
        )
    shown = sum(bar.comments for bar in bars)
    return Chart(name, title, bars, 0 if total is None else max(total - shown, 0))


def charts_of(
    cells: Mapping[str, list[Tally]], names: Iterable[str], total: int, *, pillars: Mapping[str, str]
) -> list[Chart]:
    """The charts of these dimensions, in this order; those that compare nothing are left out.

    ``pillars`` names the draft's pillars by their number.
    """
    charts = []
    for name in names:
        title, labels = _labels(name, pillars)
        charts.append(chart_of(name, title, cells.get(name, []), labels, total))
    # While nothing is answered there is one bar, of what isn't.
    return [
        chart
        for chart in charts
        if chart.bars and not (chart.name == "disposition" and [bar.key for bar in chart.bars] == [""])
    ]


def language_name(code: str) -> str:
    """A language's name in the reader's language: ``zh-hans`` → chinois."""
    reader = Locale.parse(to_locale(get_language() or settings.LANGUAGE_CODE))
    name = Locale.parse(to_locale(code)).get_language_name(reader) or code
    return name[:1].upper() + name[1:]


def _labels(name: str, named: Mapping[str, str]) -> tuple[str, dict[str, Any]]:
    """A dimension's title and the names of its keys, in the order in which they are drawn."""
    if name == "pillar":
        pillars = {str(n): named.get(str(n)) or _("Pillar %(number)d") % {"number": n} for n in range(1, 9)}
        return _("By pillar"), pillars | {"": _("Outside the pillars")}
    if name == "kind":
        return _("By kind"), dict(Comment.Kind.choices)
    if name == "region":
        return _("By region"), region_names() | {"": _("Not known")}
    if name == "stakeholder":
        return _("By stakeholder group"), dict(StakeholderGroup.choices) | {"": _("Not known")}
    if name == "language":
        return _("By language"), {code: language_name(code) for code, _own in settings.LANGUAGES}
    return _("By answer"), dict(Disposition.Outcome.choices) | {"": _("Not answered")}


def _listed(labels: list[str]) -> str:
    """``A, B and C`` in the reader's language."""
    language = get_language() or settings.LANGUAGE_CODE
    return format_list(labels, locale="en_GB" if language == "en" else to_locale(language))
