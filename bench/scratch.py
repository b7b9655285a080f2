"""A database of the benchmark's own, and the rows it measures on."""

import io
import random
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from datetime import timedelta

from django.db import connection
from django.test.utils import setup_test_environment, teardown_test_environment
from django.utils import timezone

from accounts.models import RoleGrant, User
from consultations.actions.tallying import recount_round
from consultations.models import Answer, Comment, Disposition, Position, Reply, Round, RoundCounter
from drafts.models import Draft, Guidelines, Provision, ProvisionText, Revision

PILLARS, PROVISIONS_PER_PILLAR = 8, 60
CROWDED = "para_61"


@contextmanager
def scratch_database() -> Iterator[None]:
    """Create a fresh database beside the one of DATABASE_URL; it is dropped at the end."""
    setup_test_environment()
    name = connection.settings_dict["NAME"]
    connection.settings_dict.setdefault("TEST", {})["NAME"] = f"bench_{name}"
    with redirect_stdout(io.StringIO()):  # it speaks of the cache's table at any verbosity
        connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        yield
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)
        teardown_test_environment()


def make_people(count: int) -> list[User]:
    people = User.objects.bulk_create(
        User(email=f"person{i}@example.org", name=f"Person {i}", password="!") for i in range(count)
    )
    RoleGrant.objects.bulk_create(RoleGrant(user=person, role="participant") for person in people)
    return people


def make_draft(slug: str) -> Draft:
    """A published-looking draft of 480 provisions: eight pillars of sixty."""
    guidelines = Guidelines.objects.create(slug=slug, title=slug)
    draft = Draft.objects.create(guidelines=guidelines, number=1, label="Draft", source_language="en")
    rows, position, paragraph = [], 0, 0
    for pillar in range(1, PILLARS + 1):
        for i in range(PROVISIONS_PER_PILLAR):
            position += 1
            kind, key, number = "pillar", f"pillar_{pillar}", str(pillar)
            if i:
                paragraph += 1
                kind, key, number = "paragraph", f"para_{paragraph}", str(paragraph)
            rows.append(
                Provision(draft=draft, key=key, kind=kind, pillar=pillar, position=position, number=number)
            )
    provisions = Provision.objects.bulk_create(rows)
    words = "Local and regional governments are encouraged to use digital technology for people. " * 3
    texts = ProvisionText.objects.bulk_create(
        ProvisionText(
            provision=row, language="en", heading=row.key if row.kind == "pillar" else "", text=words
        )
        for row in provisions
    )
    Revision.objects.bulk_create(Revision(provision_text=t, version=1, content=t.content) for t in texts)
    Draft.objects.filter(pk=draft.pk).update(status="published", published_at=timezone.now())
    draft.refresh_from_db()
    return draft


def make_round(draft: Draft) -> Round:
    now = timezone.now()
    round = Round.objects.create(
        draft=draft,
        kind=Round.Kind.OPEN,
        title="Bench",
        opens_at=now - timedelta(days=1),
        closes_at=now + timedelta(days=1),
    )
    RoundCounter.objects.create(round=round)
    return round


def fill_round(round: Round, people: list[User], count: int) -> None:
    """``count`` submitted comments over the provisions; every tenth with reply, positions and answer.

    The first thirty are on one provision, whose list then fills a page however many comments there are.
    """
    chance = random.Random(7)
    provisions = list(Provision.objects.filter(draft=round.draft).order_by("position"))
    crowded = next(provision for provision in provisions if provision.key == CROWDED)
    now = timezone.now()
    for start in range(0, count, 5000):
        comments = Comment.objects.bulk_create(
            Comment(
                round=round,
                provision=crowded if n < 30 else provisions[n % len(provisions)],
                author=chance.choice(people),
                number=n + 1,
                status="submitted",
                body="This should say who is responsible, and by when.",
                proposed_text="Better words." if n % 3 == 0 else "",
                language="en",
                region=chance.choice(["africa", "asia_pacific", "eastern_europe"]),
                stakeholder_group="individual",
                author_name="Person",
                submitted_at=now,
                receipt="0" * 64,
                search_tokens=" this should say",
            )
            for n in range(start, min(start + 5000, count))
        )
        discussed = comments[::10]
        Reply.objects.bulk_create(
            Reply(comment=c, author=chance.choice(people), author_name="P", body="I agree.", language="en")
            for c in discussed
        )
        Position.objects.bulk_create(
            Position(comment=c, user=person, position="support") for c in discussed for person in people[:3]
        )
        answers = Answer.objects.bulk_create(Answer(responses={"en": "Thank you."}) for _ in discussed)
        Disposition.objects.bulk_create(
            Disposition(comment=c, answer=a, outcome="noted", decided_by=people[0], published_at=now)
            for c, a in zip(discussed, answers, strict=True)
        )
    RoundCounter.objects.filter(round=round).update(last=count)
    recount_round(round_id=round.pk)
