"""Binding a comment to the very words it points at."""

import unicodedata
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from consultations.models import Anchor, Comment
from drafts.models import Provision, Revision

CONTEXT = 32


@dataclass(frozen=True)
class AnchorInput:
    """A quote as the client saw it. Offsets count code points of the NFC text, ``end`` exclusive.

    Without ``language`` the draft's source language is meant, without ``version`` the present one; without
    offsets the quote must occur exactly once.
    """

    exact: str
    prefix: str = ""
    suffix: str = ""
    start: int | None = None
    end: int | None = None
    language: str = ""
    version: int | None = None


def check_anchor(anchor: AnchorInput, provision: Provision) -> Anchor:
    """The (unsaved) anchor of a quote in ``provision``.

    Raises ``ValidationError`` on ``anchor`` where the quote does not stand where it is said to stand.
    """
    language = anchor.language or provision.draft.source_language
    revision = _revision(provision, language, anchor.version)
    text: str = revision.content["text"]
    exact = unicodedata.normalize("NFC", anchor.exact)
    if not exact.strip():
        raise ValidationError({"anchor": _("Quote the words you comment on.")})
    start, end = (anchor.start, anchor.end) if anchor.start is not None else _locate(exact, text)
    if start is None or end is None or not 0 <= start < end <= len(text) or text[start:end] != exact:
        raise ValidationError(
            {"anchor": _("The quoted words do not stand at this place of the text. Select them again.")}
        )
    for name, given, found in (
        ("prefix", anchor.prefix, text[:start]),
        ("suffix", anchor.suffix, text[end:]),
    ):
        given = unicodedata.normalize("NFC", given)
        matches = found.endswith(given) if name == "prefix" else found.startswith(given)
        if given and not matches:
            raise ValidationError(
                {"anchor": _("The words around the quote are not those of the text. Select them again.")}
            )
    return Anchor(
        revision=revision,
        language=language,
        exact=exact,
        prefix=text[max(0, start - CONTEXT) : start],
        suffix=text[end : end + CONTEXT],
        start=start,
        end=end,
    )


def replace_anchor(comment: Comment, anchor: Anchor | None) -> None:
    """Give ``comment`` this anchor, or none."""
    Anchor.objects.filter(comment=comment).delete()
    if anchor is not None:
        anchor.comment = comment
        anchor.save(force_insert=True)


def _revision(provision: Provision, language: str, version: int | None) -> Revision:
    revisions = Revision.objects.filter(
        provision_text__provision=provision, provision_text__language=language
    ).order_by("-version")
    revision = (revisions.filter(version=version) if version is not None else revisions).first()
    if revision is None:
        raise ValidationError(
            {"anchor": _("This provision has no text in that language and version. Load the page again.")}
        )
    return revision


def _locate(exact: str, text: str) -> tuple[int | None, int | None]:
    start = text.find(exact)
    if start >= 0 and text.find(exact, start + 1) >= 0:
        raise ValidationError(
            {"anchor": _("These words occur more than once in the provision. Quote a few words more.")}
        )
    return (start, start + len(exact)) if start >= 0 else (None, None)
