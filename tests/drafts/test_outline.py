"""The rule of numbers against the real document: counting anew changes nothing."""

from pathlib import Path
from typing import Any

import pytest

from drafts.actions.importing import import_draft
from drafts.actions.settling import settle_outline
from drafts.actions.structure import move_provision, remove_provision
from drafts.actions.taking_back import take_back
from drafts.models import Draft, Provision, ProvisionText
from drafts.outline import Outline
from tests.factories import make_user

pytestmark = pytest.mark.django_db
SEED = Path(__file__).resolve().parents[3] / "shared" / "seeds" / "HSP-HA.2-14.draft-guidelines.zh.txt"


def everything(draft: Draft) -> Any:
    rows = Provision.objects.filter(draft=draft).order_by("position")
    texts = ProvisionText.objects.of_draft(draft).order_by("provision__position")
    fields = ("key", "parent", "position", "number", "pillar", "actor")
    return list(rows.values_list(*fields)), list(texts.values_list("provision__key", "text", "footnotes"))


@pytest.mark.skipif(not SEED.exists(), reason="the source document is not on this machine")
def test_the_real_document_is_numbered_by_the_rule() -> None:
    report = import_draft(
        actor=None, content=SEED.read_bytes(), filename=SEED.name, guidelines_slug="smart", label="Zero draft",
        language="zh-hans", status="working",
    )  # fmt: skip
    draft, drafter = Draft.objects.get(pk=report["draft"]), make_user("drafter")
    before = everything(draft)
    settle_outline(draft, Outline.of(draft))
    assert everything(draft) == before
    # And what two acts change, taking them back changes back.
    moved = move_provision(
        actor=drafter,
        draft=draft,
        key="para_33",
        parent="pillar_2__actions",
        behind="para_39",
        structure_version=1,
    )
    assert Provision.objects.get(draft=draft, key="para_33__a").number == "39 (a)"
    assert Provision.objects.get(draft=draft, key="para_33__a").pillar == 2
    removed = remove_provision(actor=drafter, draft=draft, key="para_1", structure_version=2)
    take_back(actor=drafter, change=removed, structure_version=3)
    take_back(actor=drafter, change=moved, structure_version=4)
    assert everything(draft) == before
