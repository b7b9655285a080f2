"""Who is told what of a draft's way: those who may act, the one who asked, the members of the groups; nobody else."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone

from accounts.models import Affiliation, Membership, Organisation, RoleGrant
from core import outbox
from drafts.actions.circulating import circulate_draft, take_back_draft
from drafts.actions.publishing import (
    ask_for_status,
    carry_out_due,
    confirm_status,
    decline_request,
    withdraw_request,
)
from drafts.models import Draft
from tests.factories import make_draft, make_group, make_user

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def one() -> Any:
    return make_user("drafter", name="Dora", email="dora@example.org")


@pytest.fixture
def other() -> Any:
    return make_user("staff", name="Stefan", email="stefan@example.org")


def sent() -> list[tuple[str, str]]:
    """What went out since the last time: (to whom, subject)."""
    outbox.drain()
    found = sorted((message.to[0], str(message.subject)) for message in mail.outbox)
    mail.outbox.clear()
    return found


def make_zq(**fields: Any) -> Draft:
    draft = make_draft(paragraphs=1, label="Zq draft", **fields)
    draft.guidelines.title = draft.guidelines.title_en = "Cities"
    draft.guidelines.save()
    return draft


def test_who_may_confirm_is_told_and_nobody_else(one: Any, other: Any) -> None:
    draft = make_zq()
    here, elsewhere = make_user(email="here@example.org"), make_user(email="else@example.org")
    for person, pk in ((here, draft.pk), (elsewhere, make_draft().pk)):
        RoleGrant.objects.create(user=person, role="drafter", scope_type="draft", scope_id=str(pk))
    make_user("admin"), make_user("expert"), make_user("staff", is_active=False)
    ask_for_status(actor=one, draft=draft, note="Agreed by the Board.")
    outbox.drain()
    (to_here, to_staff) = sorted(mail.outbox, key=lambda message: message.to)
    assert (to_here.to, to_staff.to) == (["here@example.org"], ["stefan@example.org"])
    body = str(to_staff.body)
    assert "Dora asks that “Zq draft” of “Cities” be published." in body and "Agreed by the Board." in body
    assert f"/en/drafting/{draft.guidelines.slug}/1/" in body
    assert "speaks of smart cities" not in body, "no word of the draft"


def test_once_settled_nobody_is_asked_any_more(one: Any, other: Any) -> None:
    withdraw_request(actor=one, request=ask_for_status(actor=one, draft=make_zq()))
    assert sent() == []


def test_the_one_who_asked_is_told_the_outcome(one: Any, other: Any) -> None:
    declined, out = make_zq(), make_draft(label="Out")
    request = ask_for_status(actor=one, draft=declined)
    sent()
    decline_request(actor=other, request=request, reason="A word is missing.")
    outbox.drain()
    assert "A word is missing." in str(mail.outbox[0].body)
    assert sent() == [("dora@example.org", "Declined: “Zq draft” of “Cities”")]
    asked = ask_for_status(actor=one, draft=out)
    sent()
    confirm_status(actor=other, request=asked)
    ((to, subject),) = sent()
    assert to == "dora@example.org" and subject.startswith("Published: “Out”")


def test_by_the_clock_both_are_told_each_step_once(one: Any, other: Any) -> None:
    request = ask_for_status(actor=one, draft=make_zq(), due_at=timezone.now() + HOUR)
    sent()
    confirm_status(actor=other, request=request)
    assert sent() == [("dora@example.org", "Confirmed: “Zq draft” of “Cities”")]
    carry_out_due(timezone.now() + 2 * HOUR)
    subject = "Published: “Zq draft” of “Cities”"
    assert sent() == [("dora@example.org", subject), ("stefan@example.org", subject)]
    assert sent() == []


def test_what_was_not_published_is_told_to_both(one: Any, other: Any) -> None:
    draft = make_zq()
    request = ask_for_status(actor=one, draft=draft, due_at=timezone.now() + HOUR)
    confirm_status(actor=other, request=request)
    sent()
    draft.provisions.get(key="para_1").texts.update(text="Changed on the console.")
    carry_out_due(timezone.now() + 2 * HOUR)
    subject = "Not published: “Zq draft” of “Cities”"
    assert sent() == [("dora@example.org", subject), ("stefan@example.org", subject)]


def test_members_of_the_groups_are_told_once_and_only_they(one: Any, other: Any) -> None:
    first, second, strangers = make_group(), make_group(), make_group()
    lab = Organisation.objects.create(kind="academia", name="Lab", name_en="Lab")
    Membership.objects.create(group=second, organisation=lab)
    for name, confirmed in (("lab", timezone.now()), ("claims", None)):
        person = make_user(email=f"{name}@example.org")
        Affiliation.objects.create(user=person, organisation=lab, confirmed_at=confirmed)
    make_user(email="both@example.org", groups=(first, second))
    make_user(email="former@example.org", groups=(first,)).memberships.update(until=timezone.now() - HOUR)
    make_user(email="closed@example.org", groups=(first,), is_active=False)
    make_user(email="stranger@example.org", groups=(strangers,))
    draft = make_zq()
    subject = "For you to read: “Zq draft” of “Cities”"
    circulate_draft(actor=one, draft=draft, groups=[first])
    outbox.drain()
    assert "speaks of smart cities" not in str(mail.outbox[0].body)
    assert sent() == [("both@example.org", subject)]
    circulate_draft(actor=one, draft=draft, groups=[first, second])
    assert sent() == [("lab@example.org", subject)], "who knows already isn't told again"
    take_back_draft(actor=one, draft=draft)
    circulate_draft(actor=one, draft=draft, groups=[first])
    assert sent() == [("both@example.org", subject)], "another circulation is news again"


def test_taken_back_before_the_mail_went_out_nobody_learns_of_it(one: Any) -> None:
    group = make_group()
    make_user(groups=(group,))
    draft = make_zq()
    circulate_draft(actor=one, draft=draft, groups=[group])
    take_back_draft(actor=one, draft=draft)
    assert sent() == []


@pytest.mark.parametrize("language", ["ar", "es", "fr", "ru", "zh-hans"])
def test_in_the_language_of_the_reader(one: Any, language: str) -> None:
    group = make_group()
    make_user(groups=(group,), language=language)
    circulate_draft(actor=one, draft=make_zq(), groups=[group])
    outbox.drain()
    assert f"/{language}/guidelines/" in str(mail.outbox[0].body)
