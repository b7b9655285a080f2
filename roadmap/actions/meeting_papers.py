"""Papers of a meeting: added, put under an embargo, removed."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from core import audit, files
from core.media_types import DOCX, PDF, XLSX
from core.models import subject_of
from core.punctuation import listed
from core.verdicts import Vanished, require
from core.words import clean_words
from experts.actions.calls import YEARS
from roadmap.actions.meetings import check_version, lock_meeting
from roadmap.meeting_rules import CANCELLED, may_manage_meetings
from roadmap.models import AgendaItem, Meeting, MeetingPaper

PURPOSE = "meeting_paper"
ALLOWED = frozenset({PDF, DOCX, XLSX})
MAX_BYTES = 25 * 1024 * 1024
LONGEST_TITLE, MOST_PAPERS = 200, 100
CONTENT = ("title", "language", "embargo_until", "item")


def add_paper(
    *,
    actor: Any,
    meeting: Meeting,
    title: str,
    language: str,
    file: "UploadedFile | bytes | None",
    name: str = "",
    embargo_until: datetime | None = None,
    item: AgendaItem | None = None,
) -> MeetingPaper:
    """Add a paper (PDF, Word or Excel, told by its content). Before ``embargo_until`` only the secretariat knows of it.

    ``name``: of a file given as bytes. ``Refusal`` unless staff, and for a cancelled meeting; ``ValidationError`` by
    field.
    """
    if file is None:
        raise ValidationError({"file": _("Choose a file first.")})
    with transaction.atomic():
        meeting = _open(actor, meeting)
        if meeting.papers.count() >= MOST_PAPERS:
            raise ValidationError(
                {"file": _("A meeting has at most %(limit)d papers.") % {"limit": MOST_PAPERS}}
            )
        paper = MeetingPaper(meeting=meeting, added_by=actor, language=language, embargo_until=embargo_until)
        paper.title, paper.item = clean_words(title), item
        _check(paper)
        try:
            paper.file = files.keep(
                file,
                owner=actor,
                name=name or getattr(file, "name", None) or "",
                purpose=PURPOSE,
                allowed=ALLOWED,
                max_bytes=MAX_BYTES,
                subject=subject_of(meeting),
            )
        except ValidationError as error:
            raise ValidationError({"file": error.messages}) from None
        paper.save()
        audit.record("meeting.add_paper", meeting, actor=actor, changes={"paper": paper.pk})
    return paper


def change_paper(
    *, actor: Any, paper: MeetingPaper, version: int | None = None, **content: Any
) -> MeetingPaper:
    """Change what a paper is called, its language, its point of the agenda, or its embargo (``CONTENT``).

    ``Refusal`` and ``ValidationError`` as in ``add_paper``; ``Conflict`` where it changed since ``version``.
    """
    with transaction.atomic():
        meeting = _open(actor, paper.meeting)
        paper = _locked(paper)
        check_version(paper, version)
        before = [getattr(paper, name) for name in CONTENT]
        for name, value in content.items():
            setattr(paper, name, clean_words(value) if name == "title" else value)
        _check(paper)
        if [getattr(paper, name) for name in CONTENT] != before:
            paper.version += 1
            paper.save()
            audit.record("meeting.change_paper", meeting, actor=actor, changes={"paper": paper.pk})
    return paper


def remove_paper(*, actor: Any, paper: MeetingPaper) -> None:
    """Take a paper away, its file with it. ``Refusal`` unless staff."""
    with transaction.atomic():
        meeting = _open(actor, paper.meeting)
        paper = _locked(paper)
        stored = paper.file
        audit.record("meeting.remove_paper", meeting, actor=actor, changes={"paper": paper.pk})
        paper.delete()
        files.remove(stored)


def _open(actor: Any, meeting: Meeting) -> Meeting:
    meeting = lock_meeting(meeting)
    require(may_manage_meetings(actor))
    if meeting.cancelled_at:
        require(CANCELLED)
    return meeting


def _locked(paper: MeetingPaper) -> MeetingPaper:
    found = MeetingPaper.objects.select_for_update(of=("self",)).select_related("file", "item")
    row = found.filter(pk=paper.pk).first()
    if row is None:
        raise Vanished
    return row


def _check(paper: MeetingPaper) -> None:
    errors: dict[str, str] = {}
    if not paper.title:
        errors["title"] = _("Give the paper a name.")
    elif len(paper.title) > LONGEST_TITLE:
        errors["title"] = _("At most %(limit)d characters.") % {"limit": LONGEST_TITLE}
    languages = [code for code, _name in settings.LANGUAGES]
    if paper.language not in languages:
        errors["language"] = _("Choose one of: %(choices)s.") % {"choices": listed(languages)}
    if paper.embargo_until is not None and paper.embargo_until.year not in YEARS:
        errors["embargo_until"] = _("Give a year from %(first)d to %(last)d.") % {
            "first": YEARS[0],
            "last": YEARS[-1],
        }
    if paper.item is not None and paper.item.meeting_id != paper.meeting_id:
        errors["item"] = _("This point is of another meeting.")
    if errors:
        raise ValidationError(errors)
