"""Runs of the checks: kept, run again when something changed, after events and as a job; waivers."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from core import jobs, outbox
from core.models import AuditEntry, Job, Outbox
from core.verdicts import Conflict, Refusal, Vanished
from drafts.actions.checking import check_draft, state_of, take_back_waiver, waive_finding
from drafts.actions.drafting import begin_draft, revise_provision
from drafts.models import CheckRun, Draft, Finding, Provision, ProvisionText, StructureChange, Waiver
from tests.factories import make_draft, make_provision, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft() -> Draft:
    """Two references to nothing."""
    draft = make_draft(paragraphs=1)
    make_provision(draft, "para_2", number="2", text="See paragraph 8.")
    make_provision(draft, "para_3", number="3", text="See paragraph 9.")
    return draft


def revise(draft: Draft, key: str, text: str) -> None:
    words = ProvisionText.objects.get(provision__draft=draft, provision__key=key)
    revise_provision(
        actor=make_user("drafter"), provision=words.provision, language="en", version=words.version, text=text
    )


def keys(draft: Draft) -> list[str]:
    return [finding.key for finding in draft.findings.all()]


def test_a_run_is_kept_until_something_changes(draft: Draft, monkeypatch: Any) -> None:
    run = check_draft(draft.pk)
    assert run and run.fingerprint == state_of(draft)
    assert keys(draft) == ["para_2", "para_3"]
    monkeypatch.setattr("drafts.actions.checking.read_draft", lambda draft: pytest.fail("read for nothing"))
    assert check_draft(draft.pk) == run


def test_findings_that_stay_keep_their_rows(draft: Draft) -> None:
    check_draft(draft.pk)
    stays = draft.findings.get(key="para_3")
    revise(draft, "para_2", "See paragraph 1, and paragraph 7.")
    check_draft(draft.pk)
    assert draft.findings.get(key="para_3").pk == stays.pk
    assert draft.findings.get(key="para_2").params["values"] == {"reference": "paragraph 7"}
    revise(draft, "para_2", "See paragraph 1.")
    check_draft(draft.pk)
    assert keys(draft) == ["para_3"]


def test_a_provision_taken_out_is_checked_no_longer(draft: Draft) -> None:
    check_draft(draft.pk)
    Provision.objects.filter(draft=draft, key="para_3").update(removed_at=timezone.now())
    Draft.objects.filter(pk=draft.pk).update(structure_version=2)
    check_draft(draft.pk)
    assert keys(draft) == ["para_2"]


def test_a_run_that_read_earlier_does_not_overwrite_a_later_one(draft: Draft, monkeypatch: Any) -> None:
    from drafts.actions import checking

    read = checking.read_draft

    def overtaken(draft: Draft) -> Any:
        before = read(draft)
        monkeypatch.setattr(checking, "read_draft", read)
        revise(draft, "para_2", "See paragraph 1.")
        check_draft(draft.pk)  # another worker, meanwhile
        return before

    monkeypatch.setattr(checking, "read_draft", overtaken)
    check_draft(draft.pk)
    assert keys(draft) == ["para_3"]
    assert CheckRun.objects.get(draft=draft).fingerprint == state_of(draft)


def test_a_change_is_checked_in_the_background_and_many_together(draft: Draft) -> None:
    for n in range(3):
        revise(draft, "para_2", f"See paragraph 1, for the time number {n}.")
    outbox.drain()
    assert keys(draft) == ["para_3"]
    waiting = Outbox.objects.filter(handler="drafts.check:provision.revised", done_at=None)
    assert waiting.count() == 2  # for a moment, and then there is nothing left to do
    CheckRun.objects.update(at=timezone.now() - timezone.timedelta(seconds=6))
    waiting.update(available_at=timezone.now())
    run = CheckRun.objects.get()
    outbox.drain()
    assert not waiting.exists()
    assert CheckRun.objects.get().at == run.at


def test_an_event_of_a_draft_that_is_gone_ends(draft: Draft) -> None:
    from drafts.checking_tasks import check_changed_draft

    check_changed_draft("drafts.revision:999999")
    change = StructureChange.objects.create(draft=draft, version=2, act="move", key="para_2")
    check_changed_draft(f"drafts.structurechange:{change.pk}")
    assert keys(draft) == ["para_2", "para_3"]
    with pytest.raises(ValueError, match="belongs to no draft"):
        check_changed_draft("accounts.user:1")
    assert check_draft(999999) is None


@pytest.mark.django_db(transaction=True)
def test_the_job_counts_its_checks() -> None:
    draft = make_draft(paragraphs=1)
    job = jobs.start("drafts.check", make_user("drafter"), {"draft": draft.pk})
    outbox.drain()
    job.refresh_from_db()
    assert (job.state, job.done) == (Job.State.DONE, job.total)
    assert job.total >= 12
    assert CheckRun.objects.filter(draft=draft).exists()


@pytest.mark.parametrize("role", ["drafter", "staff"])
def test_waiving_and_taking_back(draft: Draft, role: str) -> None:
    check_draft(draft.pk)
    actor = make_user(role)
    finding = draft.findings.get(key="para_2")
    waiver = waive_finding(actor=actor, draft=draft, fingerprint=finding.fingerprint, reason=" It comes. ")
    assert (waiver.reason, waiver.by) == ("It comes.", actor)
    with pytest.raises(Conflict):
        waive_finding(actor=actor, draft=draft, fingerprint=finding.fingerprint, reason="Again.")
    take_back_waiver(actor=actor, draft=draft, fingerprint=finding.fingerprint)
    assert not Waiver.objects.exists()
    with pytest.raises(Vanished):
        take_back_waiver(actor=actor, draft=draft, fingerprint=finding.fingerprint)
    told = AuditEntry.objects.filter(action__contains="waive").order_by("pk")
    assert [entry.action for entry in told] == ["draft.waive_finding", "draft.take_back_waiver"]
    assert "It comes." not in str([entry.changes for entry in told])


def test_what_cannot_be_waived(draft: Draft) -> None:
    check_draft(draft.pk)
    fingerprint = draft.findings.get(key="para_2").fingerprint
    drafter = make_user("drafter")
    for reason in ("", "  ", "x" * 1001, "a\x00"):
        with pytest.raises(ValidationError):
            waive_finding(actor=drafter, draft=draft, fingerprint=fingerprint, reason=reason)
    for stranger in (make_user("expert"), make_user("participant"), make_user("admin")):
        with pytest.raises(Refusal):
            waive_finding(actor=stranger, draft=draft, fingerprint=fingerprint, reason="Why.")
        with pytest.raises(Refusal):
            take_back_waiver(actor=stranger, draft=draft, fingerprint=fingerprint)
    revise(draft, "para_2", "See paragraph 7.")
    check_draft(draft.pk)
    with pytest.raises(Conflict):
        waive_finding(actor=drafter, draft=draft, fingerprint=fingerprint, reason="Why.")


def test_a_waiver_holds_in_the_next_draft_until_the_words_change(draft: Draft) -> None:
    from drafts.checks.listing import findings_of

    drafter = make_user("drafter")
    check_draft(draft.pk)
    for finding in draft.findings.all():
        waive_finding(actor=drafter, draft=draft, fingerprint=finding.fingerprint, reason="Why.")
    later = begin_draft(actor=drafter, base=draft, label="Later draft")
    revise(later, "para_2", "Do see paragraph 8.")
    revise(later, "para_3", "See paragraph 10.")
    check_draft(later.pk)
    waived = {row.finding.key: row.waiver is not None for row in findings_of(later).rows}
    assert waived == {"para_2": True, "para_3": False}


def test_the_same_finding_stands_once(draft: Draft) -> None:
    revise(draft, "para_2", "See paragraph 8, and paragraph 8.")
    check_draft(draft.pk)
    assert Finding.objects.filter(key="para_2").count() == 1
