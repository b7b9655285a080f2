"""Which documents of a draft there are, and how far the others: the table that pages and programs read."""

from dataclasses import dataclass
from functools import cached_property

from django.conf import settings
from django.core.cache import cache
from django.utils import timezone

from core.models import Job
from drafts.actions.rendering import FORMATS, Makings, is_being_made, is_made
from drafts.comparing import fingerprint_of
from drafts.documents.frame import RECIPE
from drafts.models import Draft, Rendering
from drafts.queries import coverage

KEPT_SECONDS = 24 * 3600
MADE, MAKING, FAILED, NOT_MADE = "made", "making", "failed", "not_made"


@dataclass(frozen=True)
class Place:
    """The place of one document on the shelf, whether it is there or not."""

    language: str
    form: str
    state: str
    content_hash: str
    rendering: Rendering | None = None

    @property
    def version(self) -> str:
        """What tells this document from the one made of other words, for its address."""
        return f"{self.rendering.made_of[:16]}-{self.rendering.recipe}" if self.rendering else ""


@dataclass(frozen=True)
class Shelf:
    language: str
    name: str
    percent: int
    places: list[Place]


class _KeptMakings(Makings):
    """The same, with hashes computed once for each state of the draft: the page asks every second while documents
    are made, and so may programs. What is made is always made of hashes computed anew."""

    @cached_property
    def _state(self) -> str:
        return fingerprint_of(self.draft)

    def content_hash(self, language: str) -> str:
        if language in self._frozen:
            return self._frozen[language]
        name = f"content-hashes:{self._state}"
        self._hashes = self._hashes or cache.get(name) or {}
        is_new = language not in self._hashes
        found = super().content_hash(language)
        # What somebody changed while it was read isn't kept under either state.
        if is_new and fingerprint_of(Draft.objects.get(pk=self.draft.pk)) == self._state:
            cache.set(name, self._hashes, KEPT_SECONDS)
        return found


def shelves_of(draft: Draft, *, only: tuple[str, str] | None = None) -> list[Shelf]:
    """By language that has words, each format. ``only``: one language and format."""
    counts = coverage(draft)
    whole = max(counts.values(), default=0)
    wanted = [
        (code, name)
        for code, name in settings.LANGUAGES
        if counts.get(code) and (not only or only[0] == code)
    ]
    forms = [form for form in FORMATS if not only or only[1] == form]
    makings = _KeptMakings(draft)
    found = {
        (made.language, made.format, made.made_of): made
        for made in Rendering.objects.filter(draft=draft, recipe=RECIPE).select_related("job", "file")
    }
    return [
        Shelf(code, name, 100 * counts[code] // whole, [_place(makings, found, code, form) for form in forms])
        for code, name in wanted
    ]


def place_of(draft: Draft, language: str, form: str) -> Place | None:
    """One document's place; None where the draft has no words in the language, or no such format is made."""
    shelves = shelves_of(draft, only=(language, form))
    return shelves[0].places[0] if shelves and shelves[0].places else None


def _place(makings: Makings, found: dict[tuple[str, str, str], Rendering], language: str, form: str) -> Place:
    made = found.get((language, form, makings.made_of(language, form)))
    return Place(language, form, _state(made), makings.content_hash(language), made)


def _state(made: Rendering | None) -> str:
    if made is None:
        return NOT_MADE
    if is_made(made):
        return MADE
    if is_being_made(made, timezone.now()):
        return MAKING
    return FAILED if made.job and made.job.state == Job.State.FAILED else NOT_MADE
