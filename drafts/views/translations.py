"""How far the translations of a draft are: every language, and the provisions of one."""

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from core.verdicts import require
from drafts.models import Draft
from drafts.queries import Unit, contents
from drafts.rules import may_follow_translations, may_translate
from drafts.translating import (
    TO_DO,
    LanguageProgress,
    Part,
    TranslationRow,
    TranslationState,
    translation_progress,
    translation_rows,
)
from drafts.views.asked import kept as kept_filters
from drafts.views.language import LANGUAGES

PAGE = 50
FILTERS = ("state", "pillar")  # what a translator chose of the list, kept at the desk


def draft_to_translate(request: HttpRequest, slug: str, number: int, language: str = "") -> Draft:
    """The draft, for who follows its translations: hidden is 404, everyone else is told why not."""
    drafts = Draft.objects.visible_to(request.user).select_related("guidelines")
    draft = get_object_or_404(drafts, guidelines__slug=slug, number=number)
    require(may_follow_translations(request.user, draft))
    if language and (language not in LANGUAGES or language == draft.source_language):
        raise Http404
    return draft


@login_required
@require_safe
def progress(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Every language with its states, drawn and as a table, and each pillar of it."""
    draft = draft_to_translate(request, slug, number)
    languages = translation_progress(draft)
    context = {
        "draft": draft,
        "source_name": LANGUAGES[draft.source_language],
        "parts": languages,
        "pillars": _by_pillar(draft, languages),
        "states": TranslationState.choices[::-1],
    }
    return render(request, "drafts/translations.html", context)


@dataclass
class PillarRow:
    """One pillar in every language; ``unit`` is None for what stands outside the pillars."""

    unit: Unit | None
    pillar: int | None
    parts: list[tuple[LanguageProgress, Part]]


def _by_pillar(draft: Draft, languages: list[LanguageProgress]) -> list[PillarRow]:
    units: dict[int | None, Unit] = {
        unit.provision.pillar: unit
        for unit in contents(draft, draft.source_language)
        if unit.provision.pillar
    }
    wanted = list(languages[0].pillars) if languages else []
    return [
        PillarRow(units.get(pillar), pillar, [(each, each.pillars[pillar]) for each in languages])
        for pillar in wanted
    ]


@dataclass
class Group:
    """Rows under the chapter or pillar that they stand in."""

    unit: Unit | None
    rows: list[TranslationRow]


@login_required
@require_safe
def listing(request: HttpRequest, slug: str, number: int, language: str) -> HttpResponse:
    """The provisions in one language, by chapter and pillar; chosen by state and pillar."""
    draft = draft_to_translate(request, slug, number, language)
    rows = translation_rows(draft, language)
    counts: dict[str, int] = dict.fromkeys(TranslationState.values, 0)
    for row in rows:
        counts[row.state] += 1
    chosen = {name: request.GET.get(name, "") for name in FILTERS}
    shown = [row for row in rows if _is_chosen(row, chosen)]
    page = Paginator(shown, PAGE).get_page(request.GET.get("page"))
    units = contents(draft, draft.source_language)
    pages = [unit for unit in units if unit.has_page]
    kept = request.GET.copy()
    kept.pop("page", None)
    first = next((row.provision.key for row in shown if row.state in TO_DO), "")
    may = may_translate(request.user, draft, language)
    context: dict[str, Any] = {
        "draft": draft,
        "language": language,
        "language_name": LANGUAGES[language],
        "part": Part(counts),
        "states": [(value, label, counts[value]) for value, label in TranslationState.choices],
        "to_do": sum(counts[state] for state in TO_DO),
        "pillars": [unit for unit in pages if unit.provision.pillar],
        "chosen": chosen,
        "filters": kept_filters(request.GET, FILTERS),
        "is_chosen": any(chosen.values()),
        "groups": _grouped(list(page), pages),
        "page_obj": page,
        "query_without_page": kept.urlencode(),
        "first": first,
        "may_translate": may,
        "is_to_come": draft.is_open_to_all and may,
    }
    return render(request, "drafts/translation_list.html", context)


def _is_chosen(row: TranslationRow, chosen: dict[str, str]) -> bool:
    state, pillar = chosen["state"], chosen["pillar"]
    if pillar and str(row.provision.pillar or "none") != pillar:
        return False
    return not state or row.state == state or (state == "to_do" and row.state in TO_DO)


def _grouped(rows: list[TranslationRow], pages: list[Unit]) -> list[Group]:
    groups: list[Group] = []
    for row in rows:
        above = [unit for unit in pages if unit.provision.position <= row.provision.position]
        unit = above[-1] if above else None
        if not groups or groups[-1].unit is not unit:
            groups.append(Group(unit, []))
        groups[-1].rows.append(row)
    return groups
