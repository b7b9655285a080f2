"""The desk's list: a page of it as rows, and how far the answering is; a constant number of queries, each of which
reads the round once at most."""

import math
from collections import Counter
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from django.utils.functional import cached_property

from consultations.desk_filters import DeskFilter
from consultations.models import Comment, Note, Round, Tagging
from consultations.naming import byline
from consultations.progress import Tallied
from consultations.queries import publishable, share_rounds, told_of_answers

PER_PAGE = 50


class DeskPaginator(Paginator):
    """Pages of keys: the wide rows are read of one page alone. ``known``: the count, where it is known already."""

    def __init__(self, found: "QuerySet[Comment]", chosen: DeskFilter, known: int | None) -> None:
        super().__init__(chosen.sorted(found).values_list("pk", flat=True), PER_PAGE)
        self.found, self.known = found, known

    @cached_property
    def count(self) -> int:
        return self.found.count() if self.known is None else self.known


def page_of(round: Round, user: Any, chosen: DeskFilter, number: Any, *, total: int) -> Page[int]:
    """The page of keys that is asked for; ``total`` is how many wait for answers or have one, whatever the filter."""
    everything = not chosen.status and not chosen.narrowing
    return DeskPaginator(chosen.find(round, user), chosen, total if everything else None).get_page(number)


def rows_of(keys: "list[int]", round: Round, user: Any) -> list[Comment]:
    """The comments of a page in its order, with what stands beside each in the list (four queries)."""
    narrow = Comment.objects.defer("body", "proposed_text", "rationale", "search_tokens", "counted")
    related = narrow.select_related("provision", "disposition", "assignment__person")
    tags = Prefetch("taggings", Tagging.objects.select_related("tag").order_by("tag__folded"))
    found = related.prefetch_related(tags).in_bulk(keys)
    noted = Counter(Note.objects.filter(comment__in=keys).order_by().values_list("comment", flat=True))
    rows = share_rounds([found[key] for key in keys if key in found], round)
    for row in rows:
        row.byline = byline(row, user)  # type: ignore[attr-defined]
        row.noted = noted[row.pk]  # type: ignore[attr-defined]
    return rows


def head_figures(round: Round, counts: Tallied, *, publishing: bool) -> dict[str, int]:
    """How far the answering is. ``publishing``: also how many answers could be published, and how many mails would go
    out with them."""
    waiting = counts.unpublished if publishing else 0
    days = math.ceil((round.closes_at - timezone.now()).total_seconds() / 86400)
    return {
        "total": counts.total,
        "answered": counts.answered,
        "left": counts.left,
        "unpublished": counts.unpublished,
        "publishable": publishable(round).count() if waiting and round.second_reader else waiting,
        "mails": told_of_answers(round).count() if waiting else 0,
        "days": max(0, days),
    }
