"""Running the checks of a draft, and waiving what they found."""

import hashlib
from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.verdicts import Conflict, Vanished, require
from drafts.checks import Check, Found, find_all, read_draft
from drafts.checks.registry import codes, fingerprint_of
from drafts.comparing import fingerprint_of as state_of_words
from drafts.models import CheckRun, Draft, Finding, ProvisionText, Waiver
from drafts.rules import may_check_draft

CHECKS = "drafts.check"  # the job that checks a draft
RECIPE = 1  # raised when a check finds something else in the same words
LONGEST_REASON = 1000


def state_of(draft: Draft) -> str:
    """What the findings of ``draft`` depend on: its words and what they translate, its structure, and the checks
    themselves."""
    texts = ProvisionText.with_unreleased.of_draft(draft)
    made_from = texts.aggregate(sum=Sum("translated_from_version"))["sum"]
    parts = (RECIPE, state_of_words(draft, unreleased=True), made_from, *codes())
    return hashlib.sha256(repr(parts).encode()).hexdigest()


def check_draft(
    draft_id: int, *, again: bool = False, after_each: Callable[[], None] = lambda: None
) -> CheckRun | None:
    """Check the draft as it stands, unless its last run speaks of the same state; None where it is gone.

    Safe to run twice and at once: a finding that stays keeps its row, and of two runs the one that read later
    stands. ``again`` runs in any case. ``after_each`` is called outside any transaction of its own.
    """
    draft = Draft.objects.filter(pk=draft_id).first()
    if draft is None:
        return None
    begun = timezone.now()
    # Before the reading: what changes in between makes the run out of date, never wrongly up to date.
    state = state_of(draft)
    run = CheckRun.objects.filter(draft=draft).first()
    if run is not None and run.fingerprint == state and not again:
        return run
    found = find_all(read_draft(draft), after_each=after_each)
    with transaction.atomic():
        CheckRun.objects.get_or_create(draft=draft, defaults={"fingerprint": "", "at": begun})
        run = CheckRun.objects.select_for_update().get(draft=draft)
        if run.fingerprint and run.at > begun:
            return run
        _keep(draft, found)
        run.fingerprint, run.at = state, begun
        run.save(update_fields=["fingerprint", "at"])
    return run


def _keep(draft: Draft, found: list[tuple[Check, Found]]) -> None:
    standing = {finding.fingerprint: finding for finding in draft.findings.all()}
    places = dict(draft.provisions.values_list("key", "position"))
    new, changed = [], []
    for check, one in found:
        values = {
            "severity": one.severity or check.severity,
            "params": {
                "values": dict(one.params),
                "others": list(one.others),
                "variant": one.variant,
                "before": one.before,
                "after": one.after,
            },
            "position": places.get(one.key, 0),
        }
        fingerprint = fingerprint_of(check.code, one)
        finding = standing.pop(fingerprint, None)
        if finding is None:
            new.append(
                Finding(
                    draft=draft,
                    code=check.code,
                    key=one.key,
                    language=one.language,
                    fingerprint=fingerprint,
                    **values,
                )
            )
        elif any(getattr(finding, name) != value for name, value in values.items()):
            for name, value in values.items():
                setattr(finding, name, value)
            changed.append(finding)
    Finding.objects.filter(pk__in=[finding.pk for finding in standing.values()]).delete()
    Finding.objects.bulk_create(new)
    Finding.objects.bulk_update(changed, ["severity", "params", "position"], batch_size=200)


def waive_finding(*, actor: Any, draft: Draft, fingerprint: str, reason: str) -> Waiver:
    """Let a finding stand, and say why; it holds in every draft of the guidelines while the words stay.

    ``Refusal`` unless a drafter or the secretariat; ``ValidationError`` without a reason; ``Conflict`` where the
    words have changed since, so that nobody waives what they haven't seen, or it is waived already.
    """
    require(may_check_draft(actor, draft))
    reason = reason.replace("\r\n", "\n").strip()
    if not reason:
        raise ValidationError({"reason": _("Say why it may stand.")})
    if len(reason) > LONGEST_REASON or "\x00" in reason:
        raise ValidationError({"reason": _("At most %(limit)d characters.") % {"limit": LONGEST_REASON}})
    with transaction.atomic():
        Draft.objects.select_for_update(no_key=True).get(pk=draft.pk)
        finding = _finding(draft, fingerprint)
        if finding is None:
            raise Conflict(_("The text has changed: this finding is there no longer."))
        waiver, made = Waiver.objects.get_or_create(
            guidelines=draft.guidelines, fingerprint=fingerprint, defaults={"reason": reason, "by": actor}
        )
        if not made:
            raise Conflict(_("It is waived already."))
        audit.record("draft.waive_finding", draft, actor=actor, changes=_named(finding))
    return waiver


def take_back_waiver(*, actor: Any, draft: Draft, fingerprint: str) -> None:
    """Report a finding again. ``Refusal`` unless a drafter or the secretariat; ``Vanished`` where nobody waives
    it."""
    require(may_check_draft(actor, draft))
    with transaction.atomic():
        finding = _finding(draft, fingerprint)
        waivers = Waiver.objects.filter(guidelines=draft.guidelines_id, fingerprint=fingerprint)
        if finding is None or not waivers.delete()[0]:
            raise Vanished
        audit.record("draft.take_back_waiver", draft, actor=actor, changes=_named(finding))


def _finding(draft: Draft, fingerprint: str) -> Finding | None:
    # PostgreSQL can't be asked for a NUL.
    return None if "\x00" in fingerprint else draft.findings.filter(fingerprint=fingerprint).first()


def _named(finding: Finding) -> dict[str, str]:
    return {"code": finding.code, "key": finding.key, "language": finding.language}
