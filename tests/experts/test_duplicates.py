"""Nominations that look like one person's: found, shown, decided, never merged."""

import time
from typing import Any

import pytest

from core.models import AuditEntry
from core.verdicts import Conflict, Refusal, Vanished
from experts.actions.duplicates import decide_duplicate
from experts.duplicates import likenesses
from experts.likeness import Candidate, Reason, look_alike, plain_name
from experts.models import ConflictOfInterest, DuplicateVerdict, Nomination
from tests.experts.reviewing.world import client_of
from tests.factories import make_call, make_nomination, make_user


def reason_of(one: str, other: str, *, same_address: bool = False) -> Any:
    first = Candidate(1, one, "a@example.org")
    second = Candidate(2, other, "a@example.org" if same_address else "b@example.org")
    return look_alike([second, first]).get((1, 2))


@pytest.mark.parametrize(
    ("one", "other", "reason"),
    [
        ("Ana Ruiz", "ana ruiz", Reason.NAME),
        ("José Núñez", "NUNEZ, Jose", Reason.NAME),
        ("Ａｎａ Ruiz", "Ana Ruiz", Reason.NAME),
        ("Жанна Фёдорова", "Федорова Жанна", Reason.NAME),
        ("李小龙", "李小龙", Reason.NAME),
        ("Kwabena Tetteh", "Kwabena Teteh", Reason.NEAR_NAME),
        ("Thandiwe Mokoena", "Thandi Mokoena", Reason.NEAR_NAME),
        ("Ana Ruiz", "Ana Ruano", None),
        ("Li Wei", "Li Min", None),
        ("李伟", "李娜", None),
        ("Mohamed Ali", "محمد علي", None),
    ],
)
def test_what_looks_alike(one: str, other: str, reason: Reason | None) -> None:
    assert reason_of(one, other) == reason


def test_the_same_address_is_the_strongest_reason() -> None:
    assert reason_of("Ana Ruiz", "Ana Ruiz", same_address=True) == Reason.EMAIL
    assert reason_of("Ana Ruiz", "Bo Li", same_address=True) == Reason.EMAIL


def test_names_of_signs_alone_are_nobodys() -> None:
    assert plain_name("…") == "" and reason_of("…", "?") is None


def test_five_hundred_are_compared_in_a_moment() -> None:
    rows = [Candidate(n, f"Person{n * 7919} Family{n * 104729}", f"p{n}@example.org") for n in range(500)]
    begun = time.monotonic()
    look_alike(rows)
    assert time.monotonic() - begun < 2


@pytest.fixture
def pair(db: Any) -> tuple[Nomination, Nomination]:
    call = make_call()
    first = make_nomination(call, name="Ana Ruiz", country="PER", email="ana@example.org")
    return first, make_nomination(call, name="RUIZ Ana", country="KEN", email="ana@example.org")


def decide(
    actor: Any, pair: tuple[Nomination, Nomination], *, same: bool = True, reason: str = "Same CV.", **k: Any
) -> Any:
    first, second = pair
    return decide_duplicate(
        actor=actor, call=first.call, first=second.pk, second=first.pk, same=same, reason=reason, **k
    )


def test_a_verdict_is_kept_can_be_changed_and_merges_nothing(pair: tuple[Nomination, Nomination]) -> None:
    staff, colleague = make_user("staff"), make_user("staff")
    made = decide(staff, pair)
    assert (made.first_id, made.second_id, made.same) == (pair[0].pk, pair[1].pk, True)
    assert (
        decide(staff, pair).pk == made.pk and AuditEntry.objects.filter(action="nomination.same").count() == 2
    )
    with pytest.raises(Conflict):
        decide(colleague, pair, same=False)
    decide(colleague, pair, same=False, reason="Namesakes.", seen=made.decided_at.isoformat())
    assert DuplicateVerdict.objects.get().same is False
    assert Nomination.objects.filter(state="submitted").count() == 2


def test_who_is_barred_sees_and_decides_nothing(pair: tuple[Nomination, Nomination]) -> None:
    staff, call = make_user("staff"), pair[0].call
    assert len(likenesses(staff, call)) == 1
    ConflictOfInterest.objects.create(user=staff, nomination=pair[1], kind="family", pinned=True)
    assert likenesses(staff, call) == []
    with pytest.raises(Vanished):
        decide(staff, pair)
    with pytest.raises(Refusal):
        decide(make_user("admin"), pair)
    page = client_of(staff).get(f"/en/calls/{call.pk}/nominations/duplicates/").content.decode()
    assert "Ruiz" not in page and "RUIZ" not in page


def test_the_page_shows_both_and_keeps_the_verdict(pair: tuple[Nomination, Nomination]) -> None:
    staff, address = make_user("staff"), f"/en/calls/{pair[0].call.pk}/nominations/duplicates/"
    client = client_of(staff)
    page = client.get(address).content.decode()
    assert "Ana Ruiz" in page and "RUIZ Ana" in page and "The same e-mail address" in page
    key = f"{pair[0].pk}-{pair[1].pk}"
    assert client.post(address, {"pair": key, "same": "1", "reason": ""}).status_code == 400
    assert client.post(address, {"pair": key, "same": "1", "reason": "One CV."}).status_code == 302
    assert "One CV." in client.get(address).content.decode()
    assert client.post(address, {"pair": key, "same": "0", "reason": "No."}).status_code == 409
    assert client.post(address, {"pair": "x", "same": "0", "reason": "No."}).status_code == 404
    assert DuplicateVerdict.objects.get().same is True


def test_queries_do_not_grow(pair: tuple[Nomination, Nomination], django_assert_num_queries: Any) -> None:
    staff, call = make_user("staff"), pair[0].call
    client = client_of(staff)
    address = f"/en/calls/{call.pk}/nominations/duplicates/"
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.get(address)
    with CaptureQueriesContext(
        connection,
    ) as few:
        client.get(address)
    for _n in range(4):
        make_nomination(call, name="Ana Ruiz")
    with CaptureQueriesContext(connection) as many:
        client.get(address)
    assert len(many) == len(few)
