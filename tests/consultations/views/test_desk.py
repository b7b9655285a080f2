"""The secretariat's desk: finding a comment, answering one or several, publishing."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from consultations.actions.anchoring import AnchorInput
from consultations.actions.answering import answer_comment
from consultations.actions.comments import hand_in_late
from consultations.actions.discussing import reply_to_comment, take_position
from consultations.actions.tallying import recount_round
from consultations.models import Comment, Disposition, Round
from core import outbox
from tests.factories import make_comment, make_draft, make_round, make_user

pytestmark = pytest.mark.django_db


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def round_() -> Round:
    return make_round(make_draft(status="published", paragraphs=3))


@pytest.fixture
def staff() -> Client:
    return signed_in(make_user("staff"))


def desk(round: Round, query: str = "") -> str:
    return f"/en/rounds/{round.pk}/desk/{query}"


def page_of(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def listed(client: Client, round: Round, query: str = "") -> list[int]:
    response = client.get(desk(round, query))
    assert response.status_code == 200
    return [comment.number for comment in response.context["comments"]]


def answer(*comments: Comment, **fields: Any) -> dict[str, Any]:
    """One comment is the one shown; several are ticked."""
    chosen = {"comment": str(comments[0].uuid)}
    if len(comments) > 1:
        chosen |= {"chosen": [str(c.uuid) for c in comments]}  # type: ignore[dict-item]
    return {**chosen, "outcome": "noted", "response": "We note it.", "language": "en", **fields}


def test_the_desk_and_its_acts_are_refused_to_those_who_may_not(round_: Round) -> None:
    comment = make_comment(round_, make_user())
    acts = {
        "answer/": answer(comment),
        "publish/": {"all": "1"},
        "hide/": {"comment": str(comment.uuid), "reason": "No."},
    }
    for act, sent in acts.items():
        there = Client().post(desk(round_, act), sent)
        assert (there.status_code, there.content) == (302, b"") or there.status_code == 401
        assert "/account/login/?next=" in there.get("Location", there.content.decode())
        assert signed_in(make_user()).post(desk(round_, act), sent).status_code == 403
    assert signed_in(make_user("drafter")).post(desk(round_, "hide/"), acts["hide/"]).status_code == 403
    comment.refresh_from_db()
    assert comment.status == "submitted" and not Disposition.objects.exists()
    hidden = make_round(make_draft(paragraphs=1))
    assert signed_in(make_user()).get(desk(hidden)).status_code == 404
    assert Client().get(desk(hidden)).status_code == 302


def test_from_planning_a_round_to_the_author_s_mail(staff: Client) -> None:
    draft = make_draft(status="published", paragraphs=2)
    yesterday = timezone.now() - timedelta(days=1)
    sent = {
        "draft": draft.pk,
        "kind": "open",
        "title_en": "What do you say?",
        "opens_at": yesterday.strftime("%Y-%m-%dT%H:%M"),
        "closes_at": "2040-01-01T00:00",
        "visibility": "public",
    }
    assert staff.post("/en/rounds/new/", sent).status_code == 302
    round, author = Round.objects.get(), make_user(language="es")
    comment = make_comment(round, author, provision_key="para_2", language="es")
    outbox.drain()
    assert "0 of 1 answered" in page_of(staff, desk(round))
    first = answer(comment, response="Gracias.", language="es", response_en="Thank you.", outcome="accepted")
    assert staff.post(desk(round, "answer/"), first).status_code == 302
    outbox.drain()
    assert "Gracias." not in page_of(Client(), f"/en/rounds/{round.pk}/comments/{comment.uuid}/")
    assert mail.outbox == []
    page = page_of(staff, desk(round))
    assert "1 of 1 answered" in page and "1 not yet published" in page
    staff.post(desk(round, "publish/"), {"all": "1"})
    outbox.drain()
    assert "0 not yet published" in page_of(staff, desk(round))
    assert "Thank you." in page_of(Client(), f"/en/rounds/{round.pk}/comments/{comment.uuid}/")
    assert "Gracias." in page_of(Client(), f"/es/rounds/{round.pk}/comments/{comment.uuid}/")
    (message,) = mail.outbox
    assert message.to == [author.email] and "Gracias." in str(message.body)


def test_the_commenter_s_language_is_offered_first_then_english(round_: Round, staff: Client) -> None:
    make_comment(round_, make_user(), language="ru")
    form = staff.get(desk(round_)).context["form"]
    assert [code for code, _name in form.fields["language"].choices][:2] == ["ru", "en"]
    assert form["language"].value() == "ru"


def test_changing_an_answer_keeps_its_other_languages(round_: Round, staff: Client) -> None:
    comment = make_comment(round_, make_user(), language="fr")
    words = {"en": "Thank you.", "fr": "Merci.", "ar": "شكرا."}
    answer_comment(actor=make_user("staff"), comment=comment, outcome="noted", responses=words)
    form = staff.get(desk(round_, f"?comment={comment.uuid}")).context["form"]
    assert (form["language"].value(), form["response"].value()) == ("fr", "Merci.")
    sent = {field.name: field.value() for field in form if field.value()}
    sent |= {"comment": str(comment.uuid), "response": "Merci beaucoup."}
    assert staff.post(desk(round_, "answer/"), sent).status_code == 302
    assert Disposition.objects.get().answer.responses == {**words, "fr": "Merci beaucoup."}


def test_one_language_written_twice_drops_neither_text(round_: Round, staff: Client) -> None:
    sent = answer(make_comment(round_, make_user()), response_en="Another English answer.")
    response = staff.post(desk(round_, "answer/"), sent)
    assert response.status_code == 400
    page = response.content.decode()
    assert "in this language already" in page
    assert "We note it." in page and "Another English answer." in page
    assert not Disposition.objects.exists()


def test_a_wrong_answer_comes_back_with_words_and_ticks(round_: Round, staff: Client) -> None:
    comments = [make_comment(round_, make_user()) for _ in range(3)]
    response = staff.post(desk(round_, "answer/"), answer(*comments[1:], outcome=""))
    assert response.status_code == 400
    page = response.content.decode()
    assert "We note it." in page
    assert page.count(" checked aria-label") == 2
    assert staff.post(desk(round_, "answer/"), answer(*comments[1:])).status_code == 302
    answered = Disposition.objects.order_by("pk")
    assert [d.comment for d in answered] == comments[1:]
    assert len({d.answer_id for d in answered}) == 1


def test_nothing_chosen_answers_nothing(round_: Round, staff: Client) -> None:
    make_comment(round_, make_user())
    sent = {"outcome": "noted", "response": "We note it.", "language": "en", "comment": "not-a-uuid"}
    assert "Choose at least one" in staff.post(desk(round_, "answer/"), sent, follow=True).content.decode()
    other = make_comment(make_round(round_.draft), make_user())
    staff.post(desk(round_, "answer/"), answer(other))
    assert not Disposition.objects.exists()


def test_whoever_was_slower_sees_the_other_answer_and_may_replace_it(round_: Round, staff: Client) -> None:
    comment = make_comment(round_, make_user())
    answer_comment(
        actor=make_user("drafter"), comment=comment, outcome="accepted", responses={"en": "First."}
    )
    response = staff.post(desk(round_, "answer/"), answer(comment, response="Second."))
    assert response.status_code == 409
    page = response.content.decode()
    assert "First." in page and "Second." in page and "Sending them replaces it" in page
    shown = response.context["form"]
    sent = {field.name: field.value() for field in shown if field.value()} | {"comment": str(comment.uuid)}
    assert staff.post(desk(round_, "answer/"), sent).status_code == 302
    assert Disposition.objects.get().answer.responses == {"en": "Second."}


def test_of_several_the_answered_one_is_shown_and_the_others_stay_ticked(
    round_: Round, staff: Client
) -> None:
    comments = [make_comment(round_, make_user()) for _ in range(3)]
    answer_comment(
        actor=make_user("staff"), comment=comments[1], outcome="accepted", responses={"en": "First."}
    )
    response = staff.post(desk(round_, "answer/"), answer(*comments))
    assert response.status_code == 409
    page = response.content.decode()
    assert "First." in page and "answered already" in page
    assert response.context["ticked"] == {comments[0].uuid, comments[2].uuid}
    assert Disposition.objects.count() == 1
    assert staff.post(desk(round_, "answer/"), answer(comments[0], comments[2])).status_code == 302
    assert Disposition.objects.get(comment=comments[1]).answer.responses == {"en": "First."}
    assert Disposition.objects.count() == 3


def test_answer_and_next_leads_to_the_next_one_waiting(round_: Round, staff: Client) -> None:
    comments = [make_comment(round_, make_user(), kind="editorial") for _ in range(3)]
    answer_comment(actor=make_user("staff"), comment=comments[1], outcome="noted", responses={"en": "Noted."})
    sent = answer(comments[0], next="1", filters="kind=editorial")
    landed = staff.post(desk(round_, "answer/"), sent)["Location"]
    assert f"comment={comments[2].uuid}" in landed and "kind=editorial" in landed
    stayed = staff.post(desk(round_, "answer/"), answer(comments[2]))["Location"]
    assert f"comment={comments[2].uuid}" in stayed


def test_the_list_is_narrowed_by_pillar_kind_answer_and_words(round_: Round, staff: Client) -> None:
    bodies = ("Buses for everyone.", "Say who pays.", "Trains too.")
    kinds = ("editorial", "substantive", "substantive")
    first, second, third = (
        make_comment(round_, make_user(), body=body, kind=kind, provision_key="para_1")
        for body, kind in zip(bodies, kinds, strict=True)
    )
    answer_comment(actor=make_user("staff"), comment=third, outcome="accepted", responses={"en": "Yes."})
    assert listed(staff, round_) == [1, 2, 3]
    assert listed(staff, round_, "?kind=editorial") == [first.number]
    assert listed(staff, round_, "?answer=none") == [1, 2]
    assert listed(staff, round_, "?answer=accepted") == [third.number]
    assert listed(staff, round_, "?search=pays") == [second.number]
    assert listed(staff, round_, "?pillar=3") == []
    assert listed(staff, round_, "?kind=nonsense&pillar=99&page=x&search=%00") == [1, 2, 3]


def test_late_input_has_a_list_of_its_own(round_: Round, staff: Client) -> None:
    make_comment(round_, make_user(), body="In time.")
    round_.closes_at = timezone.now() - timedelta(minutes=1)
    round_.save()
    author = make_user()
    late = make_comment(round_, author, body="Came after the end.")
    hand_in_late(actor=author, comment=late, version=late.version)
    assert "Came after the end." not in page_of(staff, desk(round_))
    page = page_of(staff, desk(round_, "?status=late"))
    assert "Came after the end." in page and "In time." not in page
    assert '<a href="?status=late" aria-current="page">Late input</a>' in page


def test_a_hidden_comment_keeps_its_reason_and_can_be_shown_again(round_: Round, staff: Client) -> None:
    comment = make_comment(round_, make_user(), body="Rude words.")
    public = f"/en/rounds/{round_.pk}/comments/{comment.uuid}/"
    staff.post(desk(round_, "hide/"), {"comment": str(comment.uuid), "reason": " "})
    assert Client().get(public).status_code == 200
    sent = {"comment": str(comment.uuid), "reason": "Insults somebody.", "filters": "kind=substantive"}
    assert "kind=substantive" in staff.post(desk(round_, "hide/"), sent)["Location"]
    assert Client().get(public).status_code == 404
    assert "Insults somebody." in page_of(signed_in(comment.author), public)
    assert listed(staff, round_, "?status=hidden") == [comment.number]
    staff.post(desk(round_, "hide/"), {"comment": str(comment.uuid), "show": "1"})
    assert Client().get(public).status_code == 200


def test_only_what_is_ticked_is_published(round_: Round, staff: Client) -> None:
    first, second = (make_comment(round_, make_user()) for _ in range(2))
    staff.post(desk(round_, "answer/"), answer(first, second))
    assert "Choose at least one" in staff.post(desk(round_, "publish/"), follow=True).content.decode()
    staff.post(desk(round_, "publish/"), {"chosen": [str(second.uuid)], "comment": str(first.uuid)})
    published = Disposition.objects.filter(published_at__isnull=False)
    assert [d.comment for d in published] == [second]


def test_the_quoted_words_are_marked_in_the_text(round_: Round, staff: Client) -> None:
    quote = AnchorInput(exact="speaks of")
    make_comment(round_, make_user(), provision_key="para_1", anchor=quote, proposed_text="tells of")
    page = page_of(staff, desk(round_))
    assert (
        '<span data-start="0">Paragraph 1 </span><span data-start="12"><mark>speaks of</mark></span>'
        '<span data-start="21"> smart cities.</span>'
    ) in page
    assert "<del>speaks</del><ins>tells</ins><span> of</span>" in page


def test_fifty_stand_on_a_page_and_the_chosen_one_may_be_elsewhere(round_: Round, staff: Client) -> None:
    author = make_user()
    comments = [make_comment(round_, author, body=f"Comment {n}.") for n in range(51)]
    assert len(listed(staff, round_)) == 50
    assert listed(staff, round_, "?page=2") == [51]
    assert "Comment 50." in page_of(staff, desk(round_, f"?comment={comments[50].uuid}"))


def test_the_desk_costs_the_same_with_3_and_50_comments(round_: Round, staff: Client) -> None:
    author, answering, counts = make_user(), make_user("staff"), []
    for more in (3, 47):
        for number in range(more):
            comment = make_comment(round_, author, provision_key="para_1")
            reply_to_comment(author=answering, comment=comment, body="Yes.")
            take_position(user=make_user(), comment=comment, position="support")
            if number % 2:
                answer_comment(actor=answering, comment=comment, outcome="noted", responses={"en": "Noted."})
        recount_round(round_id=round_.pk)
        with CaptureQueriesContext(connection) as captured:
            page_of(staff, desk(round_))
        counts.append(len(captured))
    assert counts[0] == counts[1]
