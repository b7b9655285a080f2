"""Where calls, nominations and screening meet."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from core import notices
from core.models import AuditEntry, Message
from experts.actions.announcing_decisions import announce
from experts.actions.calls import update_call
from experts.actions.deciding import depart, state_reasons
from experts.actions.nominating import apply_for
from experts.mails import render_assigned
from experts.models import ConflictOfInterest, Nomination
from experts.waiting import waiting_for
from tests.experts.nominees import fill, handed_in, make_paper_call, make_person
from tests.experts.panel_people import decided
from tests.experts.reviewing.world import assign, bar, client_of, eligible, reviewer_in, scoring_call, submit
from tests.experts.test_nominating import kenya
from tests.factories import make_nomination, make_user

pytestmark = pytest.mark.django_db


def test_handing_in_finds_conflicts_at_once(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path
    call, person = make_paper_call(letter=False), make_person()
    reviewer_in(call, make_user("staff"), make_user("expert", country_id="KEN"))
    handed_in(fill(apply_for(actor=person, call=call, country=kenya()), person), person)
    assert ConflictOfInterest.objects.get().kind == "country"


def test_new_criteria_leave_an_imported_merit_alone() -> None:
    call = scoring_call(scoring_opens_at=timezone.now() + timedelta(hours=1), criteria=2)
    nomination = make_nomination(call, merit=70, merit_imported=True)
    rows = [{"code": c.code, "name": {"en": c.name}, "weight": 1} for c in call.criteria.all()]
    update_call(actor=make_user("staff"), call=call, criteria=rows, reason="Even.")
    nomination.refresh_from_db()
    assert (nomination.merit, nomination.merit_imported) == (70, True)


def test_reviews_wait_with_the_end_of_scoring() -> None:
    staff, person = make_user("staff"), make_user("expert")
    call = scoring_call()
    first, second, third = eligible(call, staff, 3)
    reviewer = reviewer_in(call, staff, person)
    done, _open = [assign(staff, row, reviewer)[0] for row in (first, second)]
    assign(staff, third, reviewer)
    submit(done, 1, 2, 3)
    bar(staff, reviewer, third)
    (waiting,) = waiting_for(person)
    assert (waiting.number, waiting.until, waiting.title) == (1, call.scoring_closes_at, call.title)
    assert call.title in client_of(person).get("/en/").content.decode()
    assert f"/en/calls/{call.pk}/scoring/" in client_of(person).get("/en/account/").content.decode()
    assert "My reviews" not in client_of(make_user("expert")).get("/en/account/").content.decode()


def test_one_mail_for_a_batch_of_reviews() -> None:
    staff, person = make_user("staff"), make_user("expert")
    call = scoring_call()
    reviewer = reviewer_in(call, staff, person)
    rows = eligible(call, staff, 3)
    for row in rows:
        assign(staff, row, reviewer)
    message = Message.objects.get(recipient=person)
    content = render_assigned(list(message.notices.order_by("pk")))
    assert content and "3 nominations" in content.paragraphs[0]
    bar(staff, reviewer, rows[0])
    fewer = render_assigned(list(message.notices.order_by("pk")))
    assert fewer and "2 nominations" in fewer.paragraphs[0]
    assert "reviews_assigned" in notices._kinds


@pytest.mark.parametrize("role", ["admin", "staff"])
def test_the_trail_keeps_nominations_from_admins_and_from_whoever_is_barred(role: str) -> None:
    staff, reader = make_user("staff"), make_user(role)
    call = scoring_call()
    (nomination,) = eligible(call, staff)
    reviewer = reviewer_in(call, staff)
    if role == "staff":
        ConflictOfInterest.objects.create(user=reader, nomination=nomination, kind="family", pinned=True)
    submit(assign(staff, nomination, reviewer)[0], 1, 2, 3)
    bar(staff, reviewer, nomination)
    assert AuditEntry.objects.filter(subject=f"experts.nomination:{nomination.pk}").exists()
    trail = "/en/people/audit/"
    seen = client_of(staff).get(trail).content.decode()
    for address in (trail, f"{trail}?subject=experts.nomination", f"/en/people/{staff.pk}/"):
        page = client_of(reader).get(address)
        assert page.status_code == 200
        for act in ("nomination.move", "review.submit", "conflict.set"):
            assert f'<small dir="ltr">{act}</small>' not in page.content.decode()
        assert f"experts.nomination:{nomination.pk}" not in page.content.decode()
    assert all(f'<small dir="ltr">{act}</small>' in seen for act in ("nomination.move", "review.submit"))


@pytest.mark.parametrize("who", ["admin", "nominee", "barred"])
def test_the_trail_keeps_the_panel_from_who_takes_no_part(who: str) -> None:
    staff, reader = make_user("staff"), make_user("admin" if who == "admin" else "staff")
    call, people, decision = decided(staff, 6, 2)
    if who == "nominee":
        Nomination.objects.filter(pk=people[4].pk).update(nominee=reader)
    if who == "barred":
        ConflictOfInterest.objects.create(user=reader, nomination=people[4], kind="family", pinned=True)
    said = {"actor": staff, "decision": decision}
    held = state_reasons(**said, version=decision.version, statement="One more.")
    held = depart(**said, version=held.version, nomination=people[4], outcome="member", reason="So.")
    announce(**said, version=held.version, answer_by=timezone.now() + timedelta(days=14))
    acts = ("selection.compute", "decision.depart", "decision.announce", "appointment.offer")
    seen = client_of(staff).get("/en/people/audit/").content.decode()
    assert all(f'<small dir="ltr">{act}</small>' in seen for act in acts)
    for address in ("/en/people/audit/", f"/en/people/{staff.pk}/"):
        page = client_of(reader).get(address).content.decode()
        assert str(people[4].uuid) not in page
        for act in acts:
            assert f'<small dir="ltr">{act}</small>' not in page, act


def test_staff_still_read_what_they_are_not_barred_from() -> None:
    staff, reader = make_user("staff"), make_user("staff")
    (nomination,) = eligible(scoring_call(), staff)
    assert nomination.name in client_of(reader).get("/en/people/audit/").content.decode()
    assert Nomination.objects.filter(pk=make_nomination(nomination.call).pk).exists()
