"""The page of a draft's documents and the documents themselves: who sees which, and what may be kept of them."""

import hashlib
import json
from typing import Any

import pytest
from django.test import Client

from core import outbox
from core.models import Job
from drafts.actions import rendering
from drafts.actions.editions import canonical_bytes, release_draft
from drafts.actions.revising import revise_provision
from drafts.models import Draft, Rendering
from drafts.views import documents
from tests.api_client import client_of
from tests.factories import make_draft, make_group, make_provision, make_text, make_user

pytestmark = pytest.mark.django_db
CANARY = "Canary-words"


@pytest.fixture(autouse=True)
def _files_of_the_test(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


def signed_in(*roles: str, **fields: Any) -> Client:
    client = Client()
    client.force_login(make_user(*roles, **fields))
    return client


def address(draft: Draft, rest: str = "") -> str:
    return f"/en/guidelines/{draft.guidelines.slug}/{draft.number}/documents/{rest}"


def embargoed(status: str = "working", **access: Any) -> Draft:
    draft = make_draft(status=status, label="Canary-label")
    make_provision(draft, "para_1", number="1", text=CANARY)
    for group in access.get("groups", ()):
        draft.access.create(group=group)
    return draft


def make_all(client: Client, draft: Draft) -> None:
    for form in ("pdf", "html", "json"):
        assert client.post(address(draft, f"en/{form}/make/")).status_code == 302
    outbox.drain()


def test_anybody_has_a_public_draft_s_document_made_and_fetches_it() -> None:
    draft, client = make_draft(status="published", paragraphs=1), Client()
    assert 'Make PDF, English"' in client.get(address(draft)).content.decode()
    assert client.get(address(draft, "en/pdf/")).headers["Location"] == address(draft), "not made yet"
    client.post(address(draft, "en/pdf/make/"))
    page = client.get(address(draft)).content.decode()
    assert "1 document is being made" in page and "<progress" in page and "<noscript>" in page
    outbox.drain()
    page = client.get(address(draft)).content.decode()
    assert "<progress" not in page and 'Download PDF, English"' in page
    response = client.get(address(draft, "en/pdf/"))
    assert b"".join(response.streaming_content).startswith(b"%PDF")  # type: ignore[attr-defined]
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"].startswith("attachment")


def test_public_documents_may_be_kept_by_everyone() -> None:
    draft, client = make_draft(status="published", paragraphs=1), Client()
    make_all(client, draft)
    made = Rendering.objects.get(format="json")
    fixed = address(draft, f"en/json/?v={made.made_of[:16]}-{made.recipe}")
    assert fixed in client.get(address(draft)).content.decode()
    assert "immutable" in client.get(fixed)["Cache-Control"]
    plain = client.get(address(draft, "en/json/"))
    assert "immutable" not in plain["Cache-Control"] and "public" in plain["Cache-Control"]
    again = client.get(fixed, headers={"If-None-Match": plain["ETag"]})
    assert again.status_code == 304 and not again.content


def test_only_the_table_is_sent_while_it_is_watched() -> None:
    draft, client = make_draft(status="published", paragraphs=1), Client()
    part = client.post(address(draft, "en/html/make/"), headers={"HX-Request": "true"}).content.decode()
    assert 'data-hx-trigger="every 1s"' in part and "<html" not in part
    outbox.drain()
    part = client.get(address(draft), headers={"HX-Request": "true"}).content.decode()
    assert "data-hx-trigger" not in part and 'role="status"' in part


def test_the_hash_of_the_same_words_is_computed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    draft, drafter = embargoed(), make_user("drafter")
    make_text(draft.provisions.get(key="para_1"), language="fr", text="Mots")
    read: list[str] = []

    def counted(draft: Draft, language: str) -> bytes:
        read.append(language)
        return canonical_bytes(draft, language)

    monkeypatch.setattr(rendering, "canonical_bytes", counted)
    client = Client()
    client.force_login(drafter)

    def listed() -> Any:
        return client.get(f"/api/v1/drafts/{draft.pk}/documents/").json()

    for _ in range(3):
        client.get(address(draft), headers={"HX-Request": "true"})
    assert sorted(read) == ["en", "fr"]
    before = {row["language"]: row["content_hash"] for row in listed()}
    words = draft.provisions.get(key="para_1").texts.get(language="en")
    revise_provision(actor=drafter, provision=words.provision, language="en", version=1, text="Other words.")
    client.get(address(draft))
    assert sorted(read) == ["en", "en", "fr", "fr"]
    after = {row["language"]: row["content_hash"] for row in listed()}
    assert len(read) == 4 and after["fr"] == before["fr"]
    assert after["en"] == hashlib.sha256(canonical_bytes(draft, "en")).hexdigest() != before["en"]


def test_embargoed_documents_are_nowhere_for_those_who_may_not_read_the_draft() -> None:
    group, other = make_group(), make_group()
    for status in ("working", "circulated"):
        draft = embargoed(status, groups=(group,))
        make_all(signed_in("drafter"), draft)
        stored = [made.file for made in Rendering.objects.filter(draft=draft).select_related("file")]
        strangers = [Client(), signed_in("participant"), signed_in("expert", groups=(other,))]
        if status == "working":
            strangers.append(signed_in("expert", groups=(group,)))
        for client in strangers:
            paths = [address(draft), *(address(draft, f"en/{form}/") for form in ("pdf", "html", "json"))]
            paths += [f"/files/{file.uuid}/" for file in stored if file]
            paths += [
                f"/api/v1/drafts/{draft.pk}/documents/",
                f"/api/v1/drafts/{draft.pk}/documents/en/json/",
            ]
            for path in paths:
                response = client.get(path)
                assert response.status_code == 404, path
                assert b"Canary" not in response.content
            assert client.post(address(draft, "en/pdf/make/")).status_code == 404


def test_embargoed_documents_are_marked_and_never_kept_on_the_way() -> None:
    group = make_group()
    draft, member = embargoed("circulated", groups=(group,)), signed_in("expert", groups=(group,))
    make_all(member, draft)
    assert "This draft is embargoed" in member.get(address(draft)).content.decode()
    for form in ("pdf", "html", "json"):
        response = member.get(address(draft, f"en/{form}/"))
        body = b"".join(response.streaming_content)  # type: ignore[attr-defined]
        assert response["Cache-Control"] == "private, no-store" and "ETag" not in response
        assert form != "html" or (CANARY.encode() in body and "Circulated draft – embargoed".encode() in body)
    draft.access.all().delete()
    assert member.get(address(draft, "en/html/")).status_code == 404, "asked anew at each download"


def test_what_was_made_before_the_publication_is_not_what_is_sent_after_it() -> None:
    draft, drafter = embargoed(), make_user("drafter")
    client = Client()
    client.force_login(drafter)
    make_all(client, draft)
    release_draft(draft, actor=drafter)
    assert Client().get(address(draft, "en/html/")).status_code == 302, (
        "to be made again, without the marking"
    )
    assert Client().get(address(draft, "en/json/")).status_code == 200, "its words are the same"


def test_no_document_of_a_language_without_words_and_of_no_other_format() -> None:
    draft = make_draft(status="published", paragraphs=1)
    for rest in ("fr/pdf/", "en/docx/", "xx/json/"):
        assert Client().get(address(draft, rest)).status_code == 404
        assert Client().post(address(draft, f"{rest}make/")).status_code == 404
    assert not Job.objects.exists()


def test_who_asks_without_end_is_asked_to_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "ASKED_PER_MINUTE", 2)
    draft, client = make_draft(status="published", paragraphs=1), Client()
    # More than two minutes' worth, for a minute may end in between.
    statuses = [client.post(address(draft, "en/json/make/")).status_code for _ in range(5)]
    assert (statuses[:2], statuses[-1]) == ([302, 302], 429)


def test_the_contents_of_a_draft_lead_to_its_documents() -> None:
    draft = make_draft(status="published", paragraphs=1)
    page = Client().get(f"/en/guidelines/{draft.guidelines.slug}/{draft.number}/").content.decode()
    assert f'href="{address(draft)}"' in page


def test_the_table_costs_as_many_queries_with_many_documents_as_with_none(
    django_assert_num_queries: Any,
) -> None:
    draft, client = make_draft(paragraphs=1), Client()
    release_draft(draft, actor=make_user("staff"))
    with django_assert_num_queries(4):
        client.get(address(draft))
    make_all(client, draft)
    with django_assert_num_queries(4):
        client.get(address(draft))


def test_the_api_lists_asks_and_sends() -> None:
    draft = make_draft(paragraphs=1)
    release_draft(draft, actor=make_user("staff"))
    base, person = f"/api/v1/drafts/{draft.pk}/documents/", client_of(make_user("participant"))
    listed = Client().get(base).json()
    assert [(row["language"], row["format"], row["state"]) for row in listed] == [
        ("en", form, "not_made") for form in ("pdf", "html", "json")
    ]
    assert {row["content_hash"] for row in listed} == {draft.editions.get().sha256}
    asked = {"language": "en", "format": "json"}
    assert Client().post(base, json.dumps(asked), content_type="application/json").status_code == 401
    answer = person.post(base, asked, format="json")
    assert answer.status_code == 202 and answer.json()["state"] == "making" and answer.json()["url"] is None
    outbox.drain()
    answer = person.post(base, asked, format="json")
    assert answer.status_code == 200 and answer.json()["sha256"] == draft.editions.get().sha256
    sent = Client().get(answer.json()["url"].removeprefix("http://testserver"))
    assert b"".join(sent.streaming_content) == bytes(draft.editions.get().canonical)  # type: ignore[attr-defined]
    assert person.post(base, {"language": "fr", "format": "pdf"}, format="json").status_code == 400
    assert person.post(base, {"language": "en", "format": "docx"}, format="json").status_code == 400
    assert person.get(f"{base}en/pdf/").status_code == 404
