"""What the margin tells of comments before it is opened: little, short, and nothing the reader may not know."""

from typing import Any

import pytest
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.pseudonyms import pseudonym_of
from consultations.actions.comments import hide_comment, withdraw_comment
from consultations.actions.discussing import take_position
from consultations.actions.leaving import take_name_off
from consultations.actions.tallying import recount_round
from consultations.filters import VoiceFilter
from consultations.glimpses import Glimpse, glimpses_beside
from consultations.models import Comment, Round
from drafts.queries import unit_page
from tests.factories import (
    make_comment,
    make_draft,
    make_group,
    make_member_state,
    make_provision,
    make_round,
    make_text,
    make_user,
    set_status,
)

pytestmark = pytest.mark.django_db
SAYS = "Paragraph {n} speaks of smart cities."


@pytest.fixture
def round_() -> Round:
    return make_round(make_draft(status="published", paragraphs=3))


def beside(
    round: Round, user: Any, *, language: str = "en", page: str = "chp_1", **asked: str
) -> dict[str, list[Glimpse]]:
    query = QueryDict(mutable=True)
    query.update(asked)
    found = unit_page(round.draft, page, language)
    assert found
    rows = [each for row in found.rows for each in (row, *row.footnotes)]
    pillar = found.unit.provision.pillar
    return glimpses_beside(round, user, rows, chosen=VoiceFilter.of(query), pillar=pillar)


def only(round: Round, user: Any = None, **asked: str) -> Glimpse:
    ((glimpse,),) = beside(round, user or make_user(), **asked).values()
    return glimpse


@pytest.mark.parametrize(
    ("proposed", "seen"),
    [
        ("Paragraph 1 speaks of fair towns.", ("", "smart cities", "fair towns")),
        ("Paragraph 1 speaks of smart and fair cities.", ("…1 speaks of smart", "", "and fair")),
        ("Paragraph 1 speaks of cities.", ("…1 speaks of", "smart", "")),
        # Of several changes the longest is told.
        ("Paragraph one speaks of cities in which people live.", ("", "", "")),
        (
            "Nothing in common with it at all: 全然不同。",
            ("", "", "Nothing in common with it at all: 全然不同。"),
        ),
    ],
)
def test_a_proposal_shows_its_main_change(round_: Round, proposed: str, seen: tuple[str, str, str]) -> None:
    make_comment(round_, make_user(), provision_key="para_1", body="", proposed_text=proposed)
    glimpse = only(round_)
    if any(seen):
        assert (glimpse.words, glimpse.removed, glimpse.added) == seen
    else:
        assert "in which people live" in glimpse.added


def test_a_proposal_in_another_language_is_set_against_the_text_in_that_language() -> None:
    draft = make_draft(paragraphs=3)
    words = draft.provisions.get(key="para_1")
    make_text(words, language="fr", text="Le premier paragraphe parle des villes.")
    set_status(draft, "published")
    round_ = make_round(draft)
    make_comment(
        round_,
        make_user(),
        provision_key="para_1",
        body="",
        proposed_text="Paragraph 1 speaks of fair towns.",
    )
    assert (only(round_, language="fr").removed, only(round_, language="fr").added) == (
        "smart cities",
        "fair towns",
    )


def test_another_comment_shows_its_first_words_in_one_line(round_: Round) -> None:
    make_comment(
        round_, make_user(), provision_key="para_1", body="Say who\n\npays[^1] for it, " + "and " * 40
    )
    make_comment(round_, make_user(), provision_key="para_2", body="谁来付钱" * 40, language="zh-hans")
    found = beside(round_, make_user())
    words = found["para_1"][0].words
    assert words.startswith("Say who pays for it, and") and words.endswith("and…") and len(words) <= 91
    assert len(found["para_2"][0].words) == 91 and found["para_2"][0].language == "zh-hans"


def test_two_of_each_provision_the_most_supported_first(round_: Round) -> None:
    for n in range(4):
        comment = make_comment(round_, make_user(), provision_key="para_1", body=f"Voice {n}.")
        for _ in range({2: 2, 3: 1}.get(n, 0)):
            take_position(user=make_user(), comment=comment, position="support")
    make_comment(round_, make_user(), provision_key="para_2", body="Alone.")
    make_comment(round_, make_user(), body="On the whole draft.")
    found = beside(round_, make_user())
    assert [glimpse.words for glimpse in found["para_1"]] == ["Voice 2.", "Voice 3."]
    assert [(glimpse.support, glimpse.oppose) for glimpse in found["para_1"]] == [(2, 0), (1, 0)]
    assert set(found) == {"para_1", "para_2"}


def test_member_states_stand_there_with_their_codes(round_: Round) -> None:
    kenya, france, brazil = (make_user("focal_point", country_id=code) for code in ("KEN", "FRA", "BRA"))
    for code, person in (("KEN", kenya), ("FRA", france), ("BRA", brazil)):
        make_member_state(code, contact=person)
    comment = make_comment(round_, kenya, provision_key="para_1")
    take_position(user=france, comment=comment, position="support")
    take_position(user=brazil, comment=comment, position="reserve")
    take_position(user=make_user(), comment=comment, position="oppose")
    glimpse = only(round_)
    assert (glimpse.who, glimpse.supporting, glimpse.differing) == ("KEN", ("FRA",), (("BRA", "Reserve"),))
    recount_round(round_id=round_.pk)
    page = Client().get(f"/en/guidelines/{round_.draft.guidelines.slug}/1/chp_1/").content.decode()
    assert "<bdi>KEN</bdi> + <bdi>FRA</bdi> · 1 supports · 1 opposes · <bdi>BRA</bdi>: Reserve" in page


@pytest.mark.parametrize("attribution", ["named", "organisation", "anonymous"])
@pytest.mark.parametrize("anonymous", [False, True])
def test_names_stand_there_as_beside_the_comment(attribution: str, anonymous: bool) -> None:
    group = make_group()
    round = make_round(
        make_draft(status="published", paragraphs=1),
        groups=(group,),
        visibility="participants",
        anonymous=anonymous,
    )
    author = make_user(groups=(group,), name="Zqcanary")
    comment = make_comment(round, author, provision_key="para_1", attribution=attribution)
    Comment.objects.filter(pk=comment.pk).update(organisation_name="An institute")
    expected = {"named": "Zqcanary", "organisation": "An institute", "anonymous": "Without name"}[attribution]
    assert only(round, make_user(groups=(group,))).who == ("Without name" if anonymous else expected)
    assert only(round, author).who == only(round, make_user("staff")).who == "Zqcanary"


def test_a_name_taken_off_is_a_pseudonym_in_the_readers_language(round_: Round) -> None:
    author = make_user(name="Zqcanary")
    make_comment(round_, author, provision_key="para_1")
    recount_round(round_id=round_.pk)
    take_name_off(person_id=author.pk)
    address = f"/guidelines/{round_.draft.guidelines.slug}/1/chp_1/"
    for language in ("en", "ar"):
        page = Client().get(f"/{language}{address}").content.decode()
        assert "Zqcanary" not in page and pseudonym_of(author)[-4:] in page
        assert (pseudonym_of(author) in page) == (language == "en")


@pytest.mark.parametrize("visibility", ["participants", "secretariat"])
def test_nothing_is_told_to_those_who_do_not_read_the_comments(visibility: str) -> None:
    group = make_group()
    round = make_round(make_draft(status="published", paragraphs=1), groups=(group,), visibility=visibility)
    author, member = make_user(groups=(group,)), make_user(groups=(group,))
    make_comment(round, author, provision_key="para_1", body="Zqcanary")
    recount_round(round_id=round.pk)
    address = f"/en/guidelines/{round.draft.guidelines.slug}/1/chp_1/"

    def told(user: Any) -> bool:
        client = Client()
        if user:
            client.force_login(user)
        return "Zqcanary" in client.get(address).content.decode()

    assert not told(None) and not told(make_user())
    assert told(member) == told(author) == (visibility == "participants")
    assert told(make_user("staff"))


def test_what_is_not_submitted_or_let_through_by_the_filter_is_not_told(round_: Round) -> None:
    author, staff = make_user(), make_user("staff")
    make_comment(round_, author, provision_key="para_1", submit=False)
    withdraw_comment(actor=author, comment=make_comment(round_, author, provision_key="para_1"))
    hide_comment(actor=staff, comment=make_comment(round_, author, provision_key="para_1"), reason="Rude.")
    assert all(beside(round_, user) == {} for user in (author, staff, make_user()))
    make_comment(round_, author, provision_key="para_1", kind="editorial")
    assert set(beside(round_, staff, kind="editorial")) == {"para_1"}
    assert beside(round_, staff, kind="technical") == {}


def test_one_query_however_much_was_said_and_markup_is_text(round_: Round) -> None:
    def cost() -> int:
        page = unit_page(round_.draft, "chp_1", "en")
        assert page
        user = make_user()
        assert user.facts is not None
        with CaptureQueriesContext(connection) as captured:
            found = glimpses_beside(round_, user, page.rows, chosen=VoiceFilter(), pillar=None)
        assert found
        return len(captured)

    make_comment(round_, make_user(), provision_key="para_1", body="<script>alert(1)</script>")
    recount_round(round_id=round_.pk)
    page = Client().get(f"/en/guidelines/{round_.draft.guidelines.slug}/1/chp_1/").content.decode()
    assert "&lt;script&gt;alert(1)" in page and "<script>alert(1)" not in page
    before = cost()
    for n in range(12):
        proposed = SAYS.format(n=n).replace("smart", "fair")
        comment = make_comment(round_, make_user(), provision_key=f"para_{n % 3 + 1}", proposed_text=proposed)
        take_position(user=make_user(), comment=comment, position="support")
    assert cost() == before == 1


def test_footnotes_have_their_own(round_: Round) -> None:
    draft = make_draft()
    paragraph = make_provision(draft, "para_1", number="1", text="Words.[^a]")
    make_provision(draft, "note_1", kind="footnote", number="1", parent=paragraph, text="A note.")
    round = make_round(draft)
    make_comment(round, make_user(), provision_key="note_1")
    assert set(beside(round, make_user("staff"))) == {"note_1"}
