"""The pages of a draft's way: what one sees, what one may do, what two people do together."""

import hashlib
import json
import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import RoleGrant, User
from drafts.actions.checking import check_draft
from drafts.actions.circulating import circulate_draft
from drafts.actions.drafting import begin_draft
from drafts.actions.publishing import ask_for_status, carry_out_due, confirm_status
from drafts.models import Draft, StatusRequest
from tests.factories import make_draft, make_group, make_text, make_user, set_status

pytestmark = pytest.mark.django_db


def page_of(draft: Draft, rest: str = "") -> str:
    return f"/en/drafting/{draft.guidelines.slug}/{draft.number}/{rest}"


def signed_in(person: Any) -> Client:
    client = Client()
    if person is not None:
        client.force_login(person)
    return client


def see(person: Any, address: str) -> str:
    return signed_in(person).get(address).content.decode()


def send(person: Any, draft: Draft, act: str, **sent: Any) -> Any:
    values = {f"{act}-{name}": value for name, value in sent.items()}
    return signed_in(person).post(page_of(draft, "act/"), {"act": act, **values}, follow=True)


def words_in(page: str) -> str:
    """What the form of confirming carries."""
    found = re.search(r'name="confirm-words" value="([0-9a-f]{64})"', page)
    assert found
    return found[1]


def test_a_publication_is_refused_to_one_person_and_done_by_two() -> None:
    one, other = make_user("drafter", name="Dora"), make_user("staff", name="Stefan")
    draft = make_draft(paragraphs=1)
    assert "You asked for publication" in send(one, draft, "publish", note="The Board.").content.decode()
    own = see(one, page_of(draft))
    assert "These may: Stefan." in own and "Confirm: publish" not in own
    assert send(one, draft, "confirm").status_code == 403
    assert Client().get(f"/en/guidelines/{draft.guidelines.slug}/1/").status_code == 404
    shown = see(other, page_of(draft))
    assert "The Board." in shown and "Dora" in shown and "This cannot be undone." in shown
    assert 'title="1 request waits for you"' in see(other, "/en/")
    done = send(other, draft, "confirm", words=words_in(shown)).content.decode()
    assert "The draft is published." in done and "Asked for by Dora, confirmed by Stefan." in done
    assert Client().get(f"/en/guidelines/{draft.guidelines.slug}/1/").status_code == 200
    assert "waits for you" not in see(other, "/en/")


def test_what_changed_meanwhile_is_not_confirmed_unseen() -> None:
    draft, other = make_draft(paragraphs=1), make_user("staff")
    ask_for_status(actor=make_user("drafter"), draft=draft)
    seen = words_in(see(other, page_of(draft)))
    draft.provisions.get(key="para_1").texts.update(text="Other words.")
    refused = send(other, draft, "confirm", words=seen)
    assert refused.status_code == 409 and "changed since" in refused.content.decode()
    again = see(other, page_of(draft))
    assert "The text has changed since this was asked for." in again
    assert send(other, draft, "confirm", words=words_in(again)).status_code == 200
    assert Draft.objects.get(pk=draft.pk).status == "published"


def test_a_time_is_named_with_its_zone_and_can_be_stopped() -> None:
    one, other, draft = make_user("drafter"), make_user("staff"), make_draft(paragraphs=1)
    wrong = send(one, draft, "publish", due_at="2020-01-01T10:00")
    assert wrong.status_code == 400 and "This time has passed." in wrong.content.decode()
    send(one, draft, "publish", due_at="2100-01-01T10:00")
    shown = see(other, page_of(draft))
    assert "1 January 2100, 10:00 Nairobi time" in shown
    assert "when its time comes" in send(other, draft, "confirm", words=words_in(shown)).content.decode()
    assert "It will be published" in see(one, page_of(draft))
    empty = send(other, draft, "decline", reason=" ")
    assert empty.status_code == 400 and "This field is required." in empty.content.decode()
    send(other, draft, "decline", reason="Too early.")
    assert "Too early." in see(one, page_of(draft))
    assert StatusRequest.objects.get().ending == "declined"


def test_before_asking_one_is_told_what_is_open() -> None:
    one, draft = make_user("drafter"), make_draft(paragraphs=2)
    make_text(draft.provisions.get(key="para_1"), language="fr", text="Un.", translated_from_version=1)
    draft.provisions.get(key="para_1").texts.filter(language="en").update(version=2)
    check_draft(draft.pk)
    draft.findings.all().delete()
    draft.findings.create(code="number_repeated", severity="error", fingerprint="a" * 64)
    shown = " ".join(see(one, page_of(draft)).split())
    assert "The checks have found 1 error that nobody has mended or waived." in shown
    assert "2 provisions missing, 1 outdated" in shown and "Not translated:" in shown
    assert "Ask for publication" in shown, "it warns and doesn't refuse"


def test_circulated_to_groups_and_to_others() -> None:
    one, draft, group = make_user("drafter"), make_draft(paragraphs=1), make_group(name="Experts of Fjord")
    none = send(one, draft, "circulate")
    assert none.status_code == 400 and "This field is required." in none.content.decode()
    assert "told by mail" in send(one, draft, "circulate", groups=[group.slug]).content.decode()
    member = make_user("expert", groups=(group,))
    assert signed_in(member).get(f"/en/guidelines/{draft.guidelines.slug}/1/").status_code == 200
    assert signed_in(member).get(page_of(draft)).status_code == 403
    assert "Read by: Experts of Fjord." in see(one, page_of(draft))
    send(one, draft, "take_back")
    assert signed_in(member).get(f"/en/guidelines/{draft.guidelines.slug}/1/").status_code == 404
    assert "Took a circulated draft back</strong>: Experts of Fjord" in see(one, page_of(draft))


@pytest.mark.parametrize(
    ("role", "status"),
    [("drafter", 200), ("staff", 200), ("admin", 200), ("expert", 403), ("participant", 403), (None, 302)],
)
def test_who_sees_the_list_of_drafts_in_the_making(role: str | None, status: int) -> None:
    hidden, shown = make_draft(label="Zqhidden"), make_draft(status="published", label="Shown draft")
    person = make_user(role) if role else None
    answer = signed_in(person).get("/en/drafting/")
    assert answer.status_code == status
    if status == 200:
        assert "Shown draft" in answer.content.decode()
        assert ("Zqhidden" in answer.content.decode()) is (role != "admin")
        assert signed_in(person).get(page_of(hidden)).status_code == (404 if role == "admin" else 200)
        assert signed_in(person).get(page_of(shown)).status_code == 200


@pytest.mark.parametrize("status", ["working", "circulated", "published", "superseded", "adopted"])
def test_a_date_says_of_what_it_is(status: str) -> None:
    draft = make_draft(paragraphs=1, created_at=timezone.now() - timedelta(days=9))
    set_status(draft, status)
    draft.refresh_from_db()
    at = draft.stands_since or draft.created_at
    said = re.findall(r'(begun on|since) <time datetime="([^"]+)"', see(make_user("staff"), "/en/drafting/"))
    assert said == [("begun on" if status == "working" else "since", at.isoformat(timespec="seconds"))]


def test_a_drafter_of_one_draft_sees_that_one() -> None:
    mine, other, person = make_draft(label="Zqmine"), make_draft(label="Zqother"), make_user()
    make_draft(status="published", label="Zqpublic")
    RoleGrant.objects.create(user=person, role="drafter", scope_type="draft", scope_id=str(mine.pk))
    ask_for_status(actor=make_user("staff"), draft=other)
    shown = see(person, "/en/drafting/")
    assert "Zqmine" in shown and "Zqother" not in shown and "Zqpublic" not in shown
    assert "waits for you" not in shown, "what waits elsewhere isn't counted"
    ask_for_status(actor=make_user("staff"), draft=mine)
    assert "1 request waits for you" in see(User.objects.get(pk=person.pk), "/en/drafting/")


def test_the_same_queries_however_many_drafts() -> None:
    counts, staff = [], make_user("staff")
    for number in (1, 4):
        for _ in range(number):
            draft = make_draft(paragraphs=2)
            ask_for_status(actor=make_user("drafter"), draft=draft)
            begin_draft(actor=make_user("drafter"), base=draft, label="Next")
        client = signed_in(User.objects.get(pk=staff.pk))
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/en/drafting/").status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 14


def test_readers_of_a_superseded_draft_are_led_to_the_newer_one() -> None:
    first = make_draft(status="published", paragraphs=1, label="First draft")
    second = make_draft(guidelines=first.guidelines, paragraphs=1, label="Second draft")
    make_draft(guidelines=first.guidelines, label="Zqworking")
    set_status(second, "published")
    base = f"/en/guidelines/{first.guidelines.slug}"
    for rest in ("/1/", "/1/chp_1/", "/1/whole/"):
        page = see(None, base + rest)
        assert "This draft is superseded: Second draft has taken its place." in page, rest
        assert f"{base}/2/" in page and f"{base}/2/changes/1/" in page and "Zqworking" not in page
        assert "is superseded" not in see(None, base + rest.replace("1", "2", 1))
    set_status(second, "adopted")
    assert "These are the guidelines as they were adopted." in see(None, f"{base}/2/chp_1/")


def test_the_recipe_gives_the_hash_that_the_page_shows() -> None:
    """As docs/content-hash.md and the public page say, from what outsiders are given: no code of ours."""
    one, other, draft = make_user("drafter"), make_user("staff"), make_draft(paragraphs=3)
    make_text(draft.provisions.get(key="para_1"), language="ar", text="مدن ذكية.")
    confirm_status(actor=other, request=ask_for_status(actor=one, draft=draft))
    page = see(None, f"/en/guidelines/{draft.guidelines.slug}/1/")
    assert "/en/verifying/" in page and Client().get("/en/verifying/").status_code == 200
    for language in ("en", "ar"):
        document = {
            "guidelines": draft.guidelines.slug,
            "draft": 1,
            "language": language,
            "provisions": [
                {
                    "key": each["key"],
                    "parent": each["parent"],
                    "kind": each["kind"],
                    "number": each["number"],
                    "pillar": each["pillar"],
                    "actor": each["actor"],
                    "heading": each["heading"],
                    "text": each["text"],
                    "footnotes": [],
                }
                for each in Client()
                .get(f"/api/v1/drafts/{draft.pk}/provisions/?language={language}&page_size=500")
                .json()["results"]
                if each["language"] == language
            ],
        }
        again = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
        assert hashlib.sha256(again).hexdigest() in page


def test_by_the_clock_the_history_says_so() -> None:
    one, other, draft = make_user("drafter"), make_user("staff"), make_draft()
    due = timezone.now() + timedelta(hours=1)
    confirm_status(actor=other, request=ask_for_status(actor=one, draft=draft, due_at=due))
    carry_out_due(due + timedelta(days=3))
    assert "the portal, at the time set" in see(one, page_of(draft))


def test_a_draft_circulated_once_and_again_keeps_its_history() -> None:
    one, draft = make_user("drafter"), make_draft()
    groups = [make_group(name=f"Zq{n}") for n in (1, 2)]
    for group in groups:
        circulate_draft(actor=one, draft=draft, groups=[group])
    shown = see(one, page_of(draft))
    assert "Circulated a draft</strong>: Zq1" in shown
    assert "Changed the groups that read a draft</strong>: Zq2" in shown
