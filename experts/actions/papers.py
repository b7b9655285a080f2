"""Papers of a nomination: uploaded, taken away, opened."""

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from core import audit
from core.models import StoredFile
from core.verdicts import Vanished, require
from experts.actions.moving import lock_nomination
from experts.actions.paper_files import drop_papers, pages_of_paper, put_paper
from experts.actions.writing import after_change
from experts.models import CallPaper, Nomination, NominationPaper, PaperReading
from experts.rules import may_give_paper
from experts.sight import Sight

PURPOSE = "nomination_paper"
S = Nomination.State


def add_paper(*, actor: Any, nomination: Nomination, kind: str, file: UploadedFile | None) -> NominationPaper:
    """Keep a paper of ``kind``; it takes the place of the earlier one. ``Refusal`` as for changing the nomination (the
    letter: of the focal point alone); ``ValidationError`` under ``paper_<kind>`` with what is wrong with it."""
    require(may_give_paper(actor, nomination, kind, at=timezone.now()))
    pages = pages_of_paper(nomination.call.papers.all(), kind, file)
    with transaction.atomic():
        nomination = lock_nomination(nomination.pk)
        require(may_give_paper(actor, nomination, kind, at=timezone.now()))
        paper: NominationPaper = put_paper(
            actor=actor, owner=nomination, kind=kind, file=file, pages=pages, purpose=PURPOSE
        )
        _note(nomination, actor, kind)
        audit.record("nomination.add_paper", nomination, actor=actor, changes={"kind": kind})
    return paper


def remove_paper(*, actor: Any, nomination: Nomination, kind: str) -> None:
    """Take a paper away again; from what was handed in none that the call requires. Twice is once."""
    require(may_give_paper(actor, nomination, kind, at=timezone.now()))
    with transaction.atomic():
        nomination = lock_nomination(nomination.pk)
        require(may_give_paper(actor, nomination, kind, at=timezone.now()))
        if drop_papers(nomination, kind=kind):
            _note(nomination, actor, kind)
            audit.record("nomination.remove_paper", nomination, actor=actor, changes={"kind": kind})


def _note(nomination: Nomination, actor: Any, kind: str) -> None:
    # Beside the words of a draft: whoever is writing them is in nobody's way.
    if kind == CallPaper.Kind.LETTER or nomination.state in (S.DRAFT, S.AWAITING_NOMINEE):
        return
    nomination.version += 1
    after_change(nomination, actor, {"papers"})


def may_read_paper(user: Any, stored: StoredFile) -> bool:
    """The nominee, the focal point of the country, the secretariat and the reviewer without a conflict of interest, not
    while the call is blind for them; nobody who knows of the nomination for its region alone."""
    paper = NominationPaper.objects.filter(file=stored).select_related("nomination__call").first()
    if paper is None or not Nomination.objects.visible_to(user).filter(pk=paper.nomination_id).exists():
        return False
    return bool(Sight.of(user).reads_as(paper.nomination))


def note_reading(user: Any, stored: StoredFile) -> None:
    """Put on record who opens a paper, and as what. ``Vanished`` where it was taken away at this moment."""
    with transaction.atomic():
        found = NominationPaper.objects.select_related("nomination__call")
        # Held, so that a paper that is taken away meanwhile doesn't leave its reading behind.
        paper = found.select_for_update(of=("self",)).filter(file=stored).first()
        if paper is None:
            raise Vanished
        PaperReading.objects.create(
            paper=paper,
            nomination=paper.nomination,
            kind=paper.kind,
            reader=user,
            reader_as=Sight.of(user).reads_as(paper.nomination),
        )
