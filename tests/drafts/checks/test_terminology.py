"""Official terms in translations: any form of them is right, another word is reported."""

from typing import Any

import pytest
from django.test import Client

from drafts.actions.checking import check_draft, waive_finding
from drafts.actions.translating import confirm_translation
from drafts.checks import find_all, read_draft
from drafts.inflection import Glossary, stands_in
from drafts.models import Draft, ProvisionText
from tests.factories import make_draft, make_provision, make_text, make_user

CODE = "term_rendered_otherwise"


@pytest.mark.parametrize(
    ("language", "term", "right", "wrong"),
    [
        (
            "fr",
            "Infrastructure publique numérique",
            ["des infrastructures publiques numériques", "l’infrastructure publique numérique[^3]"],
            ["une infrastructure numérique", "des services publics numériques"],
        ),
        (
            "fr",
            "Gouvernance des données",
            ["la gouvernance de données urbaines", "Gouvernance efficace des données"],
            ["la gestion des données"],
        ),
        (
            "es",
            "Bienes públicos digitales",
            ["un bien público digital", "los bienes públicos digitales"],
            ["los servicios públicos digitales", "bienes digitales"],
        ),
        (
            "ru",
            "Люди, находящиеся в уязвимом положении",
            ["людям, находящимся в уязвимом положении", "людей, находящихся в уязвимом положении"],
            ["уязвимым группам населения"],
        ),
        (
            "ru",
            "Управление данными",
            ["управления городскими данными", "управлении данными"],
            ["распоряжение данными", "управление городом"],
        ),
        (
            "ar",
            "التوأم الرقمي",
            ["بالتوائم الرقمية", "توأم رقمي", "وللتوأم الرقمي"],
            ["النموذج الرقمي", "النماذج الرقمية"],
        ),
        (
            "ar",
            "حوكمة البيانات",
            ["وحوكمة البيانات", "لحوكمة بيانات المدينة"],
            ["إدارة البيانات"],
        ),
        ("zh-hans", "数字鸿沟", ["缩小数字鸿沟", "数字 鸿沟"], ["数字差距"]),
        ("en", "Digital twin", ["digital twins", "a Digital-twin"], ["a digital model"]),
    ],
)
def test_forms_of_a_term(language: str, term: str, right: list[str], wrong: list[str]) -> None:
    assert [said for said in right if not stands_in(term, said, language)] == []
    assert [said for said in wrong if stands_in(term, said, language)] == []


def test_a_longer_term_is_no_use_of_a_shorter_one() -> None:
    terms = Glossary({"a": "Open data", "b": "Open data platform"}, "en")
    assert terms.occurring("An open data platform.") == ["b"]
    assert terms.occurring("Open-data rules; an open data platform.") == ["a", "b"]


@pytest.fixture
def draft() -> Draft:
    draft = make_draft(paragraphs=0)
    term = make_provision(
        draft, "term_1", kind="term", number="1", heading="Digital divide (DD)", text="Differences."
    )
    make_text(term, language="fr", heading="Fracture numérique", text="Écarts.", translated_from_version=1)
    row = make_provision(draft, "para_1", number="1", text="Close digital divides.")
    make_text(row, language="fr", text="Combler les fossés numériques.", translated_from_version=1)
    right = make_provision(draft, "para_2", number="2", text="Measure the digital divide.")
    make_text(right, language="fr", text="Mesurer les fractures numériques.", translated_from_version=1)
    make_provision(draft, "para_3", number="3", text="Another digital divide, untranslated.")
    return draft


def found(draft: Draft) -> list[tuple[str, str, dict[str, str]]]:
    return [
        (one.key, one.language, dict(one.params))
        for known, one in find_all(read_draft(draft))
        if known.code == CODE
    ]


@pytest.mark.django_db
class TestFindings:
    def test_another_word_is_reported_and_only_that(self, draft: Draft) -> None:
        expected = {"term": "Digital divide", "official": "Fracture numérique"}
        assert found(draft) == [("para_1", "fr", expected)]
        ProvisionText.objects.filter(language="fr", provision__key="term_1").update(heading="Fossé numérique")
        assert [key for key, _language, _params in found(draft)] == ["para_2"]

    def test_what_is_outdated_is_reported_once_it_is_said_to_hold(self, draft: Draft) -> None:
        source = ProvisionText.objects.get(language="en", provision__key="para_1")
        source.text, source.version = "Close all digital divides.", 2
        source.save()
        source.revisions.create(version=2, content=source.content)
        assert found(draft) == []
        run = check_draft(draft.pk)
        confirm_translation(
            actor=make_user("staff"), provision=source.provision, language="fr", version=1, source_version=2
        )
        again = check_draft(draft.pk)  # no word was changed, but what is found depends on it
        assert run and again and run.fingerprint != again.fingerprint
        assert draft.findings.filter(code=CODE, key="para_1").exists()

    def test_the_page_leads_to_the_desk_and_a_waiver_holds(self, draft: Draft, client: Client) -> None:
        person: Any = make_user("drafter")
        client.force_login(person)
        check_draft(draft.pk)
        base = f"/en/drafting/{draft.guidelines.slug}/{draft.number}"
        page = client.get(f"{base}/checks/?code={CODE}").content.decode()
        assert "Fracture numérique" in page and f'href="{base}/translate/fr/para_1/"' in page
        finding = draft.findings.get(code=CODE)
        waive_finding(actor=person, draft=draft, fingerprint=finding.fingerprint, reason="A quotation.")
        check_draft(draft.pk, again=True)
        page = client.get(f"{base}/checks/?code={CODE}").content.decode()
        assert "No finding is like that." in page
