"""The desk by provision, and the progress of a round: at 1,000 and at 100,000 comments."""

import statistics
import time
from collections.abc import Callable

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import RoleGrant, User
from bench.consultation import ON_ONE, consultation
from bench.table import Measure, at_most
from consultations.actions.tallying import tally_comment
from consultations.models import Comment, Round
from drafts.models import Provision

FEW, MANY = 1_000, 100_000
RATIO, QUERIES, OVERVIEW, PROGRESS, REPETITIONS = 1.5, 40, 1_000, 1_000, 20


def provisions() -> list[Measure]:
    """One provision with as many voices in either round, all provisions, and the figures of progress."""
    staff, _made = User.objects.get_or_create(email="bench-desk@example.org", defaults={"name": "Staff"})
    RoleGrant.objects.get_or_create(user=staff, role="staff")
    client = Client()
    client.force_login(staff)
    took, queries = {}, {}
    for number in (FEW, MANY):
        round = consultation(number)
        path = reverse("consultations:desk_provision", args=[round.pk, _as_many_voices(round)])
        took[number], queries[number] = _page(client, path)
    ratio = took[MANY] / took[FEW]
    same = queries[FEW] == queries[MANY] <= QUERIES
    measures = [
        Measure(f"desk, a provision of {ON_ONE} at {number:,} comments", f"{took[number]:,.0f} ms")
        for number in took
    ]
    measures += [
        Measure("desk, a provision: growth of time", f"{ratio:.2f} x", f"at most {RATIO} x", ratio <= RATIO),
        Measure(
            "desk, a provision: queries", f"{queries[FEW]}, {queries[MANY]}", f"the same, {QUERIES}", same
        ),
    ]
    for name, view, most in (
        ("desk, all provisions", "desk_provisions", OVERVIEW),
        ("progress", "progress", PROGRESS),
    ):
        for number in (FEW, MANY):
            path = reverse(f"consultations:{view}", args=[consultation(number).pk])
            passed, asked = _page(client, path)
            measures += [
                at_most(f"{name} at {number:,} comments", passed, most),
                Measure(f"{name} at {number:,} comments: queries", str(asked)),
            ]
    return measures


def _as_many_voices(round: Round) -> str:
    """The key of a provision on which as many have spoken in a small round as in a large one: comments are moved from
    it to its neighbour, or to it, until that is so."""
    first, second = (
        Provision.objects.filter(draft=round.draft, comments__isnull=False)
        .order_by("position")
        .distinct()[1:3]
    )
    crowded = Comment.objects.filter(round=round, number__lte=ON_ONE)
    here = Comment.objects.filter(round=round, provision=first).exclude(pk__in=crowded.values("pk"))
    others = Comment.objects.filter(round=round).exclude(provision=first).exclude(pk__in=crowded.values("pk"))
    off = list(here.order_by("number").values_list("pk", flat=True)[ON_ONE:])
    on = list(others.order_by("number").values_list("pk", flat=True)[: max(0, ON_ONE - here.count())])
    Comment.objects.filter(pk__in=on).update(provision=first)
    Comment.objects.filter(pk__in=off).update(provision=second)
    for pk in (*on, *off):
        tally_comment(comment_id=pk)
    if Comment.objects.filter(round=round, provision=first).count() != ON_ONE:
        raise RuntimeError("the provision has not as many voices as it should")
    return first.key


def _page(client: Client, path: str) -> tuple[float, int]:
    """Median milliseconds, and queries."""

    def get() -> None:
        response = client.get(path, HTTP_HOST="localhost")
        if response.status_code != 200:
            raise RuntimeError(f"{path} answered {response.status_code}")

    get()
    with CaptureQueriesContext(connection) as captured:
        get()
    queries = len(captured)  # the next request forgets them
    return _median(get), queries


def _median(act: Callable[[], None]) -> float:
    times = []
    for _ in range(REPETITIONS):
        start = time.perf_counter()
        act()
        times.append(1000 * (time.perf_counter() - start))
    return statistics.median(times)
