"""Languages that come out later, as people meet them: readers see nothing, translators go on, two release it."""

import re
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from core import outbox
from core.files import keep
from drafts.actions.publishing import ask_for_status, confirm_status
from drafts.models import Draft, Edition, Provision, ProvisionText, Rendering, StatusRequest
from drafts.rules import DOCUMENT
from tests.api_client import client_of
from tests.drafts.api.addresses import of_draft, of_provision
from tests.drafts.later import CANARY, finish, make_later, make_working, translate
from tests.factories import make_comment, make_draft, make_provision, make_round, make_text, make_user
from tests.guidelines_portal.test_permissions import TABLE, address, world

pytestmark = pytest.mark.django_db
RELEASED = StatusRequest.Target.RELEASED
__all__ = ["world"]  # the fixture


def page_of(draft: Draft, rest: str = "") -> str:
    return f"/en/drafting/{draft.guidelines.slug}/{draft.number}/{rest}"


def reading(draft: Draft, rest: str = "") -> str:
    return f"/en/guidelines/{draft.guidelines.slug}/{draft.number}/{rest}"


def signed_in(person: Any) -> Client:
    client = Client()
    if person is not None:
        client.force_login(person)
    return client


def see(person: Any, path: str) -> str:
    return signed_in(person).get(path).content.decode()


def send(person: Any, draft: Draft, act: str, **sent: Any) -> Any:
    values = {f"{act}-{name}": value for name, value in sent.items()}
    return signed_in(person).post(page_of(draft, "act/"), {"act": act, **values}, follow=True)


def value_of(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]+)"', page)
    assert found, name
    return found[1]


@pytest.fixture
def elsewhere(world: dict[str, Any]) -> dict[str, Any]:
    """The world of the table of routes, of a draft whose French is to come and a later draft that has it."""
    draft = make_later()
    finish(draft)
    following = make_draft(guidelines=draft.guidelines, number=2, base=draft, paragraphs=1)
    make_provision(following, "pillar_1", kind="pillar", number="1", pillar=1, heading="Wealth")
    words = Provision.objects.get(draft=following, key="para_1")
    make_text(words, language="fr", text="Autres mots.", translated_from_version=1)
    round = make_round(draft, visibility="participants")
    comment = make_comment(round, make_user("participant"), provision_key="para_1")
    provision = Provision.objects.get(draft=draft, key="para_1")
    world |= {
        "slug": draft.guidelines.slug,
        "number": draft.number,
        "draft": draft.pk,
        "following": following,
    }
    return world | {"provision": provision.pk, "round_id": round.pk, "comment": comment.uuid, "against": 2}


def spellings(pattern: str, world: dict[str, Any]) -> set[str]:
    """The address in every way in which French can be asked for."""
    french = pattern.replace("<str:language>", "fr").replace("(?P<language>[a-z-]{2,10})", "fr")
    path = address(french, world)
    query = "?text=fr&language=fr&against=2"
    return {path + query, re.sub(r"^/en/", "/fr/", path) + query, address(pattern, world)}


@pytest.mark.once  # ten thousand pages: what they show is the same on every database
@pytest.mark.parametrize(
    ("state", "role"),
    [("published", "anonymous"), ("published", "participant"), ("superseded", "anonymous")],
)
def test_no_address_shows_a_word_of_it(elsewhere: dict[str, Any], state: str, role: str) -> None:
    from tests.factories import set_status

    if state == "superseded":
        set_status(elsewhere["following"], "published")
    client = Client(raise_request_exception=False)
    if role != "anonymous":
        client.force_login(elsewhere["people"][role])
    leaks, read = [], 0
    for pattern in TABLE:
        for path in spellings(pattern, elsewhere):
            response = client.get(path)
            content = response.getvalue() if response.streaming else response.content
            read += response.status_code == 200
            if CANARY.encode() in content or response.status_code >= 500:
                leaks.append((path, response.status_code))
    assert leaks == []
    assert read > 60  # and it did read pages


def test_the_same_addresses_show_it_once_it_is_released() -> None:
    """What the test above looks for would be found."""
    draft = make_later()
    finish(draft)
    asked = ask_for_status(actor=make_user("drafter"), draft=draft, target=RELEASED, language="fr")
    for rest in ("chp_1/?text=fr", "whole/?text=fr", "para_1/history/?text=fr"):
        assert CANARY not in see(None, reading(draft, rest)), rest
    confirm_status(actor=make_user("staff"), request=asked)
    for rest in ("chp_1/?text=fr", "whole/?text=fr"):
        assert CANARY in see(None, reading(draft, rest)), rest
    shown = client_of().get(of_draft(draft, "provisions/"), {"language": "fr"})
    assert CANARY in shown.content.decode()


def test_readers_read_the_original_and_are_told() -> None:
    draft = make_later()
    for rest in ("?text=fr", "pillar_1/?text=fr", "whole/?text=fr"):
        page = see(None, reading(draft, rest))
        assert "The translation into <bdi>Français</bdi> is to come." in page and "Prosperity" in page, rest
        assert "?text=fr" not in page.replace(f"{rest}", "").split("menu__list")[1].split("</ul>")[0]
        assert "is to come." not in see(None, reading(draft, rest.replace("fr", "es")))
    assert "is to come." not in see(None, reading(draft, "?text=ru"))  # nobody has begun that
    assert client_of().get(of_draft(draft, "documents/")).json()[0]["language"] == "en"
    languages = {row["language"] for row in client_of().get(of_draft(draft, "documents/")).json()}
    assert languages == {"en", "es"}


@pytest.mark.parametrize("language", ["fr", "es"])
def test_a_document_made_before_is_read_by_readers_only_where_its_language_is_out(
    language: str, settings: Any, tmp_path: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path
    draft = make_later()
    file = keep(
        CANARY.encode(),
        owner=None,
        name="a.txt",
        purpose=DOCUMENT,
        allowed={"text/plain"},
        max_bytes=100,
    )
    Rendering.objects.create(
        draft=draft, language=language, format="html", content_sha256="0", made_of="0", recipe=1, file=file
    )
    found = {
        role: signed_in(make_user(role) if role else None).get(f"/files/{file.uuid}/").status_code
        for role in ("", "participant", "drafter")
    }
    outside = 404 if language == "fr" else 200
    assert found == {"": outside, "participant": outside, "drafter": 200}


class TestThePages:
    def test_the_one_who_asks_chooses_and_whole_ones_are_ticked(self) -> None:
        one, other, draft = make_user("drafter"), make_user("staff"), make_working()
        page = see(one, page_of(draft))
        boxes = dict(re.findall(r'name="publish-languages" value="(\w+)"([^>]*)>', page))
        assert set(boxes) == {"es", "fr"}
        assert "checked" in boxes["es"] and "checked" not in boxes["fr"]
        assert "Español (complete)" in page and "Français (2 provisions missing)" in page
        assert send(one, draft, "publish", languages=["es"]).status_code == 200
        confirming = see(other, page_of(draft))
        assert "It comes out in these languages: <bdi>English, Español</bdi>" in confirming.replace("\n", " ")
        send(other, draft, "confirm", words=value_of(confirming, "confirm-words"))
        assert set(Edition.objects.values_list("language", flat=True)) == {"en", "es"}

    def test_it_is_translated_on_at_the_desk_and_released_by_two(self) -> None:
        one, other, draft = make_user("drafter"), make_user("staff"), make_later()
        desk = page_of(draft, "translate/fr/")
        assert "Readers don’t see this yet." in see(one, desk)
        page = see(one, desk + "chp_1/")
        assert "Readers don’t see this yet." in page
        sent = {
            "heading": f"Chapitre {CANARY}",
            "text": "",
            "version": 0,
            "source_version": 1,
            "then": "approve",
        }
        assert signed_in(one).post(desk + "chp_1/", sent).status_code == 302
        assert ProvisionText.with_unreleased.get(language="fr", provision__key="chp_1").unreleased
        waits = see(one, page_of(draft))
        assert "Release a language" in waits and "1 provision missing" in waits
        assert 'value="release"' not in waits
        finish(draft)
        assert "Release it" in see(one, desk)
        ready = see(one, page_of(draft))
        assert send(one, draft, "release").status_code == 400
        said = send(one, draft, "release", language=value_of(ready, "release-language"), note="Whole.")
        assert "You asked for the language to be released." in said.content.decode()
        assert send(one, draft, "confirm").status_code == 403
        confirming = see(other, page_of(draft))
        assert "Français" in confirming and "Confirm: release it now" in confirming
        done = send(other, draft, "confirm", words=value_of(confirming, "confirm-words"))
        assert "The language is released: everyone reads it." in done.content.decode()
        assert Edition.objects.filter(language="fr").count() == 1
        assert "Released a language of a draft</strong>: <bdi>Français" in see(one, page_of(draft))
        assert "This language is published and cannot be changed." in see(one, desk)
        assert "Readers don’t see this yet." not in see(one, desk)

    def test_words_that_changed_since_the_page_was_opened(self) -> None:
        one, draft = make_user("drafter"), make_later()
        finish(draft)
        before = value_of(see(one, page_of(draft)), "release-language")
        translate(one, draft, "para_1")
        assert send(one, draft, "release", language=before).status_code == 409
        assert send(one, draft, "release", language="xx:1").status_code == 400
        assert not StatusRequest.objects.filter(target=RELEASED).exists()

    def test_a_superseded_draft_offers_none(self) -> None:
        from tests.factories import set_status

        draft = make_later()
        finish(draft)
        set_status(draft, "superseded")
        assert "Release a language" not in see(make_user("drafter"), page_of(draft))
        assert "is to come." not in see(None, reading(draft, "?text=fr"))


class TestTheApi:
    def test_asked_for_and_confirmed(self) -> None:
        draft = make_later()
        one, other = client_of(make_user("drafter")), client_of(make_user("staff"))
        asking = {"language": "fr"}
        assert one.post(of_draft(draft, "release/"), asking, format="json").status_code == 409
        finish(draft)
        assert one.post(of_draft(draft, "release/"), {}, format="json").status_code == 400
        assert one.post(of_draft(draft, "release/"), asking, format="json").status_code == 202
        assert one.post(of_draft(draft, "release/"), asking, format="json").status_code == 403
        state = other.get(of_draft(draft, "lifecycle/")).json()
        assert (state["request"]["target"], state["request"]["language"]) == ("released", "fr")
        assert state["request"]["words_changed"] is False
        stale = {**asking, "words": "0" * 64}
        assert other.post(of_draft(draft, "release/"), stale, format="json").status_code == 409
        seen = {**asking, "words": state["words"]}
        answer = other.post(of_draft(draft, "release/"), seen, format="json")
        assert (answer.status_code, answer.json()) == (200, {"status": "published", "confirmed": True})
        assert Edition.objects.get(language="fr").sha256 == state["words"]
        assert {row["language"] for row in client_of().get(of_draft(draft, "documents/")).json()} == {
            *("en", "es", "fr")
        }

    def test_publishing_with_a_choice(self) -> None:
        draft = make_working()
        for role in ("drafter", "staff"):
            client = client_of(make_user(role))
            asked = client.post(of_draft(draft, "publish/"), {"languages": ["es"]}, format="json")
            assert asked.status_code in (200, 202)
        assert set(Edition.objects.values_list("language", flat=True)) == {"en", "es"}

    def test_a_translator_is_answered_with_their_words_and_nobody_else(self) -> None:
        draft = make_later()
        provision = Provision.objects.get(draft=draft, key="para_1")
        change = {"language": "fr", "version": 1, "source_version": 1, "text": f"Neuf {CANARY}."}
        answer = client_of(make_user("staff")).patch(of_provision(provision), change, format="json")
        assert answer.status_code == 200 and answer.json()["text"] == f"Neuf {CANARY}."
        assert client_of(make_user("participant")).patch(
            of_provision(provision), change, format="json"
        ).status_code in (403, 404)
        closed = {**change, "language": "es"}
        assert (
            client_of(make_user("staff")).patch(of_provision(provision), closed, format="json").status_code
            == 409
        )
        read = client_of().get(of_provision(provision), {"language": "fr"}).json()
        assert read["language"] == "en" and CANARY not in str(read)


def test_those_who_are_told_of_publications_are_told() -> None:
    one, other = make_user("drafter", email="one@example.org"), make_user("staff", email="other@example.org")
    draft = make_later()
    finish(draft)
    outbox.drain()
    mail.outbox.clear()
    asked = ask_for_status(actor=one, draft=draft, target=RELEASED, language="fr")
    outbox.drain()
    to_other = next(message for message in mail.outbox if message.to == ["other@example.org"])
    assert "be released: Français" in to_other.body and CANARY not in str(mail.outbox)
    mail.outbox.clear()
    confirm_status(actor=other, request=asked)
    outbox.drain()
    (told,) = [message for message in mail.outbox if message.to == ["one@example.org"]]
    assert told.subject.startswith("Language released:") and "further language: Français" in told.body
    assert StatusRequest.objects.get(pk=asked.pk).carried_out_at <= timezone.now()
