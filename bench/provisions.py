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
KEY = "bench__of_its_own"


def provisions() -> list[Measure]:
    """One provision with as many voices in either round, all provisions, and the figures of progress."""
    staff, _made = User.objects.get_or_create(email="bench-desk@example.org", defaults={"name": "Staff"})
    RoleGrant.objects.get_or_create(user=staff, role="staff")
    client = Client()
    client.force_login(staff)
    took, queries = {}, {}
    for number in (FEW, MANY):
        round = consultation(number)
        _voices_of_its_own(round)
        path = reverse("consultations:desk_provision", args=[round.pk, KEY])
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


def _voices_of_its_own(round: Round) -> None:
    """A provision on which as many have spoken in a small round as in a large one: comments of others, moved there."""
    last = Provision.objects.filter(draft=round.draft).order_by("-position").first()
    assert last is not None
    place, made = Provision.objects.get_or_create(
        draft=round.draft,
        key=KEY,
        defaults={"kind": "paragraph", "position": last.position + 1, "number": "0"},
    )
    if not made:
        return
    others = Comment.objects.filter(round=round).order_by("number").values_list("pk", flat=True)
    moved = list(others[100 : 100 + ON_ONE])
    Comment.objects.filter(pk__in=moved).update(provision=place)
    for pk in moved:
        tally_comment(comment_id=pk)


def _page(client: Client, path: str) -> tuple[float, int]:
    """Median milliseconds, and queries."""

    def get() -> None:
        response = client.get(path, HTTP_HOST="localhost")
        if response.status_code != 200:
            raise RuntimeError(f"{path} answered {response.status_code}")

    get()
    with CaptureQueriesContext(connection) as captured:
        get()
    return _median(get), len(captured)


def _median(act: Callable[[], None]) -> float:
    times = []
    for _ in range(REPETITIONS):
        start = time.perf_counter()
        act()
        times.append(1000 * (time.perf_counter() - start))
    return statistics.median(times)
