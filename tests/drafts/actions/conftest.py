"""A working draft in the shape of real guidelines, with footnotes, a reference and a translation."""

from typing import Any

import pytest

from drafts.models import Draft, Provision, ProvisionText
from tests.factories import make_draft, make_provision, make_text, make_user


@pytest.fixture
def drafter() -> Any:
    return make_user("drafter", name="Dora")


@pytest.fixture
def book() -> Draft:
    """Chapter I: 1 (two footnotes), 2; pillar 1 with two principles; 3 with (a), (b); II: 4, which cites 3 (b)."""
    draft = make_draft(label="Second draft")
    chapter = draft.provisions.get(key="chp_1")
    one = bare(draft, "para_1", number="1", parent=chapter)
    notes = [{"label": n, "number": n, "key": f"fn_{n}"} for n in "123"]
    make_text(one, language="en", text="One.[^1] And more.[^2] End.", footnotes=notes[:2])
    for n in (1, 2):
        make_provision(draft, f"fn_{n}", kind="footnote", number=str(n), parent=one, text=f"Note {n}.")
    make_provision(draft, "para_2", number="2", parent=chapter, text="Two. Three.")
    pillar = make_provision(
        draft, "pillar_1", kind="pillar", number="1", pillar=1, parent=chapter, heading="Prosperity"
    )
    principles = make_provision(
        draft,
        "pillar_1__principles",
        kind="heading",
        number="(a)",
        pillar=1,
        parent=pillar,
        heading="Principles",
    )
    for letter in "ab":
        make_provision(
            draft,
            f"pillar_1__principle_{letter}",
            kind="principle",
            number=f"Principle 1 ({letter})",
            pillar=1,
            parent=principles,
            text=f"Principle {letter}.",
        )
    three = make_provision(
        draft, "para_3", number="3", pillar=1, actor="national_government", parent=pillar, text="Governments:"
    )
    for letter in "ab":
        make_provision(
            draft,
            f"para_3__{letter}",
            kind="action",
            number=f"3 ({letter})",
            pillar=1,
            actor="national_government",
            parent=three,
            text=f"act {letter};",
        )
    second = make_provision(draft, "chp_2", kind="chapter", number="II", heading="Follow-up")
    four = bare(draft, "para_4", number="4", parent=second)
    make_text(
        four,
        language="en",
        text="As 3 (b) says.[^3]",
        references=[{"start": 3, "end": 8, "key": "para_3__b"}],
        footnotes=notes[2:],
    )
    make_provision(draft, "fn_3", kind="footnote", number="3", parent=four, text="Note 3.")
    make_text(
        four,
        language="fr",
        text="Comme dit 3 (b).[^3]",
        references=[{"start": 10, "end": 15, "key": "para_3__b"}],
        footnotes=notes[2:],
        translated_from_version=1,
    )
    make_text(
        one, language="fr", text="Un.[^1] Et plus.[^2] Fin.", footnotes=notes[:2],
        translated_from_version=1,
    )  # fmt: skip
    return draft


def bare(draft: Draft, key: str, **fields: Any) -> Provision:
    """A paragraph without words."""
    position = draft.provisions.count() + 1
    return Provision.objects.create(draft=draft, key=key, kind="paragraph", position=position, **fields)


def words(draft: Draft, key: str, language: str = "en") -> ProvisionText:
    return ProvisionText.objects.get(provision__draft=draft, provision__key=key, language=language)


def numbers(draft: Draft) -> dict[str, str]:
    """key → number in document order."""
    rows = Provision.objects.filter(draft=draft).order_by("position")
    return dict(rows.values_list("key", "number"))
