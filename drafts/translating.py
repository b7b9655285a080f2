"""How far the translations of a draft are: derived from what people wrote, confirmed and approved."""

from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db.models import TextChoices
from django.db.models.functions import Substr
from django.utils.translation import gettext_lazy as _

from drafts.inflection import Glossary, bare, stands_in
from drafts.marks import without_marks
from drafts.models import Draft, Provision, ProvisionText

FIRST_WORDS = 160


class TranslationState(TextChoices):
    """Of one provision in one language; in the order in which they are worked on."""

    MISSING = "missing", _("Missing")
    OUTDATED = "outdated", _("Outdated")
    IN_WORK = "in_work", _("In work")
    APPROVED = "approved", _("Approved")


# What somebody still has to look at.
TO_DO = (TranslationState.MISSING, TranslationState.OUTDATED, TranslationState.IN_WORK)


def state_of(words: ProvisionText | None, source: ProvisionText) -> TranslationState:
    """The state of a translation of ``source``. Versions tell, for translations follow a source that says the
    same (``actions.writing.follow_words``)."""
    if words is None or not (words.heading.strip() or words.text.strip()):
        return TranslationState.MISSING
    return _standing(words.state, words.translated_from_version, source.version)


def _standing(state: str, made_from: int | None, source_version: int) -> TranslationState:
    if made_from is not None and made_from != source_version:
        return TranslationState.OUTDATED
    return TranslationState(state)


@dataclass
class Part:
    """How many provisions of a part of the draft are in each state."""

    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(TranslationState.values, 0))

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def approved(self) -> int:
        return self.counts[TranslationState.APPROVED]

    @property
    def to_do(self) -> int:
        return self.total - self.approved

    @property
    def is_begun(self) -> bool:
        return self.counts[TranslationState.MISSING] < self.total

    @property
    def is_complete(self) -> bool:
        """Nothing missing or outdated, and all of it approved."""
        return bool(self.total) and not self.to_do

    @property
    def percent(self) -> int:
        """Approved, in per cent, rounded down: 100 is all of it."""
        return 100 * self.approved // self.total if self.total else 0

    @property
    def cells(self) -> list[tuple[str, str, int]]:
        """(state, its name, how many), the finished first, as a bar draws them."""
        return [(state.value, str(state.label), self.counts[state]) for state in reversed(TranslationState)]

    @property
    def stretches(self) -> list[tuple[str, int, int]]:
        """(state, from, width) of a bar as wide as ``total``; empty states left out."""
        found, at = [], 0
        for state, _label, n in self.cells:
            if n:
                found.append((state, at, n))
            at += n
        return found


@dataclass
class LanguageProgress(Part):
    """One language: all of it, and each pillar; ``None`` is what stands outside the pillars."""

    code: str = ""
    name: str = ""
    pillars: dict[int | None, Part] = field(default_factory=dict)


def translation_progress(draft: Draft) -> list[LanguageProgress]:
    """Each language but the source's, in the portal's order, for those who translate (one query)."""
    texts_of = ProvisionText.with_unreleased.of_draft(draft).exclude(heading="", text="").order_by()
    rows = texts_of.values_list(
        *("provision_id", "provision__pillar", "language", "version", "translated_from_version", "state")
    )
    sources: dict[int, tuple[int | None, int]] = {}
    texts: dict[tuple[int, str], tuple[str, int | None]] = {}
    for pk, pillar, language, version, made_from, state in rows:
        if language == draft.source_language:
            sources[pk] = (pillar, version)
        else:
            texts[pk, language] = (state, made_from)
    found = []
    for code, name in settings.LANGUAGES:
        if code == draft.source_language:
            continue
        progress = LanguageProgress(code=code, name=name)
        for pk, (pillar, version) in sources.items():
            stored = texts.get((pk, code))
            state = _standing(*stored, version) if stored else TranslationState.MISSING
            progress.counts[state] += 1
            progress.pillars.setdefault(pillar, Part()).counts[state] += 1
        progress.pillars = dict(sorted(progress.pillars.items(), key=lambda item: item[0] or 99))
        found.append(progress)
    return found


@dataclass
class TranslationRow:
    """One provision at the desk of a language, by its first words."""

    provision: Provision
    state: TranslationState
    source_words: str
    words: str


def keys_to_do(draft: Draft, language: str, chosen: str = "") -> list[str]:
    """The keys of what somebody still has to look at, in document order (one query); of those in the state
    ``chosen`` only, where there is one."""
    states = states_by_key(draft, language, unreleased=True)
    wanted = [state for state in TO_DO if chosen in (state, "", "to_do")]
    return [key for key, state in states.items() if state in (wanted or TO_DO)]


def states_by_key(draft: Draft, language: str, *, unreleased: bool = False) -> dict[str, TranslationState]:
    """The state of every provision that the source has words for, in document order (one query); words that
    readers don't see yet count only with ``unreleased``.

    Empty for the source's own language, which is no translation."""
    if language == draft.source_language:
        return {}
    words = ProvisionText.with_unreleased if unreleased else ProvisionText.objects
    rows = (
        words.of_draft(draft)
        .filter(language__in={language, draft.source_language})
        .exclude(heading="", text="")
        .order_by("provision__position", "provision_id")
        .values_list("provision__key", "language", "version", "translated_from_version", "state")
    )
    sources: dict[str, int] = {}
    texts: dict[str, tuple[str, int | None]] = {}
    for key, written, version, made_from, state in rows:
        if written == draft.source_language:
            sources[key] = version
        else:
            texts[key] = (state, made_from)
    return {
        key: _standing(*texts[key], version) if key in texts else TranslationState.MISSING
        for key, version in sources.items()
    }


def translation_rows(draft: Draft, language: str) -> list[TranslationRow]:
    """Every provision that the source has words for, in document order (two queries)."""
    start = Substr("text", 1, FIRST_WORDS)
    texts: dict[tuple[int, str], ProvisionText] = {}
    found = ProvisionText.with_unreleased.of_draft(draft)
    found = found.filter(language__in={language, draft.source_language})
    for text in (
        found.exclude(heading="", text="").annotate(start=start).defer("text", "footnotes", "references")
    ):
        texts[text.provision_id, text.language] = text
    rows = []
    for provision in Provision.objects.filter(draft=draft).order_by("position", "pk"):
        source = texts.get((provision.pk, draft.source_language))
        words = texts.get((provision.pk, language))
        if source is not None:
            state = TranslationState.MISSING
            if words is not None:
                state = _standing(words.state, words.translated_from_version, source.version)
            rows.append(TranslationRow(provision, state, _begin(source), _begin(words) if words else ""))
    return rows


def _begin(words: Any) -> str:
    said = " ".join(without_marks(words.heading or words.start).split())
    return said if len(said) < FIRST_WORDS else said[: FIRST_WORDS - 1].rstrip() + "…"


@dataclass(frozen=True)
class OfficialTerm:
    """A term of the glossary in the original, and what it is called officially in the other language.

    ``stands`` says whether the translation uses that; None where there is nothing to say.
    """

    key: str
    source: str
    official: str
    stands: bool | None


def official_terms(provision: Provision, source: ProvisionText, words: ProvisionText) -> list[OfficialTerm]:
    """The terms of the draft's glossary that occur in ``source``, in its order (one query)."""
    rows = (
        ProvisionText.with_unreleased.of_draft(provision.draft)
        .filter(provision__kind=Provision.Kind.TERM, language__in={source.language, words.language})
        .exclude(provision=provision)
        .values_list("provision__key", "language", "heading")
    )
    headings: dict[str, dict[str, str]] = {}
    for key, language, heading in rows:
        headings.setdefault(key, {})[language] = bare(heading)
    terms = Glossary(
        {key: names.get(source.language, "") for key, names in headings.items()}, source.language
    )
    said, translated = (f"{text.heading}\n{text.text}" for text in (source, words))
    found = []
    for key in terms.occurring(said):
        official = headings[key].get(words.language, "")
        stands = stands_in(official, translated, words.language) if official and translated.strip() else None
        found.append(OfficialTerm(key, headings[key][source.language], official, stands))
    return found
