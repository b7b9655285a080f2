"""Drafters change words over the API, and what they changed is remembered."""

from typing import Any
from uuid import uuid4

import pytest
from rest_framework.test import APIClient

from accounts.models import RoleGrant
from consultations.actions.answering import answer_comment, publish_answers
from core.models import AuditEntry
from drafts.actions.editions import release_draft
from drafts.models import Draft, Provision, ProvisionText, Revision
from tests.api_client import client_of
from tests.drafts.api.addresses import of_provision, rows
from tests.drafts.api.conftest import FOOTNOTES
from tests.factories import make_comment, make_round, make_text, make_user, set_status

pytestmark = pytest.mark.django_db


@pytest.fixture
def principle(book: Draft) -> Provision:
    return book.provisions.get(key="pillar_1__principle_a")


@pytest.fixture
def paragraph(book: Draft) -> Provision:
    return book.provisions.get(key="para_1")


@pytest.fixture
def drafter() -> APIClient:
    return client_of(make_user("drafter", name="Dora"))


def history(client: APIClient, provision: Provision, **query: Any) -> list[dict[str, Any]]:
    return rows(client, of_provision(provision, "history/"), **query)


class TestChanging:
    def test_new_words_come_back_with_the_next_version(
        self, principle: Provision, drafter: APIClient
    ) -> None:
        before = drafter.get(of_provision(principle)).json()
        sent = {"version": 1, "language": "en", "text": "Just.", "heading": "Justice", "reason": "Clearer."}
        answer = drafter.patch(of_provision(principle), sent)
        assert answer.status_code == 200
        assert answer.json() == {**before, "text": "Just.", "heading": "Justice", "version": 2}
        assert drafter.get(of_provision(principle)).json() == answer.json()
        newest = history(drafter, principle)[0]
        assert (newest["reason"], newest["author"], newest["version"]) == ("Clearer.", "Dora", 2)
        assert AuditEntry.objects.filter(action="provision.revise").count() == 1

    def test_words_are_not_emptied(self, paragraph: Provision, drafter: APIClient) -> None:
        for blank in ("", "  \n"):
            answer = drafter.patch(of_provision(paragraph), {"version": 1, "text": blank})
            assert answer.status_code == 400
            assert answer.json() == {
                "text": ["Write a heading or a text. What is to go from the draft is removed, not emptied."]
            }
        assert drafter.get(of_provision(paragraph)).json()["version"] == 1

    def test_what_is_not_sent_stays(self, principle: Provision, drafter: APIClient) -> None:
        heading = drafter.patch(of_provision(principle), {"version": 1, "heading": "Justice"}).json()
        assert (heading["heading"], heading["text"]) == ("Justice", "Fair.")
        text = drafter.patch(of_provision(principle), {"version": 2, "text": "Just."}).json()
        assert (text["heading"], text["text"], text["version"]) == ("Justice", "Just.", 3)

    def test_words_are_kept_as_nfc_with_plain_line_breaks(
        self, principle: Provision, drafter: APIClient
    ) -> None:
        sent = {"version": 1, "text": " Cafe\u0301s\r\nand bars \U0001f3d9\n"}
        assert drafter.patch(of_provision(principle), sent).json()["text"] == "Caf\xe9s\nand bars \U0001f3d9"

    def test_who_may(self, book: Draft, principle: Provision) -> None:
        sent = {"version": 1, "text": "Mine."}
        assert client_of().patch(of_provision(principle), sent).status_code == 401
        refused = client_of(make_user("staff")).patch(of_provision(principle), sent)
        assert refused.status_code == 403 and "drafters" in refused.json()["detail"]
        for person in (make_user(), make_user("expert"), make_user("coordinator"), make_user("admin")):
            assert client_of(person).patch(of_provision(principle), sent).status_code == 404
        assert Revision.objects.filter(provision_text__provision=principle).count() == 1
        of_this_draft = make_user()
        RoleGrant.objects.create(
            user=of_this_draft, role="drafter", scope_type="draft", scope_id=str(book.pk)
        )
        assert client_of(of_this_draft).patch(of_provision(principle), sent).status_code == 200

    def test_a_stale_version_is_told_with_the_present_words(
        self, principle: Provision, drafter: APIClient
    ) -> None:
        drafter.patch(of_provision(principle), {"version": 1, "text": "Just."})
        current = {"version": 2, "heading": "", "text": "Just.", "footnotes": []}
        # Also whoever happens to send the words that stand there by now has not seen them.
        for version, text in ((1, "Mine."), (1, "Just."), (3, "Mine."), (2**31 - 1, "Mine.")):
            stale = drafter.patch(of_provision(principle), {"version": version, "text": text})
            assert stale.status_code == 409
            assert stale.json()["current"] == current
        assert drafter.get(of_provision(principle)).json()["version"] == 2

    @pytest.mark.parametrize("status", ["published", "superseded", "adopted"])
    def test_published_words_stand(
        self, book: Draft, principle: Provision, drafter: APIClient, status: str
    ) -> None:
        release_draft(book, actor=make_user("staff"))
        if status != "published":
            set_status(book, status)
        sent = {"version": 1, "text": "Other."}
        refused = drafter.patch(of_provision(principle), sent)
        assert refused.status_code == 409 and refused.json()["current"] == {"status": status}
        assert client_of().patch(of_provision(principle), sent).status_code == 401
        for role in ("staff", "participant"):
            assert client_of(make_user(role)).patch(of_provision(principle), sent).status_code == 403
        assert drafter.get(of_provision(principle)).json()["text"] == "Fair."

    def test_a_repeated_change_is_no_stale_one(self, principle: Provision, drafter: APIClient) -> None:
        key, sent = {"Idempotency-Key": str(uuid4())}, {"version": 1, "text": "Just."}
        for _ in range(2):
            answer = drafter.patch(of_provision(principle), sent, headers=key)
            assert (answer.status_code, answer.json()["version"]) == (200, 2)
        assert len(history(drafter, principle)) == 2
        other = drafter.patch(of_provision(principle), {**sent, "text": "Else."}, headers=key)
        assert other.status_code == 409 and other.json()["current"] == {"key": key["Idempotency-Key"]}
        assert (
            drafter.patch(of_provision(principle), sent, headers={"Idempotency-Key": "x"}).status_code == 400
        )

    def test_a_key_stands_for_the_language_in_the_address_too(
        self, principle: Provision, drafter: APIClient
    ) -> None:
        key, sent = {"Idempotency-Key": str(uuid4())}, {"version": 1, "text": "Juste."}
        for language in ("fr", "es"):
            make_text(principle, language=language, text="Mots.")
        codes = [
            drafter.patch(f"{of_provision(principle)}?language={language}", sent, headers=key).status_code
            for language in ("fr", "fr", "es")
        ]
        assert codes == [200, 200, 409]
        assert ProvisionText.objects.get(provision=principle, language="es").text == "Mots."

    def test_a_repeat_is_answered_after_publication_too(
        self, book: Draft, principle: Provision, drafter: APIClient
    ) -> None:
        key, sent = {"Idempotency-Key": str(uuid4())}, {"version": 1, "text": "Just."}
        drafter.patch(of_provision(principle), sent, headers=key)
        release_draft(book, actor=make_user("staff"))
        again = drafter.patch(of_provision(principle), sent, headers=key)
        assert (again.status_code, again.json()["version"]) == (200, 2)


class TestMarks:
    def test_a_new_footnote_is_written_with_its_words(self, paragraph: Provision, drafter: APIClient) -> None:
        sent = {"version": 1, "text": "Sensors[^2] count[^x].[^3]"}
        assert drafter.patch(of_provision(paragraph), sent).status_code == 400
        sent["new_footnotes"] = {"x": "Mostly."}
        notes = drafter.patch(of_provision(paragraph), sent).json()["footnotes"]
        assert [note["text"] for note in notes] == ["Things.", "Mostly.", "Not all."]
        assert [int(note["number"]) for note in notes] == [1, 2, 3]

    def test_a_reference_is_printed_as_a_number(self, principle: Provision, drafter: APIClient) -> None:
        sent = {"version": 1, "text": "As [#para_1] says."}
        assert drafter.patch(of_provision(principle), sent).json()["text"] == "As 1 says."
        # Plain words sent back keep it; it is stored with its key.
        drafter.patch(of_provision(principle), {"version": 2, "text": "Just as 1 says."})
        kept = ProvisionText.objects.get(provision=principle, language="en").references
        assert kept == [{"start": 8, "end": 9, "key": "para_1"}]
        refused = drafter.patch(of_provision(principle), {"version": 3, "text": "As [#nothing] says."})
        assert refused.status_code == 400 and "nothing" in str(refused.json())


class TestLanguages:
    @pytest.mark.parametrize("by", ["body", "address", "both"])
    def test_a_translation_is_changed_by_itself(
        self, paragraph: Provision, drafter: APIClient, by: str
    ) -> None:
        address = of_provision(paragraph) + ("" if by == "body" else "?language=fr")
        named = {} if by == "address" else {"language": "fr"}
        changed = drafter.patch(address, {"version": 1, "text": "Autrement.", **named}).json()
        assert (changed["language"], changed["text"], changed["version"]) == ("fr", "Autrement.", 2)
        english = drafter.get(of_provision(paragraph)).json()
        assert (english["text"], english["version"]) == ("Sensors[^2] count.[^3]", 1)

    def test_without_a_language_the_source_is_meant(self, paragraph: Provision, drafter: APIClient) -> None:
        sent = {"version": 1, "text": "Other."}
        changed = drafter.patch(of_provision(paragraph), sent, headers={"Accept-Language": "fr"}).json()
        assert (changed["language"], changed["text"]) == ("en", "Other.")

    def test_versions_are_each_languages_own(self, paragraph: Provision, drafter: APIClient) -> None:
        drafter.patch(of_provision(paragraph), {"version": 1, "text": "Sensors[^2] matter.[^3]"})
        sent = {"language": "fr", "text": "Autrement."}
        assert drafter.patch(of_provision(paragraph), {**sent, "version": 2}).status_code == 409
        assert drafter.patch(of_provision(paragraph), {**sent, "version": 1}).status_code == 200

    def test_a_missing_translation_is_begun_and_says_which_original_it_says(
        self, principle: Provision, drafter: APIClient
    ) -> None:
        sent = {"language": "fr", "version": 0, "text": "Juste."}
        refused = drafter.patch(of_provision(principle), sent)
        assert refused.status_code == 400 and list(refused.json()) == ["version"]
        begun = drafter.patch(of_provision(principle), {**sent, "source_version": 1}).json()
        assert (begun["language"], begun["text"], begun["version"]) == ("fr", "Juste.", 1)
        assert begun["translation"] == "in_work"
        drafter.patch(of_provision(principle), {"version": 1, "text": "Fair to everybody."})
        read = of_provision(principle) + "?language=fr"
        assert drafter.get(read).json()["translation"] == "outdated"
        assert drafter.patch(of_provision(principle), {**sent, "source_version": 2}).status_code == 409
        sent |= {"version": 1, "source_version": 2, "text": "Juste pour tous."}
        assert drafter.patch(of_provision(principle), sent).json()["translation"] == "in_work"

    def test_there_must_be_a_text_to_change(self, principle: Provision, drafter: APIClient) -> None:
        answer = drafter.patch(of_provision(principle), {"version": 1, "language": "fr", "text": "Juste."})
        assert answer.status_code == 400 and list(answer.json()) == ["language"]


class TestFootnoteMarks:
    def test_words_are_sent_back_as_they_were_read(self, paragraph: Provision, drafter: APIClient) -> None:
        read = drafter.get(of_provision(paragraph)).json()
        changed = drafter.patch(of_provision(paragraph), {"version": 1, "text": read["text"] + " Much."})
        assert changed.json()["text"] == "Sensors[^2] count.[^3] Much."
        assert changed.json()["footnotes"] == read["footnotes"]
        # Inside, marks keep labels that stay when footnotes are renumbered.
        kept = ProvisionText.objects.get(provision=paragraph, language="en")
        assert (kept.text, kept.footnotes) == ("Sensors[^iot] count.[^2] Much.", FOOTNOTES)

    def test_unchanged_words_are_no_change(self, paragraph: Provision, drafter: APIClient) -> None:
        read = drafter.get(of_provision(paragraph)).json()
        answer = drafter.patch(of_provision(paragraph), {"version": 1, "text": read["text"]})
        assert answer.status_code == 400 and list(answer.json()) == ["text"]

    def test_a_conflict_and_the_history_show_printed_numbers(
        self, paragraph: Provision, drafter: APIClient
    ) -> None:
        drafter.patch(of_provision(paragraph), {"version": 1, "text": "Sensors[^2] matter.[^3]"})
        stale = drafter.patch(of_provision(paragraph), {"version": 1, "text": "Mine."}).json()
        assert stale["current"]["text"] == "Sensors[^2] matter.[^3]"
        newest = history(drafter, paragraph)[0]
        assert newest["before"]["text"] == "Sensors[^2] count.[^3]"
        assert newest["after"]["text"] == "Sensors[^2] matter.[^3]"

    def test_a_footnote_is_changed_as_a_provision(
        self, book: Draft, paragraph: Provision, drafter: APIClient
    ) -> None:
        note = book.provisions.get(key="fn_2")
        assert drafter.patch(of_provision(note), {"version": 1, "text": "Objects."}).status_code == 200
        notes = drafter.get(of_provision(paragraph)).json()["footnotes"]
        assert notes[0] == {"number": "2", "text": "Objects."}


class TestHistory:
    def test_wordings_newest_first(self, principle: Provision, drafter: APIClient) -> None:
        for version, text in ((1, "Just."), (2, "Equal.")):
            change = {"version": version, "text": text, "reason": f"Reason {version}"}
            drafter.patch(of_provision(principle), change)
        page = drafter.get(of_provision(principle, "history/")).json()
        assert set(page) == {"count", "next", "previous", "results"} and page["count"] == 3
        found = page["results"]
        assert [each["version"] for each in found] == [3, 2, 1]
        assert [each["after"]["text"] for each in found] == ["Equal.", "Just.", "Fair."]
        assert [each["before"] and each["before"]["text"] for each in found] == ["Just.", "Fair.", None]
        assert [each["reason"] for each in found] == ["Reason 2", "Reason 1", ""]
        assert [each["author"] for each in found] == ["Dora", "Dora", None]
        assert all(each["at"].endswith("Z") and each["origin_comment"] is None for each in found)

    def test_pages_know_what_stood_before(self, principle: Provision, drafter: APIClient) -> None:
        drafter.patch(of_provision(principle), {"version": 1, "text": "Just."})
        page = drafter.get(of_provision(principle, "history/"), {"page_size": 1}).json()
        assert page["results"][0]["before"]["text"] == "Fair."
        assert drafter.get(page["next"]).json()["results"][0]["after"]["text"] == "Fair."

    def test_each_language_has_its_own(
        self, paragraph: Provision, principle: Provision, drafter: APIClient
    ) -> None:
        drafter.patch(of_provision(paragraph), {"version": 1, "language": "fr", "text": "Autrement."})
        french = history(drafter, paragraph, language="fr")
        assert [(each["version"], each["language"]) for each in french] == [(2, "fr"), (1, "fr")]
        assert [each["language"] for each in history(drafter, paragraph)] == ["en"]
        by_header = drafter.get(of_provision(paragraph, "history/"), headers={"Accept-Language": "fr"})
        assert by_header.json()["results"] == french
        # What isn't translated says which language it fell back to.
        assert [each["language"] for each in history(drafter, principle, language="fr")] == ["en"]

    @pytest.mark.parametrize("language", ["xx", "", "fr\x00"])
    def test_a_malformed_language_is_told(
        self, principle: Provision, drafter: APIClient, language: str
    ) -> None:
        answer = drafter.get(of_provision(principle, "history/"), {"language": language})
        assert answer.status_code == 400 and list(answer.json()) == ["language"]

    def test_a_provision_without_words_has_none(self, book: Draft, drafter: APIClient) -> None:
        bare = Provision.objects.create(draft=book, key="table_1", kind="table", position=99)
        assert history(drafter, bare) == []

    def test_the_comment_behind_a_change_is_named_to_its_readers(
        self, book: Draft, principle: Provision, drafter: APIClient
    ) -> None:
        round, staff = make_round(book, visibility="secretariat"), make_user("staff")
        comment = make_comment(round, staff, provision_key=principle.key, proposed_text="Just.")
        drafter.patch(of_provision(principle), {"version": 1, "text": "Just."})
        revision = Revision.objects.get(provision_text__provision=principle, version=2)
        answer_comment(
            actor=staff,
            comment=comment,
            outcome="accepted",
            responses={"en": "Yes."},
            applied_revision=revision.pk,
        )
        assert history(drafter, principle)[0]["origin_comment"] is None
        publish_answers(actor=staff, round=round, comments=[comment])
        assert history(drafter, principle)[0]["origin_comment"] == str(comment.uuid)
        release_draft(book, actor=staff)
        assert history(client_of(), principle)[0]["origin_comment"] is None
