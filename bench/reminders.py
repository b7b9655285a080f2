"""Finding and queueing reminders of a round that closes: 10,000 and 100,000 people, with the memory it takes."""

import json
import os
import resource
import subprocess
import sys
import time
from datetime import timedelta

from django.conf import settings
from django.db import connection
from django.utils import timezone

from accounts.models import Group, Membership, User
from bench.scratch import make_draft
from bench.table import Measure
from consultations.models import Round, RoundAudience, RoundCounter
from core.models import Message, Notice, Outbox
from roadmap.models import ReminderPreference

FEW, MANY = 10_000, 100_000
SECONDS, GROWTH = 60.0, 13.0
MEMORY_GROWTH = 1.1


def reminders() -> list[Measure]:
    """Due, queued, and asked for again when all are queued; every tenth person has a daily mail."""
    few, many = _measured(FEW), _measured(MANY)
    ratio = many.work / few.work
    return [
        Measure(f"reminders: {FEW:,} found and queued", f"{few.queued:.1f} s"),
        Measure(
            f"reminders: {MANY:,} found and queued",
            f"{many.queued:.1f} s",
            f"at most {SECONDS:.0f} s",
            many.queued <= SECONDS,
        ),
        Measure("reminders: CPU of the process for it", f"{few.work:.1f}, {many.work:.1f} s"),
        Measure(
            "reminders: CPU, ten times as many", f"{ratio:.1f} x", f"at most {GROWTH:g} x", ratio <= GROWTH
        ),
        Measure(f"reminders: {MANY:,} found queued already", f"{many.again:.1f} s"),
        Measure(f"reminders: the process held at most, {FEW:,}", f"{few.memory:.0f} MB"),
        Measure(
            f"reminders: the process held at most, {MANY:,}",
            f"{many.memory:.0f} MB",
            f"at most {MEMORY_GROWTH:g} x",
            many.memory <= MEMORY_GROWTH * few.memory,
        ),
    ]


class _measured:
    """Seconds to queue (and of CPU of the process that does it), seconds to find all queued, and its peak memory.

    The command itself does it, in a process of its own: what it holds at most is what the kernel says of it.
    """

    def __init__(self, count: int) -> None:
        round = _round_of(count)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        self.queued = _command({"due": count, "sent": count, "already_sent": 0})
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        self.work = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        self.again = _command({"due": count, "sent": 0, "already_sent": count})
        # Of all processes so far: a later one that takes more shows.
        self.memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1000
        if Notice.objects.count() != count or Message.objects.count() != count:
            raise RuntimeError("a reminder is missing or doubled")
        for model in (Notice, Message, Outbox):
            model.objects.all()._raw_delete("default")
        Round.objects.filter(pk=round.pk).update(closed_at=timezone.now())


def _command(expected: dict[str, int]) -> float:
    """Seconds that ``send_reminders`` takes, start of the process included."""
    url = os.environ["DATABASE_URL"].rpartition("/")[0] + "/" + connection.settings_dict["NAME"]
    start = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "manage.py", "send_reminders"],
        env={**os.environ, "DATABASE_URL": url},
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=True,
    )
    took = time.perf_counter() - start
    if json.loads(done.stdout) != expected:
        raise RuntimeError(f"{done.stdout} instead of {expected}")
    return took


def _round_of(count: int) -> Round:
    """A round that closes in five days, of a group with ``count`` members who have said nothing."""
    now = timezone.now()
    group = Group.objects.create(slug=f"bench-{count}", kind=Group.Kind.STAKEHOLDER, name=f"{count}")
    for start in range(0, count, 5000):
        people = User.objects.bulk_create(
            User(email=f"p{n}.{count}@example.org", name=f"P {n}", password="!", time_zone="Asia/Tokyo")
            for n in range(start, start + 5000)
        )
        Membership.objects.bulk_create(Membership(group=group, user=person) for person in people)
        ReminderPreference.objects.bulk_create(
            ReminderPreference(user=person, gathered=True, hour=8) for person in people[::10]
        )
    round = Round.objects.create(
        draft=make_draft(f"bench-{count}"),
        kind=Round.Kind.STAKEHOLDER,
        title="Bench",
        opens_at=now - timedelta(days=20),
        closes_at=now + timedelta(days=5),
    )
    RoundCounter.objects.create(round=round)
    RoundAudience.objects.create(round=round, group=group)
    return round
