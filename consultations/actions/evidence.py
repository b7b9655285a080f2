"""Adding evidence to one's own comment, and taking it away."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import URLValidator
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from consultations.actions.comments import clean_words, lock_comment
from consultations.models import Comment, Evidence
from consultations.rules import may_edit_comment
from core import audit, files
from core.verdicts import require

PURPOSE = "evidence"
MOST = 10  # of one comment
MAX_BYTES = 10 * 1024 * 1024
ALLOWED = {
    "application/pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "image/jpeg",
    "image/png",
    "text/csv",
    "text/plain",
}
check_url = URLValidator(schemes=["https", "http"])


def add_evidence(
    *, actor: Any, comment: Comment, title: str = "", url: str = "", file: UploadedFile | None = None
) -> Evidence:
    """Give a link or a file in support of one's own comment, while it may be changed.

    The file is checked by its content. ``ValidationError`` by field; ``Refusal`` as for changing the comment.
    """
    title, url = clean_words(title), url.strip()
    if bool(url) == bool(file):
        raise ValidationError({"url": _("Give a link or a file.")})
    if url:
        _check_link(url)
    if len(title) > 200:
        raise ValidationError({"title": _("At most %(limit)d characters.") % {"limit": 200}})
    with transaction.atomic():
        comment = lock_comment(comment)
        require(may_edit_comment(actor, comment, at=timezone.now()))
        if comment.evidence.count() >= MOST:
            raise ValidationError(_("A comment has at most %(limit)d links and files.") % {"limit": MOST})
        stored = _keep(actor, file) if file else None
        evidence = Evidence.objects.create(
            comment=comment,
            title=title or (stored.name if stored else url)[:200],
            url=url,
            file=stored,
        )
        audit.record("evidence.add", comment, actor=actor, changes={"evidence": str(evidence.uuid)})
    return evidence


def remove_evidence(*, actor: Any, evidence: Evidence) -> None:
    """Take a link or file away again, while the comment may be changed."""
    with transaction.atomic():
        comment = lock_comment(evidence.comment)
        require(may_edit_comment(actor, comment, at=timezone.now()))
        stored = evidence.file
        audit.record("evidence.remove", comment, actor=actor, changes={"evidence": str(evidence.uuid)})
        evidence.delete()
        if stored is not None:
            files.remove(stored)


def _check_link(url: str) -> None:
    if len(url) > 1000:
        raise ValidationError({"url": _("At most %(limit)d characters.") % {"limit": 1000}})
    try:
        check_url(url)
    except ValidationError:
        raise ValidationError(
            {"url": _("This is not the address of a page: it begins with https://.")}
        ) from None


def _keep(actor: Any, file: UploadedFile) -> Any:
    try:
        return files.keep(
            file, owner=actor, name=file.name or "", purpose=PURPOSE, allowed=ALLOWED, max_bytes=MAX_BYTES
        )
    except ValidationError as error:
        raise ValidationError({"file": error.messages}) from None
