"""The page of compilations and the API's export: asked for, looked after, fetched by their owner alone."""

from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from core import outbox
from core.models import Job, StoredFile
from tests.api_client import client_of
from tests.caches import empty_cache
from tests.factories import make_comment, make_draft, make_round, make_user

pytestmark = pytest.mark.django_db

FORM = {"kind": "matrix", "format": "csv", "language": "en"}


@pytest.fixture(autouse=True)
def _files(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path
    empty_cache()


@pytest.fixture
def round_() -> Any:
    round = make_round(make_draft(status="published", paragraphs=2), visibility="public")
    make_comment(round, make_user(), provision_key="para_1")
    return round


def page(round: Any) -> str:
    return f"/en/rounds/{round.pk}/compilations/"


class TestPage:
    def test_asked_for_written_and_fetched(self, client, round_):
        client.force_login(make_user("participant"))
        response = client.post(page(round_), FORM, follow=True)
        assert b"You may leave this page" in response.content and b"<progress" in response.content
        outbox.drain()
        part = client.get(page(round_), headers={"HX-Request": "true"})
        assert b"<html" not in part.content and b"<progress" not in part.content
        address = f"/files/{StoredFile.objects.get().uuid}/"
        assert address.encode() in part.content and b"until" in part.content
        response = client.get(address)
        assert response.status_code == 200 and "attachment" in response["Content-Disposition"]
        assert response["Cache-Control"] == "private, no-store"
        assert b"".join(response.streaming_content).startswith(b"\xef\xbb\xbfNo.,")

    def test_the_file_is_its_owners_alone_and_expires(self, client, round_):
        owner = make_user("participant")
        client.force_login(owner)
        client.post(page(round_), FORM)
        outbox.drain()
        address = f"/files/{StoredFile.objects.get().uuid}/"
        for other in (make_user("participant"), make_user("staff"), make_user("admin")):
            client.force_login(other)
            assert client.get(address).status_code == 404
            assert address.encode() not in client.get(page(round_)).content
        client.logout()
        assert client.get(address).status_code == 404
        client.force_login(owner)
        StoredFile.objects.update(expires_at=timezone.now())
        assert client.get(address).status_code == 404
        assert b"It has expired" in client.get(page(round_)).content

    def test_a_form_that_asks_for_what_there_is_not(self, client, round_):
        client.force_login(make_user("participant"))
        for wrong in ({"kind": "other"}, {"format": "doc"}, {"pillar": "9"}, {"language": "de"}):
            assert client.post(page(round_), {**FORM, **wrong}).status_code == 400
        assert not Job.objects.exists()

    def test_who_does_not_read_the_voices_is_told(self, client):
        round = make_round(make_draft(status="published", paragraphs=1), visibility="secretariat")
        client.force_login(make_user("participant"))
        assert client.get(page(round)).status_code == 403
        assert client.post(page(round), FORM).status_code == 403

    def test_so_many_a_minute(self, client, round_):
        client.force_login(make_user("participant"))
        statuses = [client.post(page(round_), FORM).status_code for _n in range(21)]
        assert statuses == [302] * 20 + [429]

    def test_pages_lead_to_it(self, client, round_):
        outbox.drain()
        client.force_login(make_user("staff"))
        for part in ("", "desk/", "figures/"):
            assert page(round_).encode() in client.get(f"/en/rounds/{round_.pk}/{part}").content
        client.logout()
        assert page(round_).encode() not in client.get(f"/en/rounds/{round_.pk}/figures/").content


class TestApi:
    def test_a_job_with_its_result(self, round_, client):
        person = make_user("participant")
        browser, client = client, client_of(person)
        browser.force_login(person)
        asked = {"format": "json", "filters": {"kind": "substantive", "provision": "para_1"}}
        started = client.post(f"/api/v1/rounds/{round_.pk}/export/", asked, format="json")
        assert started.status_code == 202
        job = client.get(f"/api/v1/jobs/{started.data['job']}/").data
        assert (job["state"], job["result"]) == ("queued", None)
        outbox.drain()
        job = client.get(f"/api/v1/jobs/{started.data['job']}/").data
        assert (job["state"], job["done"], job["total"]) == ("done", 1, 1)
        rows = browser.get(job["result"].removeprefix("http://testserver"))
        assert b'"number": 1' in b"".join(rows.streaming_content)
        assert client_of(make_user("staff")).get(f"/api/v1/jobs/{started.data['job']}/").status_code == 404

    def test_a_key_twice_is_one_job(self, round_):
        client = client_of(make_user("participant"))
        headers = {"Idempotency-Key": str(uuid4())}
        path = f"/api/v1/rounds/{round_.pk}/export/"
        first = client.post(path, {"format": "csv"}, format="json", headers=headers)
        outbox.drain()
        again = client.post(path, {"format": "csv"}, format="json", headers=headers)
        assert first.data == again.data and Job.objects.count() == 1

    @pytest.mark.parametrize(
        "asked",
        [
            {},
            {"format": "doc"},
            {"format": "csv", "kind": "x"},
            {"format": "csv", "filters": "x"},
            {"format": "csv", "filters": {"pillar": 9}},
            {"format": "csv", "filters": {"status": "draft"}},
            {"format": "csv", "language": "de"},
        ],
    )
    def test_what_there_is_not(self, round_, asked):
        response = client_of(make_user("staff")).post(
            f"/api/v1/rounds/{round_.pk}/export/", asked, format="json"
        )
        assert response.status_code == 400 and not Job.objects.exists()

    def test_so_many_a_minute(self, round_):
        client = client_of(make_user("participant"))
        path = f"/api/v1/rounds/{round_.pk}/export/"
        statuses = [client.post(path, {"format": "csv"}, format="json").status_code for _n in range(21)]
        assert statuses == [202] * 20 + [429]
