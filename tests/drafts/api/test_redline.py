"""The redline of two drafts as programs read it."""

import pytest
from rest_framework.test import APIClient

from drafts.actions.drafting import begin_draft, revise_provision
from drafts.models import Draft, Lineage, Provision, ProvisionText
from tests.drafts.api.addresses import of_draft, rows
from tests.factories import make_draft, make_text, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def successor(book: Draft) -> Draft:
    drafter = make_user("drafter")
    draft = begin_draft(actor=drafter, base=book, label="Third draft")
    revise(draft, "pillar_1__principle_a", "Fair to all.")
    return draft


def revise(draft: Draft, key: str, text: str, language: str = "en") -> None:
    words = ProvisionText.objects.get(provision__draft=draft, provision__key=key, language=language)
    revise_provision(
        actor=make_user("drafter"),
        provision=words.provision,
        language=language,
        version=words.version,
        text=text,
    )


def client_of(*roles: str) -> APIClient:
    client = APIClient()
    client.force_authenticate(make_user(*roles))
    return client


def joined(operations: list[list[str]], signs: str) -> str:
    return "".join(text for sign, text in operations if sign in signs)


def test_the_summary_and_each_provision(book: Draft, successor: Draft) -> None:
    answer = client_of("staff").get(of_draft(successor, "redline/"), {"against": book.pk, "language": "en"})
    assert answer.status_code == 200
    assert answer.json()["summary"] == {"added": 0, "removed": 0, "changed": 1, "moved": 0, "unchanged": 9}
    found = {row["key"]: row for row in answer.json()["provisions"]}
    assert found["pillar_1__principle_a"]["change"] == "changed"
    assert found["pillar_1__principle_a"]["operations"] == [["=", "Fair"], ["+", " to all"], ["=", "."]]
    assert found["para_1"]["operations"] == [["=", "Sensors[^2] count.[^3]"]]


@pytest.mark.parametrize("language", ["en", "fr"])
def test_it_joins_to_the_texts_as_the_provisions_give_them(
    book: Draft, successor: Draft, language: str
) -> None:
    words = ProvisionText.objects.get(provision__draft=successor, provision__key="para_1", language="en")
    words.footnotes = [{"label": "iot", "number": "5", "key": "fn_2"}, *words.footnotes[1:]]
    words.save()
    client = client_of("staff")
    query = {"against": book.pk, "language": language}
    redline = client.get(of_draft(successor, "redline/"), query).json()["provisions"]
    assert {row["key"] for row in redline} == {
        row["key"] for row in rows(client, of_draft(book, "provisions/"))
    }
    for draft, signs in ((book, "=-"), (successor, "=+")):
        texts = {r["key"]: r for r in rows(client, of_draft(draft, "provisions/"), language=language)}
        for row in redline:
            assert joined(row["operations"], signs) == texts[row["key"]]["text"]
            assert joined(row["heading_operations"], signs) == texts[row["key"]]["heading"]


def test_renumbered_footnotes_are_no_change(book: Draft, successor: Draft) -> None:
    words = ProvisionText.objects.get(provision__draft=successor, provision__key="para_1", language="en")
    words.footnotes = [{"label": "iot", "number": "5", "key": "fn_2"}, *words.footnotes[1:]]
    words.save()
    answer = client_of("staff").get(of_draft(successor, "redline/"), {"against": book.pk, "language": "en"})
    row = next(r for r in answer.json()["provisions"] if r["key"] == "para_1")
    assert row["change"] == "unchanged"
    assert row["operations"] == [
        ["=", "Sensors"],
        ["-", "[^2]"],
        ["+", "[^5]"],
        ["=", " count.[^3]"],
    ]


def test_a_missing_translation_is_compared_in_the_source_language(book: Draft, successor: Draft) -> None:
    make_text(successor.provisions.get(key="pillar_1__action_1"), language="fr", text="Agir.")
    answer = client_of("staff").get(of_draft(successor, "redline/"), {"against": book.pk, "language": "fr"})
    found = {row["key"]: row for row in answer.json()["provisions"]}
    assert (found["pillar_1__action_1"]["language"], found["pillar_1__action_1"]["change"]) == (
        "en",
        "unchanged",
    )
    assert found["para_1"]["language"] == "fr"


def test_each_change_is_seen_at_once(book: Draft, successor: Draft) -> None:
    """What is kept of a comparison is not shown any more once the words have changed."""
    client, query = client_of("staff"), {"against": book.pk, "language": "en"}
    assert client.get(of_draft(successor, "redline/"), query).json()["summary"]["changed"] == 1
    revise(successor, "pillar_1__action_1", "Act now.")
    assert client.get(of_draft(successor, "redline/"), query).json()["summary"]["changed"] == 2
    revise(successor, "pillar_1__action_1", "Act.")
    assert client.get(of_draft(successor, "redline/"), query).json()["summary"]["changed"] == 1


def test_a_removed_provision_and_the_one_it_was_merged_into(book: Draft, successor: Draft) -> None:
    Provision.objects.filter(draft=successor, key="pillar_1__action_2").update(removed_at="2026-01-01T00:00Z")
    Lineage.objects.create(
        draft=successor, key="pillar_1__action_1", ancestor_key="pillar_1__action_2", kind="merge"
    )
    Draft.objects.filter(pk=successor.pk).update(structure_version=2)
    third = begin_draft(actor=make_user("drafter"), base=successor, label="Fourth draft")
    for draft in (successor, third):
        answer = client_of("staff").get(of_draft(draft, "redline/"), {"against": book.pk, "language": "en"})
        found = {row["key"]: row for row in answer.json()["provisions"]}
        assert found["pillar_1__action_2"]["change"] == "removed"
        assert found["pillar_1__action_2"]["number"] is None
        assert found["pillar_1__action_1"]["ancestors"] == [{"key": "pillar_1__action_2", "kind": "merge"}]
        assert joined(found["pillar_1__action_1"]["ancestor_operations"], "=-") == "Act.\nAct."


@pytest.mark.parametrize("against", ["", "0", "x", "1e3", "9" * 30, "²"])
def test_another_draft_must_be_named(book: Draft, against: str) -> None:
    answer = client_of("staff").get(of_draft(book, "redline/"), {"against": against} if against else {})
    assert answer.status_code == 400
    assert "against" in answer.json()


def test_a_draft_of_other_guidelines_is_none_to_compare_with(book: Draft) -> None:
    answer = client_of("staff").get(of_draft(book, "redline/"), {"against": make_draft().pk})
    assert answer.status_code == 400


def test_a_draft_that_the_caller_may_not_read_is_not_given_away(book: Draft, successor: Draft) -> None:
    public = make_draft(guidelines=book.guidelines, status="published", paragraphs=1)
    client = client_of("participant")
    assert client.get(of_draft(successor, "redline/"), {"against": public.pk}).status_code == 404
    hidden = client.get(of_draft(public, "redline/"), {"against": successor.pk})
    nothing = client.get(of_draft(public, "redline/"), {"against": 10**9})
    assert (hidden.status_code, hidden.content) == (400, nothing.content)
