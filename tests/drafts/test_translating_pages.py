"""The translation desk, as it works without JavaScript, and what its scripts ask for."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from drafts.actions.joining import split_provision
from drafts.actions.revising import revise_provision
from drafts.actions.translating import translate_provision
from drafts.models import Draft, ProvisionText, WorkInProgress
from drafts.translating import state_of
from tests.factories import make_draft, make_provision, make_text, make_user

pytestmark = pytest.mark.django_db
CANARY = "zebra-crossing"


@pytest.fixture
def draft() -> Draft:
    """Three paragraphs, the first in French; two terms, one of them with its French equivalent."""
    draft = make_draft(paragraphs=3)
    chapter = draft.provisions.get(key="chp_1")
    term = make_provision(
        draft, "term_1", kind="term", number="1", parent=chapter, heading="Smart city", text="A."
    )
    make_text(term, language="fr", heading="Ville intelligente", text="Un.", translated_from_version=1)
    first = draft.provisions.get(key="para_1")
    make_text(
        first, language="fr", text="Le paragraphe 1 parle de villes intelligentes.", translated_from_version=1
    )
    return draft


@pytest.fixture
def person() -> Any:
    return make_user("staff", name="Tina")


@pytest.fixture
def browser(client: Client, person: Any) -> Client:
    client.force_login(person)
    return client


def at(draft: Draft, rest: str = "") -> str:
    return f"/en/drafting/{draft.guidelines.slug}/{draft.number}/translate/{rest}"


def words(draft: Draft, key: str = "para_1", language: str = "fr") -> ProvisionText:
    return ProvisionText.objects.get(provision__draft=draft, provision__key=key, language=language)


def state(draft: Draft, key: str = "para_1") -> str:
    french = ProvisionText.objects.filter(provision__draft=draft, provision__key=key, language="fr").first()
    return str(state_of(french, words(draft, key, "en")))


def revise(draft: Draft, text: str, key: str = "para_1", language: str = "en", **more: Any) -> None:
    found = words(draft, key, language)
    revise_provision(
        actor=make_user("drafter", name="Olga"), provision=found.provision, language=language,
        version=found.version, text=text, **more,
    )  # fmt: skip


def sent(draft: Draft, text: str, key: str = "para_1", **more: Any) -> dict[str, Any]:
    french = ProvisionText.objects.filter(provision__draft=draft, provision__key=key, language="fr").first()
    source = words(draft, key, "en")
    return {
        "text": text, "heading": "", "version": french.version if french else 0,
        "source_version": source.version, **more,
    }  # fmt: skip


class TestStaleAndUpToDate:
    def test_a_translation_gone_stale_is_brought_up_to_date(self, draft: Draft, browser: Client) -> None:
        revise(draft, "Paragraph 1 speaks of small smart cities.", reason="Small ones too.")
        page = browser.get(at(draft, "fr/para_1/")).content.decode()
        for said in (
            "Outdated",
            "<ins>small </ins>",
            "Small ones too.",
            "Olga",
            "The translation still holds",
        ):
            assert said in page
        assert "Le paragraphe 1 parle de villes intelligentes." in page
        answer = browser.post(
            at(draft, "fr/para_1/"),
            sent(draft, "Le paragraphe 1 parle de petites villes intelligentes.", then="approve"),
            follow=True,
        )
        assert state(draft) == "approved" and answer.redirect_chain[-1][0].endswith("/fr/para_2/")
        page = browser.get(at(draft, "fr/para_1/")).content.decode()
        assert "<ins>small </ins>" not in page and "Take the approval back" in page and "Tina" in page

    def test_it_still_holds(self, draft: Draft, browser: Client) -> None:
        revise(draft, "Paragraph 1 speaks about smart cities.")
        for version, said in ((1, "look at the change first"), (2, "It holds")):
            form = {"act": "holds", "version": 1, "source_version": version}
            assert said in browser.post(at(draft, "fr/para_1/act/"), form, follow=True).content.decode()
        assert state(draft) == "approved"

    def test_saving_nothing_leaves_it_outdated_and_says_so(self, draft: Draft, browser: Client) -> None:
        revise(draft, "Paragraph 1 speaks about smart cities.")
        form = sent(draft, words(draft).text, then="next")
        page = browser.post(at(draft, "fr/para_1/"), form, follow=True).content.decode()
        assert "stays outdated" in page and state(draft) == "outdated" and words(draft).version == 1

    def test_approving_and_taking_it_back(self, draft: Draft, browser: Client) -> None:
        browser.post(at(draft, "fr/para_2/"), sent(draft, "Deux.", "para_2", then="stay"))
        assert state(draft, "para_2") == "in_work"
        for act, becomes in (("approve", "approved"), ("take_back", "in_work")):
            browser.post(at(draft, "fr/para_2/act/"), {"act": act, "version": 1})
            assert state(draft, "para_2") == becomes
        assert browser.post(at(draft, "fr/para_2/act/"), {"act": "else"}).status_code == 404


class TestWriting:
    def test_a_first_translation_and_on_to_the_next(self, draft: Draft, browser: Client) -> None:
        answer = browser.post(at(draft, "fr/para_2/"), sent(draft, "Le deuxième.", "para_2", then="next"))
        assert answer["Location"].endswith("/fr/para_3/")
        assert words(draft, "para_2").text == "Le deuxième."

    def test_what_was_split_off_has_the_translation_before_it(self, draft: Draft, browser: Client) -> None:
        source = words(draft, "para_1", "en")
        draft.refresh_from_db()
        part = split_provision(
            actor=make_user("drafter"),
            provision=source.provision,
            at=source.text.index(" speaks"),
            version=source.version,
            structure_version=draft.structure_version,
        )
        page = browser.get(at(draft, f"fr/{part.key}/")).content.decode()
        whole = words(draft, "para_1").text
        assert "Split from 1." in page and f">{whole}<" in page.replace("<p>", "").replace("</p>", "")

    def test_the_list_one_came_from_leads_on(self, draft: Draft, browser: Client) -> None:
        listing = browser.get(at(draft, "fr/?state=missing")).content.decode()
        assert "/fr/para_2/?state=missing" in listing
        desk = browser.get(at(draft, "fr/para_2/?state=missing")).content.decode()
        assert "/fr/para_3/?state=missing" in desk
        there = at(draft, "fr/para_2/?state=missing")
        answer = browser.post(there, sent(draft, "Le deuxième.", "para_2", then="next"))
        assert answer["Location"].endswith("/fr/para_3/?state=missing")
        # Of outdated ones there is none left: back to that list, not on to what is missing.
        there = at(draft, "fr/para_3/?state=outdated")
        answer = browser.post(there, sent(draft, "Le troisième.", "para_3", then="next"))
        assert answer["Location"].endswith("/fr/?state=outdated")

    def test_after_the_last_one_the_list(self, draft: Draft, browser: Client, person: Any) -> None:
        for key in ("para_2", "para_3", "chp_1"):
            source = words(draft, key, "en")
            translate_provision(
                actor=person, provision=source.provision, language="fr", version=0, source_version=1,
                text="Mots." * bool(source.text), heading="Titre." * bool(source.heading), approve=key != "chp_1",
            )  # fmt: skip
        form = {**sent(draft, "", "chp_1", then="approve"), "heading": "Introduction"}
        answer = browser.post(at(draft, "fr/chp_1/"), form, follow=True)
        assert answer.redirect_chain[-1][0] == at(draft, "fr/")
        page = answer.content.decode()
        assert "Nothing else is left to do" in page and "Everything is translated and approved." in page

    def test_what_is_wrong_is_said_beside_what_was_written(self, draft: Draft, browser: Client) -> None:
        for text, said in (
            ("Deux.[^9]", "no footnote"),
            ("Deux [#nothing].", "nothing"),
            ("  ", "Write the"),
        ):
            answer = browser.post(at(draft, "fr/para_2/"), sent(draft, text, "para_2"))
            page = answer.content.decode()
            assert answer.status_code == 400 and said in page and text.strip() in page
        assert state(draft, "para_2") == "missing"

    def test_official_terms_stand_beside_it(self, draft: Draft, browser: Client) -> None:
        page = browser.get(at(draft, "fr/para_1/")).content.decode()
        assert "Ville intelligente" in page and ">used<" in page  # in the plural, in other case
        revise(draft, "Le paragraphe 1 parle de cités futées.", language="fr")
        page = browser.get(at(draft, "fr/para_1/")).content.decode()
        assert "not found" in page
        page = browser.get(at(draft, "ru/para_1/")).content.decode()
        assert "Smart city" in page and at(draft, "ru/term_1/") in page  # not translated yet

    def test_each_side_has_its_language_and_direction(self, draft: Draft, browser: Client) -> None:
        page = browser.get(at(draft, "ar/para_1/")).content.decode()
        assert '<div class="provision__text" lang="en" dir="ltr">' in page
        field = page[page.index('<textarea name="text"') :].partition(">")[0]
        assert 'lang="ar"' in field and 'dir="rtl"' in field

    def test_unsaved_words_are_kept_before_there_are_any(self, draft: Draft, browser: Client) -> None:
        form = sent(draft, "La moitié d'une phr", "para_2")
        assert browser.post(at(draft, "fr/para_2/work/"), form).json() == {"version": 0}
        page = browser.get(at(draft, "fr/para_2/")).content.decode()
        assert "La moitié d&#x27;une phr" in page and "not saved yet" in page
        assert not ProvisionText.objects.filter(provision__key="para_2", language="fr").exists()
        # The original changes: whoever comes back sees what changed since they wrote.
        revise(draft, "Paragraph 2 speaks of wise cities.", "para_2")
        assert "<ins>wise</ins>" in browser.get(at(draft, "fr/para_2/")).content.decode()
        assert browser.post(at(draft, "fr/para_2/"), {**form, "text": "Une phrase."}).status_code == 302
        assert not WorkInProgress.objects.exists() and state(draft, "para_2") == "outdated"

    def test_throwing_unsaved_words_away(self, draft: Draft, browser: Client) -> None:
        browser.post(at(draft, "fr/para_2/work/"), sent(draft, "Non", "para_2"))
        browser.post(at(draft, "fr/para_2/work/"), {"drop": "1"})
        assert not WorkInProgress.objects.exists()


class TestTwoPeople:
    def test_changes_apart_are_offered_together(self, draft: Draft, browser: Client) -> None:
        revise(draft, "Le paragraphe 1 parle de petites villes intelligentes.", language="fr")
        form = sent(draft, "Oui, le paragraphe 1 parle de villes intelligentes.", version=1)
        answer = browser.post(at(draft, "fr/para_1/"), form)
        page = answer.content.decode()
        assert answer.status_code == 409
        for said in (
            "Oui, le paragraphe 1 parle de petites villes intelligentes.",
            "Olga",
            "<ins>petites </ins>",
        ):
            assert said in page
        assert f'action="{at(draft, "fr/para_1/")}"' in page and 'name="source_version" value="1"' in page
        both = sent(draft, "Oui, le paragraphe 1 parle de petites villes intelligentes.")
        assert browser.post(at(draft, "fr/para_1/"), both).status_code == 302

    def test_two_first_translations(self, draft: Draft, browser: Client) -> None:
        form = sent(draft, "Mes mots.", "para_2")
        assert browser.post(at(draft, "fr/para_2/"), {**form, "text": "D'autres mots."}).status_code == 302
        answer = browser.post(at(draft, "fr/para_2/"), form)
        page = answer.content.decode()
        assert answer.status_code == 409 and "Both of you changed the same place" in page
        assert "Mes mots." in page and "D&#x27;autres mots." in page
        mine = {**sent(draft, "x", "para_2"), "mine": "1", "mine_text": "Mes mots.", "mine_heading": ""}
        assert browser.post(at(draft, "fr/para_2/"), mine).status_code == 302
        assert words(draft, "para_2").text == "Mes mots." and words(draft, "para_2").version == 2

    def test_scripts_are_told(self, draft: Draft, browser: Client) -> None:
        revise(draft, "Tout autre chose.", language="fr")
        form = sent(draft, "Encore autre chose.", version=1)
        answer = browser.post(at(draft, "fr/para_1/"), form, headers={"Accept": "application/json"})
        assert answer.status_code == 409 and answer.json()["current"]["version"] == 2
        other = Client()
        other.force_login(make_user("drafter", name="Dora"))
        assert other.post(at(draft, "fr/para_1/here/")).json()["others"] == []
        assert browser.post(at(draft, "fr/para_1/here/")).json() == {"others": ["Dora"], "version": 2}


class TestLists:
    def test_progress(self, draft: Draft, browser: Client) -> None:
        revise(draft, "Paragraph 1 speaks about smart cities.")
        page = browser.get(at(draft)).content.decode()
        for said in (
            "Français",
            "Outside the pillars",
            "1/5",
            at(draft, "fr/?state=outdated"),
            "20 % approved",
        ):
            assert said in page

    def test_the_list_is_chosen_by_state_and_pillar(self, draft: Draft, browser: Client) -> None:
        revise(draft, "Paragraph 1 speaks about smart cities.")
        for query, there, gone in (
            ("?state=outdated", ["fr/para_1/"], ["fr/para_2/"]),
            ("?state=missing", ["fr/para_2/", "fr/para_3/"], ["fr/term_1/"]),
            ("?state=to_do", ["fr/para_1/", "fr/para_2/"], ["fr/term_1/"]),
            ("?pillar=none", ["fr/para_2/", "fr/term_1/"], []),
            ("?pillar=1", [], ["fr/term_1/"]),
        ):
            rows = browser.get(at(draft, f"fr/{query}")).content.decode().partition("findings-filter")[2]
            assert all(at(draft, each) in rows for each in there), query
            assert not any(at(draft, each) in rows for each in gone), query

    @pytest.mark.parametrize("rest", ["", "fr/", "fr/?state=missing", "fr/para_1/"])
    def test_queries_do_not_grow_with_the_draft(self, browser: Client, rest: str) -> None:
        counts = []
        for paragraphs in (2, 30):
            draft = make_draft(paragraphs=paragraphs)
            for n in range(1, paragraphs, 2):
                make_text(
                    draft.provisions.get(key=f"para_{n}"),
                    language="fr",
                    text="Mots.",
                    translated_from_version=1,
                )
            with CaptureQueriesContext(connection) as queries:
                assert browser.get(at(draft, rest)).status_code == 200
            counts.append(len(queries))
        assert counts[0] == counts[1]


class TestWhoMay:
    @pytest.mark.parametrize("rest", ["", "fr/", "fr/para_1/"])
    def test_who_is_shown_the_desk(self, draft: Draft, client: Client, rest: str) -> None:
        revise(draft, f"A {CANARY}.")
        assert client.get(at(draft, rest)).status_code == 302
        for roles, status in ((("expert",), 404), (("admin",), 404), (("drafter",), 200), (("staff",), 200)):
            client.force_login(make_user(*roles))
            answer = client.get(at(draft, rest))
            assert answer.status_code == status, roles
            assert status == 200 or CANARY not in answer.content.decode()

    def test_a_superseded_draft_is_only_read(self, browser: Client) -> None:
        draft = make_draft(status="superseded", paragraphs=1)
        page = browser.get(at(draft, "fr/para_1/"))
        assert page.status_code == 200 and "<textarea" not in page.content.decode()
        form = {"text": "Un.", "version": 0, "source_version": 1}
        for rest in ("fr/para_1/", "fr/para_1/work/", "fr/para_1/act/", "fr/para_1/here/"):
            assert browser.post(at(draft, rest), form).status_code == 403
        assert not ProvisionText.objects.filter(language="fr").exists()

    @pytest.mark.parametrize("rest", ["en/", "xx/", "en/para_1/", "fr/nothing/"])
    def test_what_there_is_not(self, draft: Draft, browser: Client, rest: str) -> None:
        assert browser.get(at(draft, rest)).status_code == 404


class TestReading:
    def read(self, client: Client, draft: Draft, rest: str = "chp_1/?text=fr") -> str:
        client.force_login(make_user("staff"))
        address = f"/en/guidelines/{draft.guidelines.slug}/{draft.number}/{rest}"
        return client.get(address).content.decode()

    @pytest.mark.parametrize("rest", ["chp_1/?text=fr", "whole/?text=fr"])
    def test_an_outdated_translation_says_so_and_shows_the_original(
        self, draft: Draft, client: Client, rest: str
    ) -> None:
        said = "The original has changed since this was translated."
        assert said not in self.read(client, draft, rest)
        revise(draft, f"Paragraph 1 speaks of a {CANARY}.")
        page = self.read(client, draft, rest)
        assert page.count(said) == 1 and "Le paragraphe 1 parle" in page
        shown = page[page.index('<details class="original">') :].partition("</details>")[0]
        assert '<div class="original__words" lang="en" dir="ltr">' in shown and CANARY in shown
        assert "data-start" not in shown  # nothing in it is quoted as the translation
        assert CANARY in self.read(client, draft, rest.replace("fr", "en"))
        assert said not in self.read(client, draft, rest.replace("fr", "en"))

    def test_a_footnote_too(self, draft: Draft, client: Client) -> None:
        found = words(draft, "para_1", "en")
        revise(draft, "Noted.[^x]", notes={"x": "See it."})
        french = make_text(
            found.provision.children.get(), language="fr", text="Voir.", translated_from_version=1
        )
        note = words(draft, french.provision.key, "en")
        revise(draft, "See the resolution.", note.provision.key)
        page = self.read(client, draft).partition('class="footnotes"')[2]
        assert "Voir." in page and "See the resolution." in page

    def test_what_is_missing_is_in_its_own_language(self, draft: Draft, client: Client) -> None:
        page = self.read(client, draft)
        assert "Not yet translated: shown in the language it was written in." in page
        assert '<div class="provision__text" lang="en" dir="ltr"><span data-start="0">Paragraph 2' in page

    def test_programs_are_told(self, draft: Draft, client: Client) -> None:
        client.force_login(make_user("staff"))
        revise(draft, "Paragraph 1 speaks about smart cities.")
        rows = client.get(f"/api/v1/drafts/{draft.pk}/provisions/?language=fr").json()["results"]
        states = {row["key"]: row["translation"] for row in rows}
        assert states == {
            "chp_1": "missing", "para_1": "outdated", "para_2": "missing", "para_3": "missing",
            "term_1": "approved",
        }  # fmt: skip
        rows = client.get(f"/api/v1/drafts/{draft.pk}/provisions/?language=en").json()["results"]
        assert {row["translation"] for row in rows} == {"original"}
