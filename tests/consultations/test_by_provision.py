"""The desk by provision: what is said where, what is left, and what the answer at hand does."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.facts import load_facts
from accounts.models import Affiliation, Organisation, User
from accounts.queries import stakeholder_groups
from consultations.actions.answering import answer_comment
from consultations.actions.comments import hide_comment
from consultations.actions.discussing import take_position
from consultations.actions.tallying import recount_round
from consultations.by_provision import WHOLE, counts_of, overview
from consultations.models import Comment, Round
from tests.factories import make_comment, make_draft, make_member_state, make_round, make_user

pytestmark = pytest.mark.django_db


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def round_() -> Round:
    return make_round(make_draft(status="published", paragraphs=4))


@pytest.fixture
def staff() -> User:
    return make_user("staff")


def at(round: Round, key: str = "", query: str = "") -> str:
    return f"/en/rounds/{round.pk}/desk/provisions/{key}{'/' if key else ''}{query}"


def counted(round: Round) -> None:
    recount_round(round_id=round.pk)


def answered(comment: Comment, by: User) -> None:
    answer_comment(actor=by, comment=comment, outcome="noted", responses={"en": "Noted."})


def test_what_is_left_is_tallied_by_provision(round_: Round, staff: User) -> None:
    first = make_comment(round_, make_user(), provision_key="para_1", proposed_text="Other words.")
    hidden = make_comment(round_, make_user(), provision_key="para_1")
    make_comment(round_, make_user(), provision_key="para_3")
    make_comment(round_, make_user())
    hide_comment(actor=staff, comment=hidden, reason="Not for here.", hidden=True)
    counted(round_)
    found = counts_of(round_, staff)
    assert {key: (c.voices, c.left, c.proposals) for key, c in found.items()} == {
        "": (1, 1, 0),
        "para_1": (2, 2, 1),
        "para_3": (1, 1, 0),
    }
    answered(first, staff)
    counted(round_)
    assert (counts_of(round_, staff)["para_1"].left, counts_of(round_, staff)["para_1"].answered) == (1, 1)
    # What has no answer is the secretariat's to know.
    reader = signed_in(make_user())
    tallies = reader.get(f"/api/v1/rounds/{round_.pk}/tallies/?by=unanswered")
    assert tallies.status_code == 400
    assert not round_.tallies.filter(audience="readers", dimension="unanswered").exists()


def test_the_overview_is_in_the_order_of_the_text_and_names_states_with_positions(
    round_: Round, staff: User
) -> None:
    make_comment(round_, make_user(), provision_key="para_3")
    proposed = make_comment(round_, make_user(), provision_key="para_1", proposed_text="Other words.")
    contact = make_user("focal_point")
    make_member_state("KEN", contact=contact)
    take_position(user=contact, comment=proposed, position="reserve")
    make_comment(round_, make_user())
    counted(round_)
    parts = overview(round_, staff, "en")
    assert [row.key for part in parts for row in part.rows] == [WHOLE, "para_1", "para_3"]
    assert parts[1].rows[0].states == [("KEN", "Kenya")]
    assert parts[1].sums.voices == 2
    everything = overview(round_, staff, "en", everything=True)
    assert [row.key for part in everything for row in part.rows] == [
        *(WHOLE, "chp_1", "para_1", "para_2", "para_3", "para_4"),
    ]
    page = signed_in(staff).get(at(round_)).content.decode()
    assert 'title="Kenya"' in page and "Paragraph 3" in page and "Paragraph 2" not in page
    assert "Paragraph 2" in signed_in(staff).get(at(round_, query="?all=1")).content.decode()


def test_a_provision_shows_its_voices_with_flags_and_what_is_quoted(round_: Round, staff: User) -> None:
    from consultations.actions.anchoring import AnchorInput

    text = "Paragraph 1 speaks of smart cities."
    quoted = make_comment(
        round_,
        make_user(),
        provision_key="para_1",
        body="Which cities?",
        proposed_text="Paragraph 1 speaks of all cities.",
        anchor=AnchorInput(exact="smart cities", start=text.index("smart"), end=text.index("smart") + 12),
    )
    contact = make_user("focal_point")
    make_member_state("KEN", contact=contact)
    take_position(user=contact, comment=quoted, position="support")
    take_position(user=make_user(), comment=quoted, position="oppose")
    make_comment(round_, make_user(), provision_key="para_2", body="Elsewhere.")
    counted(round_)
    response = signed_in(staff).get(at(round_, "para_1"))
    page = response.content.decode()
    assert "<mark>smart cities</mark>" in page
    assert "Elsewhere." not in page and "Which cities?" in page
    assert "<del>smart</del>" in page and f"comments/{quoted.uuid}/apply/" in page
    (voice,) = response.context["voices"]
    assert [(s.position, s.states, s.groups) for s in voice.stances] == [
        ("support", [("KEN", "Kenya")], []),
        ("oppose", [], [("Individual", 1)]),
    ]
    tables = {table.name: table.rows for table in response.context["tables"]}
    assert [(row.code, row.counts["support"]) for row in tables["state"]] == [("KEN", 1)]
    assert response.context["after"].key == "para_2" and response.context["before"] is None


def test_in_an_anonymous_round_drafters_learn_no_group_of_who_took_a_position() -> None:
    round_ = make_round(make_draft(status="published", paragraphs=1), anonymous=True)
    lab = Organisation.objects.create(kind="academia", name="Lab", name_en="Lab")
    scholar = make_user()
    Affiliation.objects.create(user=scholar, organisation=lab)
    comment = make_comment(round_, make_user(), provision_key="para_1")
    take_position(user=scholar, comment=comment, position="support")
    seen = {}
    for role in ("staff", "drafter"):
        response = signed_in(make_user(role)).get(at(round_, "para_1"))
        (voice,) = response.context["voices"]
        seen[role] = (voice.stances[0].groups, "Academia" in response.content.decode())
    assert seen == {"staff": ([("Academia", 1)], True), "drafter": ([("", 1)], False)}


def test_ticked_comments_are_answered_at_hand_and_one_comes_back(round_: Round, staff: User) -> None:
    here = [make_comment(round_, make_user(), provision_key="para_1") for _ in range(3)]
    make_comment(round_, make_user(), provision_key="para_3")
    client = signed_in(staff)
    page = client.get(at(round_, "para_1", "?text=fr"))
    assert page.context["here"] == "text=fr&at=para_1"
    sent = {
        "comment": str(here[0].uuid),
        "chosen": [str(c.uuid) for c in here[:2]],
        "filters": page.context["here"],
        "outcome": "noted",
        "response": "We note it.",
        "language": "en",
    }
    refused = client.post(f"/en/rounds/{round_.pk}/desk/answer/", {**sent, "response": ""})
    assert refused.status_code == 400
    assert refused.context["row"].key == "para_1" and refused.context["ticked"] == {c.uuid for c in here[:2]}
    back = client.post(f"/en/rounds/{round_.pk}/desk/answer/", {**sent, "next": "1"})
    assert back["Location"] == at(round_, "para_1", f"?text=fr&comment={here[2].uuid}")
    # Answered meanwhile: shown here, too, with what stands.
    again = client.post(f"/en/rounds/{round_.pk}/desk/answer/", sent)
    assert again.status_code == 409 and again.context["key"] == "para_1"
    # The last one here leads on to the next provision with something left, and the very last stays.
    alone = {**sent, "chosen": [], "comment": str(here[2].uuid), "next": "1"}
    assert client.post(f"/en/rounds/{round_.pk}/desk/answer/", alone)["Location"] == at(
        round_, "para_3", "?text=fr"
    )


def test_whoever_asks_for_a_comment_gets_the_page_on_which_it_stands(round_: Round, staff: User) -> None:
    author = make_user()
    comments = [make_comment(round_, author, provision_key="para_1", body=f"No. {n}") for n in range(45)]
    response = signed_in(staff).get(at(round_, "para_1", f"?comment={comments[-1].uuid}"))
    assert response.context["page"].number == 2 and response.context["shown"].comment == comments[-1]
    assert signed_in(staff).get(at(round_, "para_1", "?comment=nonsense&page=x")).status_code == 200
    assert signed_in(staff).get(at(round_, "nothing")).status_code == 404


def test_the_queries_do_not_grow_with_the_voices(round_: Round, staff: User) -> None:
    client = signed_in(staff)
    counts = []
    for many in (2, 9):
        for n in range(many):
            author = make_user()
            comment = make_comment(
                round_, author, provision_key="para_1", proposed_text="Paragraph 1 speaks of all."
            )
            take_position(user=make_user(), comment=comment, position="support")
            make_comment(round_, author, provision_key=f"para_{n % 3 + 2}")
        answered(comment, staff)
        counted(round_)
        for path in (at(round_, "para_1"), at(round_)):
            client.get(path)
            with CaptureQueriesContext(connection) as captured:
                assert client.get(path).status_code == 200
            counts.append(len(captured))
    assert counts[:2] == counts[2:]
    assert counts[0] <= 32 and counts[1] <= 14


def test_the_group_of_many_people_is_that_of_their_facts() -> None:
    kinds = ("member_state", "academia", "un_habitat", "civil_society")
    people = []
    for first in kinds:
        for second in (*kinds, ""):
            for confirmed in (True, False):
                person = make_user()
                for kind in filter(None, {first, second}):
                    organisation = (
                        make_member_state("KEN")
                        if kind == "member_state"
                        else Organisation.objects.create(kind=kind, name=kind, name_en=kind)
                    )
                    at_once = person.date_joined if confirmed or kind == second else None
                    Affiliation.objects.create(user=person, organisation=organisation, confirmed_at=at_once)
                people.append(person)
    people.append(make_user())
    found = stakeholder_groups([person.pk for person in people])
    for person in people:
        assert found.get(person.pk, "individual") == load_facts(person).stakeholder_group
