"""A draft's way when several people, or several workers, move it at the same moment."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from threading import Barrier, BrokenBarrierError
from typing import Any

import pytest
from django.db import connections
from django.utils import timezone

from core import outbox, schedule
from core.models import AuditEntry, Notice
from core.verdicts import Conflict, Refusal
from drafts.actions import drafting, numbering
from drafts.actions.checking import waive_finding
from drafts.actions.circulating import circulate_draft
from drafts.actions.editions import canonical_bytes
from drafts.actions.publishing import ask_for_status, carry_out_due, confirm_status, decline_request
from drafts.actions.revising import revise_provision
from drafts.models import Draft, Edition, Finding, Provision, ProvisionText, StatusRequest, Waiver
from tests.drafts.later import finish, make_later, translate
from tests.factories import make_draft, make_group, make_user

pytestmark = [pytest.mark.django_db(transaction=True)]
AT_ONCE = 5
HOUR = timedelta(hours=1)


def all_at_once(*acts: Callable[[], Any]) -> list[str]:
    """Every act on a connection of its own; what became of each."""

    def one(act: Callable[[], Any]) -> str:
        try:
            found = act()
        except (Conflict, Refusal) as refused:
            return type(refused).__name__.lower()
        finally:
            connections.close_all()
        return f"done {found}" if isinstance(found, list) else "done"

    with ThreadPoolExecutor(len(acts)) as pool:
        return sorted(pool.map(one, acts))


def published() -> int:
    return AuditEntry.objects.filter(action="draft.publish").count()


def test_of_many_confirmations_one_counts() -> None:
    draft = make_draft(paragraphs=2)
    asked = ask_for_status(actor=make_user("drafter"), draft=draft)
    staff = [make_user("staff") for _ in range(AT_ONCE)]
    found = all_at_once(*(lambda s=s: confirm_status(actor=s, request=asked) for s in staff))
    assert found == ["conflict"] * (AT_ONCE - 1) + ["done"]
    assert published() == 1 and Edition.objects.count() == 1


def test_of_many_who_ask_one_is_heard() -> None:
    draft = make_draft()
    staff = [make_user("staff") for _ in range(AT_ONCE)]
    found = all_at_once(*(lambda s=s: ask_for_status(actor=s, draft=draft) for s in staff))
    assert found == ["conflict"] * (AT_ONCE - 1) + ["done"]
    assert StatusRequest.objects.count() == 1


def test_confirmed_and_declined_at_once_it_is_one_of_both() -> None:
    draft = make_draft()
    asked = ask_for_status(actor=make_user("drafter"), draft=draft)
    one, other = make_user("staff"), make_user("staff")
    found = all_at_once(
        lambda: confirm_status(actor=one, request=asked),
        lambda: decline_request(actor=other, request=asked, reason="No."),
    )
    assert found == ["conflict", "done"]
    asked.refresh_from_db()
    assert bool(asked.carried_out_at) is not bool(asked.ended_at)
    assert (Draft.objects.get(pk=draft.pk).status == "published") is bool(asked.carried_out_at)


def test_two_workers_carry_out_what_is_due_once_however_late() -> None:
    draft = make_draft(paragraphs=2)
    asked = ask_for_status(actor=make_user("drafter"), draft=draft, due_at=timezone.now() + HOUR)
    confirm_status(actor=make_user("staff"), request=asked)
    later = timezone.now() + timedelta(days=6)
    found = all_at_once(*[lambda: carry_out_due(later)] * AT_ONCE)
    assert sorted(found, key=len) == ["done []"] * (AT_ONCE - 1) + [f"done [{asked.pk}]"]
    assert published() == 1
    all_at_once(*[lambda: schedule.tick(later + timedelta(days=1)) and None] * 2)
    assert published() == 1 and Draft.objects.get(pk=draft.pk).status == "published"
    outbox.drain()
    assert Notice.objects.filter(kind="status_settled", occurrence="carried_out").count() == 2


def test_stopped_in_the_last_moment_or_published_but_never_both() -> None:
    draft, staff = make_draft(), make_user("staff")
    asked = ask_for_status(actor=make_user("drafter"), draft=draft, due_at=timezone.now() + HOUR)
    confirm_status(actor=staff, request=asked)
    later = timezone.now() + 2 * HOUR
    all_at_once(
        lambda: carry_out_due(later), lambda: decline_request(actor=staff, request=asked, reason="Stop.")
    )
    asked.refresh_from_db()
    assert bool(asked.carried_out_at) is not bool(asked.ended_at)
    assert published() == bool(asked.carried_out_at)


def test_a_provision_saved_while_the_draft_comes_out_is_in_it_or_refused() -> None:
    draft = make_draft(paragraphs=AT_ONCE)
    asked = ask_for_status(actor=make_user("drafter"), draft=draft)
    staff, drafter = make_user("staff"), make_user("drafter")

    def revise(key: str) -> None:
        provision = Provision.objects.get(draft=draft, key=key)
        revise_provision(actor=drafter, provision=provision, language="en", version=1, text="New words.")

    keys = [f"para_{n}" for n in range(1, AT_ONCE + 1)]
    all_at_once(
        *(lambda k=k: revise(k) for k in keys[:2]),
        lambda: confirm_status(actor=staff, request=asked),
        *(lambda k=k: revise(k) for k in keys[2:]),
    )
    draft.refresh_from_db()
    assert draft.status == "published"
    frozen = bytes(Edition.objects.get().canonical)
    assert frozen == canonical_bytes(draft, "en"), "what was frozen is what stands"


def test_two_drafts_published_at_once_leave_one() -> None:
    first = make_draft(status="published")
    drafts = [make_draft(guidelines=first.guidelines, number=n) for n in (2, 3)]
    asked = [ask_for_status(actor=make_user("drafter"), draft=draft) for draft in drafts]
    staff = make_user("staff")
    found = all_at_once(*(lambda a=a: confirm_status(actor=staff, request=a) for a in asked))
    assert found == ["done", "done"]
    statuses = dict(Draft.objects.values_list("number", "status"))
    assert statuses == {1: "superseded", 2: "superseded", 3: "published"}


def test_circulated_by_two_at_once_the_members_are_told_once() -> None:
    group = make_group()
    member, draft = make_user("expert", groups=(group,)), make_draft()
    staff = [make_user("staff") for _ in range(3)]
    found = all_at_once(
        *(lambda s=s: circulate_draft(actor=s, draft=draft, groups=[group]) and None for s in staff)
    )
    assert found == ["done"] * 3
    all_at_once(*[lambda: outbox.drain() and None] * 2)
    assert [notice.recipient for notice in Notice.objects.filter(kind="draft_circulated")] == [member]
    assert AuditEntry.objects.filter(action="draft.circulate").count() == 1


def test_a_draft_is_begun_while_a_finding_of_its_base_is_waived(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each holds its first lock before the other asks for its second."""
    draft, drafter = make_draft(paragraphs=1), make_user("drafter")
    Finding.objects.create(
        draft=draft, code="x", key="", language="", fingerprint="f" * 64, severity="note", position=0
    )
    both = Barrier(2)
    labels, waive = numbering.labels_of, Waiver.objects.get_or_create

    def met() -> None:
        with suppress(BrokenBarrierError):  # SQLite lets them in one after the other
            both.wait(timeout=2)

    monkeypatch.setattr(numbering, "labels_of", lambda of, **more: (met(), labels(of, **more))[1])
    monkeypatch.setattr(Waiver.objects, "get_or_create", lambda **of: (met(), waive(**of))[1])
    assert all_at_once(
        lambda: drafting.begin_draft(actor=drafter, base=draft, label="Next") and None,
        lambda: waive_finding(actor=drafter, draft=draft, fingerprint="f" * 64, reason="So be it.") and None,
    ) == ["done", "done"]
    assert Draft.objects.count() == 2 and Waiver.objects.count() == 1


@pytest.mark.parametrize("turn", range(3))
def test_a_language_released_while_it_is_being_translated(turn: int) -> None:
    """What comes out is what somebody confirmed, whole: the later of two is told, and no word is changed afterwards."""
    draft = make_later()
    finish(draft)
    translators = [make_user("drafter") for _ in range(AT_ONCE)]
    asked = ask_for_status(
        actor=make_user("drafter"), draft=draft, target=StatusRequest.Target.RELEASED, language="fr"
    )
    staff = make_user("staff")
    found = all_at_once(
        *(lambda t=t: translate(t, draft, "para_1") for t in translators),
        lambda: confirm_status(actor=staff, request=asked, seen=asked.asked_sha256),
    )
    assert "done" in found
    released = Edition.objects.filter(draft=draft, language="fr").first()
    words = ProvisionText.with_unreleased.filter(provision__draft=draft, language="fr")
    if released is not None:
        assert released.sha256 == asked.asked_sha256
        assert bytes(released.canonical) == canonical_bytes(draft, "fr")
    assert set(words.values_list("unreleased", flat=True)) == {released is None}


def test_of_many_who_release_a_language_one_does() -> None:
    draft = make_later()
    finish(draft)
    asked = ask_for_status(
        actor=make_user("drafter"), draft=draft, target=StatusRequest.Target.RELEASED, language="fr"
    )
    staff = [make_user("staff") for _ in range(AT_ONCE)]
    found = all_at_once(*(lambda s=s: confirm_status(actor=s, request=asked) for s in staff))
    assert found == ["conflict"] * (AT_ONCE - 1) + ["done"]
    assert Edition.objects.filter(draft=draft, language="fr").count() == 1
