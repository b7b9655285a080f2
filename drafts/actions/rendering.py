"""Documents of a draft: made once for the same words, in the background, and kept."""

import hashlib
import json
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Sum
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from core import audit, files, jobs
from core.media_types import HTML, JSON, PDF
from core.models import Job, StoredFile, subject_of
from core.names import file_name
from core.verdicts import require
from drafts.actions.editions import canonical_bytes
from drafts.documents.content import content_of
from drafts.documents.frame import RECIPE, frame_of, state_of
from drafts.documents.html import make_html
from drafts.documents.pdf import make_pdf
from drafts.models import Draft, Edition, ProvisionText, Rendering
from drafts.queries import coverage
from drafts.rules import DOCUMENT, may_read_draft

KIND = "document"
LARGEST = 200 * 1024 * 1024
# A job that hasn't been heard of for so long is lost: the outbox would have handed it to another worker.
LOST_AFTER = timedelta(minutes=15)
KEPT_FOR = timedelta(days=7)
# The words may change while they are read; then they are read again.
READINGS = 5
MEDIA_TYPES = {Rendering.Format.PDF: PDF, Rendering.Format.HTML: HTML, Rendering.Format.JSON: JSON}
FORMATS = tuple(Rendering.Format.values)


class Makings:
    """What the documents of ``draft`` are made of now: the key under which each is kept."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self._frozen = dict(Edition.objects.filter(draft=draft).values_list("language", "sha256"))
        self._hashes: dict[str, str] = {}

    def content_hash(self, language: str) -> str:
        """The hash of the language's words: of its edition, or what that would have if it were frozen now."""
        if language in self._frozen:
            return self._frozen[language]
        if language not in self._hashes:
            self._hashes[language] = hashlib.sha256(canonical_bytes(self.draft, language)).hexdigest()
        return self._hashes[language]

    @cached_property
    def _translated_from(self) -> dict[str, int]:
        """By language: rises when a translation is said to hold for a later original, for documents say which are
        outdated."""
        texts = ProvisionText.objects.of_draft(self.draft).values("language").order_by("language")
        sums = texts.annotate(sum=Sum("translated_from_version"))
        return {row["language"]: row["sum"] or 0 for row in sums}

    def made_of(self, language: str, form: str) -> str:
        """The hash of all that goes into the document of this language and format."""
        own = self.content_hash(language)
        if form == Rendering.Format.JSON:
            return own
        draft = self.draft
        with translation.override(language):
            parts = [
                *(own, self.content_hash(draft.source_language), draft.source_language, draft.status),
                *(str(draft.published_at), draft.label, draft.guidelines.title),
            ]
        if language != draft.source_language and language not in self._frozen:
            parts.append(str(self._translated_from.get(language, 0)))
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def ask_for_document(*, actor: Any, draft: Draft, language: str, form: str) -> Rendering:
    """The document, made or being made: whoever asks, and however many at once, it is made once.

    A failed one, a lost job and a file gone from the disk are begun anew. ``Refusal`` where the caller may not
    read the draft; ``ValidationError`` for a language without words or an unknown format.
    """
    require(may_read_draft(actor, draft))
    if form not in FORMATS:
        raise ValidationError({"format": _("Choose one of: %(choices)s.") % {"choices": ", ".join(FORMATS)}})
    if language not in coverage(draft):
        raise ValidationError({"language": _("The draft has no words in this language.")})
    makings = Makings(draft)
    key = {"draft": draft, "language": language, "format": form, "recipe": RECIPE}
    with transaction.atomic():
        made, _new = Rendering.objects.get_or_create(
            **key,
            made_of=makings.made_of(language, form),
            defaults={"content_sha256": makings.content_hash(language)},
        )
        made = Rendering.objects.select_for_update(of=("self",)).select_related("job", "file").get(pk=made.pk)
        now = timezone.now()
        made.asked_at = now
        if not is_made(made) and not is_being_made(made, now):
            made.file = None
            made.job = jobs.start(KIND, None, {"rendering": made.pk})
            changes = {"language": language, "format": form}
            audit.record("draft.make_document", draft, actor=_person(actor), changes=changes)
        made.save(update_fields=["asked_at", "file", "job"])
    return made


def is_made(made: Rendering) -> bool:
    return made.file is not None and files.is_there(made.file)


def is_being_made(made: Rendering, now: datetime) -> bool:
    job = made.job
    return bool(job and not job.finished and (job.heartbeat_at or job.created_at) > now - LOST_AFTER)


def make_document(*, job: Job, progress: jobs.Progress) -> StoredFile | None:
    """The work: read the draft as it stands, set it, keep the file.

    Where the words have changed since it was asked for, the document is that of today's words.
    """
    made = Rendering.objects.select_related("draft__guidelines").filter(pk=job.params["rendering"]).first()
    if made is None or made.job_id != job.pk:
        return None  # begun anew meanwhile, or no longer wanted
    progress.set_total(3)
    with translation.override(made.language):
        content, makings = _made(made, progress)
    progress.advance()
    if not _now_of(made, makings):
        return None
    return _keep(made, content)


def _made(made: Rendering, progress: jobs.Progress) -> tuple[bytes, Makings]:
    """The bytes, and what they were made of: all read between two looks that saw the same words."""
    for _reading in range(READINGS):
        draft, before = _look(made)
        wanted = before.made_of(made.language, made.format)
        canonical = canonical_bytes(draft, made.language)
        content = content_of(draft, made.language) if made.format != Rendering.Format.JSON else None
        if _look(made)[1].made_of(made.language, made.format) != wanted:
            continue
        progress.advance()
        if content is None:
            return canonical, before
        frame = frame_of(
            draft, made.language, content, before.content_hash(made.language), state_of(draft, made.language)
        )
        make = make_pdf if made.format == Rendering.Format.PDF else make_html
        return make(frame, content), before
    raise jobs.JobFailed(_("The text is being changed at this moment. Please try again."))


def _look(made: Rendering) -> tuple[Draft, Makings]:
    draft = Draft.objects.select_related("guidelines").get(pk=made.draft_id)
    return draft, Makings(draft)


def _now_of(made: Rendering, makings: Makings) -> bool:
    """Let the row say what the document was made of; False where that one has a row of its own by now."""
    wanted = makings.made_of(made.language, made.format)
    if wanted == made.made_of:
        return True
    made.made_of, made.content_sha256 = wanted, makings.content_hash(made.language)
    try:
        with transaction.atomic():
            made.save(update_fields=["made_of", "content_sha256"])
    except IntegrityError:
        return False
    return True


def _keep(made: Rendering, content: bytes) -> StoredFile:
    draft = made.draft
    with transaction.atomic():
        file = files.keep(
            content,
            owner=None,
            name=file_name(f"{draft.guidelines.slug}-{draft.number}-{made.language}.{made.format}"),
            purpose=DOCUMENT,
            allowed={MEDIA_TYPES[Rendering.Format(made.format)]},
            max_bytes=LARGEST,
            subject=subject_of(made),
            made_as=MEDIA_TYPES[Rendering.Format(made.format)],
        )
        Rendering.objects.filter(pk=made.pk).update(file=file)
    return file


def remove_superseded(now: datetime) -> int:
    """Delete documents of words, states or designs that are no longer, a week after they were last asked for.

    Returns how many. What stands now is kept, however old.
    """
    old = Rendering.objects.filter(asked_at__lte=now - KEPT_FOR).order_by("draft", "pk")
    makings: dict[int, Makings] = {}
    removed = 0
    for made in old.select_related("draft__guidelines", "file").iterator(chunk_size=200):
        current = makings.setdefault(made.draft_id, Makings(made.draft))
        if made.recipe == RECIPE and made.made_of == current.made_of(made.language, made.format):
            continue
        with transaction.atomic():
            file = made.file
            made.delete()
            if file is not None:
                files.remove(file)
        removed += 1
    return removed


def _person(actor: Any) -> Any:
    return actor if getattr(actor, "is_authenticated", False) else None
