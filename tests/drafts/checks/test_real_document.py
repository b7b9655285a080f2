"""The published guidelines as they are: every known defect is found, and little else (docs/draft-checks.md)."""

import time
from pathlib import Path

import pytest

from drafts.actions.importing import import_draft
from drafts.checks import find_all, read_draft
from drafts.models import Draft
from tests.factories import make_user

SEED = Path(__file__).resolve().parents[4] / "shared" / "seeds" / "HSP-HA.2-14.draft-guidelines.zh.txt"
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not SEED.exists(), reason="the published guidelines are not beside the repository"),
]

# code: (provision, variant, others) of everything that is reported, in document order
REPORTED = {
    "reference_to_nothing": ["para_6__a", "para_6__b", "para_6__c"],
    "chapter_named_differently": ["para_6__e chp_3"],
    "pillar_named_differently": [
        *(f"para_26 pillar_{n}" for n in (2, 4, 6, 7, 8)),
        *(f"fig_1 pillar_{n}" for n in (2, 4)),
    ],
    "repeated_sentence": [
        "para_70__g para_35__d",
        "para_70__h para_35__e",
        "para_77__g para_69__k",
        "pillar_8__principle_e pillar_8__principle_d",
    ],
    "nearly_repeated_sentence": [
        "para_50 para_8",
        "para_54__h para_53",
        "para_55__b para_54__f",
        "para_81__c para_39__g",
    ],
    "same_as_above": ["fn_41 fn_40", "fn_42 fn_40", "fn_64 fn_63", "fn_65 fn_63", "fn_66 fn_63"],
    "action_without_actor": ["para_52", "para_53", "para_75"],
    "term_not_in_glossary": ["fn_10", "para_27", "para_56__h term_26", "pillar_6 term_13"],
    "term_never_used": ["term_10", "term_15", "term_26", "term_28", "term_4"],
}


@pytest.fixture
def guidelines() -> Draft:
    report = import_draft(
        actor=make_user("drafter"),
        content=SEED.read_bytes(),
        filename=SEED.name,
        guidelines_slug="real",
        label="Zero draft",
        language="zh-hans",
        number=0,
        status="working",
    )
    return Draft.objects.get(pk=report["draft"])


def test_the_known_defects_and_no_others(guidelines: Draft) -> None:
    began = time.process_time()
    found = find_all(read_draft(guidelines))
    assert time.process_time() - began < 2  # of CPU; 0.3 s on a quiet machine
    by_code: dict[str, list[str]] = {}
    for known, one in found:
        by_code.setdefault(known.code, []).append(" ".join((one.key, *one.others)))
    assert {code: sorted(keys) for code, keys in by_code.items()} == {
        code: sorted(keys) for code, keys in REPORTED.items()
    }
    assert len(found) == 36
    doubtful = [one.key for known, one in found if one.variant == "elsewhere"]
    assert doubtful == ["fn_64", "fn_65", "fn_66"]


def test_each_finding_stands_in_the_documentation(guidelines: Draft) -> None:
    page = Path(__file__).parents[3] / "docs" / "draft-checks.md"
    rows = [
        line
        for line in page.read_text("utf-8").split("## The published guidelines")[1].splitlines()
        if line.startswith("| `")
    ]
    for code, keys in REPORTED.items():
        assert sum(line.startswith(f"| `{code}` |") for line in rows) == len(keys), code
