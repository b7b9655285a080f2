"""Acts on the structure: places, numbers, keys, lineage, and taking back."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError

from core.models import AuditEntry
from core.verdicts import Conflict, Refusal
from drafts.actions.joining import merge_provisions, places_to_split, split_provision
from drafts.actions.revising import revise_provision
from drafts.actions.settling import settle_outline
from drafts.actions.structure import (
    add_provision,
    move_provision,
    remove_provision,
    restore_provision,
    step_provision,
)
from drafts.actions.taking_back import take_back
from drafts.models import Draft, Lineage, Provision, StructureChange
from drafts.outline import Outline, letters, roman
from tests.drafts.actions.conftest import numbers, words
from tests.factories import make_draft, make_provision, make_user

pytestmark = pytest.mark.django_db


def version(draft: Draft) -> int:
    draft.refresh_from_db()
    return draft.structure_version


def provision(draft: Draft, key: str) -> Provision:
    return Provision.with_removed.get(draft=draft, key=key)


def whole(draft: Draft) -> Any:
    """Everything that a reader could notice, apart from versions."""
    rows = Provision.objects.filter(draft=draft).order_by("position")
    placed = [(r.key, r.parent.key if r.parent else "", r.number, r.pillar, r.actor) for r in rows]
    texts = {
        (row.key, text.language): (text.heading, text.text, text.footnotes, text.references)
        for row in rows
        for text in row.texts.all()
    }
    return placed, texts


def test_numbers_of_the_book_follow_the_rule(book: Draft) -> None:
    before = whole(book)
    settle_outline(book, Outline.of(book))
    assert whole(book) == before


def test_letters_and_roman_numbers() -> None:
    assert [letters(n) for n in (1, 26, 27, 52, 53)] == ["a", "z", "aa", "az", "ba"]
    assert [roman(n) for n in (1, 4, 9, 14, 40)] == ["I", "IV", "IX", "XIV", "XL"]


class TestAdding:
    def test_numbers_follow_and_so_do_references_in_every_language(self, book: Draft, drafter: Any) -> None:
        made = add_provision(
            actor=drafter, draft=book, kind="paragraph", parent="chp_1", behind=None, structure_version=1,
            text="Zero.", reason="A beginning.",
        )  # fmt: skip
        assert made.key == "para_1_v2"  # para_1 is somebody else's for ever
        found = numbers(book)
        assert list(found)[:3] == ["chp_1", "para_1_v2", "para_1"]
        assert (found["para_1"], found["para_3__b"], found["para_4"]) == ("2", "4 (b)", "5")
        english, french = words(book, "para_4"), words(book, "para_4", "fr")
        assert (english.text, french.text) == ("As 4 (b) says.[^3]", "Comme dit 4 (b).[^3]")
        assert english.text[slice(*[english.references[0][k] for k in ("start", "end")])] == "4 (b)"
        assert (english.version, french.version, french.translated_from_version) == (2, 2, 2)
        newest = english.revisions.order_by("-version")[0]
        assert newest.author == drafter and "Numbers follow" in newest.reason
        change = StructureChange.objects.get()
        assert (change.act, change.key, change.version, change.reason) == ("add", made.key, 2, "A beginning.")
        assert version(book) == 2
        assert AuditEntry.objects.get(action="draft.restructure").changes["act"] == "add"

    def test_what_may_stand_where(self, book: Draft, drafter: Any) -> None:
        def add(kind: str, parent: str | None, behind: str | None = None) -> Provision:
            return add_provision(
                actor=drafter, draft=book, kind=kind, parent=parent, behind=behind,
                structure_version=version(book), text="Words.",
            )  # fmt: skip

        for kind, parent in (("action", "chp_1"), ("chapter", "chp_1"), ("footnote", "para_1"), ("x", None)):
            with pytest.raises(ValidationError):
                add(kind, parent)
        with pytest.raises(ValidationError):
            add("paragraph", "chp_1", "para_4")
        action = add("action", "para_3", "para_3__b")
        assert (action.key, action.number, action.actor) == ("para_3__c", "3 (c)", "national_government")
        assert action.pillar == 1
        chapter = add("chapter", None, "chp_1")
        assert numbers(book)["chp_2"] == "III" and chapter.key == "chp_2_v2"
        pillar = add("pillar", "chp_1", "pillar_1")
        assert (pillar.key, pillar.number, pillar.pillar) == ("pillar_2", "2", 2)
        assert add("term", "chp_2").key == "term_1"
        assert add("principle", "pillar_2").number == "Principle 2 (a)"

    def test_a_ninth_pillar_is_refused(self, drafter: Any) -> None:
        draft = make_draft()
        chapter = provision(draft, "chp_1")
        for n in range(1, 9):
            make_provision(draft, f"pillar_{n}", kind="pillar", number=str(n), pillar=n, parent=chapter)
        with pytest.raises(ValidationError):
            add_provision(
                actor=drafter, draft=draft, kind="pillar", parent="chp_1", behind="pillar_8",
                structure_version=1, heading="Ninth",
            )  # fmt: skip

    def test_a_stale_structure_a_published_draft_and_strangers(self, book: Draft, drafter: Any) -> None:
        with pytest.raises(Conflict) as conflict:
            remove_provision(actor=drafter, draft=book, key="para_2", structure_version=9)
        assert conflict.value.current == {"structure_version": 1}
        with pytest.raises(Refusal):
            remove_provision(actor=make_user("staff"), draft=book, key="para_2", structure_version=1)
        Draft.objects.filter(pk=book.pk).update(status="published", published_at="2026-01-01T00:00Z")
        with pytest.raises(Conflict):
            remove_provision(actor=drafter, draft=book, key="para_2", structure_version=1)


class TestRemoving:
    def test_all_under_it_goes_and_comes_back(self, book: Draft, drafter: Any) -> None:
        before = whole(book)
        remove_provision(actor=drafter, draft=book, key="para_1", structure_version=1)
        found = numbers(book)
        assert not {"para_1", "fn_1", "fn_2"} & found.keys()
        assert (found["para_2"], found["fn_3"], found["para_3__b"]) == ("1", "1", "2 (b)")
        assert words(book, "para_4").footnotes[0]["number"] == "1"
        assert words(book, "para_4", "fr").text == "Comme dit 2 (b).[^3]"
        with pytest.raises(ValidationError):
            remove_provision(actor=drafter, draft=book, key="para_1", structure_version=2)
        restore_provision(actor=drafter, draft=book, key="para_1", structure_version=2)
        assert whole(book) == before

    def test_what_was_removed_before_stays_removed(self, book: Draft, drafter: Any) -> None:
        remove_provision(actor=drafter, draft=book, key="para_3__a", structure_version=1)
        remove_provision(actor=drafter, draft=book, key="para_3", structure_version=2)
        with pytest.raises(ValidationError):  # its paragraph is gone
            restore_provision(actor=drafter, draft=book, key="para_3__a", structure_version=3)
        restore_provision(actor=drafter, draft=book, key="para_3", structure_version=3)
        assert "para_3__a" not in numbers(book) and numbers(book)["para_3__b"] == "3 (a)"

    def test_a_footnote_follows_its_mark(self, book: Draft, drafter: Any) -> None:
        with pytest.raises(ValidationError):
            remove_provision(actor=drafter, draft=book, key="fn_1", structure_version=1)


class TestMoving:
    def test_under_another_parent_with_all_below(self, book: Draft, drafter: Any) -> None:
        move_provision(
            actor=drafter, draft=book, key="para_3", parent="chp_2", behind="para_4", structure_version=1
        )
        found = numbers(book)
        assert list(found)[-4:] == ["fn_3", "para_3", "para_3__a", "para_3__b"]
        assert (found["para_4"], found["para_3__a"]) == ("3", "4 (a)")
        assert provision(book, "para_3__a").pillar is None
        assert words(book, "para_4").text == "As 4 (b) says.[^3]"

    def test_never_under_itself_nor_where_it_stands(self, book: Draft, drafter: Any) -> None:
        for parent, behind in (("chp_1", "para_1"), ("para_2", None)):
            with pytest.raises(ValidationError):
                move_provision(
                    actor=drafter, draft=book, key="para_2", parent=parent, behind=behind, structure_version=1
                )

    def test_step_by_step_up_and_down(self, book: Draft, drafter: Any) -> None:
        def step(key: str, by: int) -> list[str]:
            step_provision(actor=drafter, draft=book, key=key, by=by, structure_version=version(book))
            return list(numbers(book))

        before = list(numbers(book))
        assert step("para_3__b", -1)[-5:-3] == ["para_3__b", "para_3__a"]
        assert step("para_3__b", 1) == before
        # Past the last of its siblings it goes where it may stand next, and back.
        step("para_3", 1)
        assert provision(book, "para_3").parent == provision(book, "chp_1")
        step("para_3", 1)
        assert provision(book, "para_3").parent == provision(book, "chp_2")
        step("para_3", 1)
        assert (numbers(book)["para_3"], numbers(book)["para_4"]) == ("4", "3")
        for _ in range(3):
            step("para_3", -1)
        assert list(numbers(book)) == before
        with pytest.raises(ValidationError):
            step("chp_1", -1)


class TestSplitting:
    def test_the_second_part_has_its_notes_and_its_ancestor(self, book: Draft, drafter: Any) -> None:
        one = provision(book, "para_1")
        text = words(book, "para_1").text
        second = split_provision(
            actor=drafter,
            provision=one,
            at=text.index(" And"),
            version=1,
            structure_version=1,
            reason="Long.",
        )
        assert (words(book, "para_1").text, words(book, second.key).text) == (
            "One.[^1]",
            "And more.[^2] End.",
        )
        assert second.key == "para_2_v2" and numbers(book)[second.key] == "2"
        assert list(numbers(book))[1:5] == ["para_1", "fn_1", "para_2_v2", "fn_2"]
        assert [n["key"] for n in words(book, "para_1").footnotes] == ["fn_1"]
        assert [n["key"] for n in words(book, second.key).footnotes] == ["fn_2"]
        lineage = Lineage.objects.get()
        assert (lineage.key, lineage.ancestor_key, lineage.kind) == (second.key, "para_1", "split")
        french = words(book, "para_1", "fr")  # stays whole with the first part, and is out of date
        assert french.text == "Un.[^1] Et plus.[^2] Fin." and french.translated_from_version == 1
        assert words(book, "para_1").version == 2
        assert words(book, "para_4").text == "As 4 (b) says.[^3]"

    def test_a_place_within_the_words_only(self, book: Draft, drafter: Any) -> None:
        one = provision(book, "para_1")
        for at in (0, 6, 10_000):  # 6 is inside a mark
            with pytest.raises(ValidationError):
                split_provision(actor=drafter, provision=one, at=at, version=1, structure_version=1)
        with pytest.raises(Conflict):
            split_provision(actor=drafter, provision=one, at=8, version=2, structure_version=1)

    def test_places_are_ends_of_sentences(self) -> None:
        text = "One.[^1] Two; three. "
        assert [text[at:] for at in places_to_split(text)] == [" Two; three. ", " three. "]
        assert [("一。二；三"[at:]) for at in places_to_split("一。二；三")] == ["二；三", "三"]


class TestMerging:
    def test_words_notes_and_references_are_joined(self, book: Draft, drafter: Any) -> None:
        add_provision(
            actor=drafter, draft=book, kind="paragraph", parent="chp_2", behind="para_4", structure_version=1,
            text="See [#para_4].",
        )  # fmt: skip
        merge_provisions(
            actor=drafter, provision=provision(book, "para_2"), other_key="para_4", structure_version=2
        )
        two = words(book, "para_2")
        assert two.text == "Two. Three. As 3 (b) says.[^3]"
        assert two.text[two.references[0]["start"] : two.references[0]["end"]] == "3 (b)"
        assert provision(book, "fn_3").parent == provision(book, "para_2")
        assert "para_4" not in numbers(book)
        assert Lineage.objects.get(key="para_2", ancestor_key="para_4").kind == "merge"
        last = words(book, "para_5")
        assert last.text == "See 2." and last.references[0]["key"] == "para_2"

    def test_only_two_of_a_kind(self, book: Draft, drafter: Any) -> None:
        for other in ("para_3__a", "para_1", "nothing"):
            with pytest.raises(ValidationError):
                merge_provisions(
                    actor=drafter, provision=provision(book, "para_1"), other_key=other, structure_version=1
                )


class TestTakingBack:
    @pytest.fixture
    def acts(self, book: Draft, drafter: Any) -> Any:
        common = {"actor": drafter, "draft": book}
        one = provision(book, "para_1")
        return {
            "add": lambda v: add_provision(
                **common, kind="paragraph", parent="chp_1", behind=None, structure_version=v, text="New."
            ),
            "remove": lambda v: remove_provision(**common, key="para_3", structure_version=v),
            "move": lambda v: move_provision(
                **common, key="para_2", parent="chp_2", behind=None, structure_version=v
            ),
            "split": lambda v: split_provision(
                actor=drafter, provision=one, at=8, version=words(book, "para_1").version, structure_version=v
            ),
            "merge": lambda v: merge_provisions(
                actor=drafter, provision=provision(book, "para_2"), other_key="para_1", structure_version=v
            ),
            "merge what is cited": lambda v: merge_provisions(
                actor=drafter,
                provision=provision(book, "para_3__a"),
                other_key="para_3__b",
                structure_version=v,
            ),
        }

    @pytest.mark.parametrize("act", ["add", "remove", "move", "split", "merge", "merge what is cited"])
    def test_everything_is_as_before(self, book: Draft, drafter: Any, acts: Any, act: str) -> None:
        before = whole(book)
        acts[act](1)
        assert whole(book) != before
        change = StructureChange.objects.get(act=act.split()[0])
        take_back(actor=drafter, change=change, structure_version=2)
        assert whole(book) == before
        assert version(book) == 3
        assert not Lineage.objects.exists()

    @pytest.mark.parametrize("act", ["split", "merge"])
    def test_not_once_words_were_built_on_it(self, book: Draft, drafter: Any, acts: Any, act: str) -> None:
        acts[act](1)
        key = StructureChange.objects.get().key
        revise_provision(
            actor=drafter, provision=provision(book, key), language="en", version=words(book, key).version,
            text="Other words.",
        )  # fmt: skip
        change = StructureChange.objects.get(act=act)
        with pytest.raises(ValidationError):
            take_back(actor=drafter, change=change, structure_version=version(book))


class TestReturned:
    """What itself took a split or a merge back names no words to bring back."""

    def test_a_split_taken_back_is_not_taken_back(self, book: Draft) -> None:
        drafter = make_user("drafter")
        found = provision(book, "para_1")
        split_provision(actor=drafter, provision=found, at=3, version=1, structure_version=version(book))
        self.is_told(book, drafter)

    def test_a_merge_taken_back_is_not_taken_back(self) -> None:
        draft, drafter = make_draft(paragraphs=2), make_user("drafter")
        first = provision(draft, "para_1")
        merge_provisions(actor=drafter, provision=first, other_key="para_2", structure_version=version(draft))
        self.is_told(draft, drafter)

    def is_told(self, draft: Draft, drafter: Any) -> None:
        change = draft.structure_changes.get(version=version(draft))
        returned = take_back(actor=drafter, change=change, structure_version=version(draft))
        stood = whole(draft)
        with pytest.raises(ValidationError, match="split or merge again"):
            take_back(actor=drafter, change=returned, structure_version=version(draft))
        assert whole(draft) == stood


def test_a_footnote_without_its_mark_is_not_brought_back() -> None:
    draft, drafter = make_draft(paragraphs=1), make_user("drafter")
    for text, at in (("Noted.[^a]", 1), ("Not noted.", 2)):
        revise_provision(
            actor=drafter, provision=provision(draft, "para_1"), language="en", version=at, text=text,
            notes={"a": "A note."},
        )  # fmt: skip
    note = Provision.with_removed.get(draft=draft, kind="footnote")
    with pytest.raises(ValidationError, match="follows its mark"):
        restore_provision(actor=drafter, draft=draft, key=note.key, structure_version=version(draft))
