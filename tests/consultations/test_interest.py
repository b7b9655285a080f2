"""Where people spoke: beside provisions, in the contents, under the words they quoted; and for whom."""

from typing import Any

import pytest
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from consultations.actions.anchoring import AnchorInput
from consultations.actions.answering import answer_comment, publish_answers
from consultations.actions.tallying import recount_round
from consultations.filters import VoiceFilter
from consultations.interest import Interest, interest_in, level_of, quotes_on
from consultations.models import Round
from drafts.models import ProvisionText
from tests.factories import make_comment, make_draft, make_group, make_provision, make_round, make_user

pytestmark = pytest.mark.django_db

NONE = VoiceFilter()


@pytest.fixture
def round_() -> Round:
    return make_round(make_draft(status="published", paragraphs=3))


def chosen(**given: str) -> VoiceFilter:
    query = QueryDict(mutable=True)
    query.update(given)
    return VoiceFilter.of(query)


def counts(interest: Interest) -> dict[str, int]:
    return {key: voices.comments for key, voices in interest.voices.items()}


def test_with_and_without_a_filter_the_same_is_counted(round_: Round) -> None:
    staff = make_user("staff")
    for key in ("para_1", "para_1", "para_2"):
        make_comment(round_, make_user(), provision_key=key, kind="editorial", proposed_text="Other.")
    recount_round(round_id=round_.pk)
    by_tally = interest_in(round_, staff, NONE)
    by_count = interest_in(round_, staff, chosen(kind="editorial"))
    assert counts(by_tally) == counts(by_count) == {"para_1": 2, "para_2": 1}
    assert sorted(by_tally.places) == sorted(by_count.places)


@pytest.mark.parametrize(
    ("given", "keys"),
    [
        ({"kind": "technical"}, {"para_1"}),
        ({"spoken": "fr"}, {"para_2"}),
        ({"mine": "1"}, {"para_3"}),
        ({"unanswered": "1"}, {"para_2", "para_3"}),
        ({"kind": "technical", "spoken": "fr"}, set()),
        ({"kind": "nonsense", "spoken": "xx", "mine": "yes"}, {"para_1", "para_2", "para_3"}),
    ],
)
def test_each_filter_lets_its_own_through(round_: Round, given: dict[str, str], keys: set[str]) -> None:
    staff, me = make_user("staff"), make_user()
    first = make_comment(round_, make_user(), provision_key="para_1", kind="technical")
    make_comment(round_, make_user(), provision_key="para_2", language="fr")
    make_comment(round_, me, provision_key="para_3")
    answer_comment(actor=staff, comment=first, outcome="noted", responses={"en": "Noted."})
    publish_answers(actor=staff, round=round_)
    recount_round(round_id=round_.pk)
    assert set(interest_in(round_, me, chosen(**given)).voices) == keys


def test_in_an_anonymous_round_no_group_is_told() -> None:
    group = make_group()
    round = make_round(
        make_draft(status="published", paragraphs=1),
        groups=(group,),
        visibility="participants",
        anonymous=True,
    )
    make_comment(round, make_user(groups=(group,)), provision_key="para_1")
    asked = chosen(group="individual")
    assert interest_in(round, make_user(groups=(group,)), asked).voices == {}
    assert counts(interest_in(round, make_user("staff"), asked)) == {"para_1": 1}


def test_levels_are_against_the_most() -> None:
    assert [level_of(n, 8) for n in (0, 1, 2, 3, 5, 8)] == [0, 1, 1, 2, 3, 4]
    assert level_of(0, 0) == 0


def test_quotes_are_gathered_where_their_words_stand(round_: Round) -> None:
    quote = AnchorInput(exact="smart cities")
    for _ in range(2):
        make_comment(round_, make_user(), provision_key="para_1", anchor=quote)
    make_comment(round_, make_user(), provision_key="para_2", anchor=AnchorInput(exact="speaks"))
    found = quotes_on(round_, make_user(), language="en", chosen=NONE, pillar=None, positions=(0, 10_000))
    start = len("Paragraph 1 speaks of ")
    assert found == [("para_1", start, start + 12, 2), ("para_2", 12, 18, 1)]


@pytest.mark.parametrize("visibility", ["participants", "secretariat"])
def test_hidden_quotes_are_hidden(visibility: str) -> None:
    group = make_group()
    round = make_round(make_draft(status="published", paragraphs=1), groups=(group,), visibility=visibility)
    author = make_user(groups=(group,))
    make_comment(round, author, provision_key="para_1", anchor=AnchorInput(exact="smart cities"))
    address = f"/en/rounds/{round.pk}/quotes/chp_1/"

    def seen_by(user: Any) -> list[Any]:
        client = Client()
        if user:
            client.force_login(user)
        answer = client.get(address)
        return answer.json()["quotes"] if answer.status_code == 200 else []

    assert seen_by(None) == [] and seen_by(make_user()) == []
    assert len(seen_by(make_user(groups=(group,)))) == (1 if visibility == "participants" else 0)
    assert len(seen_by(author)) == 1 and len(seen_by(make_user("staff"))) == 1


def test_the_page_keeps_a_filter_in_its_addresses(round_: Round) -> None:
    make_comment(round_, make_user(), provision_key="para_1", kind="technical")
    path = f"/en/guidelines/{round_.draft.guidelines.slug}/1/chp_1/"
    page = Client().get(f"{path}?kind=technical&text=en").content.decode()
    assert "Only some voices are shown" in page
    assert f'/en/rounds/{round_.pk}/on/para_1/?text=en&amp;kind=technical"' in page
    assert f'data-quotes="/en/rounds/{round_.pk}/quotes/chp_1/?text=en&amp;kind=technical"' in page
    assert "interest--4" in page
    other = Client().get(f"{path}?kind=editorial").content.decode()
    assert "interest--" not in other and "1 comment" not in other


def test_quotes_cost_the_same_however_many(round_: Round) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert Client().get(f"/en/rounds/{round_.pk}/quotes/chp_1/").status_code == 200
        return len(captured)

    make_comment(round_, make_user(), provision_key="para_1", anchor=AnchorInput(exact="speaks"))
    before = cost()
    for _ in range(5):
        make_comment(round_, make_user(), provision_key="para_2", anchor=AnchorInput(exact="smart"))
    assert cost() == before


def test_quotes_read_no_words(round_: Round) -> None:
    """Where quotes stand is told by keys, positions and languages; a page's words are not fetched for it."""
    make_comment(round_, make_user(), provision_key="para_1", anchor=AnchorInput(exact="speaks"))
    with CaptureQueriesContext(connection) as captured:
        answer = Client().get(f"/en/rounds/{round_.pk}/quotes/chp_1/")
    assert answer.json()["languages"] == dict.fromkeys(("chp_1", "para_1", "para_2", "para_3"), "en")
    assert len(captured) <= 7
    assert not any('"drafts_provisiontext"."text"' in query["sql"] for query in captured.captured_queries)


def test_quotes_of_a_chapter_end_where_the_next_begins() -> None:
    draft = make_draft(paragraphs=1)
    make_provision(draft, "chp_2", kind="chapter", number="II", heading="After")
    later = make_provision(draft, "para_9", text="Later words on smart cities.")
    ProvisionText.objects.create(provision=later, language="fr", text="Plus tard.")
    make_provision(draft, "fn_1", kind="footnote", parent=later, text="A note to it.")
    make_provision(draft, "pillar_1", kind="pillar", pillar=1, heading="First")
    make_provision(draft, "pillar_para", pillar=1, text="Of the pillar.")
    draft.status, draft.published_at = "published", timezone.now()
    draft.save()
    round = make_round(draft)
    make_comment(round, make_user(), provision_key="para_9", anchor=AnchorInput(exact="smart cities"))

    def read(key: str, text: str = "en") -> dict[str, Any]:
        found: dict[str, Any] = Client().get(f"/en/rounds/{round.pk}/quotes/{key}/?text={text}").json()
        return found

    assert read("chp_1")["quotes"] == [] and "para_9" not in read("chp_1")["languages"]
    assert [quote[0] for quote in read("chp_2")["quotes"]] == ["para_9"]
    assert set(read("chp_2")["languages"]) == {"chp_2", "para_9", "fn_1"}
    assert set(read("pillar_1")["languages"]) == {"pillar_1", "pillar_para"}
    assert read("chp_2", "fr")["languages"] == {"chp_2": "en", "para_9": "fr", "fn_1": "en"}
    assert Client().get(f"/en/rounds/{round.pk}/quotes/para_9/").status_code == 404
