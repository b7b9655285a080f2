"""The demonstration's second draft: changes of every sort, carried out by the actions themselves."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from drafts.actions.importing import add_translation, import_draft
from drafts.comparing import comparison_of, reasons_between
from drafts.models import CheckRun, Draft, Lineage, StructureChange
from guidelines_portal.demonstration.people import TEXTS
from guidelines_portal.demonstration.second_draft import load_second_draft
from tests.factories import make_user

pytestmark = pytest.mark.django_db


def first_draft() -> Draft:
    drafter = make_user("drafter")
    known = {"actor": drafter, "filename": "draft-1.md"}
    report = import_draft(
        content=(TEXTS / "draft-1.en.md").read_bytes(),
        guidelines_slug="smart-cities",
        label="First draft",
        language="en",
        status=Draft.Status.WORKING,
        **known,
    )
    draft = Draft.objects.get(pk=report["draft"])
    for language in ("ar", "zh-hans"):
        content = (TEXTS / f"draft-1.{language}.md").read_bytes()
        add_translation(draft=draft, content=content, language=language, **known)
    Draft.objects.filter(pk=draft.pk).update(status="published", published_at=timezone.now())
    return Draft.objects.get(pk=draft.pk)


def test_at_least_sixty_changes_of_every_sort_each_with_its_reason() -> None:
    first = first_draft()
    drafters = (make_user("drafter"), make_user("drafter"))
    begun = timezone.now() - timedelta(days=6)
    second = load_second_draft(first, drafters, begun=begun, span=timedelta(days=5))
    comparison = comparison_of(second, first, "en")
    summary = comparison.summary
    assert sum(summary[change] for change in ("changed", "added", "removed", "moved")) >= 60
    assert min(summary[change] for change in ("added", "removed", "moved")) >= 2
    assert set(Lineage.objects.filter(draft=second).values_list("kind", flat=True)) == {"split", "merge"}
    marked = [row for row in comparison.provisions if row.is_marked]
    given = {
        reason.words
        for reasons in reasons_between(drafters[0], second, first, marked).values()
        for reason in reasons
    }
    acts = json.loads((TEXTS / "second-draft.json").read_text("utf-8"))
    assert {act["reason"] for act in acts} <= given
    assert all(begun < change.at < timezone.now() for change in StructureChange.objects.filter(draft=second))
    assert CheckRun.objects.filter(draft=second).exists()


def test_the_translations_given_say_what_changed_in_their_own_words() -> None:
    first = first_draft()
    drafters = (make_user("drafter"), make_user("drafter"))
    second = load_second_draft(first, drafters, begun=timezone.now(), span=timedelta(days=1))
    rows = {row.key: row for row in comparison_of(second, first, "ar").provisions}
    assert any(piece.kind == "added" and "يعملون" in piece.text for piece in rows["para_8"].text)
    reasons = reasons_between(drafters[0], second, first, [rows["para_8"]])
    assert any("sleep elsewhere" in reason.words for reason in reasons["para_8"])
