"""Beginning the next draft, as drafters do it in the browser."""

import html
import re

import pytest
from django.conf import settings
from django.test import Client
from django.utils import translation

from drafts.actions.drafting import begin_draft
from drafts.models import Draft
from drafts.naming import in_every_language, labels_suggested, words_of
from tests.factories import make_draft, make_user

pytestmark = pytest.mark.django_db


def signed_in(role: str) -> Client:
    client = Client()
    client.force_login(make_user(role))
    return client


def address(draft: Draft, language: str = "en") -> str:
    return f"/{language}/drafting/{draft.guidelines.slug}/{draft.number}/begin/"


def test_a_drafter_begins_the_next_draft_and_lands_in_the_workspace() -> None:
    base = make_draft(status="published", paragraphs=2)
    client = signed_in("drafter")
    contents = client.get(f"/en/guidelines/{base.guidelines.slug}/{base.number}/").content.decode()
    assert address(base) in contents
    assert "Name of the next draft" in client.get(address(base)).content.decode()
    answer = client.post(address(base), {"label_en": "Second draft"})
    draft = Draft.objects.get(label="Second draft")
    assert answer["Location"] == f"/en/drafting/{base.guidelines.slug}/{draft.number}/edit/"
    assert set(draft.provisions.values_list("key", flat=True)) == set(
        base.provisions.values_list("key", flat=True)
    )
    assert client.get(answer["Location"]).status_code == 200


def test_a_label_that_is_taken_or_missing_is_said_beside_its_field() -> None:
    base = make_draft(status="published", label="First draft")
    client = signed_in("drafter")
    for label, said in (("first DRAFT", "First draft"), ("", "required")):
        answer = client.post(address(base), {"label_en": label})
        assert answer.status_code == 400
        assert said.lower() in answer.content.decode().lower()
    assert Draft.objects.count() == 1


@pytest.mark.parametrize("role", ["staff", "expert", "participant"])
def test_only_drafters_begin_one(role: str) -> None:
    base = make_draft(status="published", paragraphs=1)
    client = signed_in(role)
    assert client.post(address(base), {"label_en": "Mine"}).status_code == 403
    assert Draft.objects.count() == 1


def test_a_draft_that_one_may_not_read_is_not_there() -> None:
    assert signed_in("expert").get(address(make_draft())).status_code == 404
    assert Client().get(address(make_draft())).status_code == 302


def test_a_label_carries_no_characters_that_nobody_sees() -> None:
    base = make_draft(status="published", label="First draft")
    client = signed_in("drafter")
    for label in ("\u202e\u200b", "First\u200b draft"):
        assert client.post(address(base), {"label_en": label}).status_code == 400
    assert client.post(address(base), {"label_en": "\u202eSecond draft"}).status_code == 302
    assert Draft.objects.filter(label="Second draft").exists()


class TestLabels:
    def suggested(self, base: Draft, language: str = "en") -> dict[str, str]:
        page = signed_in("drafter").get(address(base, language)).content.decode()
        fields = re.findall(
            r'<input type="text" name="label_(\w+)" value="([^"]*)"[^>]* lang="([\w-]+)"', page
        )
        assert {name.replace("_", "-") for name, _words, _lang in fields} == set(dict(settings.LANGUAGES))
        assert all(name.replace("_", "-") == lang for name, _words, lang in fields)
        assert fields[0][0] == language, "the language of the page comes first"
        return {lang: html.unescape(words) for _name, words, lang in fields}

    def test_the_next_ordinal_is_suggested_in_every_language(self) -> None:
        base = make_draft(status="published", label="Second draft")
        found = self.suggested(base)
        assert found == labels_suggested(base.guidelines)
        assert found["en"] == "Third draft"
        assert self.suggested(base, "fr") == found

    @pytest.mark.parametrize(
        ("labels", "next_label"),
        [
            (["Zero draft"], "First draft"),
            (["Zero draft", "First draft", "second DRAFT"], "Third draft"),
            (["Zero draft", "Zero draft, revised"], "First draft"),
            (["Ours"], "Second draft"),
            (["Ours", "Theirs"], "Third draft"),
            (["Third draft", "Ours"], "Fourth draft"),
            (["Tenth draft"], "Draft 11"),
            (["Draft 13", "Draft 14"], "Draft 15"),
        ],
    )
    def test_what_is_suggested_is_never_taken(self, labels: list[str], next_label: str) -> None:
        base = make_draft(label=labels[0])
        for label in labels[1:]:
            make_draft(guidelines=base.guidelines, label=label)
        assert labels_suggested(base.guidelines)["en"] == next_label

    def test_a_label_in_another_language_counts(self) -> None:
        base = make_draft(label="Ours")
        Draft.objects.update(label_ru=in_every_language(4)["ru"])
        assert labels_suggested(base.guidelines) == in_every_language(5)

    def test_the_language_of_the_page_is_asked_for_and_the_others_may_wait(self) -> None:
        base = make_draft(status="published", label="First draft")
        client = signed_in("drafter")
        sent = {"label_fr": "Projet d’été", "label_ar": "", "label_en": " "}
        refused = client.post(address(base, "en"), sent)
        assert refused.status_code == 400 and "Projet d’été" in refused.content.decode()
        assert client.post(address(base, "fr"), sent).status_code == 302
        draft = Draft.objects.get(number=base.number + 1)
        assert words_of(draft, "label") == dict.fromkeys(dict(settings.LANGUAGES), "") | {
            "fr": "Projet d’été"
        }
        assert str(draft) == "Projet d’été", "where one is missing, another stands in"

    def test_what_is_wrong_stands_beside_the_language_it_is_wrong_in(self) -> None:
        base = make_draft(status="published", label="First draft")
        Draft.objects.update(label_fr="Premier")
        answer = signed_in("drafter").post(
            address(base), {"label_en": "Next", "label_fr": "Next one", "label_es": "premier"}
        )
        page = answer.content.decode()
        assert answer.status_code == 400 and Draft.objects.count() == 1
        assert re.search(r'id="id_label_es_error">\s*<span>[^<]*premier', page)
        assert 'value="Next one"' in page and "id_label_fr_error" not in page

    def test_over_the_api_the_label_is_in_the_language_of_the_request(self) -> None:
        base = make_draft(status="published", label="First draft")
        with translation.override("es"):
            draft = begin_draft(actor=make_user("drafter"), base=base, label="Borrador nuevo")
        assert (draft.label_es, draft.label_en) == ("Borrador nuevo", None)
