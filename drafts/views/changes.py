"""What changed between two drafts: in numbers, and word by word."""

from dataclasses import dataclass
from itertools import chain
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from drafts.changed_units import WIDTH, ChangedUnit, bars_of, units_of
from drafts.comparing import Reason, comparison_of, reasons_between
from drafts.comparison import Compared
from drafts.models import Draft, Provision
from drafts.queries import heading_levels
from drafts.translating import TranslationState, states_by_key
from drafts.views.asked import kept
from drafts.views.language import languages_of, text_language

CHOICES = ("text", "view", "show")  # what a reader chose, kept from page to page
STRIP = 1000  # the height of the strip's view box


@require_safe
def draft_changes(request: HttpRequest, slug: str, number: int, against: int) -> HttpResponse:
    """How much changed, by chapter and pillar; another draft can be chosen to compare with."""
    draft, other = _two_drafts(request, slug, number, against)
    chosen = request.GET.get("against", "")
    if chosen.isascii() and chosen.isdecimal() and len(chosen) < 10 and chosen != str(against):
        address = reverse("drafts:changes", args=[slug, number, int(chosen)])
        return HttpResponseRedirect(f"{address}{kept(request.GET, CHOICES)}")
    language = text_language(request)
    comparison = comparison_of(draft, other, language)
    units = units_of(comparison)
    most = max(units, key=lambda unit: unit.changes, default=None)
    rows = list(chain.from_iterable(unit.rows for unit in units))
    context = {
        **_context(request, draft, other, language),
        "behind": Behind.of(rows, states_by_key(draft, language), language),
        "others": _readable(request, slug).exclude(pk=draft.pk).order_by("-number"),
        "summary": comparison.summary,
        "total": len(comparison.provisions),
        "changes": sum(unit.changes for unit in units),
        "bars": bars_of(units),
        "width": WIDTH,
        "most": most if most and most.changes else None,
        "known": {row.key: row.here for row in comparison.provisions},
        "split": [row for row in comparison.provisions if row.descendants],
    }
    return render(request, "drafts/draft_changes.html", context)


@dataclass(frozen=True)
class Behind:
    """What a redline in a translation can't show: the keys that have no words in the language yet, and those
    whose words are of an earlier original. What went from the draft is not to be translated any more."""

    missing: frozenset[str]
    outdated: frozenset[str]

    @classmethod
    def of(cls, rows: list[Compared], states: dict[str, TranslationState], language: str) -> "Behind":
        here = {row.key: getattr(row.here, "language", "") for row in rows if row.new}
        return cls(
            missing=frozenset(key for key in here if states.get(key) == TranslationState.MISSING),
            outdated=frozenset(
                key
                for key, shown in here.items()
                # Where the earlier draft has no words in the language, the original is shown anyway.
                if shown == language and states.get(key) == TranslationState.OUTDATED
            ),
        )


@dataclass(frozen=True)
class Shown:
    """One provision of the page with what stands beside its words."""

    row: Compared
    level: int  # of its heading in the page's outline
    next_key: str
    reasons: list[Reason]
    is_untold: bool  # the original changed, and its translation doesn't say so yet

    @property
    def is_told(self) -> bool:
        """Whether a reader who asked for changes only is shown it."""
        return self.row.is_marked or self.is_untold

    @property
    def kind(self) -> str:
        return self.row.here.kind


@dataclass(frozen=True)
class Mark:
    """Where a change lies on the page, as a stretch of the strip at its side."""

    key: str
    change: str
    at: int
    height: int


@require_safe
def unit_changes(request: HttpRequest, slug: str, number: int, against: int, key: str) -> HttpResponse:
    """A chapter or pillar with every change marked: in one column or side by side, whole or changes only."""
    draft, other = _two_drafts(request, slug, number, against)
    language = text_language(request)
    comparison = comparison_of(draft, other, language)
    units = units_of(comparison)
    at = next((i for i, unit in enumerate(units) if unit.here.key == key), None)
    if at is None:
        return _to_its_page(request, units, key)
    unit = units[at]
    only = request.GET.get("show") == "changes"
    behind = Behind.of(unit.rows, states_by_key(draft, language), language)
    shown = _shown(request, draft, other, unit, behind=behind, only=only)
    context = {
        **_context(request, draft, other, language),
        "behind": behind,
        "unit": unit,
        "units": units,
        "shown": [each for each in shown if each.kind != Provision.Kind.FOOTNOTE],
        "notes": [each for each in shown if each.kind == Provision.Kind.FOOTNOTE],
        "first": next((each.row.key for each in shown if each.is_told), ""),
        "known": {row.key: row.here for row in comparison.provisions},
        "only": only,
        "sides": request.GET.get("view") == "sides",
        "strip": [] if only else _strip(shown),
        "strip_height": STRIP,
        "previous": units[at - 1] if at else None,
        "next": units[at + 1] if at + 1 < len(units) else None,
    }
    return render(request, "drafts/unit_changes.html", context)


def _readable(request: HttpRequest, slug: str) -> Any:
    return Draft.objects.visible_to(request.user).select_related("guidelines").filter(guidelines__slug=slug)


def _two_drafts(request: HttpRequest, slug: str, number: int, against: int) -> tuple[Draft, Draft]:
    drafts = _readable(request, slug)
    if number == against:
        raise Http404
    return get_object_or_404(drafts, number=number), get_object_or_404(drafts, number=against)


def _context(request: HttpRequest, draft: Draft, other: Draft, language: str) -> dict[str, Any]:
    return {
        "draft": draft,
        "other": other,
        "language": language,
        "text_languages": languages_of(draft, language),
        "query": kept(request.GET, CHOICES),
    }


def _to_its_page(request: HttpRequest, units: list[ChangedUnit], key: str) -> HttpResponse:
    for unit in units:
        if any(row.key == key for row in unit.rows):
            here = request.path.removesuffix(f"{key}/")
            return HttpResponseRedirect(f"{here}{unit.here.key}/{kept(request.GET, CHOICES)}#{key}")
    raise Http404


def _shown(
    request: HttpRequest, draft: Draft, other: Draft, unit: ChangedUnit, *, behind: Behind, only: bool
) -> list[Shown]:
    untold = _untold(draft, other, unit, behind)
    told = [row for row in unit.rows if row.is_marked or row.key in untold]
    reasons = reasons_between(request.user, draft, other, told)
    rows = told if only else unit.rows
    marked = [row.key for row in told]
    following = dict(zip(marked, [*marked[1:], ""], strict=True)) if marked else {}
    levels = heading_levels((row.key, row.here.parent, bool(row.here.heading)) for row in rows)
    return [
        Shown(row, level, following.get(row.key, ""), reasons.get(row.key, []), row.key in untold)
        for row, level in zip(rows, levels, strict=True)
    ]


def _untold(draft: Draft, other: Draft, unit: ChangedUnit, behind: Behind) -> set[str]:
    """The keys of what changed in the original between the two drafts, though its outdated translation did not."""
    same = {row.key for row in unit.rows if not row.is_marked} & behind.outdated
    if not same:
        return set()
    original = comparison_of(draft, other, draft.source_language).provisions
    return {row.key for row in original if row.key in same and row.change == "changed"}


def _strip(shown: list[Shown]) -> list[Mark]:
    """Marks as high as the words they stand for, of all the words on the page."""
    lengths = [sum(len(piece.text) for piece in each.row.text) + 40 for each in shown]
    whole, at, marks = sum(lengths), 0, []
    for each, length in zip(shown, lengths, strict=True):
        if each.row.is_marked:
            start = round(STRIP * at / whole)
            marks.append(Mark(each.row.key, each.row.change, start, max(round(STRIP * length / whole), 4)))
        at += length
    return marks
