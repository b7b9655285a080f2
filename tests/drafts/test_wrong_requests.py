"""What a drafter's browser may send wrongly is answered, and what it keeps is kept on every database."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client

from drafts.models import Draft, Provision, ProvisionText, WorkInProgress
from tests.factories import make_draft, make_user

NUL = "\x00"


def at(draft: Draft, rest: str) -> str:
    return f"/en/drafting/{draft.guidelines.slug}/{draft.number}/{rest}"


@pytest.fixture
def locks(monkeypatch: pytest.MonkeyPatch) -> None:
    """SQLite asks for rows to be locked where PostgreSQL would: only within a transaction."""
    if connection.vendor == "sqlite":
        for name in ("has_select_for_update", "has_select_for_no_key_update"):
            monkeypatch.setattr(connection.features, name, True)
        monkeypatch.setattr(connection.ops, "for_update_sql", lambda **asked: "")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("page", ["edit/para_1/work/", "translate/fr/para_1/work/"])
def test_what_is_being_written_is_kept_where_rows_are_locked(client: Client, locks: None, page: str) -> None:
    draft, drafter = make_draft(paragraphs=1), make_user("drafter")
    client.force_login(drafter)
    sent = {"text": "Half a sent", "heading": "", "version": int("edit" in page), "source_version": 1}
    assert client.post(at(draft, page), sent).status_code == 200
    assert WorkInProgress.objects.get(user=drafter).content["text"] == "Half a sent"


@pytest.mark.django_db
class TestWrongRequests:
    @pytest.fixture
    def draft(self) -> Draft:
        return make_draft(paragraphs=2)

    @pytest.fixture
    def browser(self, client: Client) -> Client:
        client.force_login(make_user("drafter"))
        return client

    @pytest.mark.parametrize("asked", ["9" * 5000, "9" * 30, "٣", NUL, ""])
    def test_a_revision_that_never_was(self, draft: Draft, browser: Client, asked: str) -> None:
        answer = browser.post(at(draft, "edit/para_1/restore/"), {"revision": asked, "version": 1})
        assert answer.status_code == 404

    @pytest.mark.parametrize("sent", [NUL, "x" * 2001])
    def test_a_reason_that_cannot_be_kept_is_told(self, draft: Draft, browser: Client, sent: str) -> None:
        said: dict[str, Any] = {"text": "Other words.", "heading": "", "version": 1}
        assert browser.post(at(draft, "edit/para_1/"), said).status_code == 302
        answer = browser.post(
            at(draft, "edit/para_1/restore/"), {"revision": 1, "version": 2, "reason": sent}, follow=True
        )
        assert answer.status_code == 200 and "At most 2000 characters." in answer.content.decode()
        assert ProvisionText.objects.get(provision__draft=draft, provision__key="para_1").version == 2

    def test_an_act_with_a_nul(self, draft: Draft, browser: Client) -> None:
        for name in ("reason", "parent", "behind", "other"):
            sent = {"act": "move", "structure_version": 1, "parent": "para_2", name: f"a{NUL}"}
            answer = browser.post(at(draft, "edit/para_1/act/"), sent, follow=True)
            assert answer.status_code == 200
        assert Draft.objects.get(pk=draft.pk).structure_version == 1

    @pytest.mark.parametrize("note", [f"a{NUL}", "x" * 100_001])
    def test_a_new_footnote_that_cannot_be_kept_is_told(
        self, draft: Draft, browser: Client, note: str
    ) -> None:
        sent = {"text": "Noted.[^a]", "heading": "", "version": 1, "note-a": note}
        answer = browser.post(at(draft, "edit/para_1/"), sent)
        assert answer.status_code == 400 and "At most 100000 characters." in answer.content.decode()
        assert not Provision.objects.filter(draft=draft, kind="footnote").exists()

    def test_what_cannot_be_kept_meanwhile_is_told(self, draft: Draft, browser: Client) -> None:
        sent = {"text": "Noted.", "heading": "", "version": 1, f"note-{NUL}": "words"}
        assert browser.post(at(draft, "edit/para_1/work/"), sent).status_code == 400
        assert not WorkInProgress.objects.exists()

    @pytest.mark.parametrize("act", ["waive", "take-back"])
    def test_a_finding_that_never_was(self, draft: Draft, browser: Client, act: str) -> None:
        sent = {"finding": f"a{NUL}", "reason": "So it is."}
        answer = browser.post(at(draft, f"checks/{act}/"), sent, follow=True)
        assert "this finding is there no longer" in answer.content.decode()
