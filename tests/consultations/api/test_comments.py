"""Comments over the API: what is sent, what comes back, and to whom."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import User
from consultations.models import Comment, Round
from tests.api_client import client_of
from tests.factories import make_comment, make_draft, make_group, make_round, make_user

pytestmark = pytest.mark.django_db


def close(round: Round) -> None:
    round.closes_at = timezone.now() - timedelta(seconds=1)
    round.save()


def list_url(round: Round) -> str:
    return f"/api/v1/rounds/{round.pk}/comments/"


def url(comment: Any, part: str = "") -> str:
    return f"/api/v1/comments/{comment if isinstance(comment, str) else comment.uuid}/{part}"


WORDS: dict[str, Any] = {
    "provision": "para_1",
    "kind": "editorial",
    "body": "Say it simply.",
    "language": "en",
}


def test_a_submitted_comment_comes_back_whole(round_: Round) -> None:
    author = make_user(name="Ada")
    quote = {"exact": "smart cities", "prefix": "speaks of ", "suffix": "."}
    sent = {**WORDS, "proposed_text": "Other.", "rationale": "Shorter.", "anchor": quote}
    response = client_of(author).post(list_url(round_), {**sent, "status": "submitted"})
    assert response.status_code == 201
    made = response.json()
    for name in ("provision", "kind", "body", "proposed_text", "rationale", "language"):
        assert made[name] == sent[name]
    assert (made["status"], made["late"], made["number"], made["version"]) == ("submitted", False, 1, 1)
    assert len(made["receipt"]) == 64
    text = "Paragraph 1 speaks of smart cities."
    start = text.index("smart")
    assert (made["anchor"]["start"], made["anchor"]["end"]) == (start, start + len("smart cities"))
    assert (made["anchor"]["language"], made["anchor"]["version"]) == ("en", 1)
    assert made["author"]["name"] == "Ada" and made["round"] == round_.pk
    assert made["disposition"] is None and made["created_at"].endswith("Z")
    assert client_of(author).get(url(made["id"])).json() == made


def test_a_receipt_is_shown_to_its_author_alone(round_: Round) -> None:
    comment = make_comment(round_, make_user())
    assert client_of(make_user()).get(url(comment)).json()["receipt"] is None
    assert client_of(comment.author).get(url(comment)).json()["receipt"] == comment.receipt


def test_a_draft_is_its_authors_alone(round_: Round) -> None:
    author = make_user()
    made = client_of(author).post(list_url(round_), {**WORDS, "status": "draft"}).json()
    assert (made["status"], made["number"], made["late"]) == ("draft", None, False)
    for other in (None, make_user(), make_user("staff")):
        assert client_of(other).get(url(made["id"])).status_code == 404
        assert client_of(other).get(list_url(round_)).json()["count"] == 0
    assert client_of(author).get(list_url(round_), {"status": "draft"}).json()["count"] == 1


def test_after_the_deadline_words_are_kept_as_a_late_draft(round_: Round) -> None:
    close(round_)
    author = make_user()
    response = client_of(author).post(list_url(round_), WORDS)
    made = response.json()
    assert (response.status_code, made["status"], made["late"], made["number"]) == (201, "draft", True, None)
    handed = client_of(author).patch(url(made["id"]), {"version": made["version"], "status": "late"})
    assert (handed.status_code, handed.json()["status"]) == (200, "late")


def test_who_is_refused_and_why(round_: Round) -> None:
    refused = client_of().post(list_url(round_), WORDS)
    assert refused.status_code == 401 and refused["WWW-Authenticate"].startswith("Token")
    invited = make_round(round_.draft, groups=(make_group(),), visibility="public")
    response = client_of(make_user()).post(list_url(invited), WORDS)
    assert response.status_code == 403 and "invited groups" in response.json()["detail"]
    invited.visibility = "participants"
    invited.save()
    assert client_of(make_user()).post(list_url(invited), WORDS).status_code == 404
    early = make_round(round_.draft, opens_at=timezone.now() + timedelta(hours=1))
    response = client_of(make_user()).post(list_url(early), WORDS)
    assert response.status_code == 403 and "not opened" in response.json()["detail"]


@pytest.mark.parametrize(
    "anchor",
    [
        {"exact": "words that are not there"},
        {"exact": "smart", "start": 0, "end": 5},
        {"exact": "smart", "prefix": "wrong "},
        {"exact": "smart", "start": 3},
        {"exact": "smart", "version": 99},
        {"exact": "smart", "language": "fr"},
        {"exact": ""},
        "smart",
        [1],
    ],
)
def test_a_quote_that_does_not_stand_there_is_told_under_anchor(round_: Round, anchor: Any) -> None:
    response = client_of(make_user()).post(list_url(round_), {**WORDS, "anchor": anchor})
    assert response.status_code == 400 and list(response.json()) == ["anchor"]
    assert not Comment.objects.exists()


def test_changing_needs_the_version_that_was_seen(round_: Round) -> None:
    comment = make_comment(round_, make_user())
    client = client_of(comment.author)
    changed = client.patch(url(comment), {"version": 1, "body": "Better."})
    assert (changed.json()["body"], changed.json()["version"], changed.json()["number"]) == ("Better.", 2, 1)
    assert changed.json()["receipt"] != comment.receipt
    stale = client.patch(url(comment), {"version": 1, "body": "Mine."})
    assert stale.status_code == 409 and stale.json()["current"] == {"version": 2, "status": "submitted"}
    assert client.patch(url(comment), {"body": "Mine."}).json()["version"]
    # Asking for the state it has is a change as any other: stale is stale, and others' is refused.
    assert client.patch(url(comment), {"version": 1, "status": "submitted"}).status_code == 409
    stranger = client_of(make_user())
    for change in ({"body": "Mine."}, {"status": "submitted"}, {"status": "withdrawn"}, {"status": "hidden"}):
        assert stranger.patch(url(comment), {"version": 2, **change}).status_code == 403, change


def test_a_change_that_is_refused_midway_leaves_nothing(round_: Round) -> None:
    comment = make_comment(round_, make_user())
    sent = {"version": 1, "body": "Other words.", "status": "late"}
    assert client_of(comment.author).patch(url(comment), sent).status_code == 409
    comment.refresh_from_db()
    assert (comment.body, comment.version) == ("Say it more clearly.", 1)


def test_after_the_deadline_submitted_words_stand(round_: Round) -> None:
    comment = make_comment(round_, make_user())
    close(round_)
    for answer in (
        client_of(comment.author).patch(url(comment), {"version": 1, "body": "Too late."}),
        client_of(comment.author).post(url(comment, "withdraw/")),
    ):
        assert answer.status_code == 403 and "closed" in answer.json()["detail"]


def test_withdrawing_keeps_the_number_and_hides_the_words(round_: Round) -> None:
    comment = make_comment(round_, make_user())
    taken = client_of(comment.author).post(url(comment, "withdraw/"), {"version": 1})
    assert (taken.status_code, taken.json()["status"], taken.json()["number"]) == (200, "withdrawn", 1)
    assert client_of(make_user()).get(url(comment)).status_code == 404
    assert make_comment(round_, make_user()).number == 2


def test_only_drafts_are_deleted(round_: Round) -> None:
    author = make_user()
    draft, sent = make_comment(round_, author, submit=False), make_comment(round_, author)
    assert client_of(author).delete(url(draft)).status_code == 204
    assert client_of(author).get(url(draft)).status_code == 404
    refused = client_of(author).delete(url(sent))
    assert refused.status_code == 409 and refused.json()["current"] == {"status": "submitted"}
    assert client_of(make_user()).delete(url(sent)).status_code == 403
    assert client_of().delete(url(sent)).status_code == 401


def test_positions_are_one_voice_each(round_: Round) -> None:
    comment, voter = make_comment(round_, make_user()), client_of(make_user())
    assert voter.post(url(comment, "support/"), {"position": "support"}).json()["support"] == 1
    after = voter.post(url(comment, "support/"), {"position": "oppose"}).json()
    assert (after["support"], after["oppose"]) == (0, 1)
    assert voter.post(url(comment, "support/"), {"position": None}).json()["oppose"] == 0
    assert voter.post(url(comment, "support/"), {"position": "reserve"}).status_code == 403
    assert voter.post(url(comment, "support/"), {"position": "like"}).status_code == 400
    own = client_of(comment.author).post(url(comment, "support/"), {"position": "support"})
    assert own.status_code == 403 and own.json()["detail"]


def test_replies_are_listed_as_they_were_said(round_: Round) -> None:
    comment = make_comment(round_, make_user())
    made = client_of(make_user(name="Bo")).post(url(comment, "replies/"), {"body": "Agreed."})
    assert made.status_code == 201 and made.json()["author"] == "Bo"
    listed = client_of().get(url(comment, "replies/")).json()
    assert [reply["body"] for reply in listed["results"]] == ["Agreed."] and listed["count"] == 1
    assert client_of().post(url(comment, "replies/"), {"body": "Hm."}).status_code == 401
    assert client_of(make_user()).post(url(comment, "replies/"), {"body": " "}).status_code == 400


def test_the_secretariat_hides_with_a_reason(round_: Round) -> None:
    comment, staff = make_comment(round_, make_user()), client_of(make_user("staff"))
    assert list(staff.patch(url(comment), {"version": 1, "status": "hidden"}).json()) == ["hidden_reason"]
    hide = {"version": 1, "status": "hidden", "hidden_reason": "Abusive."}
    assert staff.patch(url(comment), hide).json()["status"] == "hidden"
    assert client_of(make_user()).get(url(comment)).status_code == 404
    assert client_of(comment.author).get(url(comment)).json()["hidden_reason"] == "Abusive."
    assert staff.patch(url(comment), {"version": 2, "status": "submitted"}).json()["status"] == "submitted"


class TestIdempotency:
    def test_a_repeat_returns_the_first(self, round_: Round) -> None:
        client, key = client_of(make_user()), {"Idempotency-Key": str(uuid4())}
        first = client.post(list_url(round_), WORDS, headers=key)
        again = client.post(list_url(round_), WORDS, headers=key)
        assert (first.status_code, again.status_code) == (201, 201) and first.json() == again.json()
        assert Comment.objects.count() == 1
        other = client.post(list_url(round_), {**WORDS, "body": "Else."}, headers=key)
        assert other.status_code == 409 and other.json()["current"] == {"key": key["Idempotency-Key"]}

    def test_a_malformed_key_is_told(self, round_: Round) -> None:
        answer = client_of(make_user()).post(list_url(round_), WORDS, headers={"Idempotency-Key": "x"})
        assert answer.status_code == 400 and not Comment.objects.exists()

    def test_keys_are_each_persons_own(self, round_: Round) -> None:
        key = {"Idempotency-Key": str(uuid4())}
        for _ in range(2):
            assert client_of(make_user()).post(list_url(round_), WORDS, headers=key).status_code == 201
        assert Comment.objects.count() == 2

    def test_a_repeated_change_is_no_stale_one(self, round_: Round) -> None:
        comment, key = make_comment(round_, make_user()), {"Idempotency-Key": str(uuid4())}
        for _ in range(2):
            sent = {"version": 1, "body": "Better."}
            answer = client_of(comment.author).patch(url(comment), sent, headers=key)
            assert (answer.status_code, answer.json()["version"]) == (200, 2)

    def test_a_repeat_after_deletion_is_not_found(self, round_: Round) -> None:
        client, key = client_of(make_user()), {"Idempotency-Key": str(uuid4())}
        draft = {**WORDS, "status": "draft"}
        made = client.post(list_url(round_), draft, headers=key).json()
        client.delete(url(made["id"]))
        assert client.post(list_url(round_), draft, headers=key).status_code == 404

    def test_a_refused_write_leaves_the_key_unused(self, round_: Round) -> None:
        client, key = client_of(make_user()), {"Idempotency-Key": str(uuid4())}
        assert client.post(list_url(round_), {**WORDS, "body": ""}, headers=key).status_code == 400
        assert client.post(list_url(round_), WORDS, headers=key).status_code == 201


def test_a_token_from_the_command_signs_in(round_: Round, capsys: pytest.CaptureFixture[str]) -> None:
    author = make_user()
    call_command("issue_token", author.email)
    token = capsys.readouterr().out.strip()
    client = APIClient(headers={"Authorization": f"Token {token}"})
    assert client.post(list_url(round_), WORDS).json()["mine"] is True
    client = APIClient(headers={"Authorization": "Token wrong"})
    assert client.post(list_url(round_), WORDS).status_code == 401


class TestList:
    def test_pages(self, round_: Round) -> None:
        author = make_user()
        for _ in range(3):
            make_comment(round_, author)
        page = client_of().get(list_url(round_), {"page_size": 2}).json()
        assert set(page) == {"count", "next", "previous", "results"}
        assert (page["count"], len(page["results"]), page["previous"]) == (3, 2, None)
        assert len(client_of().get(page["next"]).json()["results"]) == 1
        assert client_of().get(list_url(round_), {"page": 9}).status_code == 404

    def test_filters(self, round_: Round) -> None:
        author, staff = make_user(), client_of(make_user("staff"))
        first = make_comment(
            round_, author, provision_key="para_1", kind="editorial", body="Tramways matter."
        )
        second = make_comment(round_, author, kind="general")
        answer = {"outcome": "noted", "response": "Thanks."}
        assert staff.put(url(first, "disposition/"), answer).status_code == 200
        cases: list[tuple[dict[str, str], list[Comment]]] = [
            ({"provision": "para_1"}, [first]),
            ({"provision": ""}, [second]),
            ({"kind": "general"}, [second]),
            ({"status": "submitted"}, [first, second]),
            ({"status": "withdrawn"}, []),
            ({"search": "tramways"}, [first]),
            ({"disposition": "noted"}, [first]),
            ({"disposition": "none"}, [second]),
            ({"pillar": "1"}, []),
            ({"region": "nowhere"}, []),
            ({"ordering": "-created_at"}, [second, first]),
        ]
        for query, expected in cases:
            found = staff.get(list_url(round_), query).json()["results"]
            assert [row["id"] for row in found] == [str(c.uuid) for c in expected], query
        # What isn't published yet is told to nobody outside, not even by a filter.
        assert client_of().get(list_url(round_), {"disposition": "noted"}).json()["count"] == 0

    @pytest.mark.parametrize(
        "query",
        [{"kind": "x"}, {"status": "x"}, {"pillar": "9"}, {"pillar": "x"}, {"disposition": "x"}]
        + [{"ordering": name} for name in ("x", "--created_at", "-", "author__password")],
    )
    def test_a_wrong_filter_is_told(self, round_: Round, query: dict[str, str]) -> None:
        answer = client_of().get(list_url(round_), query)
        assert answer.status_code == 400 and list(answer.json()) == list(query)

    def test_visibility(self, round_: Round) -> None:
        author, other, staff = make_user(), make_user(), make_user("staff")
        make_comment(round_, author)
        for visibility, counts in (
            ("public", (1, 1, 1, 1)),
            ("participants", (0, 1, 1, 1)),
            ("secretariat", (0, 0, 1, 1)),
        ):
            Round.objects.update(visibility=visibility)
            found = [
                client_of(who).get(list_url(round_)).json()["count"] for who in (None, other, author, staff)
            ]
            assert tuple(found) == counts, visibility

    @pytest.mark.parametrize("signed_in", [False, True])
    def test_the_same_queries_however_many(self, round_: Round, signed_in: bool) -> None:
        viewer = make_user("expert", groups=(make_group(),)) if signed_in else None
        counts = []
        for number in (3, 17):
            for _ in range(number):
                comment = make_comment(round_, make_user(), provision_key="para_1")
                make_comment(round_, make_user(), submit=False)
                client_of(make_user()).post(url(comment, "support/"), {"position": "support"})
                client_of(make_user()).post(url(comment, "replies/"), {"body": "Yes."})
            # A fresh person: what the last request learned about their rights isn't known to the next.
            fresh = viewer and User.objects.get(pk=viewer.pk)
            with CaptureQueriesContext(connection) as queries:
                found = client_of(fresh).get(list_url(round_), {"page_size": 500}).json()
            assert len(found["results"]) == Comment.objects.filter(status="submitted").count()
            counts.append(len(queries))
        assert counts[0] == counts[1] <= 12


def test_in_a_confidential_round_numbers_are_the_secretariat_s() -> None:
    """A number tells its author how many spoke before them."""
    round = make_round(make_draft(status="published"), visibility="secretariat")
    author = make_user()
    comment = make_comment(round, author)
    assert client_of(author).get(url(comment)).json()["number"] is None
    assert client_of(make_user("staff")).get(url(comment)).json()["number"] == comment.number
    client = Client()
    client.force_login(author)
    for address in ("/en/my/comments/", f"/en/rounds/{round.pk}/comments/{comment.uuid}/"):
        page = client.get(address).content.decode()
        assert str(comment.uuid) in page and "o. 1" not in page
