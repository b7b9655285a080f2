"""The bracketed text of a provision, a page or a draft."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from consultations.bracketed import BracketedPart, bracketed
from consultations.models import Round
from consultations.views.desk import desk_round
from drafts.queries import (
    ReadProvision,
    contents,
    find_provision,
    page_key_of,
    unit_page,
    whole_draft,
)
from drafts.views.language import languages_of, text_language


@require_safe
@login_required
def brackets(request: HttpRequest, round_id: int, key: str = "") -> HttpResponse:
    """What was proposed in a round, in negotiating notation; ``?as=text`` as a file.

    ``key`` is a provision's or a chapter's or pillar's; without it all of the draft, of which the page shows the
    provisions that something is proposed for, and the file everything.
    """
    round = desk_round(request, round_id)
    language = text_language(request)
    rows, title, page_key = rows_of(round, key, language)
    part = bracketed(rows, round, request.user)
    if request.GET.get("as") == "text":
        return _file(part, round, key)
    context: dict[str, Any] = {
        "round": round,
        "draft": round.draft,
        "key": key,
        "title": title,
        "page_key": page_key,
        "part": part,
        "shown": part.rows if key else part.having,
        "one": part.rows[0] if key and page_key != key and part.rows else None,
        "units": [unit for unit in contents(round.draft, language) if unit.has_page],
        "languages": [each for each in languages_of(round.draft, language) if not each["to_come"]],
        "language": language,
    }
    return render(request, "consultations/brackets.html", context)


def rows_of(round: Round, key: str, language: str) -> tuple[list[ReadProvision], ReadProvision | None, str]:
    """The provisions asked for, the one that gives the title, and the key of the page they stand on. 404: no such."""
    if not key:
        return whole_draft(round.draft, language), None, ""
    page = unit_page(round.draft, key, language)
    if page is not None:
        return page.rows, page.unit.read, key
    row = find_provision(round.draft, key, language)
    if row is None:
        raise Http404
    return [row], row, page_key_of(row.provision)


def _file(part: BracketedPart, round: Round, key: str) -> HttpResponse:
    head = f"{round.draft.guidelines.title} – {round.draft.label}\n{round.title}\n\n"
    # With a mark of its encoding: some programs take a text in Arabic or Chinese for something else without it.
    response = HttpResponse(f"\ufeff{head}{part.plain}", content_type="text/plain; charset=utf-8")
    name = "-".join(filter(None, (_("bracketed-text"), str(round.pk), key)))
    response["Content-Disposition"] = f'attachment; filename="{name}.txt"'
    return response
