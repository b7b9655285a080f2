"""Drafts, withdrawals, lists and interrupted sending, through plain forms."""

import re
import uuid
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from consultations.models import Comment, Round
from tests.factories import make_comment, make_draft, make_round, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def round_() -> Round:
    return make_round(make_draft(status="published", paragraphs=2))


def client_of(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def form_of(**fields: Any) -> dict[str, Any]:
    words = {"kind": "general", "body": "Say who pays.", "attribution": "named", "language": "en"}
    return {**words, "provision": "para_1", **fields}


def test_a_draft_is_saved_then_sent_or_thrown_away(round_: Round) -> None:
    author = make_user()
    client, new = client_of(author), f"/en/rounds/{round_.pk}/comments/new/"
    client.post(new, form_of(draft="1"))
    comment = Comment.objects.get()
    assert (comment.status, comment.number) == ("draft", None)
    client.post(f"/en/rounds/{round_.pk}/comments/{comment.uuid}/submit/", {"version": comment.version})
    comment.refresh_from_db()
    assert (comment.status, comment.number) == ("submitted", 1)
    client.post(new, form_of(draft="1"))
    other = Comment.objects.get(status="draft")
    client.post(f"/en/rounds/{round_.pk}/comments/{other.uuid}/delete/")
    assert list(Comment.objects.all()) == [comment]


def test_a_comment_is_withdrawn_by_its_author_and_from_an_old_page_not_at_all(round_: Round) -> None:
    author = make_user()
    comment = make_comment(round_, author, provision_key="para_1")
    path = f"/en/rounds/{round_.pk}/comments/{comment.uuid}/withdraw/"
    assert client_of(author).post(path, {"version": comment.version + 1}).status_code == 409
    assert client_of(author).post(path, {"version": comment.version}).status_code == 302
    comment.refresh_from_db()
    assert comment.status == "withdrawn"


def test_who_was_signed_out_while_writing_comes_back_to_where_they_wrote(round_: Round) -> None:
    login = reverse("account_login")
    sent = Client().post(f"/en/rounds/{round_.pk}/comments/new/", form_of())
    assert sent["Location"].endswith(f"{login}?next=/en/rounds/{round_.pk}/on/para_1/")
    whole = Client().post(f"/en/rounds/{round_.pk}/comments/new/", form_of(provision="//evil.example"))
    assert whole["Location"].endswith(f"{login}?next=/en/rounds/{round_.pk}/on/")
    comment = make_comment(round_, make_user(), provision_key="para_1")
    page = f"/en/rounds/{round_.pk}/comments/{comment.uuid}/"
    assert Client().post(f"{page}withdraw/")["Location"].endswith(f"{login}?next={page}")
    assert Client().get(page).status_code == 200


def test_other_words_under_a_used_key_are_shown_again_and_not_lost(round_: Round) -> None:
    client, key = client_of(make_user()), str(uuid.uuid4())
    new = f"/en/rounds/{round_.pk}/comments/new/"
    client.post(new, form_of(idempotency_key=key))
    response = client.post(new, form_of(body="Changed since.", idempotency_key=key))
    assert response.status_code == 409
    assert "Changed since." in response.content.decode() and key not in response.content.decode()
    assert Comment.objects.count() == 1


def test_the_list_is_filtered_by_pillar_kind_language_and_words(round_: Round) -> None:
    make_comment(round_, make_user(), provision_key="para_1", body="Les villes.", language="fr")
    make_comment(round_, make_user(), provision_key="para_1", body="Cities.", kind="editorial")
    path = f"/en/rounds/{round_.pk}/comments/"
    for query, french, english in (
        ("", True, True),
        ("?language=fr", True, False),
        ("?kind=editorial", False, True),
        ("?search=cities", False, True),
        ("?pillar=3", False, False),
        ("?language=nonsense&pillar=99&kind=angry", True, True),
    ):
        page = Client().get(path + query).content.decode()
        assert ("Les villes." in page, "Cities." in page) == (french, english), query


def test_my_comments_are_mine(round_: Round) -> None:
    author = make_user()
    make_comment(round_, author, provision_key="para_1", body="Mine, unsent.", submit=False)
    make_comment(round_, make_user(), provision_key="para_1", body="Of another.")
    page = client_of(author).get("/en/my/comments/").content.decode()
    assert "Mine, unsent." in page and "Of another." not in page
    assert Client().get("/en/my/comments/").status_code == 302


def test_a_reply_sent_twice_is_one_and_one_that_is_refused_keeps_its_words() -> None:
    round = make_round(make_draft(status="published", paragraphs=1))
    comment = make_comment(round, make_user(), provision_key="para_1")
    page = f"/en/rounds/{round.pk}/comments/{comment.uuid}/"
    client = client_of(make_user())
    sent = {"body": "So do we.", "idempotency_key": str(uuid.uuid4())}
    answers = [client.post(f"{page}replies/", sent) for _ in range(2)]
    reply = comment.replies.get()
    assert [answer.headers["Location"] for answer in answers] == [f"{page}#reply-{reply.uuid}"] * 2
    other = client.post(f"{page}replies/", {**sent, "body": "And another."})
    assert other.status_code == 409 and "And another." in other.content.decode()
    long = client.post(f"{page}replies/", {"body": "x" * 20_001})
    assert long.status_code == 400 and "x" * 20_001 in long.content.decode()
    Round.objects.update(closed_at=timezone.now())
    late = client.post(f"{page}replies/", {"body": "Too late, but said."})
    assert late.status_code == 403
    assert (
        "Too late, but said." in late.content.decode() and "This round has closed." in late.content.decode()
    )
    assert comment.replies.count() == 1


def test_what_was_deleted_may_be_sent_again_as_a_new_one(round_: Round) -> None:
    author = make_user()
    client, new = client_of(author), f"/en/rounds/{round_.pk}/comments/new/"
    sent = form_of(draft="1", idempotency_key=str(uuid.uuid4()))
    client.post(new, sent)
    comment = Comment.objects.get()
    client.post(f"/en/rounds/{round_.pk}/comments/{comment.uuid}/delete/")
    again = client.post(new, sent)
    page = again.content.decode()
    assert again.status_code == 409 and "Say who pays." in page
    key = re.search(r'name="idempotency_key" value="([^"]+)"', page)
    assert key and key[1] != sent["idempotency_key"]
    assert client.post(new, {**sent, "idempotency_key": key[1]}).status_code == 302
    assert Comment.objects.count() == 1
