"""Who was asked and who has spoken; and the reminder to exactly those who have not, each once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any
from uuid import uuid4

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Affiliation, Consent, ConsentText, Country, Organisation, User
from consultations.actions.comments import hand_in_late, withdraw_comment
from consultations.actions.question_answers import answer_question
from consultations.actions.reminding import remind_round
from consultations.balance import (
    KIND,
    Gap,
    asked_people,
    audience_of,
    balance_tables,
    states_by_region,
)
from consultations.models import Comment, Round, RoundReminder
from core import outbox
from core.models import AuditEntry, Message, Notice
from core.verdicts import Refusal
from roadmap.models import ReminderPreference
from tests.factories import (
    make_comment,
    make_draft,
    make_group,
    make_member_state,
    make_question,
    make_round,
    make_user,
)

pytestmark = pytest.mark.django_db


def of(iso3: str, **fields: Any) -> User:
    return make_user("participant", country=Country.objects.get(pk=iso3), **fields)


@pytest.fixture
def staff() -> User:
    return make_user("staff")


@pytest.fixture
def round_() -> Round:
    return make_round(make_draft(status="published", paragraphs=1))


def reached(round: Round, gap: Gap | None = None, **given: Any) -> set[int]:
    audience = audience_of(round, gap or Gap(), at=timezone.now(), **given)
    return {person.pk for person in audience.people}


def remind(actor: User, round: Round, gap: Gap | None = None, **given: Any) -> RoundReminder:
    return remind_round(actor=actor, round=round, gap=gap or Gap(), key=given.pop("key", uuid4()), **given)


def test_asked_are_all_in_an_open_round_but_those_who_work_here(round_: Round, staff: User) -> None:
    silent, spoke, gone = of("KEN"), of("FRA"), of("KEN", is_active=False)
    make_user("drafter")
    make_comment(round_, spoke)
    people = {person.pk: person for person in asked_people(round_, at=timezone.now())}
    assert set(people) == {silent.pk, spoke.pk} and gone.pk not in people
    assert people[spoke.pk].spoke and not people[silent.pk].spoke
    assert (people[silent.pk].region, people[silent.pk].group) == ("africa", "individual")


def test_asked_in_a_round_of_groups_are_their_members(staff: User) -> None:
    group = make_group()
    member, stranger = make_user("expert", groups=(group,)), of("KEN")
    lab = Organisation.objects.create(kind="academia", name="Lab", name_en="Lab")
    brought, claimed = make_user(), make_user()
    Affiliation.objects.create(user=brought, organisation=lab, confirmed_at=timezone.now())
    Affiliation.objects.create(user=claimed, organisation=lab)
    group.memberships.create(organisation=lab)
    over = make_user(groups=(group,))
    over.memberships.update(ends_on=timezone.now().date() - timedelta(days=3))
    round = make_round(make_draft(status="published", paragraphs=1), groups=(group,))
    assert reached(round) == {member.pk, brought.pk}
    assert stranger.pk not in reached(round)
    unread = make_round(make_draft(paragraphs=1), groups=(group,))
    assert reached(unread) == set()


def test_spoken_has_who_commented_in_time_or_late_or_answered_a_question(round_: Round) -> None:
    question = make_question(round_, "open")
    answering, late, begun, withdrew = (of("KEN") for _ in range(4))
    answer_question(author=answering, question=question, value="So it is.")
    make_comment(round_, begun, submit=False)
    withdrawn = make_comment(round_, withdrew)
    withdraw_comment(actor=withdrew, comment=withdrawn, version=withdrawn.version)
    draft = make_comment(round_, late, submit=False)
    Round.objects.filter(pk=round_.pk).update(closes_at=timezone.now() - timedelta(minutes=1))
    draft.refresh_from_db()
    hand_in_late(actor=late, comment=draft, version=draft.version)
    spoke = {person.pk for person in asked_people(round_, at=timezone.now()) if person.spoke}
    assert spoke == {answering.pk, late.pk}


def test_tables_and_states_say_where_nothing_came_from(round_: Round) -> None:
    contact, silent = make_user("focal_point", country_id="KEN"), make_user("focal_point", country_id="UGA")
    make_member_state("KEN", contact=contact)
    make_member_state("UGA", contact=silent)
    for _n in range(3):
        of("FRA", language="fr")
    of("FRA")
    make_comment(round_, contact)
    people = asked_people(round_, at=timezone.now())
    tables = {table.name: {row.key: row for row in table.rows} for table in balance_tables(people, {})}
    assert (tables["region"]["africa"].asked, tables["region"]["africa"].spoke) == (2, 1)
    assert tables["region"]["western_europe_other"].silent and not tables["region"]["africa"].silent
    assert tables["stakeholder"]["member_state"].asked == 2 and tables["language"]["fr"].asked == 3
    regions = {region.key: region for region in states_by_region(round_, people)}
    assert sum(region.total for region in regions.values()) == 193
    africa = {code: reachable for code, _name, reachable in regions["africa"].silent}
    assert "KEN" not in africa and africa["UGA"] is True and africa["TZA"] is False
    assert regions["africa"].spoke == 1


def test_a_gap_is_of_regions_groups_or_states_without_input(round_: Round) -> None:
    contact, other = make_user("focal_point", country_id="KEN"), make_user("focal_point", country_id="UGA")
    deputy = make_user(country_id="KEN")
    make_member_state("UGA", contact=other)
    Affiliation.objects.create(
        user=deputy,
        organisation=make_member_state("KEN", contact=contact),
        role="deputy",
        confirmed_at=timezone.now(),
    )
    person, french = of("KEN"), of("FRA")
    assert reached(round_, Gap(regions=("africa",))) == {contact.pk, other.pk, deputy.pk, person.pk}
    assert reached(round_, Gap(groups=("individual",))) == {person.pk, french.pk}
    assert reached(round_, Gap(regions=("africa",), groups=("individual",))) == {person.pk}
    make_comment(round_, contact)
    # The state has spoken: its deputy needs no reminder of that, though silent in person.
    assert reached(round_, Gap(states=True)) == {other.pk}


def test_the_reminder_goes_out_once_in_each_language_and_stands_in_the_log(
    round_: Round, staff: User
) -> None:
    french, english, spoke = of("FRA", language="fr"), of("KEN"), of("KEN")
    make_comment(round_, spoke)
    key = uuid4()
    reminder = remind(staff, round_, key=key)
    assert reminder.people == 2 and remind(staff, round_, key=key) == reminder
    assert AuditEntry.objects.filter(action="round.remind").count() == 1
    with pytest.raises(ValidationError, match="Nobody is left"):
        remind(staff, round_)
    outbox.drain()
    outbox.drain()
    assert sorted(message.to[0] for message in mail.outbox) == sorted([french.email, english.email])
    told = Message.objects.filter(notices__kind=KIND).values_list("recipient", "language")
    assert dict(told) == {french.pk: "fr", english.pk: "en"}
    again = remind(staff, round_, again=True)
    assert again.people == 2 and Notice.objects.filter(kind=KIND).count() == 4
    client = Client()
    client.force_login(staff)
    page = client.get(f"/en/rounds/{round_.pk}/balance/").content.decode()
    assert "Everybody who had said nothing" in page and staff.name in page


def test_whoever_speaks_before_the_mail_goes_out_gets_none(round_: Round, staff: User) -> None:
    person, quiet = of("KEN"), of("KEN")
    remind(staff, round_)
    make_comment(round_, person)
    outbox.drain()
    assert [message.to[0] for message in mail.outbox if "missing" in message.subject] == [quiet.email]
    states = dict(Message.objects.filter(notices__kind=KIND).values_list("recipient", "state"))
    assert states == {person.pk: "unneeded", quiet.pk: "sent"}


def test_nobody_is_reminded_after_the_closing(round_: Round, staff: User) -> None:
    of("KEN")
    remind(staff, round_)
    Round.objects.filter(pk=round_.pk).update(closed_at=timezone.now())
    outbox.drain()
    assert not mail.outbox
    with pytest.raises(Refusal):
        remind(staff, round_, again=True)
    planned = make_round(
        make_draft(status="published", paragraphs=1), opens_at=timezone.now() + timedelta(hours=1)
    )
    with pytest.raises(Refusal):
        remind(staff, planned)
    with pytest.raises(Refusal):
        remind(make_user("drafter"), make_round(make_draft(status="published", paragraphs=1)))


def test_who_wants_none_or_was_reminded_lately_is_left_out(round_: Round, staff: User) -> None:
    muted, withdrawn, lately, other = (of("KEN") for _ in range(4))
    ReminderPreference.objects.create(user=muted, muted=["round_input"])
    text = ConsentText.objects.filter(kind="participation").first() or ConsentText.objects.create(
        kind="participation", version=1, language="en", text="Yes.", sha256="0" * 64
    )
    Consent.objects.create(user=withdrawn, text=text, withdrawn_at=timezone.now())
    subject = f"consultations.round:{round_.pk}"
    Notice.objects.create(recipient=lately, kind="reminder.round_input", subject=subject, occurrence="x")
    found = audience_of(round_, Gap(), at=timezone.now())
    assert ([p.pk for p in found.people], found.reminded, found.unwanted) == ([other.pk], 1, 2)
    assert reached(round_, again=True) == {lately.pk, other.pk}
    Notice.objects.update(created_at=timezone.now() - timedelta(days=8))
    assert reached(round_) == {lately.pk, other.pk}


def test_the_mail_leads_to_where_reminders_are_turned_off(round_: Round, staff: User) -> None:
    person = of("KEN")
    remind(staff, round_)
    outbox.drain()
    (message,) = mail.outbox
    link = next(line for line in str(message.body).split() if "/reminders/" in line)
    path = "/" + link.split("/", 3)[3]
    assert Client().post(path).status_code in (200, 302)
    assert ReminderPreference.objects.get(user=person).muted == ["round_input"]
    assert reached(round_, again=True) == set()


def test_the_pages_preview_send_and_refuse(round_: Round, staff: User) -> None:
    person, french = of("KEN", name="Wanjiru of Kenya"), of("FRA", language="fr")
    client = Client()
    client.force_login(staff)
    path = f"/en/rounds/{round_.pk}/balance/"
    assert client.get(path).status_code == 200
    preview = client.get(f"{path}remind/?region=africa")
    page = preview.content.decode()
    assert "1 person gets this mail" in page and "Wanjiru of Kenya" in page and french.name not in page
    assert client.get(f"{path}remind/?region=atlantis").status_code == 400
    key = preview.context["form"]["key"].value()
    sent = {"region": ["africa"], "key": str(key)}
    for _press in range(2):
        assert client.post(f"{path}remind/", sent)["Location"] == path
    assert list(Notice.objects.filter(kind=KIND).values_list("recipient", flat=True)) == [person.pk]
    assert client.post(f"{path}remind/", {**sent, "key": str(uuid4())}).status_code == 400
    assert client.post(f"{path}remind/", {**sent, "key": "nonsense"}).status_code == 400
    assert RoundReminder.objects.count() == 1
    for role, status in (("drafter", 403), ("participant", 403), ("admin", 403)):
        other = Client()
        other.force_login(make_user(role))
        assert {other.get(path).status_code, other.post(f"{path}remind/", sent).status_code} == {status}


def test_the_queries_of_the_balance_do_not_grow(round_: Round, staff: User) -> None:
    client = Client()
    client.force_login(staff)
    counts = []
    for _more in range(2):
        for n in range(4):
            person = of("KEN" if n % 2 else "FRA")
            if n % 2:
                make_comment(round_, person)
        for path in ("balance/", "balance/remind/"):
            client.get(f"/en/rounds/{round_.pk}/{path}")
            with CaptureQueriesContext(connection) as captured:
                client.get(f"/en/rounds/{round_.pk}/{path}")
            counts.append(len(captured))
    assert counts[:2] == counts[2:] and max(counts) <= 30


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("same_key", [True, False])
def test_two_who_remind_at_once_tell_everybody_once(same_key: bool) -> None:
    staff = make_user("staff")
    round = make_round(make_draft(status="published", paragraphs=1))
    people = [make_user("participant") for _ in range(5)]
    key, together = uuid4(), Barrier(2)

    def press() -> int:
        try:
            together.wait(20)
            return remind(staff, round, key=key if same_key else uuid4()).people
        except ValidationError:
            return 0
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        told = sorted(each.result() for each in [pool.submit(press), pool.submit(press)])
    assert told == ([5, 5] if same_key else [0, 5])
    assert RoundReminder.objects.count() == 1
    assert sorted(Notice.objects.filter(kind=KIND).values_list("recipient", flat=True)) == sorted(
        person.pk for person in people
    )
    assert Message.objects.filter(notices__kind=KIND).distinct().count() == 5
    assert not Comment.objects.exists()
