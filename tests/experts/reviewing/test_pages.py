"""The pages of screening and scoring: what is kept, what is refused, how many queries they take."""

import csv
import io
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from experts.actions.conflicts import find_conflicts
from experts.models import Call, ConflictOfInterest, Nomination, Review, Reviewer
from tests.experts.reviewing.world import assign, bar, client_of, eligible, reviewer_in, scoring_call, submit
from tests.factories import make_nomination, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff() -> Any:
    return make_user("staff", name="Staff")


@pytest.fixture
def call() -> Call:
    return scoring_call()


def path(name: str, call: Call, *more: Any) -> str:
    return reverse(f"reviewing:{name}", args=[call.pk, *more])


def test_marking_needs_a_reason_and_can_be_taken_back(call: Call, staff: Any) -> None:
    rows = [make_nomination(call) for _ in range(2)]
    client, mark = client_of(staff), path("eligibility", call)
    ticked = [f"{row.uuid}:submitted" for row in rows]
    assert client.post(mark, {"nomination": ticked, "to": "ineligible"}).status_code == 400
    assert client.post(mark, {"nomination": ticked, "to": "ineligible", "ground": "other"}).status_code == 400
    assert set(Nomination.objects.values_list("state", flat=True)) == {"submitted"}
    client.post(
        mark, {"nomination": ticked, "to": "ineligible", "ground": "other", "words": "No such person"}
    )
    states = Nomination.objects.values_list("state", "eligibility_reason")
    assert set(states) == {("ineligible", "other: No such person")}
    assert "No such person" in client.get(path("nomination_list", call)).text
    client.post(mark, {"nomination": [f"{row.uuid}:ineligible" for row in rows], "to": "submitted"})
    assert set(Nomination.objects.values_list("state", "eligibility_reason")) == {("submitted", "")}
    assert rows[0].moves.count() == 2


def test_what_somebody_else_marked_meanwhile_is_not_marked_over(call: Call, staff: Any) -> None:
    (row,) = eligible(call, staff)
    other = make_nomination(call)
    client, mark = client_of(make_user("staff")), path("eligibility", call)
    ticked = {"nomination": [f"{row.uuid}:submitted", f"{other.uuid}:submitted"]}
    answer = client.post(mark, {**ticked, "to": "ineligible", "ground": "late"})
    assert answer.status_code == 409
    assert set(Nomination.objects.values_list("state", flat=True)) == {"eligible", "submitted"}
    # The same mark from an old page is none to be refused.
    assert client.post(mark, {**ticked, "to": "eligible"}).status_code == 302
    assert set(Nomination.objects.values_list("state", flat=True)) == {"eligible"}


def test_nobody_adds_themselves(call: Call, staff: Any) -> None:
    client = client_of(staff)
    assert client.post(path("reviewers", call), {"email": staff.email}).status_code == 400
    assert client.post(path("reviewers", call), {"email": "nobody@example.org"}).status_code == 400
    assert not Reviewer.objects.exists()
    person = make_user("expert")
    for _ in range(2):
        assert client.post(path("reviewers", call), {"email": person.email.upper()}).status_code == 302
    assert Reviewer.objects.get().user == person


def test_rules_find_conflicts_once_and_what_was_lifted_stays_lifted(call: Call, staff: Any) -> None:
    from accounts.models import Affiliation, Organisation

    person = make_user("expert", country_id="KEN", email="judge@example.org")
    lab = Organisation.objects.create(
        kind="academia", name="The Città-Lab, Ltd.", name_en="The Città-Lab, Ltd."
    )
    Affiliation.objects.create(user=person, organisation=lab)
    country = make_nomination(call, country="KEN")
    traits = make_nomination(call, country="UGA")
    traits.traits.create(kind="nationality", value="KEN")
    employer = make_nomination(call, country="UGA", workplace="citta lab")
    referee = make_nomination(call, country="UGA")
    referee.referees.create(name="J", email="Judge@example.org")
    own = make_nomination(call, country="UGA", email="judge@example.org")
    make_nomination(call, country="UGA", workplace="Another lab")
    make_nomination(call, country="KEN", state="draft")
    reviewer_in(call, staff, person)
    found = set(ConflictOfInterest.objects.values_list("nomination", "kind"))
    assert found == {
        (country.pk, "country"),
        (traits.pk, "country"),
        (employer.pk, "employer"),
        (referee.pk, "referee"),
        (own.pk, "self"),
    }
    assert find_conflicts(call) == 0
    conflict = ConflictOfInterest.objects.get(nomination=employer)
    client = client_of(staff)
    client.post(path("conflict_lift", call, conflict.pk), {"reason": " "})
    conflict.refresh_from_db()
    assert conflict.lifted_at is None
    client.post(path("conflict_lift", call, conflict.pk), {"reason": "Another laboratory of that name."})
    conflict.refresh_from_db()
    assert (conflict.lifted_by, conflict.lifted_reason) == (staff, "Another laboratory of that name.")
    assert find_conflicts(call) == 0


def test_a_proposal_is_shown_changed_and_kept_once(call: Call, staff: Any) -> None:
    rows = eligible(call, staff, count=4)
    reviewers = [reviewer_in(call, staff) for _ in range(3)]
    bar(staff, reviewers[0], rows[0])
    client, page = client_of(staff), path("assignments", call)
    shown = client.get(page, {"each": 2}).context
    proposed = {cell["value"] for row in shown["rows"] for cell in row["cells"] if cell["proposed"]}
    assert len(proposed) == 8 and f"{rows[0].pk}-{reviewers[0].pk}" not in proposed
    assert not Review.objects.exists()
    sent = {"row": [row.pk for row in rows], "each": "2", "page": "1"}
    dropped = sorted(proposed)[0]
    assert client.post(page, {**sent, "pair": sorted(proposed - {dropped})}).status_code == 302
    assert Review.objects.count() == 7
    # The same page sent again is an old one by now.
    assert client.post(page, {**sent, "pair": sorted(proposed - {dropped})}).status_code == 409
    assert Review.objects.count() == 7
    barred = f"{rows[0].pk}-{reviewers[0].pk}"
    standing = [f"{r.nomination_id}-{r.reviewer_id}" for r in Review.objects.all()]
    again = {**sent, "standing": standing, "pair": [*standing, barred]}
    assert client.post(page, again).status_code == 400
    assert client.post(page, {**sent, "standing": standing, "pair": standing[:3]}).status_code == 302
    assert Review.objects.count() == 3


def test_a_review_is_written_submitted_and_led_on(call: Call, staff: Any) -> None:
    rows = sorted(eligible(call, staff, count=2), key=lambda row: row.candidate_number or 0)
    reviewer = reviewer_in(call, staff)
    for row in rows:
        assign(staff, row, reviewer)
    client, criteria = client_of(reviewer.user), list(call.criteria.all())
    first, second = (path("score", call, row.candidate_number) for row in rows)
    fields = {f"criterion_{criterion.pk}": "7" for criterion in criteria}
    draft = {**fields, "version": "0", "comment": "Half done", "draft": "1"}
    assert client.post(first, draft).url == first  # type: ignore[attr-defined]
    assert Review.objects.get(nomination=rows[0]).submitted_at is None
    assert client.post(first, {"version": "1", "comment": "x", "submit": "1"}).status_code == 400
    going_on = client.post(first, {**fields, "version": "1", "comment": "Done", "next": "1"})
    assert going_on.url == second  # type: ignore[attr-defined]
    old = client.post(first, {**fields, f"criterion_{criteria[0].pk}": "1", "version": "0", "comment": "Old"})
    assert old.status_code == 409 and "Old" in old.text and "Done" in old.text
    assert Review.objects.get(nomination=rows[0]).comment == "Done"
    overview = client.get(path("scoring_overview", call))
    assert (overview.context["submitted"], overview.context["total"]) == (1, 2)


def sheet(client: Any, address: str) -> list[list[str]]:
    body = b"".join(client.get(address).streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(body)))


def test_the_sheet_holds_every_score_and_no_formula(call: Call, staff: Any) -> None:
    (row,) = eligible(call, staff, name="=cmd()")
    (review,) = assign(staff, row, reviewer_in(call, staff, name="+Rev"))
    submit(review, 8, 5, 3, comment="@SUM(A1)")
    head, line = sheet(client_of(staff), path("scores_csv", call))
    assert head[5:8] == ["Suitability", "Capacity", "Willingness"]
    assert line[1] == "'=cmd()" and line[4] == "'+Rev" and line[5:10] == ["8", "5", "3", "61.67", "'@SUM(A1)"]
    own = sheet(client_of(review.reviewer.user), path("own_scores", call))
    assert own[1][:5] == [f"Candidate {row.candidate_number}", "8", "5", "3", "61.67"]


def test_closing_moves_what_has_a_merit(call: Call, staff: Any) -> None:
    rows = eligible(call, staff, count=2)
    (review,) = assign(staff, rows[0], reviewer_in(call, staff))
    submit(review, 8, 8, 8)
    client, close = client_of(staff), path("scoring_close", call)
    client.post(close)
    assert set(Nomination.objects.values_list("state", flat=True)) == {"eligible"}  # scoring still runs
    Call.objects.filter(pk=call.pk).update(scoring_closes_at=review.assigned_at)
    board = path("board", call)
    assert "Open it again" not in client.get(board).content.decode()  # nothing is scored yet
    client.post(close)
    client.post(close)
    shown = client.get(board).content.decode()
    assert shown.index("Close the scoring") < shown.index("<summary>Open the scoring again</summary>")
    assert sorted(Nomination.objects.values_list("state", flat=True)) == ["eligible", "scored"]
    assert rows[0].moves.filter(after="scored").count() == 1
    client.post(close, {"reopen": "1", "reason": ""})
    assert Nomination.objects.filter(state="scored").exists()
    client.post(close, {"reopen": "1", "reason": "A review was missing."})
    assert not Nomination.objects.filter(state="scored").exists()
    Call.objects.filter(pk=call.pk).update(decided_at=review.assigned_at)
    assert "Close the scoring" not in client.get(board).content.decode()


@pytest.mark.parametrize(
    "name", ["nomination_list", "board", "assignments", "reviewers", "conflicts", "scores_csv"]
)
def test_pages_take_the_same_few_queries_however_much_there_is(call: Call, staff: Any, name: str) -> None:
    reviewers = [reviewer_in(call, staff) for _ in range(2)]

    def fill(count: int) -> None:
        for row in eligible(call, staff, count=count, expertise=("1", "2")):
            for review in assign(staff, row, *reviewers):
                submit(review, 5, 6, 7)
        bar(staff, reviewers[0], row)

    def queries() -> int:
        client = client_of(staff)
        with CaptureQueriesContext(connection) as captured:
            answer = client.get(path(name, call))
            body = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
        assert answer.status_code == 200 and b"Nominee" in body or name == "reviewers"
        return len(captured)

    fill(5)
    few = queries()
    fill(55)
    assert queries() == few <= 15
