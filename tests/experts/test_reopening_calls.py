"""Reopening a call for one country: later dates, for a reason, told to those who speak for it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.models import Affiliation, Country
from core import outbox
from core.models import AuditEntry
from core.verdicts import Conflict
from experts.actions.announcing import reopen_for_country
from experts.models import Call, CallReopening
from experts.tasks import tell_country
from tests.factories import make_call, make_member_state, make_user

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


@pytest.fixture
def staff() -> Any:
    return make_user("staff")


def wrong(error: pytest.ExceptionInfo[ValidationError]) -> set[str]:
    return set(error.value.message_dict)


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
        ):
            assert words in body
        assert f"/en/calls/{closed.pk}/" in body and "mail server" not in body
