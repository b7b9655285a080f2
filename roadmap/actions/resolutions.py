"""Entering resolutions and their operative paragraphs, and changing them."""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from core import audit
from core.six_languages import Words, check_length, set_words, words_of
from core.verdicts import Conflict, require
from core.words import clean_words
from roadmap.models import OperativeParagraph, ReportingPeriod, Resolution, ResolutionEntry
from roadmap.resolution_rules import may_manage_resolutions

LONGEST_TITLE, LONGEST_TEXT, MOST_PARAGRAPHS = 300, 8000, 200
PARAGRAPH_NUMBER = re.compile(r"[1-9]\d{0,2}(?: \([a-z]\))?")
FIRST_YEAR, LAST_YEAR, HIGHEST = 1945, 2200, 999

# (number, text by language)
Paragraph = tuple[str, Words]
# What a resolution may be given beside its title and paragraphs.
FACTS = frozenset({"year", "adopted_on", "document", "guidelines", "preamble"})


def create_resolution(
    *,
    actor: Any,
    session: int,
    number: int,
    titles: Words,
    year: int,
    paragraphs: Sequence[Paragraph] = (),
    **facts: Any,
) -> Resolution:
    """A resolution, with an entry in the period that is open. ``facts``: ``adopted_on``, ``document`` (the symbol of
    its text), ``guidelines`` that it asks for, ``preamble`` by language.

    ``actor`` None is the command line, which needs no right. ``Refusal`` unless staff; ``ValidationError`` by field,
    also where there is a resolution of that session and number.
    """
    if actor is not None:
        require(may_manage_resolutions(actor))
    _check_numbers(session, number)
    with transaction.atomic():
        if Resolution.objects.filter(session=session, number=number).exists():
            raise _here_already(session, number)
        resolution = Resolution(session=session, number=number, created_by=actor)
        _set(resolution, titles, {"year": year, **facts})
        try:
            with transaction.atomic():
                resolution.save()
        except IntegrityError as error:  # entered by somebody else at the same moment
            raise _here_already(session, number) from error
        _set_paragraphs(resolution, paragraphs)
        for period in ReportingPeriod.objects.filter(closed_at__isnull=True):
            ResolutionEntry.objects.create(period=period, resolution=resolution)
        audit.record("resolution.create", resolution, actor=actor, changes={"paragraphs": len(paragraphs)})
    return resolution


def _here_already(session: int, number: int) -> ValidationError:
    symbol = {"symbol": f"{session}/{number}"}
    return ValidationError({"number": _("Resolution %(symbol)s is here already.") % symbol})


def change_resolution(
    *,
    actor: Any,
    resolution: Resolution,
    version: int | None = None,
    titles: Words | None = None,
    paragraphs: Sequence[Paragraph] | None = None,
    **facts: Any,
) -> Resolution:
    """Change what is named (``FACTS``); ``paragraphs`` are the whole list, the texts of languages that aren't named
    stay. ``Refusal`` unless staff; ``Conflict`` where somebody changed it since ``version``."""
    with transaction.atomic():
        resolution = Resolution.objects.select_for_update(of=("self",)).get(pk=resolution.pk)
        if actor is not None:
            require(may_manage_resolutions(actor))
        check_version(resolution, version)
        _set(resolution, titles or {}, facts)
        if paragraphs is not None:
            _set_paragraphs(resolution, paragraphs)
        resolution.version += 1
        resolution.save()
        audit.record("resolution.change", resolution, actor=actor, changes={"named": sorted(facts)})
    return resolution


def check_version(row: Any, version: int | None) -> None:
    """``Conflict`` where the row isn't what the caller saw."""
    if version is not None and version != row.version:
        raise Conflict(
            _("Somebody has changed this meanwhile. Look at it again, then save."),
            current={"version": row.version},
        )


def _check_numbers(session: int, number: int) -> None:
    wrong = {
        name: _("Give a number from 1 to %(most)d.") % {"most": HIGHEST}
        for name, value in (("session", session), ("number", number))
        if not 1 <= value <= HIGHEST
    }
    if wrong:
        raise ValidationError(wrong)


def _set(resolution: Resolution, titles: Words, facts: dict[str, Any]) -> None:
    if strange := set(facts) - FACTS:
        raise TypeError(f"A resolution has no {', '.join(sorted(strange))}.")
    _check_texts("title", titles, LONGEST_TITLE)
    set_words(resolution, "title", titles)
    if not words_of(resolution, "title"):
        raise ValidationError({"title": _("Give a title in one language at least.")})
    preamble = facts.pop("preamble", {})
    _check_texts("preamble", preamble, 20_000)
    set_words(resolution, "preamble", preamble)
    if "year" in facts and not FIRST_YEAR <= facts["year"] <= LAST_YEAR:
        raise ValidationError({"year": _("Give the year of adoption, such as 2023.")})
    adopted, year = facts.get("adopted_on", resolution.adopted_on), facts.get("year", resolution.year)
    if adopted is not None and adopted.year != year:
        raise ValidationError({"adopted_on": _("This day isn’t in the year of adoption.")})
    if len(facts.get("document", "")) > 40:
        raise ValidationError({"document": _("At most %(limit)d characters.") % {"limit": 40}})
    for name, value in facts.items():
        setattr(resolution, name, clean_words(value) if isinstance(value, str) else value)


def _check_texts(field: str, words: Words, limit: int) -> None:
    try:
        check_length(words, limit)
    except ValidationError as error:
        raise ValidationError({field: error.messages}) from None


def _set_paragraphs(resolution: Resolution, paragraphs: Iterable[Paragraph]) -> None:
    paragraphs = list(paragraphs)
    numbers = [number for number, _words in paragraphs]
    if len(numbers) > MOST_PARAGRAPHS or len(numbers) != len(set(numbers)):
        raise ValidationError({"operative_paragraphs": _("Each paragraph has a number of its own.")})
    if wrong := next((number for number in numbers if not PARAGRAPH_NUMBER.fullmatch(number)), None):
        raise ValidationError(
            {"operative_paragraphs": _("“%(number)s” isn’t a number such as 3 or 1 (a).") % {"number": wrong}}
        )
    standing = {row.number: row for row in resolution.operative_paragraphs.all()}
    resolution.operative_paragraphs.exclude(number__in=numbers).delete()
    for position, (number, words) in enumerate(paragraphs, start=1):
        _check_texts("operative_paragraphs", words, LONGEST_TEXT)
        row = standing.get(number) or OperativeParagraph(resolution=resolution, number=number)
        row.position = position
        set_words(row, "text", words)
        row.save()
