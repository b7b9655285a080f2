"""What the desk's list is narrowed to and ordered by, each thing that can be asked for."""

from typing import Any

import pytest
from django.db import connection
from django.http import QueryDict

from consultations.actions.answering import answer_comment, publish_answers
from consultations.actions.assigning import assign_comments
from consultations.actions.discussing import take_position
from consultations.actions.tagging import tag_comments
from consultations.actions.tallying import recount_round
from consultations.desk_choices import DeskChoices
from consultations.desk_filters import ANSWERS, DeskFilter
from consultations.models import Comment, Round, Tag
from consultations.search import containing
from core import outbox
from tests.factories import make_comment, make_draft, make_provision, make_round, make_user, set_status

pytestmark = pytest.mark.django_db
ACT = "00000000-0000-4000-8000-000000000001"


@pytest.fixture
def round_() -> Round:
    draft = make_draft(paragraphs=2)
    pillar = make_provision(draft, "pillar_3", kind="pillar", number="3", pillar=3)
    make_provision(draft, "para_7", parent=pillar, number="7", pillar=3)
    set_status(draft, "published")
    return make_round(draft)


@pytest.fixture
def staff() -> Any:
    return make_user("staff")


def asked(round: Round, user: Any, query: str) -> list[int | None]:
    found = DeskFilter.of(QueryDict(query))
    return [comment.number for comment in found.sorted(found.find(round, user))]


@pytest.fixture
def comments(round_: Round, staff: Any) -> list[Comment]:
    """Four: 1 on paragraph 1 and accepted, published; 2 on what stands below a pillar, proposing, noted; 3 on the
    pillar, from Kenya; 4 on the draft as a whole, in Arabic."""
    first = make_comment(round_, make_user(), provision_key="para_1", kind="editorial")
    second = make_comment(round_, make_user(), provision_key="para_7", proposed_text="Other words.")
    third = make_comment(round_, make_user(), provision_key="pillar_3")
    Comment.objects.filter(pk=third.pk).update(country="KEN", region="africa", stakeholder_group="academia")
    fourth = make_comment(round_, make_user(), language="ar", body="ينبغي تحديد الجهة المسؤولة")
    answer_comment(actor=staff, comment=first, outcome="accepted", responses={"en": "Yes."})
    publish_answers(actor=staff, round=round_)
    answer_comment(actor=staff, comment=second, outcome="noted", responses={"en": "Noted."})
    return [first, second, third, fourth]


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("", [1, 2, 3, 4]),
        ("kind=editorial", [1]),
        ("pillar=3", [2, 3]),
        ("provision=pillar_3", [2, 3]),
        ("provision=para_7", [2]),
        ("provision=chp_1", [1]),
        ("provision=-", [4]),
        ("provision=nowhere", []),
        ("answer=none", [3, 4]),
        ("answer=any", [1, 2]),
        ("answer=noted", [2]),
        ("published=yes", [1]),
        ("published=no", [2]),
        ("proposal=yes", [2]),
        ("proposal=no", [1, 3, 4]),
        ("spoken=ar", [4]),
        ("country=KEN", [3]),
        ("region=africa&group=academia", [3]),
        ("region=africa&kind=editorial", []),
        ("sort=newest", [4, 3, 2, 1]),
        ("sort=place", [4, 1, 3, 2]),
        ("sort=waiting", [3, 4, 1, 2]),
        ("search=المسؤول", [4]),
        ("search=say+CLEAR", [1, 2, 3]),
        ("search=3", [3]),
        ("search=%23٢", [2]),
        ("search=999999999999999", []),
        ("status=withdrawn", []),
        (
            "kind=none&pillar=9&answer=x&published=x&assigned=x&tag=x&spoken=x&sort=x&status=draft",
            [1, 2, 3, 4],
        ),
        ("tag=99999999999999&assigned=-1", []),
        ("country=%00KENYA&region=%00", [1, 2, 3, 4]),
    ],
)
def test_what_is_asked_for_is_found(
    round_: Round, staff: Any, comments: list[Comment], query: str, numbers: list[int]
) -> None:
    assert asked(round_, staff, query) == numbers


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("Los municipios pequeños", "PEQUEÑ"),
        ("Les communes n’ont pas de réseau", "réseau"),
        ("Следует указать срок", "указ"),
        ("应当说明由谁负责", "负责"),
        ("Wörter_mit_Strich", "strich"),
        ("x" * 3000 + " end", "end"),
        ("x" * 3000, "x" * 120),
        ("It's 'quoted' \\ & | ! :* (so)", "quot"),
    ],
)
def test_words_of_every_script_are_found_by_their_beginning(
    round_: Round, staff: Any, said: str, words: str
) -> None:
    make_comment(round_, make_user(), body=said)
    make_comment(round_, make_user(), body="Nothing of the kind.")
    found = DeskFilter(search=words).find(round_, staff)
    assert [comment.number for comment in found] == [1]


@pytest.mark.parametrize("words", ["' & |", "!:*()", "\\", "''", "%", "_"])
def test_signs_alone_narrow_nothing_and_break_nothing(round_: Round, staff: Any, words: str) -> None:
    make_comment(round_, make_user())
    assert len(DeskFilter(search=words).find(round_, staff)) == 1


def test_by_support_and_opposition_as_they_are_counted(round_: Round, staff: Any) -> None:
    first, second, third = (make_comment(round_, make_user()) for _ in range(3))
    for comment, position in (
        (second, "support"),
        (second, "support"),
        (third, "support"),
        (third, "oppose"),
    ):
        take_position(user=make_user(), comment=comment, position=position)
    outbox.drain()
    assert asked(round_, staff, "sort=support") == [2, 3, 1]
    assert asked(round_, staff, "sort=oppose") == [3, 1, 2]
    Comment.objects.update(supporting=9, counted={})
    recount_round(round_id=round_.pk)
    counts = list(Comment.objects.order_by("number").values_list("supporting", "opposing"))
    assert counts == [(0, 0), (2, 0), (1, 1)]


def test_by_who_answers_and_by_tag(round_: Round, staff: Any, comments: list[Comment]) -> None:
    other = make_user("drafter")
    for person, comment in ((staff, comments[0]), (other, comments[1])):
        assign_comments(actor=staff, round=round_, comments=[comment.pk], person=person, act=ACT)  # type: ignore[arg-type]
    tag_comments(actor=staff, round=round_, comments=[comments[2].pk], add=["Housing"])
    assert asked(round_, staff, "assigned=me") == [1]
    assert asked(round_, other, "assigned=me") == [2]
    assert asked(round_, staff, f"assigned={other.pk}") == [2]
    assert asked(round_, staff, "assigned=nobody") == [3, 4]
    tag = Tag.objects.get()
    assert asked(round_, staff, f"tag={tag.pk}") == [3]
    assert asked(make_round(round_.draft), staff, f"tag={tag.pk}") == []


def test_a_drafter_does_not_find_out_where_a_comment_without_name_comes_from(round_: Round) -> None:
    comment = make_comment(round_, make_user(), attribution="anonymous")
    Comment.objects.filter(pk=comment.pk).update(country="KEN", region="africa")
    for query in ("country=KEN", "region=africa"):
        assert asked(round_, make_user("staff"), query) == [1]
        assert asked(round_, make_user("drafter"), query) == []


def test_an_address_asks_for_the_same_again_and_says_it_in_words(round_: Round, staff: Any) -> None:
    query = "status=late&answer=none&assigned=me&spoken=zh-hans&country=KEN&search=a%26b+c&sort=place"
    chosen = DeskFilter.of(QueryDict(query))
    assert DeskFilter.of(QueryDict(chosen.query)) == chosen
    said = {part.label: part for part in DeskChoices(round_, chosen).in_words()}
    assert (said["Answer"].value, said["Member State"].value) == ("Not answered", "Kenya")
    assert said["Words"].value == "“a&b c”"
    without = DeskFilter.of(QueryDict(said["Answer"].without))
    assert without == chosen.without("answer") and without.assigned == "me"
    assert chosen.without(*chosen.narrowing).query == "status=late&sort=place"


def test_every_value_that_is_offered_is_understood(round_: Round, staff: Any) -> None:
    choices = DeskChoices(round_, DeskFilter())
    for _label, name, offered in [*choices.fields, ("", "sort", choices.sorts)]:
        for value, _said in offered:
            asked_for = QueryDict(mutable=True)
            asked_for[name] = value
            chosen = DeskFilter.of(asked_for)
            assert getattr(chosen, name) == value
            list(chosen.sorted(chosen.find(round_, staff)))
    assert set(ANSWERS) - {value for value, _label in choices.answers} == {"second_reader"}
    round_.second_reader = True
    assert set(ANSWERS) == {value for value, _label in choices.answers}


def test_the_database_searches_by_its_index() -> None:
    """The index is of the very expression that is asked for."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite looks through the column")
    with connection.cursor() as cursor:
        for way in ("seqscan", "indexscan"):
            cursor.execute(f"SET LOCAL enable_{way} = off")
    assert "comment_by_words" in containing(Comment.objects.order_by(), "clearly").explain()
