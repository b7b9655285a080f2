"""What came of a meeting: notes and summary, decisions, tasks."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from core import audit, outbox
from core.verdicts import Conflict, Vanished, require
from core.words import clean_words
from experts.actions.calls import YEARS
from experts.words import Words, check_length, set_words, words_of
from roadmap.actions.meetings import check_version, lock_meeting
from roadmap.meeting_rules import may_finish_task, may_write_record
from roadmap.models import AgendaItem, Meeting, MeetingDecision, MeetingRecord, MeetingTask

LONGEST_NOTES, LONGEST_WORDING, LONGEST_TASK = 50_000, 4000, 300
MOST_DECISIONS, MOST_TASKS = 100, 200


def write_record(
    *,
    actor: Any,
    meeting: Meeting,
    notes: Words | None = None,
    summary: Words | None = None,
    version: int | None = None,
) -> MeetingRecord:
    """Write the notes and the summary; languages that aren't named stay. ``version``: 0 where nothing was written.

    ``Refusal`` unless staff, before the announcement and after a cancellation; ``Conflict`` where it changed since
    ``version``; ``ValidationError`` by field: also for a published summary that would be left without words.
    """
    with transaction.atomic():
        meeting = lock_meeting(meeting)
        require(may_write_record(actor, meeting))
        record = MeetingRecord.objects.select_for_update().filter(meeting=meeting).first()
        if version is not None and version != (record.version if record else 0):
            current = {"version": record.version if record else 0}
            raise Conflict(_("This has changed since you opened it."), current=current)
        fresh = record is None
        record = record or MeetingRecord(meeting=meeting, changed_by=actor)
        before = (words_of(record, "notes"), words_of(record, "summary"))
        for name, words in (("notes", notes), ("summary", summary)):
            set_words(record, name, words or {})
            _check_length(name, words_of(record, name), LONGEST_NOTES)
        after = (words_of(record, "notes"), words_of(record, "summary"))
        if meeting.published_at and not after[1]:
            raise ValidationError({"summary": _("The summary is published: it keeps words in one language.")})
        if after != before:
            record.version += 0 if fresh else 1
            record.changed_by, record.changed_at = actor, timezone.now()
            record.save()
            audit.record("meeting.write_record", meeting, actor=actor)
    return record


def set_decision(
    *,
    actor: Any,
    meeting: Meeting,
    wording: Words,
    decision: MeetingDecision | None = None,
    item: AgendaItem | None = None,
    version: int | None = None,
) -> MeetingDecision:
    """Note a decision, or change one. Errors as in ``write_record``."""
    with transaction.atomic():
        meeting = lock_meeting(meeting)
        require(may_write_record(actor, meeting))
        if decision is None:
            _check_number(meeting.decisions.count(), MOST_DECISIONS, "wording")
            row = MeetingDecision(meeting=meeting, noted_by=actor, position=meeting.decisions.count() + 1)
        else:
            row = _locked(MeetingDecision, decision)
            check_version(row, version)
            row.version += 1
        set_words(row, "wording", wording)
        row.item = item
        words = words_of(row, "wording")
        if not words:
            raise ValidationError({"wording": _("Write what was decided.")})
        _check_length("wording", words, LONGEST_WORDING)
        _check_item(meeting, item)
        row.save()
        audit.record("meeting.decision", meeting, actor=actor, changes={"decision": row.pk})
    return row


def remove_decision(*, actor: Any, decision: MeetingDecision) -> None:
    """Take a decision out. ``Conflict`` once it is published: it is changed then, not taken back."""
    with transaction.atomic():
        meeting = lock_meeting(decision.meeting)
        require(may_write_record(actor, meeting))
        if meeting.published_at:
            raise Conflict(_("This decision is published: change its words instead."))
        decision = _locked(MeetingDecision, decision)
        audit.record("meeting.decision", meeting, actor=actor, changes={"removed": decision.pk})
        decision.delete()


def set_task(
    *,
    actor: Any,
    meeting: Meeting,
    title: str,
    owner: User,
    due_on: date | None = None,
    decision: MeetingDecision | None = None,
    task: MeetingTask | None = None,
    version: int | None = None,
) -> MeetingTask:
    """Give somebody a task, or change one; a new owner is told by mail. Errors as in ``write_record``."""
    with transaction.atomic():
        meeting = lock_meeting(meeting)
        require(may_write_record(actor, meeting))
        if task is None:
            _check_number(meeting.tasks.count(), MOST_TASKS, "title")
            row = MeetingTask(meeting=meeting, given_by=actor)
        else:
            row = _locked(MeetingTask, task)
            check_version(row, version)
            row.version += 1
        earlier = row.owner_id
        row.title, row.owner, row.due_on, row.decision = clean_words(title), owner, due_on, decision
        _check_task(row)
        row.save()
        audit.record("meeting.task", meeting, actor=actor, changes={"task": row.pk, "owner": owner.pk})
        if earlier != owner.pk:
            outbox.record("meeting.task_given", row)
    return row


def finish_task(*, actor: Any, task: MeetingTask, done: bool = True) -> MeetingTask:
    """Say that a task is done, or isn't after all. Its owner and the secretariat. Twice is once."""
    with transaction.atomic():
        row = _locked(MeetingTask, task)
        require(may_finish_task(actor, row))
        if bool(row.done_at) == done:
            return row
        row.done_at, row.done_by = (timezone.now(), actor) if done else (None, None)
        row.version += 1
        row.save()
        behalf = row.owner if actor.pk != row.owner_id else None
        changes = {"task": row.pk, "done": done}
        audit.record("meeting.finish_task", row.meeting, actor=actor, on_behalf_of=behalf, changes=changes)
    return row


def _locked(model: Any, row: Any) -> Any:
    found = model.objects.select_for_update().filter(pk=row.pk).first()
    if found is None:
        raise Vanished
    return found


def _check_number(standing: int, most: int, name: str) -> None:
    if standing >= most:
        raise ValidationError({name: _("At most %(limit)d of them.") % {"limit": most}})


def _check_length(name: str, words: Words, limit: int) -> None:
    try:
        check_length(words, limit)
    except ValidationError as error:
        raise ValidationError({name: error.messages}) from None


def _check_item(meeting: Meeting, item: AgendaItem | None) -> None:
    if item is not None and item.meeting_id != meeting.pk:
        raise ValidationError({"item": _("This point is of another meeting.")})


def _check_task(task: MeetingTask) -> None:
    errors: dict[str, str] = {}
    if not task.title:
        errors["title"] = _("Say what is to be done.")
    elif len(task.title) > LONGEST_TASK:
        errors["title"] = _("At most %(limit)d characters.") % {"limit": LONGEST_TASK}
    if task.owner.erased_at or not task.owner.is_active:
        errors["owner"] = _("This account is closed.")
    if task.due_on is not None and task.due_on.year not in YEARS:
        errors["due_on"] = _("Give a year from %(first)d to %(last)d.") % {
            "first": YEARS[0],
            "last": YEARS[-1],
        }
    if task.decision is not None and task.decision.meeting_id != task.meeting_id:
        errors["decision"] = _("This decision is of another meeting.")
    if errors:
        raise ValidationError(errors)
