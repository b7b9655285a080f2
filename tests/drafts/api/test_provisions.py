"""Provisions and terms over the API: what is said of each, in which order, in which language."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from drafts.actions.editions import release_draft
from drafts.models import Draft, Provision
from tests.api_client import client_of
from tests.drafts.api.addresses import KEYS, of_draft, of_provision, row, rows
from tests.factories import make_draft, make_provision, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def published(book: Draft) -> Draft:
    return release_draft(book, actor=make_user("staff"))


def provisions(draft: Draft) -> str:
    return of_draft(draft, "provisions/")


class TestOneProvision:
    def test_it_comes_with_every_field(self, published: Draft) -> None:
        paragraph = published.provisions.get(key="para_1")
        expected = {
            "id": paragraph.pk,
            "key": "para_1",
            "parent": "chp_1",
            "kind": "paragraph",
            "number": "1",
            "pillar": None,
            "actor": None,
            "heading": "",
            "text": "Sensors[^2] count.[^3]",
            "footnotes": [{"number": "2", "text": "Things."}, {"number": "3", "text": "Not all."}],
            "language": "en",
            "requested_language": "en",
            "version": 1,
            "translation": "original",
        }
        assert row(client_of(), published, "para_1") == expected
        assert client_of().get(of_provision(paragraph)).json() == expected

    def test_pillars_actors_numbers_and_parents(self, published: Draft) -> None:
        action = row(client_of(), published, "pillar_1__action_2")
        assert (action["kind"], action["pillar"], action["actor"]) == ("action", 1, "stakeholder")
        assert action["parent"] == "pillar_1__principle_a"
        principle = row(client_of(), published, "pillar_1__principle_a")
        assert (principle["number"], principle["actor"]) == ("Principle 1 (a)", None)
        pillar = row(client_of(), published, "pillar_1")
        assert (pillar["parent"], pillar["heading"], pillar["text"]) == (None, "Prosperity", "")

    def test_footnotes_stand_by_themselves_too(self, published: Draft) -> None:
        note = row(client_of(), published, "fn_3")
        assert (note["kind"], note["number"], note["parent"]) == ("footnote", "3", "para_1")
        assert (note["text"], note["footnotes"]) == ("Not all.", [])

    def test_the_list_and_the_provision_say_the_same(self, published: Draft) -> None:
        for language in ("en", "fr"):
            for listed in rows(client_of(), provisions(published), language=language):
                alone = client_of().get(of_provision(listed["id"]), {"language": language}).json()
                assert alone == listed


class TestList:
    def test_document_order(self, book: Draft) -> None:
        # Numbered positions decide, not the order in which the rows were written.
        late = make_provision(book, "para_0", position=0, text="Before all.")
        drafter = client_of(make_user("drafter"))
        assert [each["key"] for each in rows(drafter, provisions(book))] == [late.key, *KEYS]

    @pytest.mark.parametrize(
        ("query", "keys"),
        [
            ({"kind": "pillar"}, ["pillar_1", "pillar_2"]),
            ({"kind": "footnote"}, ["fn_2", "fn_3"]),
            ({"kind": "table"}, []),
            (
                {"pillar": 1},
                ["pillar_1", "pillar_1__principle_a", "pillar_1__action_1", "pillar_1__action_2"],
            ),
            ({"pillar": 8}, []),
            ({"actor": "national_government"}, ["pillar_1__action_1"]),
            ({"actor": "all_stakeholders"}, []),
            ({"kind": "action", "pillar": 1, "actor": "stakeholder"}, ["pillar_1__action_2"]),
            ({"kind": "action", "pillar": 2}, []),
        ],
    )
    def test_filters(self, published: Draft, query: dict[str, Any], keys: list[str]) -> None:
        page = client_of().get(provisions(published), query).json()
        assert (page["count"], [each["key"] for each in page["results"]]) == (len(keys), keys)

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            *(("kind", value) for value in ("x", "", "PILLAR", "pillar\x00", "pillar,action", "x" * 5_000)),
            *(("pillar", value) for value in ("0", "9", "-1", "x", "", "1.0", " 1", "1\x00", "9" * 30, "١")),
            *(("actor", value) for value in ("x", "", "Stakeholder", "null", "\x00")),
            *(("language", value) for value in ("x", "", "EN", "zh", "fr\x00", "en,fr")),
        ],
    )
    def test_a_malformed_value_is_told_by_field(self, published: Draft, name: str, value: str) -> None:
        answer = client_of().get(provisions(published), {name: value})
        assert answer.status_code == 400 and list(answer.json()) == [name]

    def test_all_malformed_filters_are_told_at_once(self, published: Draft) -> None:
        answer = client_of().get(provisions(published), {"kind": "x", "pillar": "x", "actor": "x"})
        assert answer.status_code == 400 and set(answer.json()) == {"kind", "pillar", "actor"}

    def test_pages_hold_up_to_500(self) -> None:
        draft = make_draft()
        Provision.objects.bulk_create(
            Provision(draft=draft, key=f"para_{n}", kind="paragraph", position=n + 1) for n in range(1, 506)
        )
        drafter = client_of(make_user("drafter"))
        for asked, given in (({}, 50), ({"page_size": 500}, 500), ({"page_size": 10_000}, 500)):
            page = drafter.get(provisions(draft), asked).json()
            assert (page["count"], len(page["results"]), page["previous"]) == (506, given, None)
        rest = drafter.get(page["next"]).json()
        keys = [each["key"] for each in (*page["results"], *rest["results"])]
        assert keys == ["chp_1", *(f"para_{n}" for n in range(1, 506))]
        assert rest["next"] is None and rest["previous"]
        # Parents stand on other pages, too; provisions without words are there.
        assert (rest["results"][0]["text"], rest["results"][0]["version"]) == ("", None)

    @pytest.mark.parametrize("page", ["0", "-1", "3", "x", "\x00", "9" * 30, "9" * 5_000])
    def test_pages_that_are_not_there(self, published: Draft, page: str) -> None:
        assert client_of().get(provisions(published), {"page": page}).status_code == 404

    @pytest.mark.parametrize("size", ["0", "-1", "x", "", "9" * 5_000])
    def test_a_malformed_page_size_is_the_usual_or_the_largest(self, published: Draft, size: str) -> None:
        assert len(rows(client_of(), provisions(published), page_size=size)) == len(KEYS)

    def test_the_next_page_keeps_filters_and_language(self, published: Draft) -> None:
        query = {"page_size": 1, "kind": "pillar", "language": "fr"}
        page = client_of().get(provisions(published), query).json()
        (second,) = client_of().get(page["next"]).json()["results"]
        assert (second["key"], second["requested_language"]) == ("pillar_2", "fr")

    def test_the_same_queries_however_many(self, book: Draft) -> None:
        drafter, counts = make_user("drafter"), []
        for number in (1, 40):
            for n in range(number):
                make_provision(book, f"para_{number}_{n}", text="More words.")
            # A fresh person: what the last request learned about their rights isn't known to the next.
            fresh = User.objects.get(pk=drafter.pk)
            with CaptureQueriesContext(connection) as queries:
                found = rows(client_of(fresh), provisions(book), page_size=500)
            assert len(found) == book.provisions.count()
            counts.append(len(queries))
        assert counts[0] == counts[1] <= 8


class TestLanguage:
    def test_what_is_translated_is_read_in_the_language_asked_for(self, published: Draft) -> None:
        french = row(client_of(), published, "para_1", language="fr")
        assert french["text"] == "Les capteurs[^2] comptent.[^3]"
        assert (french["language"], french["requested_language"]) == ("fr", "fr")
        answer = client_of().get(provisions(published), headers={"Accept-Language": "fr-CH, en;q=0.5"})
        assert answer.json()["results"][1] == french

    def test_what_is_not_says_what_it_fell_back_to(self, published: Draft) -> None:
        for key in ("pillar_1", "fn_3", "term_1"):
            shown = row(client_of(), published, key, language="fr")
            assert (shown["language"], shown["requested_language"]) == ("en", "fr")
            assert shown["text"] or shown["heading"]
        pillar = published.provisions.get(key="pillar_1")
        alone = client_of().get(of_provision(pillar), {"language": "zh-hans"}).json()
        assert (alone["heading"], alone["language"]) == ("Prosperity", "en")

    def test_the_source_language_is_the_drafts_own(self) -> None:
        draft = make_draft(status="published", source_language="zh-hans", paragraphs=1)
        shown = row(client_of(), draft, "para_1")
        assert (shown["language"], shown["requested_language"]) == ("zh-hans", "en")

    def test_a_footnote_not_yet_translated_is_not_left_empty(self, published: Draft) -> None:
        notes = row(client_of(), published, "para_1", language="fr")["footnotes"]
        assert notes == [{"number": "2", "text": "Des choses."}, {"number": "3", "text": "Not all."}]

    def test_the_address_outweighs_the_header(self, published: Draft) -> None:
        answer = client_of().get(provisions(published), {"language": "en"}, headers={"Accept-Language": "fr"})
        assert answer.json()["results"][1]["language"] == "en"

    def test_a_language_we_do_not_speak_falls_back(self, published: Draft) -> None:
        answer = client_of().get(provisions(published), headers={"Accept-Language": "tlh, x\x7f;q=9"})
        assert answer.status_code == 200
        assert answer.json()["results"][1]["language"] == "en"


class TestTerms:
    def test_the_glossary(self, published: Draft) -> None:
        page = client_of().get(of_draft(published, "terms/")).json()
        assert (page["count"], [each["heading"] for each in page["results"]]) == (1, ["Smart city"])
        assert page["results"] == rows(client_of(), provisions(published), kind="term")

    def test_its_language_falls_back_too(self, published: Draft) -> None:
        (term,) = rows(client_of(), of_draft(published, "terms/"), language="ar")
        assert (term["language"], term["requested_language"]) == ("en", "ar")
        wrong = client_of().get(of_draft(published, "terms/"), {"language": "xx"})
        assert wrong.status_code == 400 and list(wrong.json()) == ["language"]
