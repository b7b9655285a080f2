"""A small book for the tests of the API: pillars, actors, footnotes, a term, and two provisions in French."""

import pytest

from drafts.models import Draft, Provision
from tests.factories import make_draft, make_provision, make_text

# Labels and printed numbers differ, and one mark's number is the other's label.
FOOTNOTES = [
    {"label": "iot", "number": "2", "key": "fn_2"},
    {"label": "2", "number": "3", "key": "fn_3"},
]


@pytest.fixture
def book() -> Draft:
    """A working draft in English; the keys stand in the order of ``KEYS``."""
    draft = make_draft(label="Second draft")
    chapter = draft.provisions.get(key="chp_1")
    paragraph = Provision.objects.create(
        draft=draft, key="para_1", kind="paragraph", number="1", parent=chapter, position=2
    )
    make_text(paragraph, language="en", text="Sensors[^iot] count.[^2]", footnotes=FOOTNOTES)
    make_text(paragraph, language="fr", text="Les capteurs[^iot] comptent.[^2]", footnotes=FOOTNOTES)
    note = make_provision(draft, "fn_2", kind="footnote", number="2", parent=paragraph, text="Things.")
    make_text(note, language="fr", text="Des choses.")
    make_provision(draft, "fn_3", kind="footnote", number="3", parent=paragraph, text="Not all.")
    pillar = make_provision(draft, "pillar_1", kind="pillar", number="1", pillar=1, heading="Prosperity")
    principle = make_provision(
        draft,
        "pillar_1__principle_a",
        kind="principle",
        number="Principle 1 (a)",
        pillar=1,
        parent=pillar,
        text="Fair.",
    )
    for number, actor in enumerate(("national_government", "stakeholder"), 1):
        make_provision(
            draft,
            f"pillar_1__action_{number}",
            kind="action",
            pillar=1,
            actor=actor,
            parent=principle,
            text="Act.",
        )
    make_provision(draft, "pillar_2", kind="pillar", number="2", pillar=2, heading="Planet")
    make_provision(draft, "term_1", kind="term", heading="Smart city", text="A city that learns.")
    return draft
