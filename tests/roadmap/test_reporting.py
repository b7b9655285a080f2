"""What is reported on resolutions: proposals and decisions, money, closed periods that stay, corrections."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction

from core.verdicts import Conflict, Refusal
from roadmap.actions.board_reports import close_period
from roadmap.actions.meetings import hold_meeting
from roadmap.actions.reporting import (
    add_line,
    change_entry,
    change_period,
    leave_out,
    remove_line,
    take_proposal,
    word_line,
)
from roadmap.models import EntryLine, Meeting, ReportingPeriod, ResolutionEntry
from roadmap.report_proposals import proposals_for
from roadmap.resolution_rules import may_see_period
from tests.factories import make_comment, make_draft, make_group, make_round, make_user
from tests.roadmap.meetings import make_meeting, put_in_the_past
from tests.roadmap.milestones_made import make_milestone, on
from tests.roadmap.reports import entry_of, make_period, make_resolution

pytestmark = pytest.mark.django_db

AT = date(2024, 12, 31)
Kind = EntryLine.Kind


@pytest.fixture
def staff() -> Any:
    return make_user("staff")


@pytest.fixture
def guidelines() -> Any:
    return make_draft(status="published", paragraphs=2).guidelines


def make_entry(staff: Any, guidelines: Any = None) -> ResolutionEntry:
    resolution = make_resolution(staff, guidelines=guidelines)
    return entry_of(make_period(staff), resolution)


def held(staff: Any, day: datetime, **plan: Any) -> Meeting:
    meeting = make_meeting(staff, **plan)
    put_in_the_past(meeting)
    hold_meeting(actor=staff, meeting=meeting)
    Meeting.objects.filter(pk=meeting.pk).update(starts_at=day, ends_at=day + timedelta(hours=2))
    return meeting


def sources(entry: ResolutionEntry, at: date = AT) -> list[str]:
    return [each.source for each in proposals_for(entry, at=at)]


# --- What the portal proposes ----------------------------------------------------------------------------


def test_meetings_of_the_period_are_proposed_in_six_languages(staff: Any, guidelines: Any) -> None:
    entry = make_entry(staff, guidelines)
    meeting = held(
        staff, datetime(2024, 9, 26, 8, tzinfo=UTC), titles={"en": "Second meeting", "fr": "Réunion"}
    )
    held(staff, datetime(2024, 6, 20, 8, tzinfo=UTC), titles={"en": "Before"})
    held(staff, datetime(2025, 1, 2, 8, tzinfo=UTC), titles={"en": "After"})
    (proposal,) = [each for each in proposals_for(entry, at=AT) if each.source.startswith("meeting:")]
    assert proposal.source == f"meeting:{meeting.pk}" and proposal.day == date(2024, 9, 26)
    assert set(proposal.words) == {"ar", "en", "es", "fr", "ru", "zh-hans"}
    assert "Second meeting" in proposal.words["en"] and "Réunion" in proposal.words["fr"]


def test_what_isnt_public_is_never_proposed(staff: Any, guidelines: Any) -> None:
    entry = make_entry(staff, guidelines)
    held(staff, datetime(2024, 9, 26, 8, tzinfo=UTC), public=False)
    make_milestone(staff, "Hidden", actual=on("2024-08-05"), public=False)
    group = make_group()
    draft = guidelines.drafts.get()
    opened = datetime(2024, 8, 1, tzinfo=UTC)
    closed = {"opens_at": opened, "closes_at": opened + timedelta(days=9)}
    make_round(draft, groups=(group,), visibility="participants", kind="regional", **closed)
    assert sources(entry) == []


def test_a_round_is_told_with_its_figures_and_few_people_arent_counted(staff: Any, guidelines: Any) -> None:
    entry = make_entry(staff, guidelines)
    opened = datetime(2024, 8, 1, tzinfo=UTC)
    group = make_group()
    people = [make_user("expert", groups=(group,)) for _n in range(3)]
    round = make_round(guidelines.drafts.get(), groups=(group,), kind="open", visibility="public")
    for person in people[:2]:
        make_comment(round, person, provision_key="para_1")
    type(round).objects.filter(pk=round.pk).update(opens_at=opened, closes_at=opened + timedelta(days=9))
    round.comments.update(submitted_at=opened + timedelta(days=1))
    (few,) = proposals_for(entry, at=AT)
    assert few.figures == {"comments": 2} and "participants" not in few.words["en"]
    type(round).objects.filter(pk=round.pk).update(
        opens_at=opened - timedelta(days=900), closes_at="2099-01-01T00:00Z"
    )
    make_comment(round, people[2], provision_key="para_1")
    type(round).objects.filter(pk=round.pk).update(opens_at=opened, closes_at=opened + timedelta(days=9))
    round.comments.update(submitted_at=opened + timedelta(days=1))
    (enough,) = proposals_for(entry, at=AT)
    assert enough.figures == {"comments": 3, "participants": 3} and "participants: 3" in enough.words["en"]


def test_milestones_done_and_to_come_are_proposed(staff: Any, guidelines: Any) -> None:
    entry = make_entry(staff, guidelines)
    done = make_milestone(staff, "Done", tentative=on("2024-07"), actual=on("2024-08-05"))
    ahead = make_milestone(staff, "Ahead", tentative=on("2025-03"))
    make_milestone(staff, "Far away", tentative=on("2031-03"))
    type(done).objects.update(created_at=datetime(2024, 1, 1, tzinfo=UTC))
    for row in (done, ahead):
        row.changes.update(at=datetime(2024, 1, 2, tzinfo=UTC))
    assert sources(entry) == [f"milestone:{done.pk}", f"milestone:{ahead.pk}:ahead"]


def test_a_resolution_without_guidelines_has_no_proposals(staff: Any, guidelines: Any) -> None:
    entry = make_entry(staff)
    held(staff, datetime(2024, 9, 26, 8, tzinfo=UTC))
    assert sources(entry) == []


def test_people_decide_what_is_told_and_it_is_said_who(staff: Any, guidelines: Any) -> None:
    entry = make_entry(staff, guidelines)
    first = held(staff, datetime(2024, 9, 26, 8, tzinfo=UTC), titles={"en": "First"})
    second = held(staff, datetime(2024, 10, 26, 8, tzinfo=UTC), titles={"en": "Second"})
    source = f"meeting:{first.pk}"
    line = take_proposal(actor=staff, entry=entry, source=source, words={"en": "We met."}, operative=["2"])
    again = take_proposal(actor=staff, entry=entry, source=source)
    assert again.pk == line.pk and (line.text_en, line.operative, line.decided_by) == (
        "We met.",
        ["2"],
        staff,
    )
    assert line.text_fr  # the portal's words stay where nobody wrote others
    out = leave_out(actor=staff, entry=entry, source=f"meeting:{second.pk}", reason="Told elsewhere.")
    assert out.left_out and out.reason == "Told elsewhere."
    after_all = take_proposal(actor=staff, entry=entry, source=f"meeting:{second.pk}")
    assert after_all.pk == out.pk and not after_all.left_out


def test_leaving_out_needs_a_reason_and_something_to_leave_out(staff: Any, guidelines: Any) -> None:
    entry = make_entry(staff, guidelines)
    with pytest.raises(ValidationError, match="Say why"):
        leave_out(actor=staff, entry=entry, source="meeting:1", reason=" ")
    with pytest.raises(ValidationError, match="knows nothing"):
        leave_out(actor=staff, entry=entry, source="meeting:1", reason="Why not.")


# --- Entries ---------------------------------------------------------------------------------------------


def test_only_the_secretariat_reports(staff: Any) -> None:
    entry, drafter = make_entry(staff), make_user("drafter")
    with pytest.raises(Refusal):
        add_line(actor=drafter, entry=entry, kind=Kind.DONE, words={"en": "x"})
    with pytest.raises(Refusal):
        make_period(drafter, 2031, 1)
    assert not EntryLine.objects.exists()


def test_the_gap_follows_and_is_never_below_nothing(staff: Any) -> None:
    entry = make_entry(staff)
    entry = change_entry(actor=staff, entry=entry, required=Decimal("1179384"), mobilised=Decimal("311700"))
    assert (entry.gap, entry.gap_percent) == (Decimal(867684), 74)
    entry = change_entry(actor=staff, entry=entry, mobilised=Decimal(2_000_000))
    assert (entry.gap, entry.gap_percent) == (0, 0)
    with pytest.raises(ValidationError, match="below nothing"):
        change_entry(actor=staff, entry=entry, required=Decimal(-1))
    with pytest.raises(ValidationError, match="no account"):
        change_entry(actor=staff, entry=entry, counted=True)


def test_a_stale_version_is_a_conflict(staff: Any) -> None:
    entry = make_entry(staff)
    change_entry(actor=staff, entry=entry, version=1, status="done")
    with pytest.raises(Conflict):
        change_entry(actor=staff, entry=entry, version=1, status="held_up")
    assert entry_of(entry.period, entry.resolution).status == "done"


@pytest.mark.parametrize("number", ["0", "1(a)", "first", "1 (A)", "1234"])
def test_operative_paragraphs_are_named_by_their_numbers(staff: Any, number: str) -> None:
    entry = make_entry(staff)
    with pytest.raises(ValidationError, match="isn’t a number"):
        add_line(actor=staff, entry=entry, kind=Kind.DONE, words={"en": "x"}, operative=[number])


def test_one_period_is_open_at_a_time_and_the_next_begins_where_it_stood(staff: Any) -> None:
    entry = make_entry(staff)
    change_entry(actor=staff, entry=entry, status="under_way")
    with pytest.raises(ValidationError, match="Close the period that is open"):
        make_period(staff, 2025, 1)
    close_period(actor=staff, period=entry.period)
    following = make_period(staff, 2025, 1)
    assert entry_of(following, entry.resolution).status == "under_way"
    with pytest.raises(ValidationError, match="here already"):
        make_period(staff, 2024, 2)


# --- Closed periods stay ---------------------------------------------------------------------------------


def test_a_closed_period_takes_no_change(staff: Any) -> None:
    entry = make_entry(staff)
    line = add_line(actor=staff, entry=entry, kind=Kind.DONE, words={"en": "Done."})
    period = close_period(actor=staff, period=entry.period)
    acts = (
        lambda: change_entry(actor=staff, entry=entry, status="done"),
        lambda: add_line(actor=staff, entry=entry, kind=Kind.DONE, words={"en": "More."}),
        lambda: word_line(actor=staff, line=line, words={"en": "Other."}),
        lambda: remove_line(actor=staff, line=line),
        lambda: change_period(actor=staff, period=period, symbol="X/1"),
        lambda: close_period(actor=staff, period=period),
    )
    for act in acts:
        with pytest.raises(Refusal, match="closed"):
            act()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE roadmap_reportingperiod SET symbol = 'other'",
        "UPDATE roadmap_reportingperiod SET closed_at = NULL, closed_by_id = NULL",
        "DELETE FROM roadmap_reportingperiod",
        "UPDATE roadmap_resolutionentry SET status = 'done'",
        "DELETE FROM roadmap_resolutionentry",
        "UPDATE roadmap_entryline SET text = 'other'",
        "DELETE FROM roadmap_entryline",
        "UPDATE roadmap_boardreporttext SET content = 'other'",
        "DELETE FROM roadmap_boardreporttext",
        "UPDATE roadmap_boardreport SET as_of = '2024-01-01'",
    ],
)
def test_the_database_refuses_to_change_what_was_reported(staff: Any, statement: str) -> None:
    entry = make_entry(staff)
    add_line(actor=staff, entry=entry, kind=Kind.DONE, words={"en": "Done."})
    close_period(actor=staff, period=entry.period)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_an_open_period_beside_a_closed_one_can_change(staff: Any) -> None:
    entry = make_entry(staff)
    close_period(actor=staff, period=entry.period)
    later = entry_of(make_period(staff, 2025, 1), entry.resolution)
    add_line(actor=staff, entry=later, kind=Kind.DONE, words={"en": "Done."})
    assert change_entry(actor=staff, entry=later, status="done").status == "done"


def test_what_was_wrong_is_put_right_in_the_next_period(staff: Any) -> None:
    entry = make_entry(staff)
    wrong = add_line(actor=staff, entry=entry, kind=Kind.DONE, words={"en": "Ten people came."})
    with pytest.raises(ValidationError, match="earlier, closed period"):
        add_line(actor=staff, entry=entry, kind=Kind.DONE, words={"en": "Nine."}, corrects=wrong)
    close_period(actor=staff, period=entry.period)
    later = entry_of(make_period(staff, 2025, 1), entry.resolution)
    right = add_line(actor=staff, entry=later, kind=Kind.DONE, words={"en": "Nine came."}, corrects=wrong)
    assert list(wrong.corrections.all()) == [right]


def test_the_rule_and_the_query_of_periods_agree(staff: Any) -> None:
    period = make_entry(staff).period
    close_period(actor=staff, period=period)
    make_period(staff, 2025, 1)
    for role in ("staff", "drafter", "admin", "participant"):
        user = staff if role == "staff" else make_user(role)
        seen = set(ReportingPeriod.objects.visible_to(user).values_list("pk", flat=True))
        assert seen == {row.pk for row in ReportingPeriod.objects.all() if may_see_period(user, row)}
        assert len(seen) == (2 if role == "staff" else 1)


def test_a_resolution_that_two_enter_at_once_is_told_as_there(staff: Any, monkeypatch: Any) -> None:
    make_resolution(staff, session=2, number=9)
    # The other's wasn't written yet when this one looked.
    monkeypatch.setattr("django.db.models.query.QuerySet.exists", lambda rows: False)
    with pytest.raises(ValidationError, match="here already"):
        make_resolution(staff, session=2, number=9)
