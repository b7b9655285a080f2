"""A draft's way: to groups, out to everyone, adopted; two people, once, and never back."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from consultations.models import Round
from core import schedule
from core.models import AuditEntry, ScheduledTick
from core.verdicts import Conflict, Refusal
from drafts.actions.circulating import circulate_draft, take_back_draft
from drafts.actions.drafting import begin_draft
from drafts.actions.importing import add_translation
from drafts.actions.publishing import (
    ask_for_status,
    carry_out_due,
    confirm_status,
    decline_request,
    withdraw_request,
)
from drafts.actions.revising import revise_provision
from drafts.models import Draft, Edition, Provision, Revision, StatusRequest
from tests.factories import make_draft, make_group, make_round, make_user, set_status

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def one() -> User:
    return make_user("drafter", name="Dora")


@pytest.fixture
def other() -> User:
    return make_user("staff", name="Stefan")


def status_of(draft: Draft) -> str:
    return Draft.objects.get(pk=draft.pk).status


def revise(draft: Draft, actor: Any, text: str = "Other words.", version: int = 1) -> Revision:
    provision = Provision.objects.get(draft=draft, key="para_1")
    return revise_provision(actor=actor, provision=provision, language="en", version=version, text=text)


def scheduled(draft: Draft, one: Any, other: Any, at: Any = None) -> StatusRequest:
    """Asked for and confirmed for a time ahead."""
    asked = ask_for_status(actor=one, draft=draft, due_at=at or timezone.now() + DAY)
    return confirm_status(actor=other, request=asked)


class TestTwoPeople:
    def test_one_is_refused_and_told_who_may(self, one: User, other: User) -> None:
        draft = make_draft(paragraphs=1)
        make_user("admin", name="Nobody here")
        asked = ask_for_status(actor=one, draft=draft, note="The Board asked for it.")
        with pytest.raises(Refusal) as refused:
            confirm_status(actor=one, request=asked)
        assert "Another person must confirm" in str(refused.value) and "Stefan" in str(refused.value)
        assert "Dora" not in str(refused.value) and "Nobody here" not in str(refused.value)
        assert status_of(draft) == "working"
        confirm_status(actor=other, request=asked)
        assert status_of(draft) == "published"
        assert set(AuditEntry.objects.values_list("action", "actor")) == {
            ("draft.publish", other.pk),
            ("draft.ask_to_publish", one.pk),
        }

    def test_where_nobody_else_may_it_says_what_to_do(self, one: User) -> None:
        asked = ask_for_status(actor=one, draft=make_draft())
        with pytest.raises(Refusal, match="administrator"):
            confirm_status(actor=one, request=asked)

    def test_adopting_takes_two_as_well_and_stays(self, one: User, other: User) -> None:
        draft = make_draft(status="published")
        asked = ask_for_status(actor=one, draft=draft, target="adopted")
        with pytest.raises(Refusal):
            confirm_status(actor=one, request=asked)
        assert status_of(draft) == "published"
        confirm_status(actor=other, request=asked)
        assert status_of(draft) == "adopted" and Draft.objects.get(pk=draft.pk).adopted_at
        newer = make_draft(guidelines=draft.guidelines)
        confirm_status(actor=other, request=ask_for_status(actor=one, draft=newer))
        assert (status_of(draft), status_of(newer)) == ("adopted", "published")

    @pytest.mark.parametrize("status", ["working", "circulated", "superseded", "adopted"])
    def test_only_what_is_published_is_adopted(self, one: User, status: str) -> None:
        with pytest.raises(Conflict) as refused:
            ask_for_status(actor=one, draft=make_draft(status=status), target="adopted")
        assert refused.value.current == {"status": status}

    def test_the_database_refuses_one_person_twice(self, one: User) -> None:
        request = ask_for_status(actor=one, draft=make_draft())
        with pytest.raises(IntegrityError), transaction.atomic():
            StatusRequest.objects.filter(pk=request.pk).update(
                confirmed_by=one.pk, confirmed_at=timezone.now()
            )

    def test_declined_with_a_reason_and_by_another(self, one: User, other: User) -> None:
        draft = make_draft()
        asked = ask_for_status(actor=one, draft=draft)
        with pytest.raises(Refusal, match="withdraw"):
            decline_request(actor=one, request=asked, reason="No.")
        with pytest.raises(ValidationError, match="Say why"):
            decline_request(actor=other, request=asked, reason=" ")
        assert decline_request(actor=other, request=asked, reason="Too early.").ending == "declined"
        for act in (confirm_status, withdraw_request):
            with pytest.raises(Conflict):
                act(actor=other if act is confirm_status else one, request=asked)
        assert ask_for_status(actor=one, draft=draft).is_open, "it can be asked for anew"

    def test_only_the_one_who_asked_withdraws(self, one: User, other: User) -> None:
        draft = make_draft()
        asked = ask_for_status(actor=one, draft=draft)
        with pytest.raises(Refusal):
            withdraw_request(actor=other, request=asked)
        assert withdraw_request(actor=one, request=asked).ending == "withdrawn"
        assert status_of(draft) == "working"

    def test_words_other_than_those_seen_are_not_confirmed(self, one: User, other: User) -> None:
        draft = make_draft(paragraphs=1)
        asked = ask_for_status(actor=one, draft=draft)
        seen = asked.asked_sha256
        revise(draft, one)
        with pytest.raises(Conflict, match="changed since"):
            confirm_status(actor=other, request=asked, seen=seen)
        assert status_of(draft) == "working"
        done = confirm_status(actor=other, request=asked)
        assert done.confirmed_sha256 != done.asked_sha256, "it says which words were confirmed"

    def test_the_earlier_one_is_superseded_and_never_two_are_published(self, one: User, other: User) -> None:
        first = make_draft(status="published")
        third = make_draft(guidelines=first.guidelines, number=3)
        second = make_draft(guidelines=first.guidelines, number=2)
        confirm_status(actor=other, request=ask_for_status(actor=one, draft=third))
        assert (status_of(first), status_of(third)) == ("superseded", "published")
        assert Draft.objects.get(pk=first.pk).superseded_at
        confirm_status(actor=other, request=ask_for_status(actor=one, draft=second))
        assert (status_of(second), status_of(third)) == ("superseded", "published")
        with pytest.raises(IntegrityError), transaction.atomic():
            Draft.objects.create(
                guidelines=first.guidelines, number=9, label="x", source_language="en",
                status="published", published_at=timezone.now(),
            )  # fmt: skip

    @pytest.mark.parametrize(
        ("before", "after"),
        [
            ("published", "working"),
            ("superseded", "published"),
            ("adopted", "superseded"),
            ("adopted", "published"),
        ],
    )
    def test_the_database_lets_nothing_back(self, before: str, after: str) -> None:
        draft = make_draft(status=before)
        with pytest.raises(IntegrityError), transaction.atomic():
            set_status(draft, after)
        assert status_of(draft) == before


class TestAtATime:
    def test_it_happens_when_the_time_has_come_and_once(self, one: User, other: User) -> None:
        draft = make_draft(paragraphs=1)
        request = scheduled(draft, one, other)
        assert request.confirmed_at and request.carried_out_at is None and status_of(draft) == "working"
        assert carry_out_due(timezone.now() + DAY - timedelta(minutes=1)) == []
        assert status_of(draft) == "working"
        later = timezone.now() + 9 * DAY  # the worker was down
        assert carry_out_due(later) == [request.pk]
        assert status_of(draft) == "published" and Edition.objects.count() == 1
        assert carry_out_due(later) == []
        assert AuditEntry.objects.filter(action="draft.publish", actor=None).count() == 1

    def test_the_scheduler_does_it_after_having_been_away(self, one: User, other: User) -> None:
        draft = make_draft(paragraphs=1)
        scheduled(draft, one, other)
        name = "drafts.carry_out_status_requests"
        assert name in schedule.tick(timezone.now())
        assert status_of(draft) == "working"
        assert name in schedule.tick(timezone.now() + 5 * DAY)
        assert status_of(draft) == "published"
        assert ScheduledTick.objects.get(name=name).lease_until is None

    def test_without_a_second_person_nothing_happens(self, one: User) -> None:
        draft = make_draft()
        ask_for_status(actor=one, draft=draft, due_at=timezone.now() + DAY)
        assert carry_out_due(timezone.now() + 2 * DAY) == [] and status_of(draft) == "working"

    def test_confirmed_after_the_time_it_happens_at_once(self, one: User, other: User) -> None:
        draft = make_draft()
        asked = ask_for_status(actor=one, draft=draft, due_at=timezone.now() + DAY)
        StatusRequest.objects.update(due_at=timezone.now() - DAY)
        assert confirm_status(actor=other, request=asked).carried_out_at and status_of(draft) == "published"

    def test_what_waits_is_not_changed_by_anybody(self, one: User, other: User) -> None:
        draft = make_draft(paragraphs=1)
        request = scheduled(draft, one, other)
        with pytest.raises(Conflict, match="Two people have confirmed"):
            revise(draft, one)
        with pytest.raises(ValidationError, match="Two people have confirmed"):
            add_translation(
                actor=one,
                draft=draft,
                content=b"# I. Introduction\n\n1. Un mot.\n",
                filename="a.md",
                language="fr",
            )
        decline_request(actor=other, request=request, reason="A word is wrong.")
        assert revise(draft, one).version == 2
        assert carry_out_due(timezone.now() + 2 * DAY) == [] and status_of(draft) == "working"

    def test_words_changed_behind_its_back_are_not_published(self, one: User, other: User) -> None:
        draft = make_draft(paragraphs=1)
        request = scheduled(draft, one, other)
        draft.provisions.get(key="para_1").texts.update(text="Changed on the console.")
        assert carry_out_due(timezone.now() + 2 * DAY) == []
        request.refresh_from_db()
        assert (request.ending, status_of(draft)) == ("lapsed", "working")
        assert carry_out_due(timezone.now() + 3 * DAY) == []

    @pytest.mark.parametrize(("days", "wrong"), [(-1, "passed"), (200 * 365, "year")])
    def test_a_time_that_cannot_be_meant_is_told(self, one: User, days: int, wrong: str) -> None:
        with pytest.raises(ValidationError, match=wrong):
            ask_for_status(actor=one, draft=make_draft(), due_at=timezone.now() + days * DAY)

    def test_adopting_does_not_wait(self, one: User) -> None:
        with pytest.raises(ValidationError, match="Only publishing"):
            ask_for_status(
                actor=one, draft=make_draft(status="published"), target="adopted", due_at=timezone.now() + DAY
            )


class TestCirculating:
    def test_named_groups_and_nobody_else(self, one: User) -> None:
        group, stranger = make_group(slug="experts"), make_user("expert", groups=(make_group(),))
        member, draft = make_user("expert", groups=(group,)), make_draft(paragraphs=1)
        circulate_draft(actor=one, draft=draft, groups=[group])
        assert draft in Draft.objects.visible_to(member)
        for person in (stranger, make_user(), make_user("admin")):
            assert draft not in Draft.objects.visible_to(person)
        entry = AuditEntry.objects.get(action="draft.circulate")
        assert entry.changes["groups"] == ["experts"] and len(entry.changes["sha256"]["en"]) == 64

    def test_groups_come_and_go(self, one: User) -> None:
        groups = [make_group(slug=f"g-{n}") for n in range(3)]
        draft, member = make_draft(), make_user(groups=(groups[0],))
        circulate_draft(actor=one, draft=draft, groups=groups[:2])
        circulate_draft(actor=one, draft=draft, groups=groups[1:])
        assert draft not in Draft.objects.visible_to(User.objects.get(pk=member.pk))
        entry = AuditEntry.objects.get(action="draft.change_readers")
        assert (entry.changes["added"], entry.changes["removed"]) == (["g-2"], ["g-0"])
        circulate_draft(actor=one, draft=draft, groups=groups[1:])
        assert AuditEntry.objects.filter(action="draft.change_readers").count() == 1, "nothing was changed"
        with pytest.raises(ValidationError, match="at least one group"):
            circulate_draft(actor=one, draft=draft, groups=[])

    def test_taken_back_nothing_is_lost(self, one: User) -> None:
        group, draft = make_group(slug="experts"), make_draft(paragraphs=1)
        circulate_draft(actor=one, draft=draft, groups=[group])
        first = Revision.objects.get(provision_text__provision__key="para_1", version=1).content
        take_back_draft(actor=one, draft=draft)
        assert status_of(draft) == "working"
        assert not Draft.objects.visible_to(make_user(groups=(group,))).exists()
        revise(draft, one)
        kept = Revision.objects.get(provision_text__provision__key="para_1", version=1)
        assert kept.content == first
        assert AuditEntry.objects.get(action="draft.take_back").changes["groups"] == ["experts"]

    def test_a_draft_that_readers_were_asked_about_stays_before_their_eyes(self, one: User) -> None:
        asked, read = make_group(), make_group()
        draft = make_draft(paragraphs=1)
        circulate_draft(actor=one, draft=draft, groups=[asked, read])
        round = make_round(draft, groups=(asked,), title="Experts")
        for act in (
            lambda: take_back_draft(actor=one, draft=draft),
            lambda: circulate_draft(actor=one, draft=draft, groups=[read]),
        ):
            with pytest.raises(Refusal, match="“Experts” has asked"):
                act()
        circulate_draft(actor=one, draft=draft, groups=[asked])  # the group that wasn't asked may go
        Round.objects.filter(pk=round.pk).update(opens_at=timezone.now() + DAY / 2)
        take_back_draft(actor=one, draft=draft)
        assert status_of(draft) == "working"

    @pytest.mark.parametrize("status", ["published", "superseded", "adopted"])
    def test_what_is_out_is_not_circulated(self, one: User, status: str) -> None:
        draft = make_draft(status=status)
        for act in (
            lambda: circulate_draft(actor=one, draft=draft, groups=[make_group()]),
            lambda: take_back_draft(actor=one, draft=draft),
        ):
            with pytest.raises(Conflict):
                act()

    def test_not_taken_back_while_it_waits_to_be_published(self, one: User) -> None:
        draft = make_draft()
        circulate_draft(actor=one, draft=draft, groups=[make_group()])
        ask_for_status(actor=one, draft=draft)
        with pytest.raises(Conflict, match="waits to be published"):
            take_back_draft(actor=one, draft=draft)

    def test_nobody_confirms_what_was_asked_by_one_who_may_no_longer(self, one: User, other: User) -> None:
        draft = make_draft()
        request = ask_for_status(actor=one, draft=draft)
        one.role_grants.all().delete()
        with pytest.raises(Refusal, match="Decline it, and ask anew"):
            confirm_status(actor=other, request=request)
        assert status_of(draft) == "working"
        decline_request(actor=other, request=request, reason="They left.")
        ask_for_status(actor=other, draft=draft)

    @pytest.mark.parametrize("role", ["expert", "admin", "participant", "coordinator"])
    def test_others_may_not(self, role: str) -> None:
        person, group = make_user(role), make_group()
        with pytest.raises(Refusal):
            circulate_draft(actor=person, draft=make_draft(), groups=[group])
        with pytest.raises(Refusal):
            ask_for_status(actor=person, draft=make_draft())


def test_the_next_draft_of_a_circulated_one_keeps_every_key(one: User) -> None:
    draft = make_draft(paragraphs=3)
    circulate_draft(actor=one, draft=draft, groups=[make_group()])
    following = begin_draft(actor=one, base=draft, label="Next")
    keys = [list(d.provisions.order_by("position").values_list("key", flat=True)) for d in (draft, following)]
    assert keys[0] == keys[1] and len(keys[0]) == 4
    assert following.status == "working" and not following.access.exists(), "its readers are named anew"
