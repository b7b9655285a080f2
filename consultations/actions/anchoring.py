"""Binding a comment to the very words it points at."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from consultations.models import Anchor, AnchorMapping, Comment
from drafts.marks import MARK, without_marks
from drafts.models import Provision, Revision
from drafts.spaces import plain_spaces

CONTEXT = 32
_PIECE = re.compile(f"{MARK.pattern}|.", re.S)


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

    A quote is the same with or without the footnote marks inside it, and with plain or no-break spaces; what is
    kept are the text's own characters. Raises ``ValidationError`` on ``anchor`` where the quote does not stand
    where it is said to stand.
    """
    language = anchor.language or provision.draft.source_language
    revision = _revision(provision, language, anchor.version)
    text: str = revision.content["text"]
    exact = unicodedata.normalize("NFC", anchor.exact)
    if not without_marks(exact).strip():
        raise ValidationError({"anchor": _("Quote the words you comment on.")})
    if anchor.start is None:
        start, end = _locate(exact, text, revision.content["footnotes"])
    else:
        start, end = anchor.start, anchor.end
        if end is None or not 0 <= start < end <= len(text) or not _same(text[start:end], exact):
            start = None
    if start is None or end is None:
        raise ValidationError(
            {"anchor": _("The quoted words do not stand at this place of the text. Select them again.")}
        )
    for name, given, found in (
        ("prefix", anchor.prefix, text[:start]),
        ("suffix", anchor.suffix, text[end:]),
    ):
        given, found = plain_spaces(unicodedata.normalize("NFC", given)), plain_spaces(found)
        matches = found.endswith(given) if name == "prefix" else found.startswith(given)
        if given and not matches:
            raise ValidationError(
                {"anchor": _("The words around the quote are not those of the text. Select them again.")}
            )
    return Anchor(
        revision=revision,
        language=language,
        exact=text[start:end],
        prefix=text[max(0, start - CONTEXT) : start],
        suffix=text[end : end + CONTEXT],
        start=start,
        end=end,
    )


def replace_anchor(comment: Comment, anchor: Anchor | None) -> None:
    """Give ``comment`` this anchor, or none. Where the one before stood in later drafts holds no longer."""
    AnchorMapping.objects.filter(comment=comment).delete()
    Anchor.objects.filter(comment=comment).delete()
    if anchor is not None:
        anchor.comment = comment
        anchor.save(force_insert=True)


def _revision(provision: Provision, language: str, version: int | None) -> Revision:
    revisions = Revision.objects.filter(
        # Words that aren't released yet are quoted by nobody: a quote that is found would give them away.
        provision_text__provision=provision,
        provision_text__language=language,
        provision_text__unreleased=False,
    ).order_by("-version")
    revision = (revisions.filter(version=version) if version is not None else revisions).first()
    if revision is None:
        raise ValidationError(
            {"anchor": _("This provision has no text in that language and version. Load the page again.")}
        )
    return revision


def _same(words: str, exact: str) -> bool:
    words, exact = plain_spaces(words), plain_spaces(exact)
    return words == exact or without_marks(words) == without_marks(exact)


def _locate(exact: str, text: str, footnotes: list[dict[str, str]]) -> tuple[int | None, int | None]:
    """Where the quote stands: as it is kept, as it is read without marks, or as a page is copied, with their
    numbers."""
    exact = plain_spaces(exact)
    numbers = {f"[^{note['label']}]": note["number"] for note in footnotes}
    readings: list[Callable[[str], str]] = [str, lambda mark: "", lambda mark: numbers.get(mark, mark)]
    for read in readings:
        words, starts, ends = _read(plain_spaces(text), read)
        at = words.find(exact)
        if at < 0:
            continue
        if words.find(exact, at + 1) >= 0:
            raise ValidationError(
                {"anchor": _("These words occur more than once in the provision. Quote a few words more.")}
            )
        return starts[at], ends[at + len(exact) - 1]
    return None, None


def _read(text: str, read: Callable[[str], str]) -> tuple[str, list[int], list[int]]:
    """``text`` with each mark as ``read`` gives it, and where each of its characters begins and ends in ``text``."""
    words: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for piece in _PIECE.finditer(text):
        said = read(piece[0]) if len(piece[0]) > 1 else piece[0]
        words += said
        # A mark is taken whole or not at all.
        starts += [piece.start()] * len(said)
        ends += [piece.end()] * len(said)
    return "".join(words), starts, ends
