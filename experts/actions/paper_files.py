"""What papers of nominations and of offers have in common as files; rules, record and audit are their callers'."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from core import files
from experts.models import CallPaper, HostingOffer, Nomination
from experts.pdf_papers import MAX_BYTES, PDF, pages_of


def pages_of_paper(asked: Iterable[CallPaper], kind: str, file: UploadedFile | None) -> int:
    """The pages of a file given as the paper ``kind``, one of those ``asked`` for. What it is, is told by its content.

    ``ValidationError`` under ``paper_<kind>``: not asked for, no file, no PDF, too large, too many pages.
    """
    wanted = next((paper for paper in asked if paper.kind == kind), None)
    if wanted is None:
        raise ValidationError({f"paper_{kind}": _("The call does not ask for this paper.")})
    if file is None:
        raise ValidationError({f"paper_{kind}": _("Choose a file first.")})
    try:
        return pages_of(file, most=wanted.max_pages)
    except ValidationError as error:
        raise ValidationError({f"paper_{kind}": error.messages}) from None


def put_paper(
    *, actor: Any, owner: Nomination | HostingOffer, kind: str, file: Any, pages: int, purpose: str
) -> Any:
    """Keep a paper of an owner whose row the caller has locked; it takes the place of the earlier one.

    ``ValidationError`` under ``paper_<kind>`` where the file can't be kept.
    """
    try:
        stored = files.keep(
            file,
            owner=actor,
            name=file.name or "",
            purpose=purpose,
            allowed={PDF},
            max_bytes=MAX_BYTES,
            subject=f"{owner._meta.label_lower}:{owner.pk}",
        )
    except ValidationError as error:
        raise ValidationError({f"paper_{kind}": error.messages}) from None
    drop_papers(owner, kind=kind)
    return owner.papers.create(kind=kind, file=stored, pages=pages, uploaded_by=actor)


def drop_papers(owner: Nomination | HostingOffer, *, kind: str | None = None) -> int:
    """Take the papers of an owner whose row the caller has locked away with their files, or that of one ``kind``; how
    many there were."""
    # Locked: whoever opens one at this moment is through, or finds it gone.
    held = owner.papers.select_for_update(of=("self",)).select_related("file").order_by("pk")
    papers: list[Any] = list(held if kind is None else held.filter(kind=kind))
    for paper in papers:
        stored = paper.file
        paper.delete()
        files.remove(stored)
    return len(papers)
