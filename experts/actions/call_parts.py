"""A call's criteria, papers and questions, each set as one list."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.text import slugify
from django.utils.translation import gettext as _

from core.punctuation import colon, listed
from core.six_languages import column
from core.words import clean_words
from experts.models import Call, CallPaper, CallQuestion, Criterion, NominationAnswer
from experts.words import Words, check_length, set_words, words_of

MOST_CRITERIA, MOST_QUESTIONS = 12, 20
LONGEST_NAME, LONGEST_DESCRIPTION, LONGEST_WORDING = 120, 2000, 1000
HEAVIEST, MOST_PAGES, MOST_WORDS = 1000, 200, 5000

Part = Mapping[str, Any]


def set_criteria(call: Call, wanted: Sequence[Part], *, frozen: bool) -> bool:
    """Make the call's criteria these, in this order: each ``{"code", "name", "description", "weight"}``.

    A code that the call has keeps its criterion, others make one; without a code it is made of the English name.
    ``frozen`` (scoring began): only languages that were missing may be added. Says whether anything changed;
    ``ValidationError`` under ``criteria``.
    """
    with _errors_under("criteria"):
        if len(wanted) > MOST_CRITERIA:
            raise ValidationError(_("A call has at most %(limit)d criteria.") % {"limit": MOST_CRITERIA})
        standing = {criterion.code: criterion for criterion in call.criteria.all()}
        rows: list[tuple[Criterion, bool]] = []
        for place, part in enumerate(wanted, 1):
            with _errors_of(place):
                taken = [row.code for row, _changed in rows]
                rows.append(_criterion(call, part, place, standing, taken, frozen=frozen))
        kept = {row.code for row, _changed in rows}
        gone = [criterion for code, criterion in standing.items() if code not in kept]
        order = [row.code for row, _changed in rows] != list(standing)
        if frozen and (gone or order):
            raise ValidationError(_frozen())
    for criterion in gone:
        criterion.delete()
    for row, _changed in rows:
        row.save()
    return bool(gone) or order or any(changed for _row, changed in rows)


def _criterion(
    call: Call, part: Part, place: int, standing: Mapping[str, Criterion], taken: list[str], *, frozen: bool
) -> tuple[Criterion, bool]:
    names, descriptions = part.get("name") or {}, part.get("description") or {}
    code = part.get("code") or _new_code(names, [*standing, *taken])
    if code in taken:
        raise ValidationError(_("Two criteria have the code “%(code)s”.") % {"code": code})
    row = standing.get(code) or Criterion(call=call, code=code)
    before = _as_it_was(row)
    set_words(row, "name", names)
    set_words(row, "description", descriptions)
    row.weight, row.position = part.get("weight", row.weight), place
    if not words_of(row, "name"):
        raise ValidationError(_("Give it a name."))
    check_length(names, LONGEST_NAME)
    check_length(descriptions, LONGEST_DESCRIPTION)
    if not 1 <= row.weight <= HEAVIEST:
        raise ValidationError(_("A weight is a number from 1 to %(most)d.") % {"most": HEAVIEST})
    after = _as_it_was(row)
    if frozen and (row.pk is None or any(after.get(name) != value for name, value in before.items())):
        raise ValidationError(_frozen())
    return row, after != before


def _as_it_was(row: Criterion) -> dict[str, Any]:
    words = {
        column(f, code): text for f in ("name", "description") for code, text in words_of(row, f).items()
    }
    return {**words, "weight": row.weight}


def _new_code(names: Words, taken: Iterable[str]) -> str:
    base = slugify(names.get("en") or "")[:30].strip("-") or "criterion"
    candidates = (base, *(f"{base}-{n}" for n in range(2, 2 * MOST_CRITERIA + 2)))
    return next(code for code in candidates if code not in taken)


def _frozen() -> str:
    return _(
        "Scoring has begun: criteria, their weights and their words stay as they are. Only languages that are"
        " missing can be added."
    )


def set_papers(call: Call, wanted: Sequence[Part], *, promised: bool) -> bool:
    """Make the papers asked for these: each ``{"kind", "required", "max_pages"}``, one of a kind.

    ``promised`` (the call has opened): nothing more is asked of anybody than it was: no further required paper, no
    fewer pages. Says whether anything changed; ``ValidationError`` under ``papers``.
    """
    with _errors_under("papers"):
        standing = {paper.kind: paper for paper in call.papers.all()}
        rows: list[tuple[CallPaper, bool]] = []
        for place, part in enumerate(wanted, 1):
            with _errors_of(place):
                rows.append(_paper(call, part, standing, [row.kind for row, _changed in rows], promised))
        gone = [paper for kind, paper in standing.items() if kind not in {row.kind for row, _c in rows}]
    for paper in gone:
        paper.delete()
    for row, _changed in rows:
        row.save()
    return bool(gone) or any(changed for _row, changed in rows)


def _paper(
    call: Call, part: Part, standing: Mapping[str, CallPaper], taken: list[str], promised: bool
) -> tuple[CallPaper, bool]:
    kind = part.get("kind")
    if kind not in CallPaper.Kind.values:
        raise ValidationError(_("Choose one of: %(choices)s.") % {"choices": listed(CallPaper.Kind.values)})
    if kind in taken:
        raise ValidationError(_("This paper is in the list already."))
    before = standing.get(kind)
    row = before or CallPaper(call=call, kind=kind)
    was = (row.required, row.max_pages) if before else None
    row.required = part.get("required", row.required)
    row.max_pages = part.get("max_pages", row.max_pages)
    if row.max_pages is not None and not 1 <= row.max_pages <= MOST_PAGES:
        raise ValidationError(_("Give a number from 1 to %(most)d.") % {"most": MOST_PAGES})
    if promised and row.required and not (was and was[0]):
        raise ValidationError(_("The call has opened: no further paper can be required."))
    if promised and was and row.max_pages and (was[1] is None or row.max_pages < was[1]):
        raise ValidationError(_("The call has opened: papers can’t be made shorter than was allowed."))
    return row, was != (row.required, row.max_pages)


def set_questions(call: Call, wanted: Sequence[Part], *, promised: bool) -> bool:
    """Make the call's own questions these, in this order: each ``{"id", "wording", "required", "max_words"}``.

    An ``id`` of the call's keeps that question, without one it is new. ``promised`` (the call has opened): no further
    required question, no fewer words for an answer; what was answered stays in any case. Says whether anything
    changed; ``ValidationError`` under ``questions``.
    """
    with _errors_under("questions"):
        if len(wanted) > MOST_QUESTIONS:
            raise ValidationError(_("A call asks at most %(limit)d questions.") % {"limit": MOST_QUESTIONS})
        standing = {question.pk: question for question in call.questions.all()}
        rows: list[tuple[CallQuestion, bool]] = []
        for place, part in enumerate(wanted, 1):
            with _errors_of(place):
                rows.append(_question(call, part, place, standing, [row.pk for row, _c in rows], promised))
        kept = {row.pk for row, _changed in rows}
        gone = [pk for pk in standing if pk not in kept]
        if NominationAnswer.objects.filter(question__in=gone).exists():
            raise ValidationError(_("A question that somebody has answered stays."))
    call.questions.filter(pk__in=gone).delete()
    for row, _changed in rows:
        row.save()
    return bool(gone) or any(changed for _row, changed in rows)


def _question(
    call: Call, part: Part, place: int, standing: Mapping[int, CallQuestion], taken: list[Any], promised: bool
) -> tuple[CallQuestion, bool]:
    pk, wording = part.get("id"), part.get("wording") or {}
    if pk is not None and (pk not in standing or pk in taken):
        raise ValidationError(_("This call has no such question."))
    before = standing[pk] if pk is not None else None
    row = before or CallQuestion(call=call)
    was = (words_of(row, "wording"), row.required, row.max_words, row.position)
    set_words(row, "wording", wording)
    row.required, row.position = part.get("required", row.required), place
    row.max_words = part.get("max_words", row.max_words)
    if not words_of(row, "wording"):
        raise ValidationError(_("Write the question."))
    check_length(wording, LONGEST_WORDING)
    if not 1 <= row.max_words <= MOST_WORDS:
        raise ValidationError(_("Give a number from 1 to %(most)d.") % {"most": MOST_WORDS})
    if promised and row.required and not (before and was[1]):
        raise ValidationError(_("The call has opened: no further answer can be required."))
    if promised and before and row.max_words < was[2]:
        raise ValidationError(_("The call has opened: answers can’t be made shorter than was allowed."))
    return row, before is None or was != (words_of(row, "wording"), row.required, row.max_words, place)


def is_filled(part: Part, field: str) -> bool:
    """Whether a line of a form says anything in its translated ``field``."""
    return any(clean_words(text) for text in part[field].values())


class _errors_under:
    """Puts a ``ValidationError`` raised within under a field."""

    def __init__(self, field: str) -> None:
        self.field = field

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: Any, error: BaseException | None, trace: Any) -> None:
        if isinstance(error, ValidationError):
            raise ValidationError({self.field: error.messages}) from None


class _errors_of:
    """Says of which item of a list a ``ValidationError`` raised within speaks."""

    def __init__(self, place: int) -> None:
        self.place = place

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: Any, error: BaseException | None, trace: Any) -> None:
        if isinstance(error, ValidationError):
            which = _("No. %(number)s") % {"number": self.place}
            raise ValidationError([f"{which}{colon()}{message}" for message in error.messages]) from None
