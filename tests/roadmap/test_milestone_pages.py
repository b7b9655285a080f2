"""The pages of the road map: what readers see, and what the secretariat does with them."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import translation

from roadmap.actions.milestones import change_milestone
from roadmap.milestone_queries import entries_for
from roadmap.milestone_words import dates_words, slippage_words
from roadmap.models import Milestone
from roadmap.plan import Dates, State
from roadmap.timeline import timeline_of
from tests.factories import make_draft, make_round, make_user
from tests.roadmap.milestones_made import day, make_milestone, on

pytestmark = pytest.mark.django_db

PAGE = "/en/roadmap/"


@pytest.fixture
def staff() -> Any:
    return make_user("staff")


@pytest.fixture
def desk(staff: Any) -> Client:
    client = Client()
    client.force_login(staff)
    return client


@pytest.mark.parametrize(
    ("language", "dates", "words"),
    [
        ("en", on("2024-04-17", "2024-04-18"), "17–18 Apr 2024"),
        ("en", on("2024-02"), "February 2024"),
        ("en", on("2024-01", "2024-05"), "January – May 2024"),
        ("en", on("2024-04-17"), "17 April 2024"),
        ("en", Dates(day("2024-04-17"), None), "since 17 April 2024"),
        ("zh-hans", on("2024-01", "2024-05"), "2024年1月至5月"),
        ("ru", on("2024-02"), "февраль 2024\u202fг."),
        ("ar", on("2024-02"), "فبراير 2024"),
    ],
)
def test_dates_are_as_exact_as_their_source(language: str, dates: Dates, words: str) -> None:
    with translation.override(language):
        assert dates_words(dates).replace("\xa0", "\u202f").replace("\u2009", " ") == words


def test_differences_in_words() -> None:
    found = [slippage_words(days) for days in (49, 1, 0, -4, None)]
    assert found == ["49 days late", "1 day late", "as planned", "4 days early", ""]


def test_everyone_reads_where_the_process_stands(staff: Any) -> None:
    first = make_milestone(staff, "First meeting", tentative=on("2024-02"), actual=on("2024-04-17"))
    make_milestone(staff, "Second meeting", tentative=on("2031-10"), depends_on=[first])
    make_milestone(staff, "Canary", public=False)
    make_round(make_draft(status="published"), title="Say something")
    page = Client().get(PAGE).content.decode()
    assert "1 of 2 milestones is done" in page and "Canary" not in page
    for words in ("48 days late", "February 2024", "17 April 2024", "Second meeting", "Say something"):
        assert words in page
    assert page.count("critical chain") >= 4
    assert not re.search(r'(x|y|width|height)\d?="\d+,\d', Client().get("/fr/roadmap/").content.decode())


def test_nothing_published_yet_is_said(staff: Any) -> None:
    make_milestone(staff, "Canary", public=False)
    page = Client().get(PAGE)
    assert page.status_code == 200 and "No milestone has been published yet" in page.content.decode()


def test_compared_with_an_earlier_day(staff: Any) -> None:
    with time_machine.travel(datetime(2024, 1, 10, 9, tzinfo=UTC), tick=False):
        milestone = make_milestone(staff, tentative=on("2024-02"))
    with time_machine.travel(datetime(2024, 1, 20, 9, tzinfo=UTC), tick=False):
        change_milestone(actor=staff, milestone=milestone, forecast=on("2024-03"))
    with time_machine.travel(datetime(2024, 4, 2, 9, tzinfo=UTC), tick=False):
        change_milestone(actor=staff, milestone=milestone, actual=on("2024-04-01"))
    with time_machine.travel(datetime(2024, 5, 2, 9, tzinfo=UTC), tick=False):
        assert "32 days late" in Client().get(f"{PAGE}?asof=2024-01-15").content.decode()
        assert "1 day late" in Client().get(f"{PAGE}?asof=2024-01-25").content.decode()
        assert "not entered yet" in Client().get(f"{PAGE}?asof=2024-01-05").content.decode()
        for wrong in ("soon", "2024-05-03", "2024-02-30"):
            answer = Client().get(f"{PAGE}?asof={wrong}")
            assert answer.status_code == 400 and "Give a day that is over" in answer.content.decode()


def test_the_picture_is_mirrored_where_people_read_from_the_right(staff: Any) -> None:
    first = make_milestone(staff, "a", tentative=on("2031-02"))
    make_milestone(staff, "b", tentative=on("2031-04"), forecast=on("2031-08"), depends_on=[first])
    entries = entries_for(staff)
    drawn = timeline_of(entries, day("2031-03-01"))
    with translation.override("ar"):
        mirrored = timeline_of(entries, day("2031-03-01"))
    assert drawn and mirrored
    for one, other in zip(drawn.lines, mirrored.lines, strict=True):
        assert one.forecast and other.forecast and one.baseline and other.baseline
        for here, there in ((one.forecast, other.forecast), (one.baseline, other.baseline)):
            right = float(here.x) + float(here.width)
            assert float(there.x) == pytest.approx(100 - right, abs=0.02)
            assert float(here.x) >= 0 and right <= 100
    assert drawn.lines[1].figure == mirrored.lines[1].figure == "+123"
    assert [tie.head for tie in (*drawn.ties, *mirrored.ties)] == ["right", "left"]
    assert drawn.ties[0].critical
    assert drawn.today and mirrored.today
    assert float(mirrored.today.x) == pytest.approx(100 - float(drawn.today.x), abs=0.02)
    far = timeline_of(entries, day("2035-01-01"))
    assert far and far.today is None and float(far.lines[0].baseline.width) > 5  # type: ignore[union-attr]


def test_one_milestone_with_its_history(staff: Any) -> None:
    first = make_milestone(staff, "First", tentative=on("2031-02"))
    second = make_milestone(staff, "Second", depends_on=[first])
    hidden = make_milestone(staff, "Canary", public=False, depends_on=[second])
    change_milestone(actor=staff, milestone=second, state="dropped", reason="No money.")
    page = Client().get(f"{PAGE}{second.uuid}/").content.decode()
    assert "No money." in page and "Dropped" in page and "First" in page
    assert "Canary" not in page and staff.name not in page and "the secretariat" in page
    assert Client().get(f"{PAGE}{hidden.uuid}/").status_code == 404


FORM = {
    "title_en": "Second draft",
    "public": "on",
    "tentative_start": "2031-12-05",
    "tentative_precision": "month",
}


def test_a_milestone_is_entered_and_changed(desk: Client, staff: Any) -> None:
    first = make_milestone(staff, "First")
    made = desk.post(f"{PAGE}new/", {**FORM, "title_fr": "Deuxième projet", "depends_on": [first.pk]})
    milestone = Milestone.objects.get(title_fr="Deuxième projet")
    assert made.status_code == 302 and milestone.dates("tentative") == on("2031-12")
    assert [link.on for link in milestone.dependencies.all()] == [first]
    edit = f"{PAGE}{milestone.uuid}/edit/"
    assert "Deuxième projet" in desk.get(edit).content.decode()
    happened = {**FORM, "version": 1, "actual_start": "2024-02-05", "actual_end": "2024-02-06"}
    refused = desk.post(edit, happened)
    assert refused.status_code == 400 and "Say why, or where it is read." in refused.content.decode()
    assert desk.post(edit, {**happened, "reason": "Held."}).status_code == 302
    milestone.refresh_from_db()
    assert milestone.state == State.DONE and not milestone.dependencies.exists()
    stale = desk.post(edit, {**FORM, "version": 1, "title_en": "Mine", "reason": "x"})
    assert stale.status_code == 409 and "Mine" in stale.content.decode()
    said = {**happened, "version": 2, "state": "dropped", "reason": "Given up."}
    assert desk.post(edit, said).status_code == 302
    # Left to the dates again.
    assert desk.post(edit, {**happened, "version": 3}).status_code == 302
    milestone.refresh_from_db()
    assert milestone.stated == "" and milestone.state == State.DONE


def test_what_is_wrong_is_told_at_its_field(desk: Client) -> None:
    wrong = {**FORM, "title_en": "", "tentative_start": "2031-12-05", "tentative_end": "2031-12-01"}
    page = desk.post(f"{PAGE}new/", {**wrong, "tentative_precision": ""})
    assert page.status_code == 400 and "The end can’t come before the beginning." in page.content.decode()
    page = desk.post(f"{PAGE}new/", {**FORM, "title_en": ""})
    assert page.status_code == 400 and "Give the milestone a title." in page.content.decode()


def test_a_forecast_shows_what_follows_before_it_is_saved(desk: Client, staff: Any) -> None:
    first = make_milestone(staff, "First", tentative=on("2031-02"))
    second = make_milestone(staff, "Second", tentative=on("2031-03"), depends_on=[first])
    path = f"{PAGE}{first.uuid}/forecast/"
    late = {
        "version": 1,
        "forecast_start": "2031-04-17",
        "forecast_end": "2031-04-18",
        "reason": "Elections.",
    }
    page = desk.post(path, {**late, "look": "1"})
    shown = page.content.decode()
    assert page.status_code == 200 and "1 milestone that depends on it would move along" in shown
    assert "April 2031" in shown and "30 days later" in shown
    first.refresh_from_db()
    assert first.forecast_start is None, "nothing is saved before it is confirmed"
    seen = re.search(r'name="seen" value="([^"]*)"', shown)
    assert seen
    # The plan moved meanwhile: what was shown is no longer what would happen.
    change_milestone(actor=staff, milestone=second, forecast=on("2031-05"))
    assert desk.post(path, {**late, "all": "1", "seen": seen[1]}).status_code == 409
    change_milestone(actor=staff, milestone=second, forecast=on("2031-03"))
    assert desk.post(path, {**late, "all": "1", "seen": seen[1]}).status_code == 302
    second.refresh_from_db()
    assert second.dates("forecast") == on("2031-04")
    assert desk.post(path, {**late, "version": 2, "reason": "", "look": "1"}).status_code == 400
    alone = {**late, "version": 2, "forecast_start": "2031-09-01", "forecast_end": "", "one": "1"}
    assert desk.post(path, alone).status_code == 302
    second.refresh_from_db()
    assert second.dates("forecast") == on("2031-04")


def test_dropped_taken_up_again_and_put_in_order(desk: Client, staff: Any) -> None:
    first, second = make_milestone(staff, "First"), make_milestone(staff, "Second")
    one = f"{PAGE}{second.uuid}/"
    assert desk.post(f"{one}drop/", {"version": 1, "reason": ""}).status_code == 400
    assert desk.post(f"{one}drop/", {"version": 1, "reason": "No money."}).status_code == 302
    assert "Let it follow by itself again" in desk.get(one).content.decode()
    assert desk.post(f"{one}follow/").status_code == 302
    assert Milestone.objects.get(pk=second.pk).state == State.PLANNED
    desk.post(f"{one}place/", {"to": "up"})
    assert list(Milestone.objects.values_list("pk", flat=True)) == [second.pk, first.pk]


def test_the_front_page_shows_the_same_milestones(staff: Any) -> None:
    assert 'class="road-map"' not in Client().get("/en/").content.decode()
    make_milestone(staff, "Long over", tentative=on("2019-02"), actual=on("2019-02-03"))
    make_milestone(staff, "To come")
    page = Client().get("/en/").content.decode()
    assert "To come" in page and "road-map__stop" in page and "Long over" not in page
    Milestone.objects.update(public=False)
    assert "To come" not in Client().get("/en/").content.decode()


def test_few_queries_with_few_and_with_many(staff: Any, django_assert_max_num_queries: Any) -> None:
    rows = [make_milestone(staff, "a", about=make_draft())]
    counts = []
    for count in (2, 12):
        while len(rows) < count:
            rows.append(make_milestone(staff, "b", depends_on=rows[-1:]))
        with django_assert_max_num_queries(12) as asked:
            Client().get(PAGE)
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_what_is_done_on_an_unknown_day_is_not_drawn_as_still_expected(staff: Any, desk: Client) -> None:
    milestone = make_milestone(staff)
    before = desk.get(PAGE).content.decode()
    assert 'class="plan__forecast"' in before and "plan-key__unknown" not in before
    said = {**FORM, "version": 1, "state": "done", "reason": "Said in the report."}
    assert desk.post(f"{PAGE}{milestone.uuid}/edit/", said).status_code == 302
    after = desk.get(PAGE).content.decode()
    assert 'class="plan__forecast plan__forecast--unknown"' in after and 'class="plan__forecast"' not in after
    assert "plan-key__unknown" in after


def test_the_secretariat_finds_the_reminders_from_the_road_map(desk: Client) -> None:
    link = 'href="/en/reminders/"'
    assert link in desk.get(PAGE).content.decode()
    assert link not in Client().get(PAGE).content.decode()
