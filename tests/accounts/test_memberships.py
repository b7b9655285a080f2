"""Terms, roles and ends of memberships: one rule says who is a member, and everything done to one is on record."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.actions.groups import add_addresses, add_to_group, set_terms
from accounts.actions.memberships import (
    end_membership,
    replaceable_by,
    set_replaced,
    set_role,
    set_term,
    tell_of_ending_terms,
)
from accounts.models import Affiliation, Group, Membership, MembershipChange, Organisation, User, day_of
from accounts.queries import find_people, groups_with_counts, history_of, members_of
from consultations.models import Round
from core.models import AuditEntry
from core.verdicts import Conflict, Refusal
from drafts.models import Draft
from drafts.readers import readers_of
from tests.accounts.conftest import settle, signed_in
from tests.factories import make_draft, make_group, make_round, make_user

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
ZONE = ZoneInfo("Africa/Nairobi")


def member(group: Group, **fields: object) -> Membership:
    return Membership.objects.create(
        group=group, user=make_user(), **{"since": timezone.now() - 5 * DAY, **fields}
    )


# --- The rule ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("at", "counts"),
    [
        (datetime(2027, 3, 31, 20, 59, 59, tzinfo=UTC), True),  # 23:59:59 in Nairobi
        (datetime(2027, 3, 31, 21, 0, tzinfo=UTC), False),  # midnight there, still the 31st in Greenwich
        (datetime(2027, 3, 1, 12, 0, tzinfo=UTC), True),
        (datetime(2027, 2, 27, 12, 0, tzinfo=UTC), False),  # not yet begun
    ],
)
def test_a_member_counts_to_the_end_of_the_last_day_of_the_secretariats_zone(
    at: datetime, counts: bool
) -> None:
    group = make_group()
    row = member(group, since=datetime(2027, 2, 28, tzinfo=UTC), ends_on=date(2027, 3, 31))
    assert Membership.objects.current(at).filter(pk=row.pk).exists() is counts
    assert row.is_current(at) is counts


def test_what_is_asked_of_a_row_and_of_the_table_agrees() -> None:
    group, now = make_group(), timezone.now()
    day = day_of(now)
    for since in (now - 9 * DAY, now + DAY):
        for until in (None, now - DAY, now + DAY):
            for ends_on in (None, day - DAY, day, day + DAY):
                member(group, since=since, until=until, ends_on=ends_on)
    current = set(Membership.objects.current(now).values_list("pk", flat=True))
    former = set(Membership.objects.former(now).values_list("pk", flat=True))
    rows = list(Membership.objects.all())
    assert current == {row.pk for row in rows if row.is_current(now)}
    assert 0 < len(current) < len(rows) and not current & former
    assert {row.pk for row in rows} - current - former == {
        row.pk for row in rows if row.since > now and row.pk not in former
    }


@pytest.mark.parametrize("through", ["person", "organisation"])
def test_once_the_term_is_over_nothing_of_the_group_is_seen_any_more(through: str) -> None:
    """Audience, facts, readers, counts, lists: the same day for all of them, without anybody doing anything."""
    group, person = make_group(), make_user("expert")
    lab = Organisation.objects.create(kind="academia", name="Lab", name_en="Lab")
    Affiliation.objects.create(user=person, organisation=lab, confirmed_at=timezone.now())
    whose = {"user": person} if through == "person" else {"organisation": lab}
    row = Membership.objects.create(group=group, ends_on=day_of(timezone.now()), **whose)
    draft = make_draft(status="published")
    round = make_round(draft, groups=(group,), visibility="participants")
    circulated = make_draft(status="circulated")
    circulated.access.create(group=group)

    def seen() -> set[str]:
        reader = User.objects.get(pk=person.pk)
        return {
            name
            for name, yes in {
                "facts": group.pk in reader.facts.groups,
                "round": Round.objects.visible_to(reader).filter(pk=round.pk).exists(),
                "draft": Draft.objects.visible_to(reader).filter(pk=circulated.pk).exists(),
                "readers": readers_of(circulated).filter(pk=person.pk).exists(),
                "list": find_people(group=group.slug).filter(pk=person.pk).exists(),
                "members": members_of(group).exists(),
                "count": groups_with_counts().get(pk=group.pk).members == 1,
            }.items()
            if yes
        }

    assert seen() == {"facts", "round", "draft", "readers", "list", "members", "count"}
    Membership.objects.filter(pk=row.pk).update(ends_on=day_of(timezone.now()) - DAY)
    assert seen() == set()


# --- Entering ---------------------------------------------------------------------------------------------


def test_whoever_comes_back_after_their_term_begins_another_membership() -> None:
    group, staff, person = make_group(), make_user("staff"), make_user()
    first = Membership.objects.create(
        group=group, user=person, since=timezone.now() - 90 * DAY, ends_on=day_of(timezone.now()) - 10 * DAY
    )
    second, created = add_to_group(actor=staff, group=group, person=person, reason="Asked to come back.")
    assert created and second.pk != first.pk and second.is_current()
    first.refresh_from_db()
    assert first.until == datetime.combine(first.ends_on + DAY, time(), ZONE), "the first stays as it was"
    assert add_to_group(actor=staff, group=group, person=person) == (second, False)
    (joined,) = second.changes.all()
    assert (joined.kind, joined.by, joined.reason) == ("joined", staff, "Asked to come back.")


def test_a_list_of_people_enters_for_a_term_and_with_a_reason() -> None:
    group, staff = make_group(), make_user("staff")
    one, two = make_user(email="one@example.org"), make_user(email="two@example.org")
    last = day_of(timezone.now()) + 100 * DAY
    path = f"/en/people/groups/{group.slug}/"
    given = {"addresses": "one@example.org\ntwo@example.org", "reason": "Chosen."}
    past = signed_in(staff).post(path, {**given, "ends_on": str(day_of(timezone.now()) - DAY)})
    assert past.status_code == 400 and not group.memberships.exists()
    page = signed_in(staff).post(path, {**given, "ends_on": str(last)})
    assert page.status_code == 200
    assert set(group.memberships.values_list("user", "ends_on")) == {(one.pk, last), (two.pk, last)}
    assert set(MembershipChange.objects.values_list("kind", "value", "reason")) == {
        ("joined", last.isoformat(), "Chosen.")
    }
    with pytest.raises(ValidationError):
        add_addresses(actor=staff, group=group, text="one@example.org", ends_on=last + 4000 * DAY)


# --- Term, role, end --------------------------------------------------------------------------------------


def test_a_term_is_extended_with_a_reason_that_the_member_reads() -> None:
    group, staff = make_group(name="Group of Terms"), make_user("staff")
    row, last = member(group), day_of(timezone.now()) + 30 * DAY
    set_term(actor=staff, membership=row, ends_on=last, reason="Agreed with the mission.")
    set_term(actor=staff, membership=row, ends_on=last, reason="The same again.")
    row.refresh_from_db()
    assert row.ends_on == last
    (change,) = row.changes.all()
    assert (change.kind, change.before, change.last_day, change.by) == ("term", "", last, staff)
    settle()
    (letter,) = mail.outbox
    assert letter.to == [row.user.email] and "Agreed with the mission." in letter.body
    assert "Group of Terms" in letter.subject
    entry = AuditEntry.objects.get(action="group.term")
    assert entry.changes["ends_on"] == ["", last.isoformat()] and "Agreed" not in str(entry.changes)
    for ends_on, reason, field in (
        (day_of(timezone.now()) - DAY, "Past.", "ends_on"),
        (last + DAY, " ", "reason"),
        (last + DAY, "x" * 2001, "reason"),
    ):
        with pytest.raises(ValidationError) as refused:
            set_term(actor=staff, membership=row, ends_on=ends_on, reason=reason)
        assert field in refused.value.message_dict


def test_a_group_has_one_chair_at_a_time() -> None:
    group, staff = make_group(), make_user("staff")
    one, two = member(group), member(group)
    set_role(actor=staff, membership=one, role="chair", reason="Elected.")
    with pytest.raises(ValidationError) as refused:
        set_role(actor=staff, membership=two, role="chair", reason="Elected too.")
    assert one.user.name in refused.value.message_dict["role"][0]
    set_role(actor=staff, membership=two, role="co_chair", reason="Elected beside.")
    assert [row.role for row in members_of(group)] == ["chair", "co_chair"], (
        "who speaks for the group stands first"
    )
    # A chair whose term is over is in nobody's way.
    Membership.objects.filter(pk=one.pk).update(ends_on=day_of(timezone.now()) - DAY)
    assert set_role(actor=staff, membership=two, role="chair", reason="Follows.").role == "chair"
    assert [(c.before, c.value) for c in two.changes.filter(kind="role")] == [
        ("member", "co_chair"),
        ("co_chair", "chair"),
    ]
    for role in ("king", ""):
        with pytest.raises(ValidationError):
            set_role(actor=staff, membership=two, role=role, reason="No such role.")


def test_an_end_has_a_reason_and_happens_once() -> None:
    staff = make_user("staff")
    row = member(make_group())
    with pytest.raises(ValidationError):
        end_membership(actor=staff, membership=row, reason="")
    for _ in range(2):
        end_membership(actor=staff, membership=row, reason="Moved to another post.")
    (change,) = row.changes.all()
    assert (change.kind, change.reason) == ("ended", "Moved to another post.")
    settle()
    assert [letter.to for letter in mail.outbox] == [[row.user.email]]


def test_what_is_over_is_not_changed_any_more() -> None:
    staff = make_user("staff")
    row = member(make_group(), since=timezone.now() - 9 * DAY, ends_on=day_of(timezone.now()) - DAY)
    for act in (
        lambda: set_term(actor=staff, membership=row, ends_on=None, reason="Late."),
        lambda: set_role(actor=staff, membership=row, role="chair", reason="Late."),
        lambda: set_replaced(actor=staff, membership=row, replaces=None),
    ):
        with pytest.raises(Refusal):
            act()
    assert not row.changes.exists()


def test_whose_place_somebody_took_is_noted_once() -> None:
    group, staff = make_group(), make_user("staff")
    gone = member(group, since=timezone.now() - 9 * DAY, until=timezone.now() - DAY)
    elsewhere = member(make_group(), since=timezone.now() - 9 * DAY, until=timezone.now() - DAY)
    one, two = member(group), member(group)
    assert list(replaceable_by(one)) == [gone]
    set_replaced(actor=staff, membership=one, replaces=gone)
    for other in (gone, elsewhere, one):
        with pytest.raises(ValidationError):
            set_replaced(actor=staff, membership=two, replaces=other)
    assert {row.pk: row.replaces_id for row in history_of(group)} == {
        gone.pk: None,
        one.pk: gone.pk,
        two.pk: None,
    }
    page = signed_in(staff).get(f"/en/people/groups/{group.slug}/history/").content.decode()
    assert f"In place of <bdi>{gone.user.name}</bdi>" in page
    set_replaced(actor=staff, membership=one, replaces=None)
    assert set_replaced(actor=staff, membership=two, replaces=gone).replaces_id == gone.pk


@pytest.mark.parametrize("role", ["drafter", "coordinator", "expert", "focal_point", "participant"])
def test_memberships_are_the_secretariats_to_change(role: str) -> None:
    stranger, row = make_user(role), member(make_group())
    acts: list[Callable[[], object]] = [
        lambda: set_term(actor=stranger, membership=row, ends_on=None, reason="x"),
        lambda: set_role(actor=stranger, membership=row, role="chair", reason="x"),
        lambda: set_replaced(actor=stranger, membership=row, replaces=None),
        lambda: end_membership(actor=stranger, membership=row, reason="x"),
        lambda: set_terms(actor=stranger, group=row.group, terms={"en": "x"}),
    ]
    for act in acts:
        with pytest.raises(Refusal):
            act()
    client = signed_in(stranger)
    for path in (
        f"memberships/{row.pk}/",
        f"groups/{row.group.slug}/history/",
        f"groups/{row.group.slug}/terms/",
    ):
        assert client.get(f"/en/people/{path}").status_code == 403
    for act_name in ("term", "role", "replaced", "end"):
        assert client.post(f"/en/people/memberships/{row.pk}/{act_name}/").status_code == 403


# --- The clock --------------------------------------------------------------------------------------------


def test_members_and_the_secretariat_are_told_once_before_terms_end() -> None:
    group, staff, now = make_group(name="Group of Terms"), make_user("staff"), timezone.now()
    last = day_of(now) + 20 * DAY
    soon = [member(group, ends_on=last) for _ in range(2)]
    member(group, ends_on=day_of(now) + 60 * DAY)
    member(group)
    member(group, since=now - 9 * DAY, ends_on=day_of(now) - DAY)
    assert tell_of_ending_terms(now) == 2
    assert tell_of_ending_terms(now + DAY) == 0
    settle()
    assert sorted(letter.to[0] for letter in mail.outbox) == sorted(
        [staff.email, *(r.user.email for r in soon)]
    )
    told = next(letter for letter in mail.outbox if letter.to == [staff.email])
    assert "Members whose term ends then: 2" in told.body and soon[0].user.name not in told.body
    # Another day is told anew; a mail about the earlier one that still waits says nothing.
    mail.outbox.clear()
    set_term(actor=staff, membership=soon[0], ends_on=last + DAY, reason="A day more.")
    assert tell_of_ending_terms(now) == 1


def test_a_mail_about_a_term_that_was_changed_meanwhile_is_not_sent() -> None:
    group, staff, now = make_group(), make_user("staff"), timezone.now()
    row = member(group, ends_on=day_of(now) + 3 * DAY)
    tell_of_ending_terms(now)
    set_term(actor=staff, membership=row, ends_on=None, reason="Stays.")
    settle()
    assert [letter.subject for letter in mail.outbox if letter.to == [row.user.email]] == [
        f"Your term has changed: {group.name}"
    ]


# --- The pages --------------------------------------------------------------------------------------------


def test_the_page_of_a_membership_changes_it_and_tells_what_is_wrong_beside_the_field() -> None:
    staff, row = make_user("staff"), member(make_group())
    client, path = signed_in(staff), f"/en/people/memberships/{row.pk}/"
    last = day_of(timezone.now()) + 30 * DAY
    assert (
        client.post(f"{path}term/", {"term-ends_on": str(last), "term-reason": "Agreed."}).status_code == 302
    )
    assert client.post(f"{path}role/", {"role-role": "chair", "role-reason": "Elected."}).status_code == 302
    page = client.get(path).content.decode()
    for words in ("Agreed.", "Elected.", "Role in the group: Chair", staff.name):
        assert words in page
    wrong = client.post(f"{path}term/", {"term-ends_on": "2020-01-01", "term-reason": "Back."})
    assert wrong.status_code == 400 and "in the past" in wrong.content.decode()
    assert client.post(f"{path}end/", {"end-reason": ""}).status_code == 400
    assert client.post(f"{path}end/", {"end-reason": "Moved."}).status_code == 302
    over = client.get(path).content.decode()
    assert "This membership is over." in over and "<form class" not in over
    assert client.post(f"{path}end/", {"end-reason": "Again."}).status_code == 403


def test_terms_of_reference_are_written_in_six_languages_and_nobody_overwrites_anothers() -> None:
    staff, group = make_user("staff"), make_group(kind="thematic")
    client, path = signed_in(staff), f"/en/people/groups/{group.slug}/terms/"
    assert "The thematic group advises" in client.get(path).content.decode(), "the usual ones are offered"
    given = {"version": "1", "terms_en": "## Mandate\n\nTo *advise*.", "terms_fr": "Conseiller."}
    assert client.post(path, given).status_code == 302
    group.refresh_from_db()
    assert (group.terms_en, group.terms_fr, group.version) == ("## Mandate\n\nTo *advise*.", "Conseiller.", 2)
    stale = client.post(path, {"version": "1", "terms_en": "Mine."})
    assert stale.status_code == 409
    page = stale.content.decode()
    assert "To *advise*." in page and "Mine." in page and 'name="version" value="2"' in page
    assert client.post(path, {"version": "2", "terms_fr": "Seul."}).status_code == 400
    group.refresh_from_db()
    assert group.version == 2
    with pytest.raises(Conflict):
        set_terms(actor=staff, group=group, terms={"en": "Late."}, version=1)
    set_terms(actor=staff, group=group, terms={"en": group.terms_en})
    assert AuditEntry.objects.filter(action="group.terms").count() == 1, "the same again leaves no trace"


def test_the_standing_groups_come_with_terms_in_six_languages() -> None:
    for group in Group.objects.filter(kind__in=("expert_working_group", "regional")):
        said = [getattr(group, f"terms_{code}") for code in ("ar", "en", "es", "fr", "ru", "zh_hans")]
        assert all(said) and len(set(said)) == 6, group.slug


def test_a_person_takes_their_record_along() -> None:
    staff = make_user("staff")
    row = member(make_group(name="Group of Records"))
    set_role(actor=staff, membership=row, role="rapporteur", reason="Writes well.")
    from accounts.records import groups

    (kept,) = groups(row.user)
    assert (kept["group"], kept["role"]) == ("Group of Records", "Rapporteur")
    assert kept["changes"][0]["reason"] == "Writes well."
