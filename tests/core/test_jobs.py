"""Jobs: progress to be seen while the work runs, a result for the owner, and no work lost with its worker."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import OperationalError, connection, transaction
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient

from core import files, jobs, outbox
from core.models import Job, Outbox, StoredFile


class Killed(BaseException):
    """The worker ends."""


@pytest.fixture(autouse=True)
def registry(monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Any) -> None:
    monkeypatch.setattr(jobs, "_kinds", {})
    monkeypatch.setattr(jobs, "WRITE_EVERY", 0)
    settings.MEDIA_ROOT = tmp_path


def export(job: Job, progress: jobs.Progress) -> StoredFile:
    progress.set_total(3)
    for _ in range(3):
        progress.advance()
    return files.keep(
        b"number,body\n1,x\n",
        owner=job.owner,
        name="comments.csv",
        purpose="export",
        allowed={"text/csv"},
        max_bytes=1000,
    )


def started(owner: Any, work: Any = export, **params: Any) -> Job:
    jobs._kinds.clear()
    jobs.kind("export", label="Export")(work)
    return jobs.start("export", owner, params)


def let_time_pass() -> None:
    past = timezone.now() - timedelta(minutes=10)
    Outbox.objects.filter(done_at=None).update(available_at=past)
    Outbox.objects.filter(done_at=None, lease_until__isnull=False).update(lease_until=past)
    Job.objects.filter(state=Job.State.RUNNING).update(heartbeat_at=past)


def test_a_job_ends_with_its_file(person: Any) -> None:
    job = started(person)
    assert job.state == "queued"
    assert outbox.drain() == 1
    job.refresh_from_db()
    assert (job.state, job.done, job.total) == ("done", 3, 3)
    assert job.file and files.open_file(job.file).read() == b"number,body\n1,x\n"


def test_an_unknown_kind_is_not_queued(person: Any) -> None:
    with pytest.raises(KeyError):
        jobs.start("unheard", person, {})
    assert Job.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_progress_is_visible_to_others_while_the_work_runs(person: Any) -> None:
    seen: list[tuple[str, int, int]] = []

    def look() -> None:
        job = Job.objects.get()
        seen.append((job.state, job.done, job.total))
        connection.close()

    def work(job: Job, progress: jobs.Progress) -> None:
        progress.set_total(5)
        for _ in range(2):
            progress.advance(2)
            onlooker = threading.Thread(target=look)
            onlooker.start()
            onlooker.join()

    started(person, work)
    outbox.drain()
    assert seen == [("running", 2, 5), ("running", 4, 5)]


@pytest.mark.django_db(transaction=True)
def test_progress_inside_the_works_own_transaction_is_refused(person: Any) -> None:
    """It would be seen by nobody before the end."""

    def work(job: Job, progress: jobs.Progress) -> None:
        with transaction.atomic():
            progress.advance()

    job = started(person, work)
    outbox.drain()
    job.refresh_from_db()
    assert job.state == "failed"


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (jobs.JobFailed("The round has no comments."), "The round has no comments."),
        (ValidationError("Too large."), "Too large."),
        (ZeroDivisionError("secret path /srv/x"), "Something went wrong. Please try again."),
    ],
)
def test_a_failure_tells_its_owner_why(person: Any, error: Exception, message: str) -> None:
    def work(job: Job, progress: jobs.Progress) -> None:
        raise error

    job = started(person, work)
    assert outbox.drain() == 1
    job.refresh_from_db()
    assert (job.state, job.message) == ("failed", message)
    assert outbox.pending().waiting == 0


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("error", [Killed(), OperationalError("the database is away")])
def test_a_worker_that_stops_leaves_the_job_to_the_next(person: Any, error: BaseException) -> None:
    runs: list[int] = []

    def work(job: Job, progress: jobs.Progress) -> StoredFile:
        runs.append(job.attempts)
        if len(runs) == 1:
            progress.set_total(9)
            progress.advance(4)
            raise error
        return export(job, progress)

    job = started(person, work)
    try:
        outbox.drain()
    except Killed:
        pass
    job.refresh_from_db()
    assert job.state == "queued"
    let_time_pass()
    assert outbox.drain() == 1
    job.refresh_from_db()
    assert (job.state, job.done, job.total, runs) == ("done", 3, 3, [1, 2])


@pytest.mark.django_db(transaction=True)
def test_after_kill_9_the_job_is_taken_up_when_its_heartbeat_is_stale(person: Any) -> None:
    job = started(person)
    row = Outbox.objects.get()
    outbox._claim(row.pk)
    jobs._take_up(job.pk)  # and nothing more is heard of that worker
    Outbox.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert outbox.drain() == 0, "it may be alive"
    row.refresh_from_db()
    assert row.last_error == ""
    let_time_pass()
    assert outbox.drain() == 1
    job.refresh_from_db()
    assert (job.state, job.attempts) == ("done", 2)


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_was_taken_for_dead_changes_nothing_any_more(person: Any) -> None:
    outcome: list[str] = []

    def work(job: Job, progress: jobs.Progress) -> None:
        if not outcome:
            outcome.append("first")
            let_time_pass()
            jobs.run_job(f"core.job:{job.pk}")  # another worker does it all meanwhile
            progress.advance(1)
            outcome.append("went on")

    job = started(person, work)
    outbox.drain()
    job.refresh_from_db()
    assert (job.state, outcome) == ("done", ["first"])


@pytest.mark.django_db(transaction=True)
def test_a_job_that_keeps_killing_its_worker_is_given_up(person: Any) -> None:
    def work(job: Job, progress: jobs.Progress) -> None:
        raise Killed

    job = started(person, work)
    for _ in range(jobs.ATTEMPTS):
        with pytest.raises(Killed):
            outbox.drain()
        let_time_pass()
    outbox.drain()
    job.refresh_from_db()
    assert (job.state, job.message) == ("failed", "The work was interrupted too often.")


@pytest.mark.django_db(transaction=True)
def test_the_heart_beats_while_one_step_takes_long(person: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "HEARTBEAT", 0.05)
    beats = []

    def work(job: Job, progress: jobs.Progress) -> None:
        for _ in range(100):
            threading.Event().wait(0.05)
            beats.append(Job.objects.get().heartbeat_at)
            if len(set(beats)) > 2:
                return

    started(person, work)
    outbox.drain()
    assert len(set(beats)) > 2


class TestApi:
    def test_the_owner_follows_it_to_the_file(self, person: Any) -> None:
        client = APIClient()
        client.force_authenticate(person)
        job = started(person)
        answer = client.get(f"/api/v1/jobs/{job.uuid}/").json()
        assert (answer["id"], answer["state"], answer["result"]) == (str(job.uuid), "queued", None)
        outbox.drain()
        answer = client.get(f"/api/v1/jobs/{job.uuid}/").json()
        assert (answer["state"], answer["done"], answer["total"]) == ("done", 3, 3)
        browser = Client()
        browser.force_login(person)
        assert b"".join(browser.get(answer["result"]).streaming_content).startswith(b"number")

    def test_for_others_it_is_not_there(self, person: Any, stranger: Any) -> None:
        job = started(person)
        client = APIClient()
        assert client.get(f"/api/v1/jobs/{job.uuid}/").status_code == 401
        client.force_authenticate(stranger)
        assert client.get(f"/api/v1/jobs/{job.uuid}/").status_code == 404
        assert client.get("/api/v1/jobs/nonsense/").status_code == 404


class TestPage:
    def test_shows_progress_that_updates_itself_until_it_is_done(self, person: Any, client: Client) -> None:
        client.force_login(person)
        job = started(person)
        Job.objects.update(done=40, total=100)
        running = client.get(f"/en/jobs/{job.uuid}/").content.decode()
        assert '<progress id="job-progress" max="100" value="40">' in running
        assert 'data-hx-trigger="every 1s"' in running
        outbox.drain()
        job.refresh_from_db()
        answer = client.get(f"/en/jobs/{job.uuid}/", headers={"HX-Request": "true"})
        part = answer.content.decode()
        assert answer.status_code == 286  # by which htmx knows that it need not ask again
        assert "<html" not in part and "data-hx-get" not in part
        assert 'id="job-state" data-hx-swap-oob' in part
        assert job.file and f"/files/{job.file.uuid}/" in part

    def test_others_do_not_find_it(self, person: Any, stranger: Any, client: Client) -> None:
        job = started(person)
        assert client.get(f"/en/jobs/{job.uuid}/").status_code == 302
        client.force_login(stranger)
        assert client.get(f"/en/jobs/{job.uuid}/").status_code == 404
