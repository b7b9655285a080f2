"""A drafter's workspace, as it works without JavaScript, and what its scripts ask for."""

from typing import Any, ClassVar

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.html import strip_tags

from drafts.actions.revising import revise_provision
from drafts.models import Draft, Presence, Provision, ProvisionText, Revision, StructureChange, WorkInProgress
from tests.factories import make_comment, make_draft, make_provision, make_round, make_user

pytestmark = pytest.mark.django_db
CANARY = "zebra-crossing"


@pytest.fixture
def draft() -> Draft:
    draft = make_draft(paragraphs=3)
    chapter = draft.provisions.get(key="chp_1")
    make_provision(
        draft, "term_1", kind="term", number="1", parent=chapter, heading="Smart city", text="A city."
    )
    return draft


@pytest.fixture
def drafter() -> Any:
    return make_user("drafter", name="Dora")


@pytest.fixture
def browser(client: Client, drafter: Any) -> Client:
    client.force_login(drafter)
    return client


def at(draft: Draft, rest: str = "") -> str:
    return f"/en/drafting/{draft.guidelines.slug}/{draft.number}/edit/{rest}"


def words(draft: Draft, key: str = "para_1") -> ProvisionText:
    return ProvisionText.objects.get(provision__draft=draft, provision__key=key, language="en")


def put(draft: Draft, key: str, text: str) -> None:
    """Words that nobody wrote by an action, for their length."""
    ProvisionText.objects.filter(provision__draft=draft, provision__key=key).update(text=text)


def revise(draft: Draft, text: str, key: str = "para_1", **more: Any) -> Revision:
    found = words(draft, key)
    other = make_user("drafter", name="Olga")
    return revise_provision(
        actor=other, provision=found.provision, language="en", version=found.version, text=text, **more
    )


class TestWords:
    def test_the_page_shows_what_there_is(self, draft: Draft, browser: Client) -> None:
        revise(draft, "Smart cities serve people.", reason="Asked for by Kenya.")
        page = browser.get(at(draft, "para_1/")).content.decode()
        for said in ("Smart cities serve people.", "Olga", "Revision 1", "Smart city", "Back to revision 1"):
            assert said in page
        assert "Paragraph 2 speaks" in page  # the tree

    def test_a_provision_is_named_as_everywhere_else(self, draft: Draft, browser: Client) -> None:
        above = draft.provisions.get(key="para_1")
        make_provision(draft, "para_1__a", kind="action", number="1 (a)", text="Pay.", parent=above)
        page = browser.get(at(draft, "para_1__a/")).content.decode()
        assert "<bdi>Paragraph 1 (a)</bdi></h1>" in page
        named = {row["key"]: row["name"] for row in browser.get(at(draft, "names.json")).json()["names"]}
        assert named["para_1__a"] == "Paragraph 1 (a): Pay."

    def test_saving_makes_a_revision_with_author_and_reason(
        self, draft: Draft, browser: Client, drafter: Any
    ) -> None:
        sent = {"text": "Other words.", "heading": "", "version": 1, "reason": "Clearer."}
        assert browser.post(at(draft, "para_1/"), sent).status_code == 302
        newest = words(draft).revisions.get(version=2)
        assert (newest.author, newest.reason, newest.content["text"]) == (drafter, "Clearer.", "Other words.")

    def test_what_is_wrong_is_said_beside_what_was_written(self, draft: Draft, browser: Client) -> None:
        for text, said in (
            ("As [#nothing] says.", "nothing"),
            ("Noted.[^heat]", "Words of the new footnote [^heat]"),
            (words(draft).text, "Nothing was changed."),
        ):
            answer = browser.post(at(draft, "para_1/"), {"text": text, "version": 1})
            page = answer.content.decode()
            assert answer.status_code == 400 and said in page and text in page

    def test_a_new_footnote(self, draft: Draft, browser: Client) -> None:
        sent = {"text": "Noted.[^heat]", "version": 1, "note-heat": "See the resolution."}
        assert browser.post(at(draft, "para_1/"), sent).status_code == 302
        page = browser.get(at(draft, "para_1/")).content.decode()
        assert "Noted.[^1]" in page and "See the resolution." in page

    def test_an_earlier_wording_comes_back_as_a_new_revision(self, draft: Draft, browser: Client) -> None:
        first = words(draft).revisions.get()
        revise(draft, "Worse words.")
        assert browser.post(at(draft, "para_1/restore/"), {"revision": 1, "version": 2}).status_code == 302
        assert words(draft).text == first.content["text"]
        assert words(draft).revisions.get(version=3).restores == first
        stale = browser.post(at(draft, "para_1/restore/"), {"revision": 1, "version": 2})
        assert stale.status_code == 409


class TestTwoPeople:
    def test_changes_apart_are_offered_together(self, draft: Draft, browser: Client) -> None:
        revise(draft, "Paragraph 1 speaks of small smart cities.", reason="Small ones too.")
        sent = {"text": "Indeed, paragraph 1 speaks of smart cities.", "version": 1, "reason": "Tone."}
        answer = browser.post(at(draft, "para_1/"), sent)
        page = answer.content.decode()
        assert answer.status_code == 409
        assert "Indeed, paragraph 1 speaks of small smart cities." in page  # ready made
        for said in ("Olga", "Small ones too.", "<ins>small </ins>", "Tone."):
            assert said in page
        assert words(draft).version == 2
        both = {"text": "Indeed, paragraph 1 speaks of small smart cities.", "version": 2}
        assert browser.post(at(draft, "para_1/"), both).status_code == 302

    def test_references_are_read_as_they_are_printed_and_saved_as_they_were_written(
        self, draft: Draft, browser: Client
    ) -> None:
        revise(draft, "As paragraph [#para_2] says, cities serve.")
        revise(draft, "As paragraph [#para_3] says, cities serve.")
        mine = "As paragraph [#para_2] says, small cities serve [#nobody]."
        answer = browser.post(at(draft, "para_1/"), {"text": mine, "version": 2})
        page = answer.content.decode()
        theirs, own = page.split('id="theirs"')[1].split('id="own"')
        own = own.split("</section>")[0]
        assert answer.status_code == 409
        assert "<del>2</del><ins>3</ins>" in theirs and "[#" not in theirs
        assert "paragraph 2 says, " in strip_tags(own) and "<ins>small </ins>" in own
        assert "[#para_" not in own and "[#nobody]" in strip_tags(own), "what names nothing stays as it is"
        assert f">{mine}</textarea>" in page, "to be kept as it was written"
        kept = {"mine": "1", "mine_text": mine.replace(" [#nobody]", ""), "text": "x", "version": 3}
        assert browser.post(at(draft, "para_1/"), kept).status_code == 302
        assert words(draft).text == "As paragraph 2 says, small cities serve."
        assert [span["key"] for span in words(draft).references] == ["para_2"]

    def test_the_same_place_is_for_a_person_to_decide(self, draft: Draft, browser: Client) -> None:
        revise(draft, "Paragraph 1 speaks of wise cities.")
        answer = browser.post(
            at(draft, "para_1/"), {"text": "Paragraph 1 speaks of clever cities.", "version": 1}
        )
        page = answer.content.decode()
        assert answer.status_code == 409 and "Both of you changed the same place" in page
        assert "<ins>wise</ins>" in page and "<ins>clever</ins>" in page

    def test_keep_mine_or_theirs(self, draft: Draft, browser: Client, drafter: Any) -> None:
        revise(draft, "Theirs.")
        mine = {"mine": "1", "mine_text": "Mine.", "text": "Something else.", "version": 2}
        assert browser.post(at(draft, "para_1/"), mine).status_code == 302
        assert words(draft).text == "Mine."
        WorkInProgress.objects.create(
            user=drafter, provision_text=words(draft), base_version=3, content={"text": "Half"}
        )
        assert browser.post(at(draft, "para_1/"), {"theirs": "1"}).status_code == 302
        assert not WorkInProgress.objects.exists() and words(draft).version == 3

    def test_numbers_that_followed_are_no_conflict(self, draft: Draft, browser: Client) -> None:
        """Somebody added a footnote further up while these words were being written."""
        revise(draft, "Noted.[^a]", "para_2", notes={"a": "Second."})
        before = words(draft, "para_2").version
        revise(draft, "Noted first.[^a]", "para_1", notes={"a": "First."})
        assert words(draft, "para_2").version == before + 1
        sent = {"text": "Noted well.[^1]", "version": before}
        assert browser.post(at(draft, "para_2/"), sent).status_code == 302
        found = words(draft, "para_2")
        assert found.footnotes[0]["number"] == "2" and found.text.startswith("Noted well.")

    def test_scripts_are_told_in_json(self, draft: Draft, browser: Client) -> None:
        revise(draft, "Theirs.")
        sent = {"text": "Mine.", "version": 1}
        answer = browser.post(at(draft, "para_1/"), sent, headers={"Accept": "application/json"})
        assert answer.status_code == 409 and answer.json()["current"]["text"] == "Theirs."


class TestWork:
    def test_it_is_kept_for_its_writer_alone(self, draft: Draft, browser: Client) -> None:
        sent = {
            "text": f"Half a {CANARY}",
            "heading": "",
            "version": 1,
            "reason": "Soon.",
            "note-new": "A note.",
        }
        assert browser.post(at(draft, "para_1/work/"), sent).json() == {"version": 1}
        page = browser.get(at(draft, "para_1/")).content.decode()
        assert CANARY in page and "A note." in page and "Soon." in page
        other = Client()
        other.force_login(make_user("drafter"))
        assert CANARY not in other.get(at(draft, "para_1/")).content.decode()
        revise(draft, "Theirs.")
        assert "you will see both" in browser.get(at(draft, "para_1/")).content.decode()
        browser.post(at(draft, "para_1/work/"), {"drop": "1"})
        assert CANARY not in browser.get(at(draft, "para_1/")).content.decode()

    def test_presence_and_leaving(self, draft: Draft, browser: Client) -> None:
        other = Client()
        other.force_login(make_user("drafter", name="Olga"))
        other.get(at(draft, "para_1/"))
        assert "Olga" in browser.get(at(draft, "para_1/")).content.decode()
        assert browser.post(at(draft, "para_1/here/")).json() == {"others": ["Olga"], "version": 1}
        other.post(at(draft, "para_1/here/"), {"gone": "1"})
        assert browser.post(at(draft, "para_1/here/")).json()["others"] == []
        assert Presence.objects.count() == 1

    def test_names_to_refer_to(self, draft: Draft, browser: Client) -> None:
        found = {row["key"]: row["name"] for row in browser.get(at(draft, "names.json")).json()["names"]}
        assert found["para_2"].startswith("Paragraph 2: Paragraph 2 speaks")


class TestStructure:
    def act(self, browser: Client, draft: Draft, key: str, **sent: Any) -> Any:
        draft.refresh_from_db()
        sent.setdefault("structure_version", draft.structure_version)
        return browser.post(at(draft, f"{key}/act/"), sent)

    def keys(self, draft: Draft) -> list[str]:
        rows = Provision.objects.filter(draft=draft, kind="paragraph").order_by("position")
        return [row.key for row in rows]

    def test_every_act_by_plain_forms(self, draft: Draft, browser: Client) -> None:
        self.act(browser, draft, "para_3", act="up")
        assert self.keys(draft) == ["para_1", "para_3", "para_2"]
        self.act(browser, draft, "para_3", act="down")
        self.act(browser, draft, "para_1", act="move", parent="chp_1")
        assert self.keys(draft) == ["para_2", "para_3", "para_1"]
        self.act(browser, draft, "para_1", act="move", parent="chp_1", first="1")
        self.act(browser, draft, "para_3", act="remove", reason="Said twice.")
        assert self.keys(draft) == ["para_1", "para_2"]
        assert "Paragraph 3 speaks" in browser.get(at(draft, "para_1/")).content.decode()  # among the removed
        assert browser.get(at(draft, "para_3/")).status_code == 200
        self.act(browser, draft, "para_3", act="restore")
        self.act(browser, draft, "para_1", act="merge", other="para_2")
        assert self.keys(draft) == ["para_1", "para_3"]
        merged = browser.get(at(draft, "para_2/")).content.decode()
        assert "It is part of 1 now." in merged and "Take back the merge" in merged
        assert "Bring it back" not in merged
        page = browser.get(at(draft)).content.decode()
        assert "Said twice." in page and "Take back" in page
        assert page.count("Nairobi time") == 1, "the zone is said once, not at each act"
        draft.refresh_from_db()
        browser.post(
            at(draft, f"take-back/{draft.structure_version}/"), {"structure_version": draft.structure_version}
        )
        assert self.keys(draft) == ["para_1", "para_2", "para_3"]

    def test_what_cannot_be_is_said(self, draft: Draft, browser: Client) -> None:
        refused = self.act(browser, draft, "para_1", act="up")  # under the chapter it is the first
        page = browser.get(refused["Location"]).content.decode()
        assert "cannot be moved any further" in page
        stale = self.act(browser, draft, "para_2", act="up", structure_version=7)
        assert stale.status_code == 409
        assert self.act(browser, draft, "para_2", act="burn").status_code == 404
        assert not StructureChange.objects.exists()

    def test_adding(self, draft: Draft, browser: Client) -> None:
        assert browser.get(at(draft, "para_1/add/")).status_code == 200
        sent = {"kind": "paragraph:behind", "text": "In between.", "structure_version": 1}
        assert browser.post(at(draft, "para_1/add/"), sent).status_code == 302
        assert self.keys(draft)[1] not in ("para_1", "para_2", "para_3")
        wrong = browser.post(at(draft, "para_1/add/"), {**sent, "text": "", "structure_version": 2})
        assert wrong.status_code == 400
        assert browser.post(at(draft, "para_1/add/"), sent).status_code == 409

    def test_acts_name_terms_and_notes_so_that_nobody_takes_them_for_paragraphs(
        self, draft: Draft, browser: Client
    ) -> None:
        self.act(browser, draft, "term_1", act="remove")
        page = browser.get(at(draft)).content.decode()
        assert "<bdi>Term 1</bdi>" in page
        assert 'aria-label="Take back: Removed Term 1"' in page

    def test_one_sentence_offers_nothing_to_split(self, draft: Draft, browser: Client) -> None:
        revise(draft, "It is one sentence.")
        page = browser.get(at(draft, "para_1/split/")).content.decode()
        assert "there is no place to split it" in page
        assert ">Split in two</button>" not in page
        assert "Back to the text" in page

    def test_splitting(self, draft: Draft, browser: Client) -> None:
        revise(draft, "One sentence. And another.")
        page = browser.get(at(draft, "para_1/split/")).content.decode()
        assert '<span lang="en" dir="ltr">And another.</span>' in page and ">Split in two</button>" in page
        sent = {"at": 13, "version": 2, "structure_version": 1}
        answer = browser.post(at(draft, "para_1/split/"), sent)
        assert answer.status_code == 302
        assert words(draft, self.keys(draft)[1]).text == "And another."
        assert browser.post(at(draft, "para_1/split/"), {**sent, "at": 12}).status_code == 400


class TestWho:
    def test_hidden_refused_published(self, draft: Draft, client: Client) -> None:
        ProvisionText.objects.filter(provision__draft=draft).update(text=CANARY)
        pages = ["", "names.json", "para_1/", "para_1/add/", "para_1/split/"]
        for person, status in ((make_user("expert"), 404), (make_user("staff"), 403)):
            client.force_login(person)
            for page in pages:
                answer = client.get(at(draft, page))
                assert answer.status_code == status and CANARY not in answer.content.decode()
            for page in ("para_1/work/", "para_1/here/", "para_1/restore/", "para_1/act/"):
                assert client.post(at(draft, page), {"text": "x", "version": 1}).status_code == status
        assert not Presence.objects.exists() and not WorkInProgress.objects.exists()
        client.force_login(make_user("drafter"))
        Draft.objects.filter(pk=draft.pk).update(status="published", published_at="2026-01-01T00:00Z")
        assert client.get(at(draft, "para_1/")).status_code == 403


class TestComments:
    def test_those_of_every_round_the_drafter_may_read(self, drafter: Any, browser: Client) -> None:
        earlier = make_draft(paragraphs=2, status="published")
        round = make_round(earlier, title="The open round")
        make_comment(round, make_user(name="Adaeze"), provision_key="para_1", body=f"Mind the {CANARY}.")
        make_comment(round, make_user(), provision_key="para_2", body="Elsewhere.")
        make_comment(round, make_user(), provision_key="para_1", body="Not sent.", submit=False)
        draft = make_draft(guidelines=earlier.guidelines, number=9, paragraphs=2)
        page = browser.get(at(draft, "para_1/")).content.decode()
        assert CANARY in page and "The open round" in page and "Adaeze" in page
        assert "Elsewhere." not in page and "Not sent." not in page


def test_the_page_costs_the_same_however_long_the_draft(browser: Client) -> None:
    counts = []
    for paragraphs in (3, 30):
        draft = make_draft(paragraphs=paragraphs)
        browser.get(at(draft, "para_1/"))
        with CaptureQueriesContext(
            connection,
        ) as queries:
            browser.get(at(draft, "para_1/"))
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 32


class TestWhatIsRefused:
    def test_words_are_not_emptied_but_the_provision_removed(self, draft: Draft, browser: Client) -> None:
        answer = browser.post(at(draft, "para_1/"), {"heading": "", "text": " \n ", "version": 1})
        assert answer.status_code == 400
        assert "What is to go from the draft is removed, not emptied." in answer.content.decode()
        assert words(draft).version == 1 and words(draft).text

    def test_a_heading_alone_is_enough(self, draft: Draft, browser: Client) -> None:
        answer = browser.post(at(draft, "term_1/"), {"heading": "Smart city", "text": "", "version": 1})
        assert answer.status_code == 302 and words(draft, "term_1").text == ""

    def test_two_texts_that_are_too_long_together_stay_two(self, draft: Draft, browser: Client) -> None:
        put(draft, "para_1", "a" * 60_000)
        put(draft, "para_2", "b" * 40_000)
        sent = {"act": "merge", "other": "para_2", "structure_version": 1}
        page = browser.post(at(draft, "para_1/act/"), sent, follow=True).content.decode()
        assert "Merged, the text would be too long: at most 100000 characters." in page
        assert Provision.objects.filter(draft=draft, key="para_2").exists()
        put(draft, "para_2", "b" * 39_999)
        browser.post(at(draft, "para_1/act/"), sent)
        assert len(words(draft).text) == 100_000


class TestReasonsOfThePortal:
    """Whoever reads them reads them in their language, whoever acted."""

    SAID: ClassVar[dict[str, str]] = {"en": "Taken back.", "fr": "Annulé."}

    @pytest.mark.parametrize("actor", ["en", "fr"])
    def test_taken_back(self, draft: Draft, browser: Client, actor: str) -> None:
        browser.post(at(draft, "para_2/act/"), {"structure_version": 1, "act": "remove"})
        change = draft.structure_changes.get()
        undo = at(draft, f"take-back/{change.version}/").replace("/en/", f"/{actor}/")
        assert browser.post(undo, {"structure_version": 2}).status_code == 302
        assert draft.structure_changes.count() == 2
        for language, said in self.SAID.items():
            page = browser.get(at(draft).replace("/en/", f"/{language}/")).content.decode()
            assert f'<q dir="auto">{said}</q>' in page and "@taken" not in page

    @pytest.mark.parametrize("language", ["en", "fr"])
    def test_kept_before_there_were_codes(self, draft: Draft, browser: Client, language: str) -> None:
        revise(draft, "New words.", reason="Annulé.")
        revise(draft, "Newer words.", reason="Back to revision 1.")
        page = browser.get(at(draft, "para_1/").replace("/en/", f"/{language}/")).content.decode()
        assert f'<q dir="auto">{self.SAID[language]}</q>' in page
        assert ('<q dir="auto">Back to revision 1.</q>' in page) is (language == "en")

    def test_back_to_a_revision(self, draft: Draft, browser: Client) -> None:
        first = words(draft).text
        revise(draft, "New words.")
        address = at(draft, "para_1/restore/").replace("/en/", "/fr/")
        browser.post(address, {"revision": 1, "version": 2})
        assert words(draft).text == first
        page = browser.get(at(draft, "para_1/")).content.decode()
        assert '<q dir="auto">Back to revision 1.</q>' in page
        told = browser.get(f"/api/v1/provisions/{words(draft).provision_id}/history/").json()["results"]
        assert told[0]["reason"] == "Back to revision 1."
