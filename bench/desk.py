"""The secretariat's desk at 1,000 and at 100,000 comments: the list, its filters, orders and search, and shares."""

import math
import time
from urllib.parse import quote
from uuid import uuid4

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import RoleGrant, User
from bench.consultation import consultation
from bench.table import Measure, at_most
from consultations.actions.assigning import assign_comments
from consultations.actions.tagging import tag_comments
from consultations.models import Comment, Round, Tag

FEW, MANY = 1_000, 100_000
MOST, HEAVIEST, REPETITIONS = 1_000, 150_000, 12
QUERIES = 40  # what the comment that is shown has beside it (a proposal, evidence, an answer) makes some more or less
# Words of each language that some comments hold, some beginnings of words, one that none holds, and a number.
WORDS = (
    "municipalities",
    "respons",
    "responsable",
    "petites communes",
    "المسؤولة",
    "资助",
    "Малые",
    "xyzzy",
    "#777",
)
FILTERS = (
    *("pillar=3", "provision=pillar_2", "kind=editorial", "answer=none", "answer=accepted", "published=no"),
    *("spoken=ar", "region=africa", "group=academia", "country=KEN", "proposal=yes", "assigned=nobody"),
    "kind=technical&spoken=fr&answer=none&sort=support",
)
ORDERS = ("newest", "place", "support", "oppose", "waiting")


def desk() -> list[Measure]:
    """p95 of whole pages, the worst of each group, and the queries of the one that asks most."""
    staff = User.objects.create_user(email=f"desk-{uuid4()}@example.org", name="Staff")
    RoleGrant.objects.create(user=staff, role="staff")
    client = Client()
    client.force_login(staff)
    measures, queries = [], {}
    for count in (FEW, MANY):
        round = consultation(count)
        tag = _shared_out(round, staff)
        groups = {
            "list": ["", "page=2", f"page={count // 50}"],
            "one filter": [*FILTERS, f"tag={tag.pk}"],
            "order": [f"sort={order}" for order in ORDERS],
            "search": [f"search={quote(word)}" for word in WORDS],
            "assigned": ["assigned=me", "assigned=me&answer=none"],
        }
        path = reverse("consultations:desk", args=[round.pk])
        for name, asked in groups.items():
            measures.append(_group(f"desk, {count:,} comments: {name}", client, path, asked))
        people = reverse("consultations:desk_people", args=[round.pk])
        measures.append(_group(f"desk, {count:,} comments: who answers", client, people, [""]))
        queries[count] = [_queries(client, f"{path}?{asked}") for asked in sum(groups.values(), [])]
        weight = len(client.get(path, HTTP_HOST="localhost").content)
        measures.append(
            Measure(
                f"desk, {count:,} comments: HTML",
                f"{weight:,} B",
                f"at most {HEAVIEST:,}",
                weight <= HEAVIEST,
            )
        )
    for count, asked in queries.items():
        most = max(asked)
        told = f"at most {QUERIES}"
        measures.append(
            Measure(f"desk, {count:,} comments: queries, at most", str(most), told, most <= QUERIES)
        )
    return measures


def _shared_out(round: Round, staff: User) -> Tag:
    """A tenth of the comments are given to the reader, and tagged."""
    keys = list(Comment.objects.filter(round=round, number__gt=0).order_by("pk").values_list("pk", flat=True))
    assign_comments(actor=staff, round=round, comments=keys[::10], person=staff, act=uuid4())
    tag_comments(actor=staff, round=round, comments=keys[::10], add=["housing"])
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return Tag.objects.get(round=round)


def _group(name: str, client: Client, path: str, asked: list[str]) -> Measure:
    """The worst of what 95 of 100 requests need at most, each address by itself."""
    return at_most(f"{name}, p95", max(_p95(client, f"{path}?{query}") for query in asked), MOST)


def _p95(client: Client, address: str) -> float:
    _get(client, address)
    took = []
    for _ in range(REPETITIONS):
        start = time.perf_counter()
        _get(client, address)
        took.append(1000 * (time.perf_counter() - start))
    return sorted(took)[math.ceil(0.95 * len(took)) - 1]


def _queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        _get(client, address)
        return len(captured)


def _get(client: Client, address: str) -> None:
    response = client.get(address, HTTP_HOST="localhost")
    if response.status_code != 200:
        raise RuntimeError(f"{address} answered {response.status_code}")
