"""A pasted bracketed text of several provisions: what each of them is said to become."""

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError

from consultations.actions.comments import find_provision
from consultations.actions.entering import Entry
from consultations.models import Round
from consultations.negotiating import Head, NotationError, Understanding, split, understand
from drafts.places import place_in_a_list, place_name
from drafts.queries import ReadProvision


@dataclass
class PastedRow:
    """A provision with what its part of the text says; ``by_words``: no number named it."""

    row: ReadProvision
    understood: Understanding
    by_words: bool = False


@dataclass
class Pasted:
    """``rows`` with brackets in them; ``plain`` counts provisions without any, ``left`` are paragraphs that belong
    to no provision; ``faults``: what can't be read, each with the provision that it was taken for; ``refused``:
    proposals for provisions that the round doesn't ask about, with why."""

    rows: list[PastedRow] = field(default_factory=list)
    plain: int = 0
    left: list[str] = field(default_factory=list)
    faults: list[tuple[ReadProvision, NotationError]] = field(default_factory=list)
    refused: list[tuple[ReadProvision, str]] = field(default_factory=list)

    @property
    def may_be_entered(self) -> bool:
        return not self.faults and not self.refused

    @property
    def entries(self) -> list[Entry]:
        return [
            Entry(
                each.row.key,
                each.row.language,
                each.row.text.version if each.row.text else 0,
                each.understood.proposals,
                each.understood.header,
            )
            for each in self.rows
            if each.understood.proposals
        ]


def read_pasted(round: Round, source: str, rows: Sequence[ReadProvision], codes: Collection[str]) -> Pasted:
    """Cut ``source`` up over ``rows`` (in reading order) and read the part of each that has words.

    Faults name the line and column of the whole text. A provision that the round doesn't ask about is refused where
    something is proposed for it.
    """
    having = {row.key: row for row in rows if row.text and row.printed_text}
    parts = split(source, [_head(row) for row in rows if row.text])
    pasted = Pasted(left=[said for said, _offset in parts.left])
    for block in parts.blocks:
        row = having[block.key]
        try:
            understood = understand(block.source, row.printed_text, codes=codes)
        except NotationError as error:
            there = NotationError(source, block.offset + error.offset, error.wrong, error.remedy)
            pasted.faults.append((row, there))
            continue
        if not understood.brackets:
            pasted.plain += 1
        elif understood.proposals and (reason := _not_asked(round, row.key)):
            pasted.refused.append((row, reason))
        else:
            pasted.rows.append(PastedRow(row, understood, block.by_words))
    return pasted


def state_of(rows: Sequence[ReadProvision]) -> str:
    """A mark of the words that a text is read against: another one, once any of them has changed."""
    said = ";".join(f"{row.key}:{row.language}:{row.text.version if row.text else 0}" for row in rows)
    return hashlib.sha256(said.encode()).hexdigest()[:32]


def _head(row: ReadProvision) -> Head:
    heading = row.text.heading if row.text else ""
    provision = row.provision
    place = place_in_a_list(provision)
    labels = {place, place_name(provision), provision.number} - {""}
    title = " ".join(filter(None, (place, heading))) if heading else ""
    return Head(row.key, tuple(sorted(labels)), title, row.printed_text)


def _not_asked(round: Round, key: str) -> str:
    try:
        find_provision(round, key)
    except ValidationError as error:
        return str(error.messages[0])
    return ""
