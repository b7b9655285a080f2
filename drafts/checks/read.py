"""A draft as the checks read it: every provision and every text, in memory (two queries)."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.conf import settings

from drafts.formats.lexicon import LEXICONS, Lexicon
from drafts.marks import MARK
from drafts.models import Draft, Provision, ProvisionText
from drafts.references import Targets

_SENTENCE_END = re.compile(r"(?<=[。！？；])|(?<=[.!?;؟؛])\s+|\n+")
# What makes provisions of each other's text: words set together (a figure's) are no sentences.
RUNNING = (
    *(Provision.Kind.PARAGRAPH, Provision.Kind.PRINCIPLE, Provision.Kind.ACTION, Provision.Kind.ITEM),
    *(Provision.Kind.STEP, Provision.Kind.STEP_ACTION, Provision.Kind.TERM),
)


@dataclass(frozen=True)
class Sentence:
    key: str
    language: str
    text: str


class ReadDraft:
    """All of a draft. ``provisions`` are in document order; ``languages`` those that have any words, the source
    language first."""

    def __init__(self, draft: Draft, provisions: list[Provision], texts: list[ProvisionText]) -> None:
        self.draft = draft
        self.source = draft.source_language
        self.provisions = provisions
        self.by_key = {row.key: row for row in provisions}
        self._by_id = {row.pk: row for row in provisions}
        self._texts = {(text.provision_id, text.language): text for text in texts}
        with_words = {text.language for text in texts}
        codes = [code for code, _name in settings.LANGUAGES if code in with_words]
        self.languages = sorted(codes, key=lambda code: code != self.source)
        # What several checks need and one has worked out, under a name of its own.
        self.memo: dict[Any, Any] = {}
        self._children: dict[int, list[Provision]] = defaultdict(list)
        for row in provisions:
            if row.parent_id:
                self._children[row.parent_id].append(row)

    @cached_property
    def targets(self) -> Targets:
        """What the draft's numbers name."""
        return Targets(self.provisions)

    def parent(self, provision: Provision) -> Provision | None:
        return self._by_id.get(provision.parent_id) if provision.parent_id else None

    def children(self, provision: Provision) -> list[Provision]:
        return self._children.get(provision.pk, [])

    def text(self, provision: Provision, language: str) -> ProvisionText | None:
        return self._texts.get((provision.pk, language))

    def rows(
        self, language: str, kinds: Collection[str] | None = None
    ) -> Iterator[tuple[Provision, ProvisionText]]:
        """The provisions with words in ``language``, in document order."""
        for row in self.provisions:
            text = self._texts.get((row.pk, language))
            if text is not None and (kinds is None or row.kind in kinds):
                yield row, text

    def heading(self, provision: Provision, language: str) -> str:
        text = self.text(provision, language)
        return text.heading if text else ""

    def is_head_of_list(self, provision: Provision) -> bool:
        """Whether lettered items hang on it: its own words open the list, and may stand in every pillar."""
        return any(
            row.kind in (Provision.Kind.ITEM, Provision.Kind.ACTION) for row in self.children(provision)
        )

    def sentences(self, language: str, kinds: Collection[str] = RUNNING) -> Iterator[Sentence]:
        """Every sentence of the running text, footnote marks left out; not the words that open a list."""
        for row, text in self.rows(language, kinds):
            if not self.is_head_of_list(row):
                for sentence in sentences_of(text.text):
                    yield Sentence(row.key, language, sentence)


def sentences_of(text: str) -> Iterator[str]:
    """The sentences and lines of ``text`` without footnote marks and bullets."""
    for part in _SENTENCE_END.split(MARK.sub("", text)):
        if sentence := part.strip().removeprefix("•").strip():
            yield sentence


def lexicon_of(language: str) -> Lexicon:
    """The structure words of one of the six languages."""
    return LEXICONS[language.partition("-")[0]]


def read_draft(draft: Draft) -> ReadDraft:
    """With the words of languages that are to come: who reads the findings is at work on them."""
    provisions = list(Provision.objects.filter(draft=draft).order_by("position", "pk"))
    return ReadDraft(draft, provisions, list(ProvisionText.with_unreleased.of_draft(draft)))
