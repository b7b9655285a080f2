"""Sending what was saved while it was typed, and taking back what was just sent."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from consultations.actions.anchoring import AnchorInput
from consultations.actions.comments import edit_comment, submit_comment, write_comment
from consultations.actions.evidence import add_evidence
from consultations.actions.sending import send_draft, take_back
from consultations.models import Comment, Round
from core.models import AuditEntry
from core.verdicts import Conflict, Refusal
from tests.factories import make_comment, make_draft, make_round, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def round_() -> Round:
    return make_round(make_draft(status="published", paragraphs=2))


def draft_of(round: Round, **words: str) -> Comment:
    return write_comment(
        author=make_user(), round=round, provision_key="para_1", submit=False, **{"body": "Half", **words}
    )


def test_what_was_saved_is_sent_as_it_now_reads(round_: Round) -> None:
    draft = draft_of(round_)
    quote = AnchorInput(exact="smart cities")
    sent = send_draft(actor=draft.author, comment=draft, version=1, submit=True, anchor=quote, body="Whole.")
    assert (sent.pk, sent.status, sent.body, sent.number) == (draft.pk, "submitted", "Whole.", 1)
    assert sent.anchor.exact == "smart cities"


def test_saving_while_typing_leaves_no_trail(round_: Round) -> None:
    draft = draft_of(round_)
    for version in range(1, 4):
        edit_comment(actor=draft.author, comment=draft, version=version, body=f"Half {version}")
    assert draft.revisions.count() == 1
    assert not AuditEntry.objects.filter(action="comment.edit").exists()
    send_draft(actor=draft.author, comment=draft, version=4, submit=True, anchor=None, body="Whole.")
    assert draft.revisions.latest("version").content["body"] == "Whole."


def test_two_windows_on_one_draft_lose_nothing(round_: Round) -> None:
    draft = draft_of(round_)
    edit_comment(actor=draft.author, comment=draft, version=1, body="The first window's words.")
    client = Client()
    client.force_login(draft.author)
    form = {
        "provision": "para_1",
        "kind": "general",
        "body": "The second window's words.",
        "language": "en",
        "attribution": "named",
        "saved_as": str(draft.uuid),
        "version": "1",
        "idempotency_key": str(uuid4()),
    }
    refused = client.post(f"/en/rounds/{round_.pk}/comments/new/", form)
    page = refused.content.decode()
    assert refused.status_code == 409 and "The second window&#x27;s words." in page
    assert f'name="saved_as" value="{draft.uuid}"' not in page  # sent again it is a comment of its own
    draft.refresh_from_db()
    assert (draft.status, draft.body) == ("draft", "The first window's words.")


def test_a_form_saved_before_is_sent_once(round_: Round) -> None:
    draft = draft_of(round_)
    client = Client()
    client.force_login(draft.author)
    form = {
        "provision": "para_1",
        "kind": "general",
        "body": "Whole.",
        "language": "en",
        "attribution": "named",
    }
    form |= {"saved_as": str(draft.uuid), "version": "1", "idempotency_key": str(uuid4())}
    for _ in range(2):
        assert client.post(f"/en/rounds/{round_.pk}/comments/new/", form).status_code == 302
    comment = Comment.objects.get()
    assert (comment.pk, comment.status, comment.body) == (draft.pk, "submitted", "Whole.")


def test_a_draft_of_another_is_not_written_into(round_: Round) -> None:
    draft = draft_of(round_)
    client = Client()
    client.force_login(make_user())
    form = {
        "provision": "para_1",
        "kind": "general",
        "body": "Mine.",
        "language": "en",
        "attribution": "named",
    }
    form |= {"saved_as": str(draft.uuid), "version": "1", "idempotency_key": str(uuid4())}
    assert client.post(f"/en/rounds/{round_.pk}/comments/new/", form).status_code == 302
    draft.refresh_from_db()
    assert draft.body == "Half" and Comment.objects.exclude(pk=draft.pk).get().body == "Mine."


def test_undoing_withdraws_and_gives_the_words_back(round_: Round) -> None:
    author = make_user()
    sent = make_comment(
        round_, author, provision_key="para_1", anchor=AnchorInput(exact="smart cities"), body="Too soon."
    )
    draft = take_back(actor=author, comment=sent, version=sent.version)
    sent.refresh_from_db()
    assert (sent.status, sent.number) == ("withdrawn", 1)
    assert (draft.status, draft.body, draft.number) == ("draft", "Too soon.", None)
    assert draft.anchor.exact == "smart cities" and sent.anchor.pk != draft.anchor.pk
    with pytest.raises((Refusal, Conflict)):
        take_back(actor=author, comment=sent, version=sent.version)
    assert Comment.objects.filter(status="draft").count() == 1


def test_undoing_has_its_time(round_: Round) -> None:
    author, other = make_user(), make_user()
    sent = make_comment(round_, author)
    with pytest.raises(Refusal):
        take_back(actor=other, comment=sent, version=sent.version)
    with time_machine.travel(timezone.now() + timedelta(minutes=10, seconds=1)), pytest.raises(Refusal):
        take_back(actor=author, comment=sent, version=sent.version)
    Round.objects.update(closed_at=timezone.now())
    sent.round.refresh_from_db()
    with pytest.raises(Refusal):
        take_back(actor=author, comment=sent, version=sent.version)


def test_the_page_of_a_fresh_comment_offers_to_undo(round_: Round) -> None:
    author = make_user()
    sent = make_comment(round_, author)
    client = Client()
    client.force_login(author)
    address = f"/en/rounds/{round_.pk}/comments/{sent.uuid}/"
    assert "Undo sending" in client.get(address).content.decode()
    undone = client.post(f"{address}undo/", {"version": sent.version}, follow=True)
    assert "Your words are here as a draft" in undone.content.decode()
    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        assert "Undo sending" not in client.get(address).content.decode()


def test_undo_pressed_twice_leads_to_the_draft_and_not_to_a_refusal(round_: Round) -> None:
    author = make_user()
    sent = make_comment(round_, author, body="Pressed twice.")
    client = Client()
    client.force_login(author)
    undo = f"/en/rounds/{round_.pk}/comments/{sent.uuid}/undo/"
    assert client.post(undo, {"version": sent.version}).status_code == 302
    again = client.post(undo, {"version": sent.version}, follow=True)
    page = again.content.decode()
    assert again.status_code == 200 and "Taken back" in page and "Pressed twice." in page
    assert Comment.objects.filter(author=author, status="draft").count() == 1
    # Of somebody else's comment nothing is said.
    other = Client()
    other.force_login(make_user())
    assert other.post(undo, {"version": sent.version}).status_code == 404


def test_what_is_undone_takes_its_evidence_along(round_: Round) -> None:
    author = make_user("expert")
    comment = make_comment(round_, author, provision_key="para_1")
    add_evidence(actor=author, comment=comment, title="A study", url="https://example.org/study")
    draft = take_back(actor=author, comment=comment, version=comment.version)
    sent = submit_comment(actor=author, comment=draft, version=draft.version)
    again = take_back(actor=author, comment=sent, version=sent.version)
    assert [each.title for each in again.evidence.all()] == ["A study"]
    assert not comment.evidence.exists()


def test_one_draft_sent_from_two_windows_is_one_comment(round_: Round) -> None:
    author = make_user("expert", name="Ana")
    client = Client()
    client.force_login(author)
    draft = write_comment(author=author, round=round_, provision_key="para_1", submit=False, body="Half")
    sent = {
        "provision": "para_1",
        "kind": "general",
        "body": "The whole thought.",
        "language": "en",
        "attribution": "named",
        "saved_as": str(draft.uuid),
        "version": "1",
        "status": "submitted",
    }
    address = f"/en/rounds/{round_.pk}/comments/new/"
    first = client.post(address, {**sent, "idempotency_key": str(uuid4())})
    second = client.post(address, {**sent, "idempotency_key": str(uuid4())})
    assert (first.status_code, second["Location"]) == (302, first["Location"])
    other = client.post(address, {**sent, "body": "Another thought.", "idempotency_key": str(uuid4())})
    assert other.status_code == 409
    assert "Another thought." in other.content.decode()
    assert Comment.objects.filter(round=round_).count() == 1


def test_whoever_has_just_sent_is_thanked_on_the_comments_page(round_: Round) -> None:
    author = make_user("expert")
    comment = make_comment(round_, author, provision_key="para_1")
    client = Client()
    client.force_login(author)
    address = f"/en/rounds/{round_.pk}/comments/{comment.uuid}/"
    thanks = f"Thank you. Your comment is no. {comment.number}."
    assert thanks in client.get(f"{address}?sent").content.decode()
    assert thanks not in client.get(address).content.decode()
    assert thanks not in Client().get(f"{address}?sent").content.decode()


def test_whoever_sends_the_same_draft_second_is_given_the_comment_that_stands(round_: Round) -> None:
    """What a connection meets that waited for another one's sending of the same draft: its own view is old."""
    draft = draft_of(round_, body="Whole.")
    quote = AnchorInput(exact="smart cities")
    words = {**draft.content, "body": "Whole, and said better."}
    first = send_draft(actor=draft.author, comment=draft, version=1, submit=True, anchor=quote, **words)
    for anchor, said in ((quote, words), (..., words), (..., {"body": "Whole, and said better."})):
        again = send_draft(actor=draft.author, comment=draft, version=1, submit=True, anchor=anchor, **said)
        assert (again.pk, again.number, again.version) == (first.pk, 1, first.version)
    assert Comment.objects.count() == 1
    assert AuditEntry.objects.filter(action="comment.submit").count() == 1


@pytest.mark.parametrize(
    "other",
    [
        {"body": "Otherwise."},
        {"attribution": "anonymous"},
        {"anchor": None},
        {"anchor": AnchorInput("smart")},
    ],
    ids=str,
)
def test_what_says_anything_else_is_given_back(round_: Round, other: dict[str, Any]) -> None:
    draft = draft_of(round_, body="Whole.")
    sent: dict[str, Any] = {**draft.content, "anchor": AnchorInput("smart cities"), "version": 1}
    send_draft(actor=draft.author, comment=draft, submit=True, **sent)
    with pytest.raises(Conflict) as conflict:
        send_draft(actor=draft.author, comment=draft, submit=True, **{**sent, **other})
    assert conflict.value.current["status"] == "submitted"
    assert Comment.objects.get().attribution == "named"


def test_a_draft_sent_as_it_was_seen_is_sent_once_and_an_older_one_is_told(round_: Round) -> None:
    draft = draft_of(round_)
    path = f"/en/rounds/{round_.pk}/comments/{draft.uuid}/"
    client = Client()
    client.force_login(draft.author)
    for _ in range(2):
        sent = client.post(f"{path}submit/", {"version": 1})
        assert (sent.status_code, sent["Location"]) == (302, f"{path}?sent")
    assert Comment.objects.get().number == 1
    later = draft_of(round_)
    edit_comment(actor=later.author, comment=later, version=1, body="Not what the other window showed.")
    client.force_login(later.author)
    stale = client.post(f"/en/rounds/{round_.pk}/comments/{later.uuid}/submit/", {"version": 1})
    assert stale.status_code == 409
    later.refresh_from_db()
    assert later.status == "draft"


def test_a_draft_saved_elsewhere_in_the_same_words_is_sent(round_: Round) -> None:
    draft = draft_of(round_)
    edit_comment(actor=draft.author, comment=draft, version=1, body="Whole.")
    sent = send_draft(actor=draft.author, comment=draft, version=1, submit=True, body="Whole.")
    assert (sent.pk, sent.status) == (draft.pk, "submitted")


def test_what_was_taken_back_is_not_taken_for_sent(round_: Round) -> None:
    draft = draft_of(round_)
    sent = send_draft(actor=draft.author, comment=draft, version=1, submit=True, body="Whole.")
    take_back(actor=draft.author, comment=sent, version=sent.version)
    with pytest.raises(Refusal):
        send_draft(actor=draft.author, comment=draft, version=1, submit=True, body="Whole.")


def test_nobody_gets_another_s_comment_by_sending_its_draft(round_: Round) -> None:
    draft = draft_of(round_)
    send_draft(actor=draft.author, comment=draft, version=1, submit=True, body="Whole.")
    with pytest.raises(Refusal):
        send_draft(actor=make_user(), comment=draft, version=1, submit=True, body="Whole.")


def test_the_same_thanks_stand_in_the_margin_and_after_the_plain_form_with_the_time_left(
    round_: Round,
) -> None:
    author = make_user("expert")
    client = Client()
    client.force_login(author)
    draft = write_comment(author=author, round=round_, provision_key="para_1", submit=False, body="Whole.")
    page = f"/en/rounds/{round_.pk}/comments/{draft.uuid}/"
    landed = client.post(f"{page}submit/", {"version": 1}, follow=True).content.decode()
    sent = Comment.objects.get()
    margin = f"/en/rounds/{round_.pk}/on/para_1/?sent={sent.uuid}"
    beside = client.get(margin, headers={"HX-Request": "true"}).content.decode()
    assert landed.count("Thank you. Your comment is no. 1.") == 1
    for shown in (landed, beside):
        thanks = shown.partition("notice--good")[2].partition("</div>")[0]
        assert "Thank you. Your comment is no. 1." in thanks and "for 10 more minutes" in thanks
        assert f'action="{page}undo/"' in thanks and "told by mail" in thanks and "/my/comments/" in thanks
    assert landed.count(f'action="{page}undo/"') == 1
    with time_machine.travel(sent.submitted_at + timedelta(minutes=9, seconds=30)):
        assert "for 1 more minute<" in client.get(f"{page}?sent").content.decode()
    with time_machine.travel(sent.submitted_at + timedelta(minutes=10, seconds=1)):
        late = client.get(f"{page}?sent").content.decode()
        assert "Thank you." in late and "Undo sending" not in late


def test_undoing_stands_beside_each_comment_in_my_comments_while_there_is_time(round_: Round) -> None:
    author = make_user()
    client = Client()
    client.force_login(author)
    now = timezone.now()
    for minutes in (12, 8, 1):
        with time_machine.travel(now - timedelta(minutes=minutes)):
            make_comment(round_, author)
    with time_machine.travel(now):
        page = client.get("/en/my/comments/").content.decode()
    assert page.count("Undo sending") == 2
    assert "for 2 more minutes" in page and "for 9 more minutes" in page
    first, second, third = Comment.objects.order_by("number")
    assert f"{first.uuid}/undo/" not in page and f"{second.uuid}/undo/" in page
    # Beside the same comment in a list of everybody's there is none.
    assert "Undo sending" not in client.get(f"/en/rounds/{round_.pk}/comments/").content.decode()
    undone = client.post(f"/en/rounds/{round_.pk}/comments/{third.uuid}/undo/", {"version": third.version})
    assert undone.status_code == 302 and Comment.objects.filter(status="draft").count() == 1


def test_an_unsent_draft_shows_no_support(round_: Round) -> None:
    author = make_user()
    client = Client()
    client.force_login(author)
    make_comment(round_, author, submit=False)
    assert "0 support" not in client.get("/en/my/comments/").content.decode()
    make_comment(round_, author)
    assert client.get("/en/my/comments/").content.decode().count("0 support") == 1
