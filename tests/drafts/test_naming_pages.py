"""The page on which guidelines and drafts get their names in six languages, as it works without JavaScript."""

import html
import re
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import RoleGrant
from core.six_languages import column
from drafts.models import Draft, Guidelines
from drafts.naming import words_of
from tests.factories import make_draft, make_user, set_status

pytestmark = pytest.mark.django_db
CODES = list(dict(settings.LANGUAGES))


@pytest.fixture
def draft() -> Draft:
    made = make_draft(paragraphs=1, label="First draft")
    Draft.objects.update(label_fr="Premier projet")
    Guidelines.objects.update(title_en="Cities", title_ar="مدن")
    return Draft.objects.get(pk=made.pk)


def browser(*roles: str, **fields: Any) -> Client:
    client = Client()
    client.force_login(make_user(*roles, **fields))
    return client


def at(draft: Draft, language: str = "en") -> str:
    return f"/{language}/drafting/{draft.guidelines.slug}/{draft.number}/names/"


def fields_of(page: str, name: str) -> dict[str, str]:
    """What a browser would send of the form of ``name``, were nothing touched."""
    form = next(form for form in re.findall(r"<form.*?</form>", page, re.S) if f'name="{name}_en"' in form)
    found = {
        n: html.unescape(v) for n, v in re.findall(r'<input type="\w+" name="(\w+)" value="([^"]*)"', form)
    }
    found |= dict.fromkeys(re.findall(r'<input type="\w+" name="(\w+)" (?!value)', form), "")
    for field, words in re.findall(r'<textarea name="(\w+)"[^>]*>(.*?)</textarea>', form, re.S):
        found[field] = html.unescape(words).removeprefix("\n")
    found.pop("csrfmiddlewaretoken", None)
    return {**found, "name": name}


def opened(client: Client, draft: Draft, name: str) -> dict[str, str]:
    return fields_of(client.get(at(draft)).content.decode(), name)


def labels(draft: Draft) -> dict[str, str]:
    return {code: said for code, said in words_of(Draft.objects.get(pk=draft.pk), "label").items() if said}


@pytest.mark.parametrize("name", ["label", "title"])
def test_every_language_has_its_field_its_direction_and_what_was_shown(draft: Draft, name: str) -> None:
    page = browser("drafter").get(at(draft)).content.decode()
    for code in CODES:
        field = re.search(rf'<(?:input|textarea)[^>]*name="{column(name, code)}"[^>]*>', page)
        assert field and f'lang="{code}"' in field[0]
        assert f'dir="{"rtl" if code == "ar" else "ltr"}"' in field[0]
    sent = fields_of(page, name)
    row: Any = draft if name == "label" else draft.guidelines
    row.refresh_from_db()
    standing = {column(name, code): words for code, words in words_of(row, name).items()}
    assert {k: v for k, v in sent.items() if not k.startswith("seen_") and k != "name"} == standing
    assert {k.removeprefix("seen_"): v for k, v in sent.items() if k.startswith("seen_")} == standing


def test_what_is_missing_says_what_readers_see_meanwhile(draft: Draft) -> None:
    Draft.objects.update(label_en=None)
    page = " ".join(browser("staff").get(at(draft)).content.decode().split())
    hint = re.search(r'id="id_label_es_helptext">(.*?)</div>', page)
    assert hint and "Missing. Meanwhile readers see:" in hint[1]
    assert '<q lang="fr" dir="ltr">Premier projet</q> (<span lang="fr">Français</span>)' in hint[1]
    assert "id_label_fr_helptext" not in page
    assert "Missing in 5 languages." in page and "Missing in 4 languages." in page


def test_saving_and_what_readers_see_then(draft: Draft) -> None:
    set_status(draft, "published")
    client = browser("staff")
    for name, field, said in (("label", "label_ar", "المشروع الأول"), ("title", "title_fr", "Villes")):
        answer = client.post(at(draft), opened(client, draft, name) | {field: said}, follow=True)
        assert answer.redirect_chain[-1][0] == at(draft)
        assert f"Saved: {'العربية' if name == 'label' else 'Français'}." in answer.content.decode()
    shown = {
        code: Client().get(f"/{code}/guidelines/{draft.guidelines.slug}/1/").content.decode()
        for code in CODES
    }
    assert "المشروع الأول" in shown["ar"] and "First draft" not in shown["ar"]
    assert "Villes" in shown["fr"] and "Premier projet" in shown["fr"]
    assert "Cities" in shown["es"] and "First draft" in shown["es"]
    nothing = client.post(at(draft), opened(client, draft, "label"), follow=True)
    assert "You changed nothing." in nothing.content.decode()
    history = client.get(f"/en/drafting/{draft.guidelines.slug}/1/").content.decode()
    assert "Changed the label of a draft" in history and at(draft) in history


def test_what_readers_know_cant_be_changed_any_more(draft: Draft) -> None:
    client = browser("drafter")
    before = opened(client, draft, "label")
    set_status(draft, "published")
    page = client.get(at(draft)).content.decode()
    assert "Readers know the draft by this label: it stays." in page
    for code in CODES:
        field = re.search(rf'<input[^>]*name="{column("label", code)}"[^>]*>', page)
        assert field and ("readonly" in field[0]) == (code in ("en", "fr"))
    late = client.post(at(draft), before | {"label_fr": "Projet un", "label_es": "Primero"})
    assert late.status_code == 400 and "Projet un" in late.content.decode(), "what was written isn't lost"
    assert labels(draft) == {"en": "First draft", "fr": "Premier projet"}
    for code in CODES:
        Draft.objects.filter(pk=draft.pk, **{f"{column('label', code)}": None}).update(
            **{column("label", code): code}
        )
    assert "Save the label" not in client.get(at(draft)).content.decode()


class TestTwoPeople:
    def test_the_later_one_is_shown_the_others_words_and_decides(self, draft: Draft) -> None:
        one, other = browser("drafter"), browser("staff")
        first, second = opened(one, draft, "label"), opened(other, draft, "label")
        assert one.post(at(draft), first | {"label_fr": "Projet un"}).status_code == 302
        mine = second | {"label_fr": "Projet “deux”", "label_es": "Primero"}
        refused = other.post(at(draft), mine)
        page = refused.content.decode()
        assert refused.status_code == 409 and labels(draft)["fr"] == "Projet un"
        assert "Meanwhile somebody else saved: “Projet un”." in page
        assert "Somebody else has changed this since you opened the page." in page
        again = fields_of(page, "label")
        assert again == mine | {"seen_label_fr": "Projet un"}, "all that was written is there"
        assert other.post(at(draft), again).status_code == 302
        assert labels(draft) == {"en": "First draft", "fr": "Projet “deux”", "es": "Primero"}

    def test_what_the_other_changed_elsewhere_stays_and_is_told(self, draft: Draft) -> None:
        one, other = browser("drafter"), browser("staff")
        first, second = opened(one, draft, "title"), opened(other, draft, "title")
        one.post(at(draft), first | {"title_ar": "مدن ذكية"})
        page = other.post(at(draft), second | {"title_ru": "Города"}, follow=True).content.decode()
        assert "Meanwhile somebody else changed: العربية. Theirs stands." in page and "مدن ذكية" in page
        guidelines = Guidelines.objects.get(pk=draft.guidelines_id)
        assert (guidelines.title_ar, guidelines.title_ru) == ("مدن ذكية", "Города")

    def test_emptied_by_the_other(self, draft: Draft) -> None:
        one, other = browser("drafter"), browser("staff")
        first, second = opened(one, draft, "label"), opened(other, draft, "label")
        one.post(at(draft), first | {"label_fr": ""})
        refused = other.post(at(draft), second | {"label_fr": "Projet"})
        assert refused.status_code == 409 and "somebody else emptied this" in refused.content.decode()


class TestWho:
    def test_one_draft_alone_gives_no_right_to_the_title_of_all(self, draft: Draft) -> None:
        person = make_user()
        RoleGrant.objects.create(user=person, role="drafter", scope_type="draft", scope_id=str(draft.pk))
        client = Client()
        client.force_login(person)
        page = client.get(at(draft)).content.decode()
        assert "only those who work on all of them change it" in page
        assert 'name="title_en"' not in page and ">Cities</span>" in page and 'name="label_en"' in page
        sent = {"name": "title", "title_en": "Mine", "seen_title_en": "Cities"}
        assert client.post(at(draft), sent).status_code == 403
        assert client.post(at(draft), opened(client, draft, "label") | {"label_es": "Uno"}).status_code == 302
        assert Guidelines.objects.get().title_en == "Cities" and labels(draft)["es"] == "Uno"

    def test_a_draft_that_one_may_not_read_is_not_there(self, draft: Draft) -> None:
        assert browser("expert").get(at(draft)).status_code == 404
        assert browser("admin").post(at(draft), {"name": "label"}).status_code == 404
        assert Client().get(at(draft)).status_code == 302

    def test_whoever_may_not_finds_no_way_there(self, draft: Draft) -> None:
        set_status(draft, "published")
        way = f"/en/drafting/{draft.guidelines.slug}/1/"
        for role, there in (("drafter", True), ("staff", True), ("admin", False)):
            assert (at(draft) in browser(role).get(way).content.decode()) == there


def test_something_else_is_no_name(draft: Draft) -> None:
    assert browser("staff").post(at(draft), {"name": "slug"}).status_code == 400


def test_the_page_asks_the_same_however_many_drafts(draft: Draft) -> None:
    client, counts = browser("staff"), []
    for _ in range(2):
        client.get(at(draft))
        with CaptureQueriesContext(connection) as queries:
            client.get(at(draft))
        counts.append(len(queries))
        for n in range(4):
            make_draft(guidelines=draft.guidelines, number=10 + n + 10 * len(counts))
    assert counts[0] == counts[1]
