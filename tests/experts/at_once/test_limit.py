"""A country's places, taken by every way in at the same moment; and the deadline, moved at that moment."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import Country
from accounts.queries import consent_text
from core.models import Outbox, subject_of
from core.spreadsheets import read_table
from core.verdicts import Conflict
from experts.actions import limits, submitting
from experts.actions.announcing import close_call, reopen_for_country
from experts.actions.calls import update_call
from experts.actions.importing import import_nominations
from experts.actions.limits import nominated_by
from experts.actions.nominating import apply_for, enter, nominate, tell_nominee
from experts.actions.submitting import CONSENT, endorse, hand_in, hand_in_entered, withdraw
from experts.models import Call, Nomination
from experts.nomination_sheet import find_columns
from tests.experts.at_once.threads import at_once, meeting, refused, went_through
from tests.experts.nominees import WHOLE, fill, handed_in, make_focal_point, make_paper_call, make_person
from tests.factories import make_user

pytestmark = pytest.mark.django_db(transaction=True)
Work = Callable[[], Any]
HOUR = timedelta(hours=1)


def applied(call: Call, country: str, **words: Any) -> Nomination:
    """An application, handed in by its nominee."""
    person = make_person()
    begun = apply_for(actor=person, call=call, country=Country.objects.get(pk=country))
    return handed_in(fill(begun, person, cv=False), person)


def told(call: Call, focal: Any, n: int, **more: Any) -> Work:
    """The focal point hands the draft of somebody to them."""
    words = {"name": f"Person {n}", "email": f"told-{call.pk}-{n}@example.org"}
    draft = nominate(actor=focal, call=call, changes=words, attested=False)
    return partial(tell_nominee, actor=focal, nomination=draft, version=draft.version, attested=True)


def endorsed(call: Call, focal: Any, country: str) -> Work:
    nomination = applied(call, country)
    return partial(endorse, actor=focal, nomination=nomination, version=nomination.version)


def entered(call: Call, staff: Any, country: str, n: int) -> Work:
    words = {**WHOLE, "name": f"Person {n}", "email": f"entered-{call.pk}-{n}@example.org"}
    words.pop("interests")
    draft = enter(actor=staff, call=call, country=Country.objects.get(pk=country), changes=words)
    return partial(hand_in_entered, actor=staff, nomination=draft, version=draft.version)


def imported(call: Call, staff: Any, country: str, n: int) -> Work:
    lines = [
        "name,email,gender,country,expertise,level_of_government,languages,merit",
        f"Person {n},imported-{call.pk}-{n}@example.org,woman,{country},1,local,es,",
    ]
    sheet = find_columns(read_table("\n".join(lines).encode()))

    def bring() -> Any:
        found = import_nominations(actor=staff, call=call, sheet=sheet)
        if found.imported == 0:
            raise Conflict(found.entries[0].problems[0].what)
        return found

    return bring


def test_twelve_ways_into_two_places() -> None:
    """Also while the call is reopened for the country: it has more time, and no more places."""
    country, staff = "PER", make_user("staff")
    focal, call = make_focal_point(country), make_paper_call(letter=False)
    Call.objects.filter(pk=call.pk).update(per_country_limit=2)
    call.papers.all().delete()
    works = [told(call, focal, n) for n in range(3)]
    works += [endorsed(call, focal, country) for _n in range(3)]
    works += [entered(call, staff, country, n) for n in range(3)]
    works += [imported(call, staff, country, n) for n in range(3)]
    close_call(actor=staff, call=call, reason="Enough.")
    again = {"closes_at": timezone.now() + HOUR, "reason": "A storm."}
    reopen_for_country(actor=staff, call=call, country=Country.objects.get(pk=country), **again)
    with meeting(limits, "nominated_by", parties=12, after=True):
        results = at_once(*works)
    assert refused(results) == [Conflict] * 10
    assert nominated_by(call, country) == len(went_through(results)) == 2


def test_a_place_given_back_is_taken_once() -> None:
    focal, call = make_focal_point("ECU"), make_paper_call(letter=False, per_country_limit=1)
    call.papers.all().delete()
    standing = told(call, focal, 1)()
    works = [told(call, focal, n) for n in (2, 3)]
    results = at_once(partial(withdraw, actor=focal, nomination=standing), *works)
    assert nominated_by(call, "ECU") == len(went_through(results[1:])) <= 1


def test_the_same_address_by_two_drafts_at_once_is_one() -> None:
    focal, call = make_focal_point("BOL"), make_paper_call(letter=False, per_country_limit=None)
    drafts = [
        nominate(
            actor=focal, call=call, changes={"name": "Ana", "email": f"ana-{call.pk}@x.org"}, attested=False
        )
        for _n in range(3)
    ]
    with meeting(submitting, "refuse_twice", parties=3, after=True):
        results = at_once(
            *(
                partial(tell_nominee, actor=focal, nomination=draft, version=draft.version, attested=True)
                for draft in drafts
            )
        )
    assert refused(results) == [Conflict] * 2
    assert call.nominations.filter(state="awaiting_nominee").count() == 1


def test_a_limit_lowered_while_places_are_taken() -> None:
    staff, focal = make_user("staff"), make_focal_point("URY")
    call = make_paper_call(letter=False, per_country_limit=3)
    works = [told(call, focal, n) for n in range(3)]
    lowered = partial(update_call, actor=staff, call=call, per_country_limit=1, reason="Fewer seats.")
    at_once(lowered, *works)
    call.refresh_from_db()
    assert call.per_country_limit is not None
    assert nominated_by(call, "URY") <= call.per_country_limit


@pytest.mark.parametrize("way", ["closed", "moved"])
def test_handing_in_against_closing_early_and_a_moved_deadline(way: str) -> None:
    """Whichever is first: what was handed in counts and came before the end, what came after it is a draft still."""
    staff = make_user("staff")
    call = make_paper_call(letter=False, closes_at=timezone.now() + HOUR)
    call.papers.all().delete()
    people = [make_person() for _n in range(3)]
    kenya = Country.objects.get(pk="KEN")
    drafts = [fill(apply_for(actor=p, call=call, country=kenya), p) for p in people]

    def end() -> Any:
        if way == "closed":
            return close_call(actor=staff, call=call, reason="Enough.")
        soon = timezone.now() + timedelta(milliseconds=30)
        return update_call(actor=staff, call=call, closes_at=soon, reason="Soon.")

    at_once(end, *(partial(handed_in, d, p) for d, p in zip(drafts, people, strict=True)))
    call.refresh_from_db()
    end_at = call.closed_at or call.closes_at
    for nomination in Nomination.objects.filter(call=call):
        if nomination.state == "draft":
            assert nomination.submitted_at is None
        else:
            assert nomination.state == "awaiting_endorsement"
            assert nomination.submitted_at is not None and nomination.submitted_at < end_at
            told = Outbox.objects.filter(
                handler="experts.tell_of_move", subject=subject_of(nomination.moves.get())
            )
            assert told.count() == 1


def test_a_reopening_lets_in_who_waits_for_it_and_nobody_else() -> None:
    staff, call = make_user("staff"), make_paper_call(letter=False)
    call.papers.all().delete()
    people = {code: make_person() for code in ("KEN", "FRA")}
    drafts = {
        code: fill(apply_for(actor=p, call=call, country=Country.objects.get(pk=code)), p)
        for code, p in people.items()
    }
    close_call(actor=staff, call=call, reason="Enough.")
    text = consent_text(1, "en", CONSENT)

    def submit(code: str) -> Nomination:
        version = drafts[code].version
        return hand_in(
            actor=people[code], nomination=drafts[code], version=version, consent=text, declared=True
        )

    kenya = Country.objects.get(pk="KEN")
    later = timezone.now() + HOUR
    reopen = partial(
        reopen_for_country, actor=staff, call=call, country=kenya, closes_at=later, reason="A storm."
    )
    at_once(reopen, reopen, partial(submit, "KEN"), partial(submit, "FRA"))
    assert call.reopenings.count() == 1
    assert submit("KEN").state == "awaiting_endorsement"
    assert submit("FRA").state == "draft"
