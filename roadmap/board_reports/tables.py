"""The annexes of the report: funding, consultations and the road map, as tables with their charts."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from core.punctuation import detail
from roadmap.milestone_queries import standings_at
from roadmap.milestone_words import dates_words, slippage_words
from roadmap.models import Milestone, ReportingPeriod, ResolutionEntry
from roadmap.money_words import number_words
from roadmap.plan import Dates
from roadmap.report_proposals import (
    EVERYBODY,
    Span,
    Voices,
    attendance_of,
    closed_on,
    closed_rounds,
    held_meetings,
    meeting_dates,
    meeting_where,
    title_of,
    voices_in,
)
from roadmap.report_words import money_words

Content = dict[str, Any]
NONE = "–"


def annexes(period: ReportingPeriod, entries: list[ResolutionEntry], as_of: date) -> list[Content]:
    """In the language that is active. Annexes without rows are left out."""
    found = [_funding(entries)]
    for guidelines in {e.resolution.guidelines_id: e.resolution.guidelines for e in entries}.values():
        if guidelines is not None:
            span = Span(guidelines, period.starts, min(period.ends, as_of))
            found += [_consultations(span), _road_map(as_of)]
    return [annex for annex in found if annex["rows"]]


def _annex(title: str, heads: list[str], rows: list[list[str]], figures: list[int], **more: Any) -> Content:
    """``figures`` are the places of columns that hold numbers; ``bars`` and their ``caption`` draw some of them."""
    return {
        "title": title,
        "heads": heads,
        "rows": rows,
        "figures": figures,
        "bars": [],
        "caption": "",
        **more,
    }


def _funding(entries: list[ResolutionEntry]) -> Content:
    rows, bars = [], []
    for entry in entries:
        percent = f"{entry.gap_percent}\u00a0%" if entry.gap_percent is not None else NONE
        mobilised = entry.mobilised if entry.mobilised is not None or entry.required is None else Decimal(0)
        rows.append(
            [
                entry.resolution.symbol,
                str(entry.get_status_display()),
                money_words(entry.required, entry.currency) or NONE,
                money_words(mobilised, entry.currency) or NONE,
                money_words(entry.gap, entry.currency) or NONE,
                percent,
            ]
        )
        if entry.required:
            named = {"symbol": entry.resolution.symbol}
            for label, amount, tone in (
                (_("%(symbol)s: required") % named, entry.required, "quiet"),
                (_("%(symbol)s: mobilised") % named, mobilised or Decimal(0), "good"),
                (_("%(symbol)s: gap") % named, entry.gap or Decimal(0), "harm"),
            ):
                bars.append(_bar(label, amount, money_words(amount, entry.currency), tone))
    heads = [
        _("Resolution"),
        _("Status"),
        _("Funding required"),
        _("Mobilised"),
        _("Gap"),
        _("Gap, per cent"),
    ]
    return _annex(
        _("Funding by resolution"),
        heads,
        rows,
        [2, 3, 4, 5],
        bars=bars,
        caption=_("Funding, as far as it is known"),
    )


def _bar(label: str, value: Any, words: str, tone: str = "") -> Content:
    return {"label": label, "value": float(value), "words": words, "tone": tone}


def _consultations(span: Span) -> Content:
    meetings = list(held_meetings(span))
    rounds = closed_rounds(span)
    came, voices = attendance_of(meetings), voices_in(rounds, span.ends_at)
    rows: list[tuple[date, list[str]]] = []
    kinds: dict[str, int] = {}
    for meeting in meetings:
        kind, dates = str(meeting.get_kind_display()), meeting_dates(meeting)
        kinds[kind] = kinds.get(kind, 0) + 1
        cells = [dates_words(dates), kind, title_of(meeting), meeting_where(meeting)]
        rows.append((dates.start, [*cells, _figure(came.get(meeting.pk)), NONE]))
    for round in rounds:
        kind, said = str(round.get_kind_display()), voices.get(round.pk, Voices(0, None))
        kinds[kind] = kinds.get(kind, 0) + 1
        dates = Dates(min(round.opens_at.date(), closed_on(round)), closed_on(round))
        cells = [dates_words(dates), kind, title_of(round), _("Online")]
        rows.append((dates.start, [*cells, _figure(said.participants), _figure(said.comments)]))
    heads = [_("Date"), _("Kind"), _("Title"), _("Place"), _("Participants"), _("Comments")]
    bars = [_bar(kind, count, number_words(Decimal(count))) for kind, count in kinds.items()]
    ordered = [cells for _day, cells in sorted(rows, key=lambda row: row[0])]
    return _annex(
        _("Consultations held"), heads, ordered, [4, 5], bars=bars, caption=_("Consultations held, by kind")
    )


def _figure(count: int | None) -> str:
    return NONE if count is None else number_words(Decimal(count))


def _road_map(as_of: date) -> Content:
    """Milestones as they stood on the day: what was planned, and what was known then."""
    milestones = list(Milestone.objects.visible_to(EVERYBODY))
    then = standings_at(milestones, as_of)
    rows, overdue = [], _("overdue")
    for milestone in milestones:
        standing = then.get(milestone.pk)
        if standing is None:
            continue
        late = standing.overdue(as_of)
        slipped = standing.slippage(standing.tentative) if standing.tentative else None
        rows.append(
            [
                title_of(milestone),
                dates_words(standing.tentative) or NONE,
                dates_words(standing.expected) or NONE,
                f"{standing.state.label}{detail()}{overdue}" if late else str(standing.state.label),
                # Of what is late and not done nobody knows yet by how much.
                NONE if late else slippage_words(slipped) or NONE,
            ]
        )
    heads = [_("Milestone"), _("Planned at first"), _("Expected or done"), _("Status"), _("Difference")]
    return _annex(_("Road map of the guidelines"), heads, rows, [])
