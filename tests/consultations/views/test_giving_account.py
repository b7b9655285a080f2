"""The pages of an account: for whom, with what, at what cost; its table and its figures over the API."""

import csv
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from consultations.actions.answering import answer_comment
from consultations.actions.comments import hide_comment
from consultations.models import Disposition, Round
from drafts.comparing import at_hand
from tests.api_client import client_of
from tests.consultations.test_giving_account import followed, give
from tests.factories import make_comment, make_draft, make_group, make_round, make_user, set_status

pytestmark = pytest.mark.django_db
__all__ = ["followed"]  # a fixture
PAGES = ("", "comments/whole/", "changes/", "figures.csv")


@pytest.fixture(autouse=True)
def _forget() -> None:
    at_hand.forget()


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page(round: Round, part: str = "", client: Client | None = None, language: str = "en") -> str:
    response = (client or Client()).get(f"/{language}/rounds/{round.pk}/account/{part}")
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize(
    ("visibility", "anonymous", "stranger", "member"),
    [("public", 200, 200, 200), ("participants", 404, 404, 200), ("secretariat", 404, 404, 404)],
)
def test_each_page_is_for_those_who_read_the_comments_once_it_is_published(
    visibility: str, anonymous: int, stranger: int, member: int
) -> None:
    group = make_group()
    round = make_round(make_draft(status="published"), groups=(group,), visibility=visibility)
    readers = {
        anonymous: Client(),
        stranger: signed_in(make_user()),
        member: signed_in(make_user(groups=(group,))),
    }
    desk = [signed_in(make_user(role)) for role in ("staff", "drafter")]
    for part in PAGES:
        path = f"/en/rounds/{round.pk}/account/{part}"
        assert [client.get(path).status_code for client in readers.values()] == [404] * len(readers)
        assert [client.get(path).status_code for client in desk] == [200, 200]
        assert desk[0].post(path).status_code == 405
    round = give(round)
    for part in PAGES:
        path = f"/en/rounds/{round.pk}/account/{part}"
        for status, client in ((anonymous, Client()), (stranger, signed_in(make_user()))):
            assert client.get(path).status_code == status
        assert signed_in(make_user(groups=(group,))).get(path).status_code == member
        assert desk[0].get(path).status_code == 200
    api = f"/api/v1/rounds/{round.pk}/account/"
    assert client_of(None).get(api).status_code == anonymous
    assert client_of(make_user(groups=(group,))).get(api).status_code == member


def test_a_part_that_is_none_is_not_there() -> None:
    round = give(make_round(make_draft(status="published")))
    for part in ("9", "0", "none", "01"):
        assert Client().get(f"/en/rounds/{round.pk}/account/comments/{part}/").status_code == 404


def test_the_front_page_tells_the_story_in_figures(followed: dict[str, Any]) -> None:
    set_status(followed["working"], "published")
    round = give(followed["round"])
    html = page(round)
    assert "1 person took part. Comments: 1." in html and "Every comment has an answer." in html
    assert "1 provision of the next draft reads differently because of them." in html
    assert "open to everyone" in html and "Preview for the secretariat" not in html
    assert "No answer has been changed since." in html and "style=" not in html
    assert f"/en/rounds/{round.pk}/account/comments/other/" in html
    for language in ("ar", "es", "fr", "ru", "zh-hans"):
        page(round, language=language)


def test_before_publication_it_is_a_preview_to_publish_from(followed: dict[str, Any]) -> None:
    round, staff = followed["round"], make_user("staff")
    make_comment(round, make_user())
    client = signed_in(staff)
    html = page(round, client=client)
    assert "Preview for the secretariat." in html and "1 answer is not public yet." in html
    for state, button in (
        ("closed", "Close now"),
        ("answered", "Mark"),
        ("published", "Publish the answers"),
    ):
        assert button in page(round, client=client)
        answer = client.post(f"/en/rounds/{round.pk}/move/", {"state": state, "back": "account"})
        assert answer["Location"] == f"/en/rounds/{round.pk}/account/"
    assert "Preview for the secretariat." not in page(round, client=client)
    drafter = signed_in(followed["drafter"])
    other = make_round(make_draft(status="published"))
    assert 'name="state"' not in page(other, client=drafter)


def test_every_comment_stands_with_its_answer(followed: dict[str, Any]) -> None:
    staff, round = make_user("staff"), followed["round"]
    hidden = make_comment(round, make_user(), provision_key="para_1", body="Hidden words.")
    hide_comment(actor=staff, comment=hidden, reason="Names somebody.")
    make_comment(round, make_user(name="Nobody Known"), body="Whole words.", attribution="anonymous")
    round = give(round)
    html = page(round, "comments/other/")
    assert "Taken up gladly." in html and "Hidden words." not in html and "Whole words." not in html
    assert "Ana Author" in html and "/wordings/para_1/" in html
    whole = page(round, "comments/whole/")
    assert "Whole words." in whole and "Nobody Known" not in whole and "Not answered" in whole
    assert "Names somebody." in page(round) and "Hidden words." in page(
        round, "comments/other/", signed_in(staff)
    )


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("?answer=accepted", 1),
        ("?answer=none", 1),
        ("?answer=noted", 0),
        ("?search=quick", 1),
        ("?search=x", 0),
    ],
)
def test_comments_are_filtered_by_outcome_and_words(followed: dict[str, Any], asked: str, found: int) -> None:
    make_comment(followed["round"], make_user(), provision_key="para_2", body="Quickly, please.")
    round = give(followed["round"])
    assert page(round, f"comments/other/{asked}").count('class="said-done"') == found


def test_an_answer_in_another_language_says_so_and_one_changed_later_too(followed: dict[str, Any]) -> None:
    round = give(followed["round"])
    assert "Anglais" in page(round, "comments/other/", language="fr") or "anglais" in page(
        round, "comments/other/", language="fr"
    )
    later = timezone.now() + timedelta(days=3)
    Disposition.objects.update(decided_at=later, version=2)
    assert "changed after it was published" in page(round, "comments/other/")
    assert "1 answer has been changed since." in page(round)


def test_what_changed_stands_with_the_comments_behind_it(followed: dict[str, Any]) -> None:
    set_status(followed["working"], "published")
    round = give(followed["round"])
    html = page(round, "changes/")
    assert "<del>personal data</del>" in html and "Taken up gladly." in html
    assert "By the drafters." in html and "One word throughout." in html
    asked, ours = page(round, "changes/?why=comments"), page(round, "changes/?why=drafters")
    assert "One word throughout." not in asked and "Taken up gladly." not in ours
    assert "roads" in page(round, "changes/?why=nonsense")


def test_of_a_secret_comment_the_change_says_only_that_there_is_one(followed: dict[str, Any]) -> None:
    set_status(followed["working"], "published")
    Round.objects.filter(pk=followed["round"].pk).update(visibility="secretariat")
    other = give(make_round(followed["round"].draft))
    html = page(other, "changes/")
    assert "1 comment behind it is not public" in html and "Taken up gladly." not in html
    assert html.count("By the drafters.") == 1, "of the one that nobody asked for"


def test_the_table_holds_the_figures_and_no_formula(followed: dict[str, Any]) -> None:
    set_status(followed["working"], "published")
    type(followed["working"]).objects.filter(pk=followed["working"].pk).update(label="=1+1")
    round = give(followed["round"])
    response = Client().get(f"/en/rounds/{round.pk}/account/figures.csv")
    rows = list(csv.reader(response.content.decode("utf-8-sig").splitlines()))
    assert len({len(row) for row in rows}) == 1
    assert rows[1][:4] == ["All", "", "1", "1"]
    assert not [cell for row in rows for cell in row if cell.startswith("=")]
    assert any(row[0] == "'=1+1" for row in rows)


def test_the_api_gives_the_page_s_figures(followed: dict[str, Any]) -> None:
    set_status(followed["working"], "published")
    round = give(followed["round"])
    shown = client_of(None).get(f"/api/v1/rounds/{round.pk}/account/").json()
    assert (shown["comments"], shown["participants"], shown["answered"], shown["invited"]) == (1, 1, 1, None)
    assert shown["outcomes"] == {
        "accepted": 1,
        "partly_accepted": 0,
        "noted": 0,
        "not_accepted": 0,
        "none": 0,
    }
    assert shown["changes"] | {"draft": 0} == {
        "draft": 0,
        "provisions": 2,
        "by_comments": 1,
        "by_others": 0,
        "by_drafters": 1,
        "changes": 1,
    }
    assert shown["parts"][0]["part"] == "other" and shown["published_at"].endswith("Z")


def test_ways_lead_to_it_where_it_is_given_only(followed: dict[str, Any]) -> None:
    round = followed["round"]
    path = f"/en/rounds/{round.pk}/account/"
    author = signed_in(followed["comment"].author)
    places = ["/en/rounds/", f"/en/rounds/{round.pk}/", "/en/my/comments/", "/en/", "/sitemap.xml"]
    places.append(f"/en/rounds/{round.pk}/comments/{followed['comment'].uuid}/")
    for place in places:
        assert path not in author.get(place).content.decode(), place
    give(round)
    Round.objects.filter(pk=round.pk).update(closed_at=timezone.now())
    for place in places:
        assert path in author.get(place).content.decode(), place


def test_the_mail_of_answers_leads_to_it(followed: dict[str, Any]) -> None:
    from consultations.answer_mails import render_answers
    from core.models import Notice

    round = followed["round"]
    disposition = Disposition.objects.get()
    notice = Notice(
        recipient=followed["comment"].author,
        kind="answer_published",
        subject=f"consultations.disposition:{disposition.pk}",
    )
    Disposition.objects.update(published_at=timezone.now())
    path = f"/en/rounds/{round.pk}/account/"
    before = render_answers([notice])
    give(round)
    after = render_answers([notice])
    assert before is not None and after is not None
    assert path not in [item.path for item in before.items]
    assert path in [item.path for item in after.items]


def test_pages_cost_the_same_however_much_was_said(followed: dict[str, Any]) -> None:
    set_status(followed["working"], "published")
    staff, counts = make_user("staff"), []
    for more in (4, 40):
        for n in range(more):
            comment = make_comment(followed["round"], make_user(), provision_key=f"para_{n % 3 + 1}")
            answer_comment(actor=staff, comment=comment, outcome="noted", responses={"en": "Noted."})
        hide_comment(actor=staff, comment=comment, reason=f"Reason {more}.")
        round = give(followed["round"])
        for client in (Client(), signed_in(staff)):
            for part in ("", "comments/other/", "changes/"):
                page(round, part, client)
                with CaptureQueriesContext(connection) as captured:
                    page(round, part, client)
                counts.append(len(captured))
    assert counts[:6] == counts[6:]
    assert max(counts) <= 30
