"""Comments that reached the secretariat otherwise: entered, marked, and counted as what they are."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from accounts.actions.erasing import erase_account
from accounts.models import Country
from consultations.actions.answering import answer_comment
from consultations.actions.discussing import reply_to_comment
from consultations.actions.entering_received import Received, enter_received
from consultations.actions.reacting import react_to_answer
from consultations.actions.rounds import move_round
from consultations.models import Comment, Entry, Round, Tally
from consultations.queries import told_of_answers
from consultations.records import comments as own_records
from core import outbox
from core.verdicts import Refusal
from tests.api_client import client_of
from tests.consultations.answered import publish
from tests.factories import make_comment, make_draft, make_round, make_user

pytestmark = pytest.mark.django_db
TODAY = timezone.now().date()


@pytest.fixture
def round_() -> Round:
    return make_round(make_draft(status="published", paragraphs=2))


@pytest.fixture
def staff() -> Any:
    return make_user("staff", name="Zqstaff")


def of_state(**fields: Any) -> Received:
    given: dict[str, Any] = {"how": "letter", "received_on": TODAY - timedelta(days=1), "source": "state"}
    return Received(**{**given, "country": Country.objects.get(pk="KEN"), **fields})


def enter(staff: Any, round: Round, received: Received | None = None, **words: Any) -> Comment:
    return enter_received(
        actor=staff, round=round, received=received or of_state(), **{"body": "Kenya asks for more.", **words}
    )


def read_by(reader: Any, comment: Comment) -> str:
    client = Client()
    if reader:
        client.force_login(reader)
    return client.get(f"/en/rounds/{comment.round_id}/comments/{comment.uuid}/").content.decode()


def close(round: Round, staff: Any) -> Round:
    return move_round(actor=staff, round=round, to="closed")


def test_it_is_a_voice_with_a_number_and_a_mark_and_no_participant(round_: Round, staff: Any) -> None:
    comment = enter(staff, round_, provision_key="para_1", proposed_text="Other words.")
    assert (comment.status, comment.number, comment.entered_by) == ("submitted", 1, staff)
    assert (comment.country, comment.stakeholder_group) == ("KEN", "member_state")
    page = read_by(None, comment)
    assert "Entered by the secretariat; received by letter" in page and "Kenya" in page
    assert "Zqstaff" not in page
    outbox.drain(limit=100)
    total = Tally.objects.get(round=round_, audience="readers", dimension="total")
    assert (total.comments, total.participants) == (1, 0)
    assert Tally.objects.get(round=round_, audience="readers", dimension="region").key == "africa"
    shown = client_of().get(f"/api/v1/comments/{comment.uuid}/").json()
    assert shown["entered"]["how"] == "letter" and shown["author"]["name"] is None


def test_a_person_by_name_and_one_without(round_: Round, staff: Any) -> None:
    named = Received("email", TODAY, "person", person="Ana Sol")
    assert "Ana Sol" in read_by(None, enter(staff, round_, named, attribution="named"))
    unnamed = enter(staff, round_, named, attribution="anonymous")
    assert "Ana Sol" not in read_by(None, unnamed) and "Ana Sol" in read_by(staff, unnamed)


@pytest.mark.parametrize(
    ("received", "words", "field"),
    [
        ({"country": None}, {}, "country"),
        ({"how": "rumour"}, {}, "how"),
        ({"received_on": TODAY + timedelta(days=3)}, {}, "received_on"),
        ({"source": "ghost"}, {}, "source"),
        ({"source": "organisation"}, {}, "organisation"),
        (
            {"source": "organisation", "organisation": "Lab", "stakeholder_group": "x"},
            {},
            "stakeholder_group",
        ),
        ({"source": "person"}, {"attribution": "named"}, "person"),
        ({"source": "person", "person": "x" * 151}, {"attribution": "named"}, "person"),
        ({"region": "atlantis"}, {}, "region"),
        ({}, {"body": ""}, "body"),
        ({}, {"provision_key": "para_99"}, "provision"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(
    round_: Round, staff: Any, received: dict[str, Any], words: dict[str, Any], field: str
) -> None:
    with pytest.raises(ValidationError) as error:
        enter(staff, round_, of_state(**received), **words)
    assert field in error.value.message_dict and not Comment.objects.exists()


def test_only_the_secretariat_and_not_before_the_opening(round_: Round, staff: Any) -> None:
    for person in (make_user(), make_user("expert"), make_user("focal_point")):
        with pytest.raises(Refusal):
            enter(person, round_)
    planned = make_round(round_.draft, opens_at=timezone.now() + timedelta(hours=1))
    with pytest.raises(Refusal):
        enter(staff, planned)


def test_after_the_closing_it_is_late_unless_staff_say_that_it_came_before(round_: Round, staff: Any) -> None:
    make_comment(round_, make_user())
    close(round_, staff)
    round = Round.objects.get(pk=round_.pk)
    late = enter(staff, round)
    assert (late.status, late.number) == ("late", None)
    in_time = enter(staff, round, of_state(in_time=True))
    assert (in_time.status, in_time.number) == ("submitted", 2) and in_time.entry.in_time
    assert "received before the round closed and entered after that" in read_by(None, in_time)
    with pytest.raises(ValidationError) as error:
        enter(make_user("drafter"), round, of_state(in_time=True))
    assert set(error.value.message_dict) == {"in_time"}
    Round.objects.filter(pk=round.pk).update(published_at=timezone.now())
    with pytest.raises(ValidationError):  # the account has been given
        enter(staff, Round.objects.get(pk=round.pk), of_state(in_time=True))
    assert list(Comment.objects.exclude(number=None).order_by("number").values_list("number", flat=True)) == [
        1,
        2,
    ]


def test_what_came_after_the_closing_is_not_said_to_have_come_before(staff: Any) -> None:
    now = timezone.now()
    round = make_round(
        make_draft(status="published"), opens_at=now - timedelta(days=9), closes_at=now - timedelta(days=5)
    )
    with pytest.raises(ValidationError) as error:
        enter(staff, round, of_state(in_time=True))
    assert set(error.value.message_dict) == {"in_time"}
    before = of_state(in_time=True, received_on=TODAY - timedelta(days=7))
    assert enter(staff, round, before).number == 1
    open_still = enter(staff, make_round(round.draft), of_state(in_time=True))
    assert not open_still.entry.in_time  # there was nothing to vouch for


def test_nobody_is_told_and_nobody_replies_for_them(round_: Round, staff: Any) -> None:
    comment = enter(staff, round_)
    answer_comment(actor=staff, comment=comment, outcome="noted", responses={"en": "Noted."})
    assert not told_of_answers(round_).exists()
    publish(round_)
    outbox.drain(limit=100)
    assert not mail.outbox
    with pytest.raises(Refusal):
        react_to_answer(actor=staff, comment=comment, version=1, content=True)
    assert "Are you content" not in read_by(staff, comment)


def test_whoever_typed_it_speaks_under_it_as_themselves(round_: Round, staff: Any) -> None:
    comment = enter(staff, round_)
    reply_to_comment(author=staff, comment=comment, body="We ask Kenya to say more.")
    page = read_by(None, comment)
    reply = page.partition('id="reply-')[2]
    assert "Zqstaff" in reply.partition("We ask")[0] and "Kenya" not in reply.partition("We ask")[0]
    assert "Zqstaff" not in page.partition('id="reply-')[0]


def test_names_of_others_stay_when_whoever_typed_them_leaves(round_: Round, staff: Any) -> None:
    received = Received("email", TODAY, "person", person="Ana Sol", organisation="Lab")
    comment = enter(staff, round_, received, attribution="named")
    assert own_records(staff) == []
    erase_account(actor=staff, person=staff)
    outbox.drain(limit=200)
    kept = Comment.objects.get(pk=comment.pk)
    assert (kept.author_name, kept.organisation_name) == ("Ana Sol", "Lab")


def sent(**fields: Any) -> dict[str, Any]:
    return {
        **{"how": "meeting", "received_on": TODAY.isoformat(), "source": "organisation"},
        **{"organisation": "City Lab", "stakeholder_group": "academia", "attribution": "organisation"},
        **{
            "kind": "general",
            "language": "fr",
            "body": "Plus clair.",
            "provision": "para_2",
            "key": str(uuid4()),
        },
        **fields,
    }


def test_the_page_makes_one_comment_however_often_it_is_sent(round_: Round) -> None:
    client = Client()
    client.force_login(make_user("drafter"))
    address = f"/en/rounds/{round_.pk}/enter/"
    page = client.get(f"{address}?provision=para_2").content.decode()
    assert 'value="para_2" selected' in page and 'name="in_time"' not in page
    form = sent()
    for _ in range(2):
        assert client.post(address, form).status_code == 302
    comment = Comment.objects.get()
    assert (comment.organisation_name, comment.language, comment.entry.how) == ("City Lab", "fr", "meeting")
    other = client.post(address, {**form, "body": "Autre chose."})
    assert other.status_code == 409 and Comment.objects.count() == 1
    assert client.post(address, sent(organisation="")).status_code == 400
    assert client.post(address, sent(received_on="2026-99-99")).status_code == 400
    desk = client.get(f"/en/rounds/{round_.pk}/desk/").content.decode()
    assert "City Lab" in desk and "Enter a comment received otherwise" in desk
    assert Entry.objects.count() == 1


def test_programs_enter_as_the_desk_does(round_: Round, staff: Any) -> None:
    address = f"/api/v1/rounds/{round_.pk}/comments/"
    entered = {"how": "email", "received_on": TODAY.isoformat(), "source": "state", "country": "KEN"}
    body = {"body": "More.", "attribution": "organisation", "entered_for": entered}
    assert client_of(make_user()).post(address, body, format="json").status_code == 403
    client = client_of(staff)
    made = client.post(address, body, format="json")
    assert made.status_code == 201 and made.json()["entered"]["source"] == "state"
    for wrong in ({"how": "x"}, {"country": "XXX"}, {"received_on": "soon"}, {"source": "organisation"}):
        refused = client.post(address, {**body, "entered_for": {**entered, **wrong}}, format="json")
        assert refused.status_code == 400, wrong
    for more in ({"status": "draft"}, {"links": ["https://example.org"]}, {"anchor": {"exact": "x"}}):
        assert client.post(address, {**body, **more}, format="json").status_code == 400
    assert Comment.objects.count() == 1
