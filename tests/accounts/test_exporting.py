"""My data as a file: everything, for me alone, for a week."""

import io
import json
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.actions.erasing import erase_account
from accounts.actions.exporting import start_export
from accounts.models import User
from consultations.actions.discussing import reply_to_comment, take_position
from core import files
from core.models import Job, StoredFile
from core.verdicts import Refusal
from tests.accounts.conftest import agree, settle, signed_in
from tests.factories import make_comment, make_draft, make_round, make_user

pytestmark = pytest.mark.django_db


def content_of(client: Client, stored: StoredFile) -> zipfile.ZipFile:
    answer = client.get(f"/files/{stored.uuid}/")
    assert answer.status_code == 200
    return zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))  # type: ignore[attr-defined]


@pytest.fixture
def person() -> User:
    """Somebody who did a little of everything."""
    person = make_user("expert", name="Ana <b>Núñez</b>", language="es", country_id="MEX")
    agree(person, language="es")
    round = make_round(make_draft(status="published", paragraphs=2))
    make_comment(round, person, body="Submitted words", provision_key="para_1")
    make_comment(round, person, body="Draft words", submit=False)
    theirs = make_comment(round, make_user("expert", name="Somebody Else"), body="Words of another")
    reply_to_comment(author=person, comment=theirs, body="Replied words")
    take_position(user=person, comment=theirs, position="support")
    files.keep(b"plain\n", owner=person, name="notes.txt", purpose="x", allowed={"text/plain"}, max_bytes=99)
    return person


def exported(person: User) -> tuple[Client, StoredFile]:
    client = signed_in(person)
    answer = client.post("/en/account/my-data/export/")
    job = Job.objects.get(owner=person)
    assert answer["Location"] == f"/en/jobs/{job.uuid}/"
    settle()
    job.refresh_from_db()
    assert (job.state, job.message) == ("done", "")
    assert job.file is not None
    return client, job.file


def test_the_file_holds_everything_and_nothing_of_others(person: User) -> None:
    client, stored = exported(person)
    archive = content_of(client, stored)
    assert set(archive.namelist()) == {"my-data.json", "index.html", "portal.css", "files/1-notes.txt"}
    data = json.loads(archive.read("my-data.json"))
    assert data["profile"][0]["name"] == "Ana <b>Núñez</b>"
    assert [row["body"] for row in data["comments"]] == ["Submitted words", "Draft words"]
    assert data["replies"][0]["body"] == "Replied words"
    assert data["positions"][0]["position"]
    assert "secretaría" in data["consents"][0]["text"]
    assert data["roles"] and data["acts"]
    assert archive.read("files/1-notes.txt") == b"plain\n"
    index = archive.read("index.html").decode()
    assert "Submitted words" in index and "Ana &lt;b&gt;Núñez" in index and '<html lang="es"' in index
    whole = "".join(archive.read(name).decode() for name in archive.namelist())
    assert "Words of another" not in whole and "Somebody Else" not in whole


def test_only_its_owner_fetches_it_and_only_for_a_week(person: User) -> None:
    client, stored = exported(person)
    assert stored.expires_at is not None
    assert timedelta(days=6, hours=23) < stored.expires_at - timezone.now() <= timedelta(days=7)
    for other in (Client(), signed_in(make_user("admin", "staff"))):
        assert other.get(f"/files/{stored.uuid}/").status_code == 404
        assert other.get(f"/en/jobs/{Job.objects.get(owner=person).uuid}/").status_code in (302, 404)
    assert stored.name in client.get("/en/account/my-data/").content.decode()
    StoredFile.objects.filter(pk=stored.pk).update(expires_at=timezone.now())
    assert client.get(f"/files/{stored.uuid}/").status_code == 404


def test_asking_twice_is_one_job_and_nobody_asks_for_another(person: User) -> None:
    first, again = (start_export(actor=person, person=person) for _ in range(2))
    assert first.pk == again.pk
    with pytest.raises(Refusal):
        start_export(actor=make_user("admin"), person=person)
    settle()
    assert start_export(actor=person, person=person).pk != first.pk


def test_an_export_holds_no_earlier_export(person: User) -> None:
    exported(person)
    Job.objects.all().delete()
    client, stored = exported(person)
    assert "files/2" not in "".join(content_of(client, stored).namelist())


def test_no_file_is_made_for_an_account_erased_meanwhile(person: User, monkeypatch: Any) -> None:
    from accounts.actions import exporting

    job = start_export(actor=person, person=person)
    kept = exporting._keep

    def meanwhile(*args: Any) -> Any:
        raise AssertionError("a file was made")

    monkeypatch.setattr(exporting, "_keep", meanwhile)
    erase_account(actor=person, person=person)
    settle()
    assert kept is not None and not Job.objects.filter(pk=job.pk, state="done").exists()
    assert not StoredFile.objects.filter(owner=person).exists()


def test_my_data_shows_what_is_kept(person: User) -> None:
    page = signed_in(person).get("/en/account/my-data/").content.decode()
    assert "Ana &lt;b&gt;Núñez" in page and "México" not in page and "Mexico" in page
    assert person.email in page
    assert Client().get("/en/account/my-data/").status_code == 302
