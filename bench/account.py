"""The account of a round and its figures with a hundred thousand comments in it, as everyone reads them."""

import statistics
import time

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Group, Membership, RoleGrant
from bench.consultation import consultation
from bench.table import Measure
from consultations.models import AppliedChange, Comment, Disposition, Round, RoundAudience
from drafts.actions.drafting import begin_draft
from drafts.actions.revising import revise_provision
from drafts.models import Draft, ProvisionText

FEW, MANY = 1_000, 100_000
AT_MOST_MS = 150
REPETITIONS = 40
TAKEN_IN = 30
# Pages of the account, by name; the last two are lists, held to what the desk's are.
PAGES = {
    "account": ("consultations:account", []),
    "dashboard": ("consultations:dashboard", []),
    "account, one pillar's comments": ("consultations:account_comments", ["3"]),
    "account, what changed": ("consultations:account_changes", []),
}
HELD = ("account", "dashboard")


def account() -> list[Measure]:
    """Both rounds are published and followed by a draft into which thirty proposals went."""
    rounds = {n: _given(n) for n in (FEW, MANY)}
    client, measures = Client(), []
    for name, (route, extra) in PAGES.items():
        queries = {}
        for n, round in rounds.items():
            path = reverse(route, args=[round.pk, *extra])
            queries[n], times = _times(client, path)
            p95 = statistics.quantiles(times, n=20)[-1]
            held = name in HELD and n == MANY
            measures.append(
                Measure(
                    f"{name} at {n:,} comments: p95 (median {statistics.median(times):.0f} ms)",
                    f"{p95:.0f} ms",
                    f"at most {AT_MOST_MS} ms" if held else "",
                    not held or p95 <= AT_MOST_MS,
                )
            )
        more = queries[MANY] - queries[FEW]
        what = f"{name}: queries ({queries[MANY]}), growth"
        measures.append(Measure(what, str(more), "0", more == 0))
    return measures


def _times(client: Client, path: str) -> tuple[int, list[float]]:
    def get() -> None:
        response = client.get(path, HTTP_HOST="localhost")
        if response.status_code != 200:
            raise RuntimeError(f"{path} answered {response.status_code}")

    get()  # the comparison of the drafts is worked out once
    with CaptureQueriesContext(connection) as captured:
        get()
    queries = len(captured)  # before the next request forgets them
    times = []
    for _ in range(REPETITIONS):
        start = time.perf_counter()
        get()
        times.append(1000 * (time.perf_counter() - start))
    return queries, times


def _given(comments: int) -> Round:
    """A consultation whose answers are published, with the draft that followed."""
    round = consultation(comments)
    now = timezone.now()
    kind = Round.Kind.STAKEHOLDER
    Round.objects.filter(pk=round.pk).update(answered_at=now, published_at=now, kind=kind)
    round.refresh_from_db()
    if not round.audience.exists():
        _invite(round)
    if not Draft.objects.filter(base=round.draft).exists():
        _next_draft(round)
    return round


def _invite(round: Round) -> None:
    """Everybody who spoke was a member of the group that was asked."""
    group = Group.objects.create(slug=f"bench-{round.pk}", kind=Group.Kind.STAKEHOLDER, name="Bench")
    authors = Comment.objects.filter(round=round).order_by().values_list("author", flat=True).distinct()
    Membership.objects.bulk_create(
        (Membership(group=group, user_id=pk, since=round.opens_at) for pk in authors), batch_size=1_000
    )
    RoundAudience.objects.create(round=round, group=group)


def _next_draft(round: Round) -> None:
    drafter = Disposition.objects.filter(comment__round=round).first().decided_by  # type: ignore[union-attr]
    RoleGrant.objects.get_or_create(user=drafter, role="drafter")
    draft = begin_draft(actor=drafter, base=round.draft, label="The next draft")
    taken = Disposition.objects.filter(
        comment__round=round,
        comment__status=Comment.Status.SUBMITTED,
        comment__provision__isnull=False,
        outcome__in=Disposition.TAKEN_UP,
        published_at__isnull=False,
    ).select_related("comment__provision")
    done: set[str] = set()
    for disposition in taken.order_by("comment__number")[: TAKEN_IN * 20]:
        key = disposition.comment.provision.key  # type: ignore[union-attr]
        if key in done or len(done) == TAKEN_IN:
            continue
        words = ProvisionText.objects.filter(
            provision__draft=draft, provision__key=key, language="en"
        ).first()
        if words is None:
            continue
        done.add(key)
        revision = revise_provision(
            actor=drafter,
            provision=words.provision,
            language="en",
            version=words.version,
            text=f"{words.text} This is made public.",
            reason="",
        )
        AppliedChange.objects.create(disposition=disposition, revision=revision)
    now = timezone.now()
    Draft.objects.filter(pk=round.draft_id).update(status=Draft.Status.SUPERSEDED, superseded_at=now)
    Draft.objects.filter(pk=draft.pk).update(status=Draft.Status.PUBLISHED, published_at=now)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
