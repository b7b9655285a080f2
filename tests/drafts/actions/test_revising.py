"""Changing words: footnotes and references, restoring, work in progress, presence."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from core.verdicts import Conflict, Refusal
from drafts.actions.presence import be_gone, be_present
from drafts.actions.revising import keep_work, restore_revision, revise_provision
from drafts.models import Draft, Presence, Provision, Revision, StructureChange, WorkInProgress
from drafts.writing import editable
from tests.drafts.actions.conftest import numbers, words
from tests.factories import make_user

pytestmark = pytest.mark.django_db


def revise(draft: Draft, drafter: Any, key: str, text: str, language: str = "en", **more: Any) -> Revision:
    found = words(draft, key, language)
    return revise_provision(
        actor=drafter, provision=found.provision, language=language, version=found.version, text=text, **more
    )


class TestFootnotes:
    def test_a_new_one_is_a_provision_of_its_own(self, book: Draft, drafter: Any) -> None:
        revise(book, drafter, "para_1", "One.[^1] And[^new] more.[^2] End.", notes={"new": " Fresh. "})
        found = [note["key"] for note in words(book, "para_1").footnotes]
        assert found[0] == "fn_1" and found[2] == "fn_2"
        note = Provision.objects.get(draft=book, key=found[1])
        assert (note.kind, note.number, note.parent.key) == ("footnote", "2", "para_1")  # type: ignore[union-attr]
        assert words(book, note.key).text == "Fresh." and words(book, note.key).revisions.count() == 1
        assert editable(words(book, "para_1").content) == "One.[^1] And[^2] more.[^3] End."
        assert words(book, "para_1").version == 2
        # The numbers follow everywhere, in every language, and translations stay up to date.
        assert (numbers(book)["fn_2"], numbers(book)["fn_3"]) == ("3", "4")
        assert editable(words(book, "para_4", "fr").content) == "Comme dit [#para_3__b].[^4]"
        assert words(book, "para_4", "fr").translated_from_version == words(book, "para_4").version == 2
        assert words(book, "para_1", "fr").translated_from_version == 1  # the words themselves changed here

    def test_it_needs_words(self, book: Draft, drafter: Any) -> None:
        with pytest.raises(ValidationError) as error:
            revise(book, drafter, "para_2", "Two.[^x] Three.", notes={"x": " "})
        assert "note-x" in error.value.message_dict
        assert not StructureChange.objects.exists()

    def test_with_its_mark_it_goes_and_comes_back(self, book: Draft, drafter: Any) -> None:
        first = words(book, "para_1").revisions.get()
        revise(book, drafter, "para_1", "One. And more.[^2] End.")
        assert "fn_1" not in numbers(book) and numbers(book)["fn_2"] == "1"
        assert editable(words(book, "para_1", "fr").content) == "Un. Et plus.[^1] Fin."
        assert editable(words(book, "para_4").content) == "As [#para_3__b] says.[^2]"
        restored = restore_revision(actor=drafter, revision=first, version=2, reason="Rightly noted.")
        assert restored.restores == first
        assert (numbers(book)["fn_1"], numbers(book)["fn_3"]) == ("1", "3")
        assert words(book, "para_1").text == first.content["text"]

    def test_marks_in_another_order_are_numbered_anew(self, book: Draft, drafter: Any) -> None:
        revise(book, drafter, "para_1", "One.[^2] And more.[^1] End.")
        assert (numbers(book)["fn_2"], numbers(book)["fn_1"]) == ("1", "2")
        assert editable(words(book, "para_1").content) == "One.[^1] And more.[^2] End."

    def test_a_translation_marks_the_notes_of_its_source(self, book: Draft, drafter: Any) -> None:
        revise(book, drafter, "para_1", "Un. Et plus.[^2] Fin.", "fr")
        assert "fn_1" in numbers(book)
        revise(book, drafter, "para_1", "Un. Et[^1] plus.[^2] Fin.", "fr")
        assert [note["key"] for note in words(book, "para_1", "fr").footnotes] == ["fn_1", "fn_2"]
        with pytest.raises(ValidationError):
            revise(book, drafter, "para_1", "Un.[^neu]", "fr", notes={"neu": "Note."})


class TestReferences:
    def test_what_is_written_as_a_key_is_kept_as_a_number(self, book: Draft, drafter: Any) -> None:
        revise(book, drafter, "para_2", "As [#pillar_1__principle_b] and [#chp_2] say: 3 (b).", carry=False)
        two = words(book, "para_2")
        assert two.text == "As Principle 1 (b) and II say: 3 (b)."
        cut = [(two.text[r["start"] : r["end"]], r["key"]) for r in two.references]
        assert cut == [("Principle 1 (b)", "pillar_1__principle_b"), ("II", "chp_2")]
        assert editable(two.content) == "As [#pillar_1__principle_b] and [#chp_2] say: 3 (b)."

    def test_a_principle_is_named_in_the_language_of_the_text(self, book: Draft, drafter: Any) -> None:
        revise(book, drafter, "para_4", "Comme dit [#pillar_1__principle_a].[^3]", "fr", carry=False)
        assert words(book, "para_4", "fr").text == "Comme dit Principe 1 (a).[^3]"

    def test_to_nothing_is_refused(self, book: Draft, drafter: Any) -> None:
        with pytest.raises(ValidationError) as error:
            revise(book, drafter, "para_2", "As [#para_99] says.")
        assert "para_99" in str(error.value)

    def test_plain_words_keep_those_that_stand_unchanged(self, book: Draft, drafter: Any) -> None:
        revise(book, drafter, "para_4", "Rather: as 3 (b) says clearly.[^3]")
        assert editable(words(book, "para_4").content) == "Rather: as [#para_3__b] says clearly.[^3]"
        revise(book, drafter, "para_4", "Rather: as 3 (a) says clearly.[^3]")
        assert words(book, "para_4").references == []

    def test_written_out_by_hand_it_is_none(self, book: Draft, drafter: Any) -> None:
        revise(book, drafter, "para_4", "As 3 (b) says!", carry=False)
        assert words(book, "para_4").references == []


class TestWork:
    def test_it_is_its_writers_alone_and_ends_with_saving(self, book: Draft, drafter: Any) -> None:
        two = words(book, "para_2")
        other = make_user("drafter")
        for actor in (drafter, drafter, other):
            keep_work(actor=actor, words=two, base_version=1, content={"text": "Half a sen"})
        assert WorkInProgress.objects.count() == 2
        revise(book, drafter, "para_2", "Two.")
        assert WorkInProgress.objects.get().user == other
        with pytest.raises(Refusal):
            keep_work(actor=make_user("staff"), words=two, base_version=1, content={})


class TestPresence:
    def test_others_are_named_while_they_were_seen_lately(self, book: Draft, drafter: Any) -> None:
        two, other = words(book, "para_2").provision, make_user("drafter", name="Olga")
        assert be_present(actor=drafter, provision=two, language="en") == []
        assert be_present(actor=other, provision=two, language="fr") == ["Dora"]
        assert be_present(actor=drafter, provision=two, language="en") == ["Olga"]
        Presence.objects.filter(user=other).update(seen_at=timezone.now() - timedelta(seconds=31))
        assert be_present(actor=drafter, provision=two, language="en") == []
        be_gone(actor=drafter, provision=two)
        assert be_present(actor=other, provision=two, language="fr") == []
        with pytest.raises(Refusal):
            be_present(actor=make_user(), provision=two, language="en")


def test_a_removed_provision_takes_no_words(book: Draft, drafter: Any) -> None:
    Provision.objects.filter(draft=book, key="para_2").update(removed_at=timezone.now())
    found = words(book, "para_2")
    with pytest.raises(Conflict):
        revise_provision(
            actor=drafter, provision=found.provision, language="en", version=1, text="Back from the dead."
        )
