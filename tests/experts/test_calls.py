"""Preparing, changing, announcing and closing calls: what may change, what was promised, and who is told."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.models import Affiliation, Country
from core import outbox
from core.models import AuditEntry
from core.verdicts import Conflict, Refusal
from drafts.models import Guidelines
from experts.actions.announcing import announce_call, close_call, reopen_for_country
from experts.actions.calls import create_call, update_call
from experts.models import Call, CallReopening, NominationAnswer, OfferScore, Review, Reviewer, Score
from experts.tasks import tell_country
from tests.factories import make_call, make_member_state, make_nomination, make_user

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
TODAY = date(2026, 11, 21)
CRITERIA = [
    {"name": {"en": "Suitability", "fr": "Aptitude"}, "weight": 2},
    {"name": {"en": "Capacity"}, "weight": 1},
]


@pytest.fixture
def staff() -> Any:
    return make_user("staff")


def prepared(staff: Any, **fields: Any) -> Call:
    guidelines = Guidelines.objects.create(slug="g", title="Guidelines")
    now = timezone.now()
    plan: dict[str, Any] = {
        "kind": "experts",
        "guidelines": guidelines,
        "titles": {"en": "Call for experts", "ar": "نداء"},
        "opens_at": now + DAY,
        "closes_at": now + 10 * DAY,
        "zone": "Europe/Paris",
        "criteria": CRITERIA,
        "papers": [{"kind": "cv", "max_pages": 4}, {"kind": "letter", "required": False}],
        "questions": [{"wording": {"en": "Why?"}, "max_words": 100}],
    }
    return create_call(actor=staff, **{**plan, **fields})


def wrong(error: pytest.ExceptionInfo[ValidationError]) -> set[str]:
    return set(error.value.message_dict)


class TestPreparing:
    def test_a_call_is_prepared_with_its_lists_and_seen_by_nobody_else(self, staff: Any) -> None:
        call = prepared(staff)
        assert call.state == Call.State.PREPARED
        assert [(c.code, c.weight) for c in call.criteria.all()] == [("suitability", 2), ("capacity", 1)]
        assert call.criteria.get(code="suitability").name_fr == "Aptitude"
        assert [(p.kind, p.required, p.max_pages) for p in call.papers.all()] == [
            ("cv", True, 4),
            ("letter", False, None),
        ]
        assert call.questions.get().wording == "Why?"
        assert not Call.objects.visible_to(make_user("focal_point")).exists()
        assert AuditEntry.objects.get(action="call.create").actor == staff

    @pytest.mark.parametrize("role", ["focal_point", "drafter", "expert"])
    def test_only_the_secretariat_prepares(self, role: str) -> None:
        with pytest.raises(Refusal):
            prepared(make_user(role))
        assert not Call.objects.exists()

    @pytest.mark.parametrize(
        ("fields", "field"),
        [
            ({"titles": {"en": "  "}}, "title"),
            ({"zone": "CET"}, "zone"),
            ({"zone": "EST5EDT"}, "zone"),
            ({"kind": "none"}, "kind"),
            ({"seats": 0}, "seats"),
            ({"grace": 20_000}, "grace"),
            ({"closes_at": datetime(2020, 1, 1, tzinfo=UTC)}, "closes_at"),
            ({"opens_at": datetime(1, 1, 1, tzinfo=UTC)}, "opens_at"),
            ({"endorsement_closes_at": datetime(2020, 1, 1, tzinfo=UTC)}, "endorsement_closes_at"),
            ({"criteria": [{"name": {}, "weight": 1}]}, "criteria"),
            ({"criteria": [{"name": {"en": "A"}, "weight": 0}]}, "criteria"),
            ({"criteria": [{"code": "a", "name": {"en": "A"}}] * 2}, "criteria"),
            ({"papers": [{"kind": "cv"}, {"kind": "cv"}]}, "papers"),
            ({"papers": [{"kind": "passport"}]}, "papers"),
            ({"questions": [{"wording": {"en": ""}}]}, "questions"),
            ({"questions": [{"id": 7, "wording": {"en": "Of another call?"}}]}, "questions"),
        ],
    )
    def test_what_cannot_stand_is_told_by_field_and_nothing_is_kept(
        self, staff: Any, fields: dict[str, Any], field: str
    ) -> None:
        with pytest.raises(ValidationError) as error:
            prepared(staff, **fields)
        assert wrong(error) == {field}
        assert not Call.objects.exists() and not AuditEntry.objects.exists()

    def test_the_item_of_a_list_that_is_wrong_is_named(self, staff: Any) -> None:
        with pytest.raises(ValidationError, match="No. 2: Give it a name."):
            prepared(staff, criteria=[*CRITERIA[:1], {"name": {"fr": " "}}])

    def test_criteria_of_the_same_name_have_codes_of_their_own(self, staff: Any) -> None:
        call = prepared(staff, criteria=[{"name": {"en": "A"}}, {"name": {"en": "A"}}, {"name": {"ar": "ب"}}])
        assert [c.code for c in call.criteria.all()] == ["a", "a-2", "criterion"]


class TestChanging:
    def test_in_preparation_everything_may_change(self, staff: Any) -> None:
        call = prepared(staff)
        question = call.questions.get()
        changed = update_call(
            actor=staff,
            call=call,
            version=1,
            titles={"en": "Experts wanted", "ar": ""},
            closes_at=call.closes_at - 5 * DAY,
            per_country_limit=None,
            criteria=[{"code": "capacity", "name": {"en": "Capacity"}, "weight": 5}],
            papers=[],
            questions=[{"id": question.pk, "wording": {"en": "Why you?"}, "max_words": 50}],
        )
        assert changed.version == 2 and changed.title_en == "Experts wanted" and changed.title_ar is None
        assert [(c.code, c.weight) for c in changed.criteria.all()] == [("capacity", 5)]
        assert not changed.papers.exists()
        assert changed.questions.get().pk == question.pk

    def test_a_change_of_nothing_leaves_no_trace(self, staff: Any) -> None:
        call = prepared(staff)
        same = update_call(actor=staff, call=call, seats=call.seats, titles={"en": "Call for experts"})
        assert same.version == 1 and not AuditEntry.objects.filter(action="call.update").exists()

    def test_who_was_faster_is_not_overwritten(self, staff: Any) -> None:
        call = prepared(staff)
        update_call(actor=staff, call=call, version=1, seats=31)
        with pytest.raises(Conflict) as conflict:
            update_call(actor=make_user("staff"), call=call, version=1, seats=29)
        assert conflict.value.current["version"] == 2
        call.refresh_from_db()
        assert call.seats == 31

    def test_the_trail_notes_instants_and_counts_but_neither_words_nor_the_grace(self, staff: Any) -> None:
        call = prepared(staff)
        update_call(actor=staff, call=call, terms={"en": "Secret words"}, grace=47, seats=31)
        entry = AuditEntry.objects.get(action="call.update")
        assert entry.changes == {"seats": 31}

    def test_only_the_secretariat_changes(self) -> None:
        with pytest.raises(Refusal):
            update_call(actor=make_user("focal_point"), call=make_call(), seats=1)


class TestPromises:
    """An announced and open call keeps its word."""

    @pytest.mark.parametrize(
        "fields",
        [
            {"closes_at": timezone.now() + 12 * timedelta(hours=1)},
            {"seats": 3},
            {"per_country_limit": 1},
        ],
    )
    def test_less_than_was_announced_takes_a_reason(self, staff: Any, fields: dict[str, Any]) -> None:
        call = make_call()
        with pytest.raises(ValidationError) as error:
            update_call(actor=staff, call=call, **fields)
        assert wrong(error) == {"reason"}
        update_call(actor=staff, call=call, reason="The meeting was moved.", **fields)
        entry = AuditEntry.objects.get(action="call.update")
        assert entry.changes["reason"] == "The meeting was moved." and set(fields) < set(entry.changes)

    def test_an_endorsement_date_taken_away_is_an_earlier_deadline(self, staff: Any) -> None:
        call = make_call(endorsement_closes_at=timezone.now() + 8 * DAY)
        with pytest.raises(ValidationError) as error:
            update_call(actor=staff, call=call, endorsement_closes_at=None)
        assert wrong(error) == {"reason"}

    def test_more_time_needs_none(self, staff: Any) -> None:
        call = make_call()
        assert update_call(actor=staff, call=call, closes_at=call.closes_at + DAY).version == 2

    def test_the_limit_is_not_lowered_below_what_was_submitted(self, staff: Any) -> None:
        call = make_call(per_country_limit=3)
        for state in ("submitted", "awaiting_endorsement", "withdrawn", "draft"):
            make_nomination(call, state=state, country="KEN")
        make_nomination(call, country="FRA")
        with pytest.raises(ValidationError) as error:
            update_call(actor=staff, call=call, per_country_limit=1, reason="Too many.")
        assert error.value.message_dict == {
            "per_country_limit": ["A country has nominated 2 people already: the limit can’t be lower."]
        }
        assert (
            update_call(actor=staff, call=call, per_country_limit=2, reason="Too many.").per_country_limit
            == 2
        )

    @pytest.mark.parametrize(
        ("fields", "field"),
        [
            ({"opens_at": timezone.now() + timedelta(hours=3)}, "opens_at"),
            ({"closes_at": timezone.now() - timedelta(hours=1)}, "closes_at"),
            ({"motivation_words": 100}, "motivation_words"),
            ({"retention_days": 1000}, "retention_days"),
            ({"papers": [{"kind": "cv", "required": True}, {"kind": "letter"}]}, "papers"),
            ({"papers": [{"kind": "cv", "required": True, "max_pages": 2}]}, "papers"),
            ({"questions": [{"wording": {"en": "More?"}, "required": True}]}, "questions"),
        ],
    )
    def test_what_was_promised_is_not_taken_back_even_with_a_reason(
        self, staff: Any, fields: dict[str, Any], field: str
    ) -> None:
        call = make_call()
        call.papers.create(kind="cv", required=True, max_pages=4)
        with pytest.raises(ValidationError) as error:
            update_call(actor=staff, call=call, reason="We want to.", **fields)
        assert wrong(error) == {field}
        call.refresh_from_db()
        assert call.version == 1

    def test_criteria_are_frozen_once_the_scoring_phase_begins_but_for_missing_languages(
        self, staff: Any
    ) -> None:
        call = make_call(kind="experts", scoring_opens_at=timezone.now() - DAY)
        call.criteria.create(code="fit", name="Fit", name_en="Fit", weight=2, position=1)
        fit = {"code": "fit", "name": {"en": "Fit"}, "weight": 2}
        for criteria in (
            [],
            [{**fit, "weight": 3}],
            [{**fit, "name": {"en": "Fitness"}}],
            [fit, {"name": {"en": "More"}}],
        ):
            with pytest.raises(ValidationError) as error:
                update_call(actor=staff, call=call, criteria=criteria)
            assert wrong(error) == {"criteria"}
        update_call(actor=staff, call=call, criteria=[{**fit, "name": {"en": "Fit", "fr": "Aptitude"}}])
        assert call.criteria.get().name_fr == "Aptitude"

    @pytest.mark.parametrize("kind", ["experts", "hosting"])
    def test_a_first_score_freezes_criteria_too(self, staff: Any, kind: str) -> None:
        call = make_call(kind=kind)
        criterion = call.criteria.create(code="fit", name="Fit", name_en="Fit", weight=2, position=1)
        if kind == "experts":
            reviewer = Reviewer.objects.create(call=call, user=make_user("expert"), added_by=staff)
            review = Review.objects.create(reviewer=reviewer, nomination=make_nomination(call))
            Score.objects.create(review=review, criterion=criterion, value=3)
        else:
            slot = call.slots.create(title="Meeting", title_en="Meeting", starts_on=TODAY, ends_on=TODAY)
            offer = slot.offers.create(created_by=staff, country_id="KEN")
            OfferScore.objects.create(offer=offer, criterion=criterion, scored_by=staff, value=3)
        with pytest.raises(ValidationError, match="Scoring has begun"):
            update_call(
                actor=staff, call=call, criteria=[{"code": "fit", "name": {"en": "Fit"}, "weight": 9}]
            )

    def test_a_question_that_was_answered_stays(self, staff: Any) -> None:
        call = make_call()
        question = call.questions.create(wording="Why?", wording_en="Why?")
        NominationAnswer.objects.create(nomination=make_nomination(call), question=question, text="So.")
        with pytest.raises(ValidationError, match="somebody has answered"):
            update_call(actor=staff, call=call, questions=[])

    def test_a_call_that_has_closed_is_prolonged_for_all_only_with_a_reason(self, staff: Any) -> None:
        now = timezone.now()
        call = make_call(opens_at=now - 5 * DAY, closes_at=now - DAY)
        with pytest.raises(ValidationError) as error:
            update_call(actor=staff, call=call, closes_at=now + DAY)
        assert wrong(error) == {"reason"}
        prolonged = update_call(actor=staff, call=call, closes_at=now + DAY, reason="The portal was away.")
        assert prolonged.state == Call.State.OPEN

    @pytest.mark.parametrize("over", ["closed_at", "decided_at"])
    def test_what_is_over_for_all_is_not_prolonged(self, staff: Any, over: str) -> None:
        call = make_call(**{over: timezone.now()})
        with pytest.raises(ValidationError) as error:
            update_call(actor=staff, call=call, closes_at=call.closes_at + DAY, reason="Please.")
        assert wrong(error) == {"closes_at"}


class TestAnnouncing:
    def test_announced_it_is_everybody_s_and_twice_is_once(self, staff: Any) -> None:
        call = prepared(staff)
        for _ in range(2):
            announce_call(actor=staff, call=call, version=1)
        assert Call.objects.visible_to(make_user()).get().state == Call.State.PLANNED
        assert AuditEntry.objects.filter(action="call.announce").count() == 1

    def test_what_changed_since_the_summary_is_not_announced(self, staff: Any) -> None:
        call = prepared(staff)
        update_call(actor=staff, call=call, seats=12)
        with pytest.raises(Conflict):
            announce_call(actor=staff, call=call, version=1)
        call.refresh_from_db()
        assert call.announced_at is None

    def test_closing_early_takes_a_reason_and_happens_once(self, staff: Any) -> None:
        call = make_call()
        with pytest.raises(ValidationError) as error:
            close_call(actor=staff, call=call, reason=" ")
        assert wrong(error) == {"reason"}
        for _ in range(2):
            closed = close_call(actor=staff, call=call, reason="Enough came in.")
        assert closed.state == Call.State.CLOSED
        assert AuditEntry.objects.get(action="call.close").changes == {"reason": "Enough came in."}

    def test_only_an_open_call_is_closed(self, staff: Any) -> None:
        call = prepared(staff)
        with pytest.raises(Conflict) as conflict:
            close_call(actor=staff, call=call, reason="Why not.")
        assert conflict.value.current["state"] == "prepared"

    def test_only_the_secretariat_announces_closes_and_reopens(self) -> None:
        call, focal = make_call(), make_user("focal_point")
        kenya = Country.objects.get(pk="KEN")
        for refused in (
            lambda: announce_call(actor=focal, call=call),
            lambda: close_call(actor=focal, call=call, reason="x"),
            lambda: reopen_for_country(
                actor=focal, call=call, country=kenya, closes_at=call.closes_at + DAY, reason="x"
            ),
        ):
            with pytest.raises(Refusal):
                refused()


class TestReopening:
    @pytest.fixture
    def closed(self) -> Call:
        now = timezone.now()
        return make_call(
            opens_at=now - 9 * DAY, closes_at=now - DAY, zone="Europe/Paris", title="Experts wanted"
        )

    def reopen(self, staff: Any, call: Call, days: int = 3, **fields: Any) -> CallReopening:
        closes = timezone.now().replace(second=0, microsecond=0) + days * DAY
        given: dict[str, Any] = {"closes_at": closes, "reason": "Their mail server was away.", **fields}
        return reopen_for_country(actor=staff, call=call, country=Country.objects.get(pk="KEN"), **given)

    def test_one_country_has_later_dates_and_the_others_do_not(self, staff: Any, closed: Call) -> None:
        given = self.reopen(staff, closed)
        assert closed.deadlines_for("KEN") == (given.closes_at, given.closes_at)
        assert closed.deadlines_for("FRA") == (closed.closes_at, closed.closes_at)
        entry = AuditEntry.objects.get(action="call.reopen")
        assert entry.changes["country"] == "KEN" and "reason" not in entry.changes

    def test_the_same_again_changes_nothing(self, staff: Any, closed: Call) -> None:
        closes = timezone.now() + 3 * DAY
        assert self.reopen(staff, closed, closes_at=closes) == self.reopen(staff, closed, closes_at=closes)
        assert CallReopening.objects.count() == AuditEntry.objects.filter(action="call.reopen").count() == 1

    @pytest.mark.parametrize(
        ("fields", "field"),
        [
            ({"days": -1}, "closes_at"),
            ({"reason": " "}, "reason"),
            ({"endorsement_closes_at": datetime(2020, 1, 1, tzinfo=UTC)}, "endorsement_closes_at"),
            ({"closes_at": datetime(9998, 1, 1, tzinfo=UTC)}, "closes_at"),
        ],
    )
    def test_what_gives_no_time_is_refused_by_field(
        self, staff: Any, closed: Call, fields: dict[str, Any], field: str
    ) -> None:
        with pytest.raises(ValidationError) as error:
            self.reopen(staff, closed, **fields)
        assert wrong(error) == {field}

    def test_a_reopening_takes_no_time_away(self, staff: Any) -> None:
        call = make_call(closes_at=timezone.now() + 9 * DAY)
        with pytest.raises(ValidationError, match="has until then already"):
            self.reopen(staff, call, days=3)

    @pytest.mark.parametrize("fields", [{"announced": False}, {"decided_at": timezone.now()}])
    def test_what_is_not_announced_or_decided_is_not_reopened(
        self, staff: Any, fields: dict[str, Any]
    ) -> None:
        with pytest.raises(Conflict):
            self.reopen(staff, make_call(**fields))

    def test_contact_point_and_deputies_are_told_once_with_every_zone(self, staff: Any, closed: Call) -> None:
        contact, deputy, member, unconfirmed = (
            make_user(language="en", time_zone="Africa/Nairobi", name=name) for name in "abcd"
        )
        kenya = make_member_state("KEN", contact=contact)
        now = timezone.now()
        for person, role, since in (
            (deputy, "deputy", now),
            (member, "member", now),
            (unconfirmed, "deputy", None),
        ):
            Affiliation.objects.create(user=person, organisation=kenya, role=role, confirmed_at=since)
        make_member_state("FRA", contact=make_user())
        given = self.reopen(staff, closed)
        outbox.drain(limit=100)
        tell_country(f"experts.callreopening:{given.pk}")
        outbox.drain(limit=100)
        assert sorted(m.to[0] for m in mail.outbox) == sorted([contact.email, deputy.email])
        body = mail.outbox[0].body
        assert "Experts wanted" in mail.outbox[0].subject and "Kenya" in mail.outbox[0].subject
        for words in (
            "Paris (Central European",
            "UTC+0",
            " UTC; your time:",
            "Nairobi (East Africa Time",
            "in 3 days",
        ):
            assert words in body
        assert f"/en/calls/{closed.pk}/" in body and "mail server" not in body
