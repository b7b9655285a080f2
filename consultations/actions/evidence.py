"""Adding evidence to one's own comment, and taking it away."""

import unicodedata
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import URLValidator
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consultations.actions.comments import lock_comment
from consultations.models import Comment, Evidence
from consultations.rules import may_edit_comment
from core import audit, files
from core.names import has_overrides, without_overrides
from core.verdicts import require
from core.words import clean_words

PURPOSE = "evidence"
MOST = 10  # of one comment
LONGEST_LINK = 1000
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
TOO_MANY = gettext_lazy("A comment has at most %(limit)d links and files.")
check_url = URLValidator(schemes=["https", "http"])


def add_evidence(
    *, actor: Any, comment: Comment, title: str = "", url: str = "", file: UploadedFile | None = None
) -> Evidence:
    """Give a link or a file in support of one's own comment, while it may be changed.

    The file is checked by its content. A link that the comment has stays as it is.
    ``ValidationError`` by field; ``Refusal`` as for changing the comment.
    """
    title, url = without_overrides(clean_words(title)), url.strip()
    if bool(url) == bool(file):
        raise ValidationError({"url": _("Give a link or a file.")})
    if url:
        check_link(url)
    if len(title) > 200:
        raise ValidationError({"title": _("At most %(limit)d characters.") % {"limit": 200}})
    with transaction.atomic():
        comment = lock_comment(comment)
        require(may_edit_comment(actor, comment, at=timezone.now()))
        if url and (standing := comment.evidence.filter(url=url).first()):
            return standing
        if comment.evidence.count() >= MOST:
            raise ValidationError(TOO_MANY % {"limit": MOST})
        stored = _keep(actor, file) if file else None
        evidence = Evidence.objects.create(
            comment=comment,
            title=title or (stored.name if stored else url)[:200],
            url=url,
            file=stored,
        )
        audit.record("evidence.add", comment, actor=actor, changes={"evidence": str(evidence.uuid)})
    return evidence


def add_links(*, actor: Any, comment: Comment, links: Iterable[str]) -> None:
    """Give several links at once, all or none; those that the comment has already stay as they are.

    ``ValidationError`` under ``links``: every link that can't stand, and why.
    """
    wanted = list(dict.fromkeys(filter(None, (link.strip() for link in links))))
    # Nobody reads what is wrong with a thousand of them.
    if len(wanted) > MOST:
        raise ValidationError({"links": TOO_MANY % {"limit": MOST}})
    if wrong := [reason % {"link": _legible(link)} for link in wanted if (reason := _wrong_with(link))]:
        raise ValidationError({"links": wrong})
    with transaction.atomic():
        standing = set(comment.evidence.values_list("url", flat=True))
        if comment.evidence.count() + len(set(wanted) - standing) > MOST:
            raise ValidationError({"links": TOO_MANY % {"limit": MOST}})
        for link in wanted:
            if link not in standing:
                add_evidence(actor=actor, comment=comment, url=link)


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


def check_link(url: str) -> None:
    """Refuse what is no address of a page, or could hide where it leads; ``ValidationError`` under ``url`` that says
    which link and why."""
    if reason := _wrong_with(url):
        raise ValidationError({"url": reason % {"link": _legible(url)}})


def _wrong_with(url: str) -> str:
    if len(url) > LONGEST_LINK:
        return _("The link “%(link)s” is too long: at most 1,000 characters.")
    # Among them those that turn the direction of writing: what is read is not where it leads.
    if any(map(_is_unseen, url)):
        return _("The link “%(link)s” holds signs that can't be seen and hide where it leads. Type it anew.")
    scheme, colon, _rest = url.partition(":")
    if not colon or scheme.lower() not in ("http", "https"):
        return _("The link “%(link)s” does not lead to a web page: it has to begin with https:// or http://.")
    try:
        host = urlsplit(url).netloc
        if "@" in host:
            return _(
                "The link “%(link)s” has a name before “@”, which hides where it leads."
                " Give the address without that name."
            )
        check_url(url)
        # Browsers read some signs as others: “⁄” looks like the end of the name, “ⓐ” becomes “a”.
        if not all(unicodedata.category(sign)[0] in "LMN" or sign in ".-:[]" for sign in host):
            raise ValueError(host)
    except (ValidationError, ValueError):
        return _(
            "The link “%(link)s” is not a whole address of a web page, such as https://example.org/study."
        )
    return ""


def _is_unseen(character: str) -> bool:
    """Controls, marks of direction, and letters that are blank."""
    return unicodedata.category(character) in ("Cc", "Cf") or has_overrides(character)


def _legible(url: str) -> str:
    """A link as it can be told: signs that aren't seen by their code, and only its beginning where it is long."""
    shown = "".join(f"[U+{ord(sign):04X}]" if _is_unseen(sign) else sign for sign in url[:100])
    return f"{shown}…" if len(url) > 100 else shown


def _keep(actor: Any, file: UploadedFile) -> Any:
    try:
        return files.keep(
            file, owner=actor, name=file.name or "", purpose=PURPOSE, allowed=ALLOWED, max_bytes=MAX_BYTES
        )
    except ValidationError as error:
        raise ValidationError({"file": error.messages}) from None
