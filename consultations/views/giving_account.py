"""You said, we did: the account of a round, its figures, every comment with its answer, and what changed."""

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from consultations.actions.rounds import TRANSITIONS
from consultations.charts.account import (
    became,
    outcome_labels,
    part_bars,
    part_labels,
    stretches_of,
    who_charts,
)
from consultations.charts.bars import WIDTH
from consultations.giving_account.answers import account_comments_of, changed_later
from consultations.giving_account.changes import WHYS, changes_of, present_changes
from consultations.giving_account.figures import (
    OUTCOMES,
    PARTS,
    Figures,
    figures_of,
    later_than_given,
    missing_of,
    parts_of,
)
from consultations.giving_account.table import table_of
from consultations.models import Disposition, Round
from consultations.presenting import ShownComment, present_comments
from consultations.queries import with_discussion, with_people
from consultations.rules import is_secretariat, is_staff
from consultations.search import asked_words
from consultations.views.rounds import pillar_names
from core.tables import CSV, as_csv
from drafts.queries import contents
from drafts.views.language import languages_of, text_language

PER_PAGE, CHANGES_A_PAGE = 20, 10


def accounted_round(request: HttpRequest, round_id: int) -> Round:
    """The round, with its draft, where the caller may read its account; hidden is 404."""
    return get_object_or_404(with_people(Round.objects.accounted_to(request.user)), pk=round_id)


@require_safe
def account(request: HttpRequest, round_id: int) -> HttpResponse:
    """The whole in figures; for the secretariat, before they are public, with what is still missing."""
    round = accounted_round(request, round_id)
    figures = figures_of(round, request.user)
    state = round.state_at(timezone.now())
    context = {
        **_frame(request, round, "figures"),
        "state": state,
        "figures": figures,
        "became": became(figures),
        "whole_bar": stretches_of(figures.outcomes, sum(figures.outcomes.values())),
        "parts": part_bars(figures, _pillars(round)),
        "outcomes": [label for key, label in outcome_labels().items() if key in OUTCOMES],
        "width": WIDTH,
        "charts": who_charts(figures),
        "invited_share": _share(figures),
        "later": later_than_given(round),
        "first_part": next(iter(figures.parts), "whole"),
    }
    if not round.published_at:
        context |= {
            "missing": missing_of(round, figures),
            "moves": [to for to, froms in TRANSITIONS.items() if state in froms],
            "staff": is_staff(request.user, round),
        }
    return render(request, "consultations/account.html", context)


def _frame(request: HttpRequest, round: Round, current: str) -> dict[str, Any]:
    return {
        "round": round,
        "current": current,
        "preview": not round.published_at,
        "secretariat": is_secretariat(request.user, round),
    }


def _pillars(round: Round) -> dict[str, Any]:
    return dict(pillar_names(contents(round.draft, get_language() or "en")))


def _share(figures: Figures) -> int | None:
    """How many in a hundred of those invited took part; None where more did than were invited at the end."""
    if not figures.invited or not figures.invited.people:
        return None
    share = 100 * figures.participants / figures.invited.people
    return round(share) if share <= 100 else None


@dataclass(frozen=True)
class SaidAndDone:
    """A comment with what the page adds: a heading where its provision begins, and whether its answer was changed."""

    shown: ShownComment
    begins: bool
    changed: bool


@require_safe
def account_comments(request: HttpRequest, round_id: int, part: str) -> HttpResponse:
    """Every comment on a part of the draft with its answer; by outcome, and by words."""
    round = accounted_round(request, round_id)
    if part not in PARTS:
        raise Http404
    given = request.GET.get("answer", "")
    chosen = {
        "disposition": given if given in (*Disposition.Outcome.values, "none") else "",
        "search": asked_words(request.GET.get("search", "")),
    }
    found = account_comments_of(round, request.user, part, **chosen)
    page = Paginator(with_discussion(found), PER_PAGE).get_page(request.GET.get("page"))
    shown = present_comments(page, request.user, round=round)
    before = [None, *(each.comment.provision_id for each in shown)]
    kept = request.GET.copy()
    kept.pop("page", None)
    labels = part_labels(_pillars(round))
    counts = parts_of(round, request.user)
    context = {
        **_frame(request, round, "comments"),
        "part": part,
        "part_label": labels[part],
        "parts": [(key, labels[key], sum(counts[key].values())) for key in PARTS if key in counts],
        "page": page,
        "comments": [
            SaidAndDone(
                each,
                each.comment.provision_id is not None and each.comment.provision_id != last,
                changed_later(each.disposition),
            )
            for each, last in zip(shown, before, strict=False)
        ],
        "chosen": chosen,
        "outcomes": Disposition.Outcome.choices,
        "query": kept.urlencode(),
    }
    return render(request, "consultations/account_comments.html", context)


@require_safe
def account_changes(request: HttpRequest, round_id: int) -> HttpResponse:
    """What the next draft changed, each provision with the comments behind it, or with the drafters' reason."""
    round = accounted_round(request, round_id)
    changes = changes_of(round, request.user)
    asked = request.GET.get("why", "")
    why = asked if asked in WHYS else ""
    language = text_language(request)
    context: dict[str, Any] = {**_frame(request, round, "changes"), "changes": changes, "why": why}
    if changes:
        page = Paginator(changes.of(why), CHANGES_A_PAGE).get_page(request.GET.get("page"))
        kept = request.GET.copy()
        kept.pop("page", None)
        context |= {
            "page": page,
            "query": kept.urlencode(),
            "shown": present_changes(changes, list(page), round, request.user, language),
            "language": language,
            "text_languages": languages_of(changes.draft, language),
            "ways": [(name, label, changes.counts[name]) for name, label in _why_labels().items()],
        }
    return render(request, "consultations/account_changes.html", context)


def _why_labels() -> dict[str, str]:
    return {
        "comments": _("Asked for in comments"),
        "elsewhere": _("Asked for elsewhere"),
        "drafters": _("By the drafters"),
    }


@require_safe
def account_table(request: HttpRequest, round_id: int) -> HttpResponse:
    """The figures as a table for spreadsheet programs."""
    round = accounted_round(request, round_id)
    rows = table_of(figures_of(round, request.user), _pillars(round))
    response = HttpResponse(as_csv(rows), content_type=CSV)
    response["Content-Disposition"] = f'attachment; filename="account-{round.pk}.csv"'
    response["Cache-Control"] = "private, no-cache"
    return response
