"""How fast a round is answered, when that ends, and what is said where nothing can be said."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from consultations.actions.answering import answer_comment
from consultations.actions.tallying import recount_round
from consultations.charts.burndown import burndown_of
from consultations.models import Comment, Disposition, Round
from consultations.progress import (
    Pace,
    add_working_days,
    finish_of,
    pace_of,
    progress_of,
    summary_of,
    tallied,
    working_days,
)
from consultations.slots import due_of
from roadmap.models import Dependency
from tests.factories import make_comment, make_draft, make_provision, make_round, make_user
from tests.roadmap.milestones_made import make_milestone, on

FRIDAY, SATURDAY, MONDAY = date(2026, 11, 20), date(2026, 11, 21), date(2026, 11, 23)


def test_working_days_are_monday_to_friday() -> None:
    assert len(working_days(date(2026, 11, 9), date(2026, 11, 22))) == 10
    assert working_days(SATURDAY, date(2026, 11, 22)) == []
    assert [add_working_days(FRIDAY, n) for n in (0, 1, 5, 6)] == [
        FRIDAY,
        MONDAY,
        date(2026, 11, 27),
        date(2026, 11, 30),
    ]
    assert add_working_days(SATURDAY, 1) == MONDAY


@pytest.mark.parametrize("start", [date(2026, 11, 16) + timedelta(days=n) for n in range(7)])
@pytest.mark.parametrize("number", [1, 4, 5, 11, 23])
def test_so_many_working_days_lie_between(start: date, number: int) -> None:
    end = add_working_days(start, number)
    assert len(working_days(start + timedelta(days=1), end)) == number and end.weekday() < 5


def test_the_pace_is_of_fourteen_days_or_since_the_first_answer() -> None:
    counts = dict.fromkeys(working_days(date(2026, 10, 1), FRIDAY), 4)
    assert pace_of(counts, min(counts), FRIDAY) == Pace(40, 10, 4.0, 4.0, 4.0)
    late = {date(2026, 11, 18): 6, date(2026, 11, 19): 9, FRIDAY: 3}
    pace = pace_of(late, min(late), FRIDAY)
    assert pace and (pace.answers, pace.days, pace.each_day) == (18, 3, 6.0)
    assert pace.least < 6 < pace.most
    # A weekend's answers count for the Friday, and make no working day.
    weekend = pace_of({**late, SATURDAY: 6}, min(late), SATURDAY)
    assert weekend and (weekend.days, weekend.each_day) == (3, 8.0)


def test_too_little_is_no_pace() -> None:
    assert pace_of({}, None, FRIDAY) is None
    assert pace_of({FRIDAY: 100}, FRIDAY, FRIDAY) is None  # one day
    assert pace_of({date(2026, 11, 12): 4}, date(2026, 11, 12), FRIDAY) is None  # four answers
    assert pace_of({date(2026, 10, 1): 500}, date(2026, 10, 1), FRIDAY) is None  # none of late


def test_the_end_has_a_range_and_may_be_unknown() -> None:
    finish = finish_of(20, Pace(40, 10, 4.0, 2.0, 5.0), FRIDAY)
    assert finish and (finish.day, finish.earliest, finish.latest) == (
        date(2026, 11, 27),
        date(2026, 11, 26),
        date(2026, 12, 4),
    )
    uncertain = finish_of(20, Pace(5, 10, 0.5, 0.0, 1.0), FRIDAY)
    assert uncertain and uncertain.latest is None
    assert finish_of(0, Pace(40, 10, 4.0, 2.0, 5.0), FRIDAY) is None
    assert finish_of(20, None, FRIDAY) is None
    assert finish_of(100_000, Pace(5, 10, 0.5, 0.1, 1.0), FRIDAY) is None


NOON = datetime(2026, 11, 20, 9, tzinfo=UTC)


def said(round: Round, number: int, **fields: Any) -> list[Comment]:
    author = make_user()
    made = [make_comment(round, author, body=f"No. {n}", **fields) for n in range(number)]
    came = NOON - timedelta(days=20)
    Comment.objects.filter(pk__in=[c.pk for c in made]).update(submitted_at=came)
    return made


def decide(comments: list[Comment], by: Any, *, days_ago: int) -> None:
    for comment in comments:
        done = answer_comment(actor=by, comment=comment, outcome="noted", responses={"en": "Noted."})
        Disposition.objects.filter(pk=done.pk).update(decided_at=NOON - timedelta(days=days_ago))


@pytest.fixture
def answered_round() -> Round:
    draft = make_draft(status="working", paragraphs=1)
    make_provision(draft, "pillar_2__a", pillar=2, number="Principle 2 (a)", text="Words.")
    draft.status, draft.published_at = "published", NOON
    draft.save()
    round = make_round(draft)
    comments = said(round, 20, provision_key="pillar_2__a") + said(round, 5)
    drafter = make_user("drafter", name="Drafter Who Answers")
    for days_ago in range(5):  # Monday to Friday, two a day
        decide(comments[2 * days_ago : 2 * days_ago + 2], drafter, days_ago=days_ago)
    recount_round(round_id=round.pk)
    return round


@pytest.mark.django_db
def test_progress_per_pillar_and_person(answered_round: Round) -> None:
    staff = make_user("staff")
    found = progress_of(answered_round, staff, at=NOON)
    assert found.today == FRIDAY
    assert (found.whole.total, found.whole.answered, found.whole.left) == (25, 10, 15)
    assert found.whole.pace == Pace(10, 5, 2.0, 2.0, 2.0)
    assert found.whole.finish and found.whole.finish.day == add_working_days(FRIDAY, 8)
    assert [(part.pillar, part.total, part.answered) for part in found.parts] == [(2, 20, 10), (None, 5, 0)]
    assert found.parts[0].finish and found.parts[1].finish is None and not found.parts[1].stopped
    assert [(row.person.name, row.answered, row.lately) for row in found.people] == [
        ("Drafter Who Answers", 10, 10)
    ]
    line = summary_of(tallied(answered_round, at=NOON), at=NOON)
    assert (line.pace, line.finish) == (found.whole.pace, found.whole.finish)
    idle = progress_of(answered_round, staff, at=NOON + timedelta(days=40)).whole
    assert idle.stopped and idle.finish is None
    later = NOON + timedelta(days=40)
    line = summary_of(tallied(answered_round, at=later), at=later)
    assert line.stopped and line.pace is None


@pytest.mark.django_db
def test_what_is_left_is_drawn_and_listed(answered_round: Round) -> None:
    found = progress_of(answered_round, make_user("staff"), at=NOON)
    burn = burndown_of(found)
    assert burn and burn.most == 25 and burn.ahead and burn.fan
    assert [(row.came, row.answered, row.left) for row in burn.rows] == [
        *[(0, 2, left) for left in (15, 17, 19, 21, 23)],
        (25, 0, 25),
    ]
    found.came.clear()
    assert burndown_of(found) is None


@pytest.mark.django_db
def test_the_page_says_it_plainly_and_asks_no_more_for_more(answered_round: Round) -> None:
    client = Client()
    client.force_login(make_user("drafter"))
    path = f"/en/rounds/{answered_round.pk}/desk/progress/"
    counts = []
    for _more in range(2):
        client.get(path)
        with CaptureQueriesContext(connection) as captured:
            page = client.get(path).content.decode()
        counts.append(len(captured))
        decide(said(answered_round, 4), make_user("drafter"), days_ago=1)
    assert counts[0] == counts[1] <= 18
    assert "Drafter Who Answers" in page and "The road map has no milestone" in page
    assert "Balance" not in page  # staff's alone
    empty = make_round(make_draft(status="published", paragraphs=1))
    assert (
        "There is nothing to answer yet."
        in client.get(f"/en/rounds/{empty.pk}/desk/progress/").content.decode()
    )
    make_comment(empty, make_user())
    assert "Not enough answers yet" in client.get(f"/en/rounds/{empty.pk}/desk/progress/").content.decode()


@pytest.mark.django_db
def test_the_road_map_says_by_when_answers_are_due() -> None:
    staff = make_user("staff")
    round = make_round(make_draft(status="published", paragraphs=1))
    assert due_of(round, staff) is None
    own = make_milestone(staff, about=round)
    for title, start in (("Second draft", "2027-02-01"), ("Meeting", "2027-01-11")):
        follows = make_milestone(staff, title, tentative=on(start))
        Dependency.objects.create(milestone=follows, on=own)
    due = due_of(round, staff)
    assert due and (due.title, due.day) == ("Meeting", date(2027, 1, 11))
