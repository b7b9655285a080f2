"""Several drafters at the same moment: one structure, one wording, nothing lost or done twice."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connections

from core.models import AuditEntry
from core.verdicts import Conflict
from drafts.actions.naming import name_draft
from drafts.actions.revising import revise_provision
from drafts.actions.structure import add_provision
from drafts.actions.translating import translate_provision
from drafts.models import Draft, Provision, ProvisionText, StructureChange
from tests.factories import make_draft, make_user

pytestmark = [pytest.mark.django_db(transaction=True)]
AT_ONCE = 5


def all_at_once(act: Any) -> list[str]:
    """``act`` by several drafters; what became of each: done or conflict."""
    people = [make_user("drafter") for _ in range(AT_ONCE)]

    def one(person: Any) -> str:
        try:
            act(person)
        except Conflict:
            return "conflict"
        finally:
            connections.close_all()
        return "done"

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return sorted(pool.map(one, people))


def test_of_those_who_saw_one_structure_the_first_changes_it() -> None:
    draft = make_draft(paragraphs=2)
    found = all_at_once(
        lambda person: add_provision(
            actor=person, draft=draft, kind="paragraph", parent="chp_1", behind="para_1",
            structure_version=1, text="New.",
        )
    )  # fmt: skip
    assert found == ["conflict"] * (AT_ONCE - 1) + ["done"]
    rows = Provision.objects.filter(draft=draft, kind="paragraph").order_by("position")
    assert [row.number for row in rows] == ["1", "2", "3"]
    assert StructureChange.objects.count() == 1 and Draft.objects.get(pk=draft.pk).structure_version == 2


def test_of_those_who_saw_one_wording_the_first_is_written() -> None:
    draft = make_draft(paragraphs=1)
    words = ProvisionText.objects.get(provision__draft=draft, provision__key="para_1")
    found = all_at_once(
        lambda person: revise_provision(
            actor=person, provision=words.provision, language="en", version=1,
            text=f"Words.[^{person.pk}]", notes={str(person.pk): "A note."},
        )
    )  # fmt: skip
    assert found == ["conflict"] * (AT_ONCE - 1) + ["done"]
    assert words.revisions.count() == 2
    assert Provision.objects.filter(draft=draft, kind="footnote").count() == 1


def test_of_those_who_translate_first_one_is_written() -> None:
    draft = make_draft(paragraphs=1)
    provision = draft.provisions.get(key="para_1")
    found = all_at_once(
        lambda person: translate_provision(
            actor=person, provision=provision, language="fr", version=0, source_version=1,
            text=f"Mots de {person.pk}.", approve=True,
        )
    )  # fmt: skip
    assert found == ["conflict"] * (AT_ONCE - 1) + ["done"]
    words = ProvisionText.objects.get(provision=provision, language="fr")
    assert (words.version, words.revisions.count(), words.state) == (1, 1, "approved")
    author = words.revisions.get().author
    assert words.approved_by == author and author and words.text == f"Mots de {author.pk}."


def test_of_those_who_saw_one_label_the_first_changes_it() -> None:
    draft = make_draft(label="Ours")
    seen = {"en": "Ours", "fr": ""}
    found = all_at_once(
        lambda person: name_draft(
            actor=person, draft=draft, labels={"en": "Ours", "fr": person.name}, seen=seen
        )
    )
    assert found == ["conflict"] * (AT_ONCE - 1) + ["done"]
    assert AuditEntry.objects.filter(action="draft.name").count() == 1


def test_one_label_is_given_to_one_of_two_drafts() -> None:
    first = make_draft(label="One")
    drafts = [first, *(make_draft(guidelines=first.guidelines, label=f"No {n}") for n in range(AT_ONCE - 1))]
    waiting = list(drafts)

    def take(person: Any) -> None:
        draft = waiting.pop()
        try:
            name_draft(actor=person, draft=draft, labels={"fr": "Le seul"}, seen={"fr": ""})
        except ValidationError as error:
            raise Conflict(str(error)) from error

    assert all_at_once(take) == ["conflict"] * (AT_ONCE - 1) + ["done"]
    assert Draft.objects.filter(label_fr="Le seul").count() == 1
