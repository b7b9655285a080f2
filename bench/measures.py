"""What is measured, and the bound each figure is held to."""

import statistics
import time
from collections.abc import Callable
from functools import cache

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from bench.account import account
from bench.carrying import carrying
from bench.compiling import compiling
from bench.desk import desk
from bench.documents import documents
from bench.nominations import nominations
from bench.panel import panel
from bench.provisions import provisions
from bench.reading_room import interaction, line, parts
from bench.redlines import redline_page, redlines
from bench.reminders import reminders
from bench.scratch import CROWDED, fill_round, make_draft, make_people, make_round
from bench.submitting import submissions_a_second
from bench.table import Measure
from consultations.actions.comments import write_comment
from consultations.models import Round
from core import outbox

FEW, SOME, MANY = 100, 1_000, 100_000
REPETITIONS = 30


@cache
def people() -> tuple[User, ...]:
    return tuple(make_people(200))


@cache
def round_of(comments: int) -> Round:
    """A round with so many comments on a draft of its own; made once."""
    round = make_round(make_draft(f"bench-{comments}"))
    fill_round(round, list(people()), comments)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return round


def chapter_page() -> list[Measure]:
    """A pillar of 60 provisions with counts, in a draft of 480, as somebody reads it who may comment."""
    pages = {n: reverse("drafts:read", args=[f"bench-{n}", 1, "pillar_3"]) for n in (FEW, MANY)}
    return _growth("chapter page", pages, queries=15, ratio=1.3, person=people()[0])


def comment_list() -> list[Measure]:
    """Twenty comments of a provision with replies, positions, authors and answers."""
    pages = {n: reverse("consultations:voices", args=[round_of(n).pk, CROWDED]) for n in (SOME, MANY)}
    return _growth("comment list", pages, queries=12, ratio=1.3)


def submitting() -> list[Measure]:
    """One submission with all checks, audit and outbox, and its tallies; and the rate over HTTP."""
    costs = {}
    for n in (FEW, MANY):
        round = round_of(n)
        authors = iter(people() * 2)

        def once(round: Round = round, authors=authors) -> None:  # type: ignore[no-untyped-def]
            write_comment(
                author=next(authors),
                round=round,
                provision_key=CROWDED,
                submit=True,
                body="This should name who pays.",
            )
            outbox.drain(limit=10)

        costs[n] = _median(once, repetitions=120)
    ratio = costs[MANY] / costs[FEW]
    rate = submissions_a_second(round_of(FEW))
    return [
        Measure(f"submitting, tallies included, at {FEW} comments", f"{costs[FEW]:.1f} ms"),
        Measure(f"submitting, tallies included, at {MANY:,} comments", f"{costs[MANY]:.1f} ms"),
        Measure("submitting: growth", f"{ratio:.2f} x", "at most 1.3 x", ratio <= 1.3),
        Measure("submitting by API, 2 gunicorn workers", f"{rate:.0f} /s"),
    ]


BENCHES: dict[str, Callable[[], list[Measure]]] = {
    "chapter_page": chapter_page,
    "comment_list": comment_list,
    "submitting": submitting,
    "parts": parts,
    "line": line,
    "interaction": interaction,
    "documents": documents,
    "redlines": redlines,
    "redline_page": redline_page,
    "panel": panel,
    "nominations": nominations,
    "reminders": reminders,
    "carrying": carrying,
    "compiling": compiling,
    "account": account,
    "desk": desk,
    "provisions": provisions,
}


def _growth(
    name: str, pages: dict[int, str], *, queries: int, ratio: float, person: User | None = None
) -> list[Measure]:
    client, measures, medians, counts = Client(), [], [], []
    if person:
        client.force_login(person)
    for n, path in pages.items():
        round_of(n)

        def get(path: str = path) -> None:
            response = client.get(path, HTTP_HOST="localhost")
            if response.status_code != 200:
                raise RuntimeError(f"{path} answered {response.status_code}")

        get()
        with CaptureQueriesContext(connection) as captured:
            get()
        counts.append(len(captured))
        medians.append(_median(get))
        measures += [
            Measure(
                f"{name} at {n:,} comments: queries",
                str(counts[-1]),
                f"at most {queries}",
                counts[-1] <= queries,
            ),
            Measure(f"{name} at {n:,} comments", f"{medians[-1]:.1f} ms"),
        ]
    growth = medians[-1] / medians[0]
    bound = f"at most {ratio} x"
    return [
        *measures,
        Measure(f"{name}: growth of time", f"{growth:.2f} x", bound, growth <= ratio),
        Measure(f"{name}: growth of queries", str(counts[-1] - counts[0]), "0", counts[-1] == counts[0]),
    ]


def _median(act: Callable[[], None], *, repetitions: int = REPETITIONS) -> float:
    times = []
    for _ in range(repetitions):
        start = time.perf_counter()
        act()
        times.append(1000 * (time.perf_counter() - start))
    return statistics.median(times)
