"""The outbox: nothing is lost and nothing is done twice, whatever dies, repeats or comes out of order."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from core import outbox
from core.models import AuditEntry, Outbox, subject_of

Effects = Callable[[], list[str]]


class Killed(BaseException):
    """As a process ends that is told to stop: no handler of exceptions may swallow it."""


@pytest.fixture(autouse=True)
def registry(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Handlers of a test are gone after it."""
    monkeypatch.setattr(outbox, "_handlers", {})
    monkeypatch.setattr(outbox, "_publish_again_at", 0.0)
    yield


def note(subject: str, action: str = "tested") -> None:
    """An effect in the database that shows how often it came about."""
    AuditEntry.objects.create(action=action, subject=subject)


def effects(action: str = "tested") -> list[str]:
    return list(AuditEntry.objects.filter(action=action).order_by("id").values_list("subject", flat=True))


def recorded(person: Any, event: str = "person.met") -> Outbox:
    with transaction.atomic():
        outbox.record(event, person)
    return Outbox.objects.latest("id")


def make_due() -> None:
    """Let every wait and every lease run out."""
    past = timezone.now() - timedelta(minutes=1)
    Outbox.objects.filter(done_at=None).update(available_at=past)
    Outbox.objects.filter(done_at=None, lease_until__isnull=False).update(lease_until=past)


def test_one_row_for_each_handler_of_the_event(person: Any) -> None:
    outbox.handler("person.met", name="one")(note)
    outbox.handler("person.met", name="two")(note)
    outbox.handler("person.left", name="three")(note)
    recorded(person)
    rows = Outbox.objects.values_list("handler", "subject")
    assert sorted(rows) == [("one", subject_of(person)), ("two", subject_of(person))]
    assert outbox.drain() == 2
    assert effects() == [subject_of(person)] * 2


def test_two_handlers_cannot_share_a_name() -> None:
    outbox.handler("person.met", name="one")(note)
    with pytest.raises(ValueError, match="one"):
        outbox.handler("person.met", name="one")(lambda subject: None)


@pytest.mark.django_db(transaction=True)
def test_recording_outside_a_transaction_is_refused(person: Any) -> None:
    outbox.handler("person.met", name="one")(note)
    with pytest.raises(RuntimeError, match="person.met"):
        outbox.record("person.met", person)


@pytest.mark.django_db(transaction=True)
def test_an_event_that_is_rolled_back_never_happened(person: Any) -> None:
    outbox.handler("person.met", name="one")(note)
    with pytest.raises(LookupError), transaction.atomic():
        outbox.record("person.met", person)
        raise LookupError
    assert outbox.drain() == 0
    assert effects() == []


def test_delivered_once_however_often_it_is_asked_for(person: Any) -> None:
    outbox.handler("person.met", name="one")(note)
    row = recorded(person)
    assert [outbox.deliver(row.pk) for _ in range(3)] == [True, False, False]
    assert effects() == [subject_of(person)]


@pytest.mark.django_db(transaction=True)
def test_what_a_failed_handler_wrote_is_taken_back_and_tried_again_later(person: Any) -> None:
    broken = [True]

    @outbox.handler("person.met", name="one")
    def sometimes(subject: str) -> None:
        note(subject)
        if broken:
            raise ConnectionError("no answer")

    row = recorded(person)
    waits = []
    for _ in range(3):
        make_due()
        assert outbox.deliver(row.pk) is False
        row.refresh_from_db()
        waits.append((row.available_at - timezone.now()).total_seconds())
    assert effects() == []
    assert row.last_error == "ConnectionError: no answer"
    assert row.lease_until is None
    assert [round(wait) for wait in waits] == [2, 4, 8]
    assert outbox.deliver(row.pk) is False, "not before its time"
    broken.clear()
    make_due()
    assert outbox.drain() == 1
    assert effects() == [subject_of(person)]
    assert outbox.pending().waiting == 0


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("when", ["before", "after"])
def test_killed_inside_the_handler_it_is_done_once_by_the_next(person: Any, when: str) -> None:
    alive = []

    @outbox.handler("person.met", name="one")
    def deadly(subject: str) -> None:
        if when == "after":
            note(subject)
        if not alive:
            raise Killed
        if when == "before":
            note(subject)

    row = recorded(person)
    with pytest.raises(Killed):
        outbox.deliver(row.pk)
    assert effects() == []
    alive.append(True)
    assert outbox.drain() == 1
    assert effects() == [subject_of(person)]


@pytest.mark.django_db(transaction=True)
def test_killed_between_claim_and_run_the_sweep_takes_it_up_when_the_lease_is_over(person: Any) -> None:
    outbox.handler("person.met", name="one")(note)
    row = recorded(person)
    assert outbox._claim(row.pk) is not None  # and then the process is gone
    assert outbox.drain() == 0, "the lease holds"
    make_due()
    assert outbox.sweep() == 1
    assert effects() == [subject_of(person)]


@pytest.mark.django_db(transaction=True)
def test_killed_between_commit_and_publishing_the_sweep_delivers(person: Any) -> None:
    outbox.handler("person.met", name="one")(note)
    recorded(person)
    assert outbox.sweep() == 0, "what was published just now is left to the workers"
    make_due()
    assert outbox.sweep() == 1
    assert effects() == [subject_of(person)]


@pytest.mark.django_db(transaction=True)
def test_a_worker_whose_lease_was_taken_over_is_rolled_back(person: Any) -> None:
    first_time = [True]

    @outbox.handler("person.met", name="one")
    def slow(subject: str) -> None:
        note(subject)
        if first_time:
            first_time.clear()
            # The lease runs out and another worker claims the row, here before this one commits.
            Outbox.objects.update(attempts=2)

    row = recorded(person)
    assert outbox.deliver(row.pk) is False
    assert effects() == []
    make_due()
    assert outbox.deliver(row.pk) is True
    assert effects() == [subject_of(person)]


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_deliver_each_row_once(person: Any, stranger: Any, together: Any) -> None:
    outbox.handler("person.met", name="one")(note)
    for _ in range(10):
        recorded(person)
        recorded(stranger)
    delivered = together(outbox.drain, 4)
    assert sum(delivered) == 20
    assert len(effects()) == 20
    assert outbox.pending() == outbox.Pending(waiting=0, failed=0, oldest=None)


def test_rows_delivered_out_of_order_all_arrive(person: Any, stranger: Any) -> None:
    outbox.handler("person.met", name="one")(note)
    rows = [recorded(person), recorded(stranger), recorded(person)]
    for row in reversed(rows):
        assert outbox.deliver(row.pk)
    assert effects() == [subject_of(person), subject_of(stranger), subject_of(person)]


def test_draining_goes_oldest_first_and_on_to_what_it_gives_rise_to(person: Any, stranger: Any) -> None:
    @outbox.handler("person.met", name="one")
    def first(subject: str) -> None:
        note(subject)
        outbox.record("person.greeted", person)

    outbox.handler("person.greeted", name="two")(lambda subject: note(subject, "greeted"))
    recorded(stranger)
    recorded(person)
    assert outbox.drain() == 4
    assert effects() == [subject_of(stranger), subject_of(person)]
    assert len(effects("greeted")) == 2


def test_one_row_that_always_fails_does_not_hold_up_the_others(person: Any, stranger: Any) -> None:
    @outbox.handler("person.met", name="one")
    def picky(subject: str) -> None:
        if subject == subject_of(person):
            raise ValueError("not this one")
        note(subject)

    recorded(person)
    recorded(stranger)
    assert outbox.drain() == 1
    assert effects() == [subject_of(stranger)]
    assert (outbox.pending().waiting, outbox.pending().failed) == (1, 1)


def test_a_row_for_the_future_waits(person: Any) -> None:
    outbox.handler("person.met", name="one")(note)
    outbox.record("person.met", person, available_at=timezone.now() + timedelta(hours=1))
    assert outbox.drain() == 0
    make_due()
    assert outbox.drain() == 1


def test_later_is_no_failure(person: Any) -> None:
    @outbox.handler("person.met", name="one")
    def not_yet(subject: str) -> None:
        raise outbox.Later(90)

    row = recorded(person)
    assert outbox.deliver(row.pk) is False
    row.refresh_from_db()
    assert (row.last_error, row.attempts, row.lease_until) == ("", 0, None)
    assert 80 < (row.available_at - timezone.now()).total_seconds() <= 90


def test_a_row_whose_handler_is_gone_stays_and_says_so(person: Any) -> None:
    Outbox.objects.create(event="person.met", subject=subject_of(person), handler="removed")
    assert outbox.drain() == 0
    assert "removed" in Outbox.objects.get().last_error


def test_slow_handlers_can_be_drained_apart(person: Any) -> None:
    outbox.handler("person.met", name="quick")(note)
    outbox.handler("person.met", name="slow", slow=True)(lambda subject: note(subject, "slow"))
    recorded(person)
    assert outbox.drain(slow=False) == 1
    assert (len(effects()), len(effects("slow"))) == (1, 0)
    assert outbox.drain(slow=True) == 1
    assert (len(effects()), len(effects("slow"))) == (1, 1)


def test_pruning_removes_what_was_delivered_long_ago_and_nothing_else(person: Any) -> None:
    outbox.handler("person.met", name="one")(note)
    old, new, waiting = recorded(person), recorded(person), recorded(person)
    long_ago = timezone.now() - timedelta(days=31)
    Outbox.objects.filter(pk=old.pk).update(done_at=long_ago)
    Outbox.objects.filter(pk=new.pk).update(done_at=timezone.now())
    Outbox.objects.filter(pk=waiting.pk).update(available_at=long_ago)
    assert outbox.prune() == 1
    assert set(Outbox.objects.values_list("pk", flat=True)) == {new.pk, waiting.pk}


@pytest.mark.django_db(transaction=True)
class TestPublishing:
    def test_ids_go_out_after_the_commit_and_not_before(
        self, person: Any, settings: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        settings.REDIS_URL = "redis://broker.invalid/0"
        sent: list[Any] = []
        monkeypatch.setattr(outbox, "_send", sent.append)
        outbox.handler("person.met", name="one")(note)
        with transaction.atomic():
            outbox.record("person.met", person)
            assert sent == []
        assert sent == [Outbox.objects.get().pk]

    def test_without_a_broker_nothing_is_published(
        self, person: Any, settings: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        settings.REDIS_URL = ""
        monkeypatch.setattr(outbox, "_send", lambda outbox_id: pytest.fail("published"))
        outbox.handler("person.met", name="one")(note)
        recorded(person)
        assert outbox.pending().waiting == 1

    def test_after_a_failure_it_is_left_alone_for_a_while(
        self, person: Any, settings: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        settings.REDIS_URL = "redis://broker.invalid/0"
        tries: list[Any] = []

        def away(outbox_id: int) -> None:
            tries.append(outbox_id)
            raise ConnectionError("away")

        monkeypatch.setattr(outbox, "_send", away)
        outbox.handler("person.met", name="one")(note)
        for _ in range(3):
            recorded(person)  # what the person does succeeds
        assert len(tries) == 1
        assert outbox.publishing_suspended()
        monkeypatch.setattr(outbox, "_publish_again_at", 0.0)
        recorded(person)
        assert len(tries) == 2


SILENT_BROKER = """
import os, socket, time
listener = socket.socket()
listener.bind(("127.0.0.1", 0))
listener.listen(5)  # takes connections and never answers
os.environ["REDIS_URL"] = f"redis://127.0.0.1:{listener.getsockname()[1]}/0"
import django
django.setup()
from core import outbox
began = time.monotonic()
assert outbox.publish([1]) is False
assert outbox.publish([2]) is False
print(time.monotonic() - began)
os._exit(0)
"""


def test_a_broker_that_does_not_answer_costs_a_request_little_time() -> None:
    result = subprocess.run(
        [sys.executable, "-c", SILENT_BROKER],
        cwd=settings.BASE_DIR,
        env={"DJANGO_SETTINGS_MODULE": "guidelines_portal.settings.testing", "PYTHONUNBUFFERED": "1"},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert float(result.stdout.split()[-1]) < 4
