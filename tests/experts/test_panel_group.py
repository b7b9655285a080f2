"""The group whose members a call chooses: named in mails, letters and pages, joined by those who accept."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Group, Membership, RegionMembership
from core import outbox
from experts.actions.announcing_decisions import summary_of
from experts.actions.appointing import answer_on_behalf
from experts.actions.calls import update_call
from experts.actions.deciding import depart
from experts.actions.replacing import move_up, vacancies_of
from experts.models import Appointment, Nomination
from experts.panel_mails import letter_of
from tests.experts.panel_people import announced, decided
from tests.factories import make_call, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff() -> Any:
    return make_user("staff")


@pytest.fixture
def thematic() -> Group:
    return Group.objects.create(slug="data", kind="thematic", name="Thematic group: data")


def place_of(person: Nomination) -> Appointment:
    return Appointment.objects.select_related("nomination__call", "group").get(nomination=person)


def pages(call: Any, staff: Any, *names: str) -> str:
    client = Client()
    client.force_login(staff)
    return "".join(client.get(reverse(f"panel:{name}", args=[call.pk])).content.decode() for name in names)


def mail_to(person: Nomination) -> str:
    found = next(m for m in reversed(mail.outbox) if m.to == [person.email])
    return f"{found.subject}\n{found.body}"


def test_mail_letter_page_and_membership_are_of_the_group_that_the_call_chooses_for(
    staff: Any, thematic: Group
) -> None:
    account = make_user("participant")
    call, people, decision = announced(staff, 30, of_call={"group": thematic})
    assert "Thematic group: data" in mail_to(people[0])
    assert "Expert Working Group" not in mail_to(people[0])
    assert "Thematic group: data" in str(letter_of(place_of(people[0])))
    # Those who are invited to a regional group are told for which one there was no place.
    invited = decision.items.filter(outcome="regional").first().nomination
    assert "Thematic group: data" in mail_to(invited) and "Regional group" in mail_to(invited)
    assert "somebody else" in mail_to(people[0]) and "somebody else" not in mail_to(invited)
    Nomination.objects.filter(pk=people[0].pk).update(email=account.email)
    answer_on_behalf(actor=staff, appointment=place_of(people[0]), answer="accepted", publish_name=True)
    assert Membership.objects.get(user=account).group == thematic
    public = Client().get(reverse("panel:members", args=[call.pk])).content.decode()
    assert people[0].name in public and "Thematic group: data" in public
    shown = pages(call, staff, "invited")
    assert "Thematic group: data" in shown and "Expert Working Group" not in shown


def test_a_free_place_is_filled_in_the_call_s_group(staff: Any, thematic: Group) -> None:
    _call, people, decision = announced(staff, of_call={"group": thematic})
    answer_on_behalf(actor=staff, appointment=place_of(people[0]), answer="declined")
    vacancy = vacancies_of(decision).free[0]
    until = timezone.now() + timedelta(days=14)
    pairs = [(vacancy.appointment, vacancy.fits[0].nomination)]
    (made,) = move_up(actor=staff, decision=decision, pairs=pairs, expires_at=until)
    assert made.group == thematic


def test_members_of_the_regional_groups_each_join_that_of_their_country(staff: Any) -> None:
    call, people, decision = announced(staff, of_call={"by_region": True})
    groups = {place_of(person).nomination.country_id: place_of(person).group.slug for person in people[:3]}
    assert groups == {
        "KEN": "regional-africa",
        "FRA": "regional-western-europe-other",
        "BRA": "regional-latin-america-caribbean",
    }
    # Nobody is invited to these by the way, and those chosen are members: their names may be published.
    assert not decision.items.filter(outcome="regional").exists()
    assert Appointment.objects.count() == 3
    answer_on_behalf(actor=staff, appointment=place_of(people[0]), answer="accepted", publish_name=True)
    people[0].refresh_from_db()
    assert people[0].state == "published"
    assert people[0].name in Client().get(reverse("panel:members", args=[call.pk])).content.decode()
    # Who comes in for somebody joins the group of their own region.
    answer_on_behalf(actor=staff, appointment=place_of(people[1]), answer="declined")
    vacancy = vacancies_of(decision).free[0]
    chinese = next(fit.nomination for fit in vacancy.fits if fit.nomination.country_id == "CHN")
    until = timezone.now() + timedelta(days=14)
    (made,) = move_up(
        actor=staff, decision=decision, pairs=[(vacancy.appointment, chinese)], expires_at=until
    )
    assert made.group.slug == "regional-asia-pacific"
    with pytest.raises(ValidationError):
        answer_on_behalf(actor=staff, appointment=made, answer="perhaps")


def test_nobody_is_decided_into_a_regional_group_beside_a_panel_that_sits_there(staff: Any) -> None:
    call, people, decision = decided(staff, of_call={"by_region": True})
    assert '<option value="regional"' not in pages(call, staff, "decision")
    with pytest.raises(ValidationError):
        depart(
            actor=staff,
            decision=decision,
            version=decision.version,
            nomination=people[5],
            outcome="regional",
            reason="x",
        )


def test_a_member_without_a_regional_group_stands_in_the_way(staff: Any) -> None:
    _call, people, decision = decided(staff, of_call={"by_region": True})
    RegionMembership.objects.filter(country=people[0].country_id).delete()
    assert any(people[0].name in problem for problem in summary_of(decision).problems)


def test_the_form_offers_the_groups_and_keeps_what_was_chosen(staff: Any, thematic: Group) -> None:
    call = make_call(announced=False)
    client = Client()
    client.force_login(staff)
    page = reverse("calls:call_edit", args=[call.pk])
    form = client.get(page).context["form"]
    sent = {field.html_name: field.value() for field in form if field.value() not in (None, False)}
    parts = [*form.parts.criteria.forms, *form.parts.questions.forms]
    assert form["group"].value() == "expert-working-group" and parts
    for formset in (form.parts.criteria, form.parts.questions):
        for field in formset.management_form:
            sent[field.html_name] = field.value()
    for chosen, group, by_region in (
        ("data", thematic, False),
        ("OF_REGION", None, True),
        ("expert-working-group", None, False),
    ):
        version = client.get(page).context["form"]["version"].value()
        answer = client.post(page, {**sent, "version": version, "group": chosen})
        assert answer.status_code == 302, answer.context["form"].errors
        call.refresh_from_db()
        assert (call.group, call.by_region) == (group, by_region)
        assert client.get(page).context["form"]["group"].value() == chosen


def test_the_group_stays_once_people_were_invited_to_it(staff: Any, thematic: Group) -> None:
    call, _people, _decision = announced(staff)
    with pytest.raises(ValidationError) as refused:
        update_call(actor=staff, call=call, group=thematic)
    assert "group" in refused.value.message_dict


def test_stakeholders_are_not_chosen_by_a_call(staff: Any) -> None:
    group = Group.objects.create(slug="firms", kind="stakeholder", name="Firms")
    with pytest.raises(ValidationError):
        update_call(actor=staff, call=make_call(announced=False), group=group)
    outbox.drain()
