"""States of translations: what makes one stale, what doesn't, and who brings it up to date."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError

from core.models import AuditEntry
from core.verdicts import Conflict, Refusal
from drafts.actions.drafting import begin_draft
from drafts.actions.revising import revise_provision
from drafts.actions.structure import add_provision
from drafts.actions.translating import (
    approve_translation,
    confirm_translation,
    take_back_approval,
    translate_provision,
)
from drafts.models import Draft, ProvisionText, Revision
from drafts.translating import TranslationState as State
from drafts.translating import keys_to_do, state_of, translation_progress, translation_rows
from tests.drafts.actions.conftest import words
from tests.factories import make_draft, make_user

pytestmark = pytest.mark.django_db


def state(draft: Draft, key: str, language: str = "fr") -> State:
    texts = {w.language: w for w in ProvisionText.objects.filter(provision__draft=draft, provision__key=key)}
    return state_of(texts.get(language), texts["en"])


def rewrite(actor: Any, draft: Draft, text: str, key: str = "para_1", language: str = "en") -> Revision:
    found = words(draft, key, language)
    return revise_provision(
        actor=actor,
        provision=found.provision,
        language=language,
        version=found.version,
        text=text,
        carry=False,
    )


def translate(actor: Any, draft: Draft, text: str, key: str = "para_1", **more: Any) -> Any:
    source = words(draft, key)
    french = ProvisionText.objects.filter(provision=source.provision, language="fr").first()
    sent = {"version": french.version if french else 0, "source_version": source.version, **more}
    return translate_provision(actor=actor, provision=source.provision, language="fr", text=text, **sent)


def seen(draft: Draft, key: str = "para_1") -> dict[str, Any]:
    french = words(draft, key, "fr")
    return {"provision": french.provision, "language": "fr", "version": french.version}


class TestStale:
    def test_a_change_of_words_makes_it_outdated(self, book: Draft, drafter: Any) -> None:
        assert (state(book, "para_1"), state(book, "para_2")) == (State.APPROVED, State.MISSING)
        rewrite(drafter, book, "One.[^1] And much more.[^2] End.")
        assert state(book, "para_1") == State.OUTDATED

    @pytest.mark.parametrize(
        "text",
        ["one.[^1]  and More.[^2] End.", "One.[^1] And more. End."],
        ids=["case and blanks", "a mark goes"],
    )
    def test_what_says_the_same_does_not(self, book: Draft, drafter: Any, text: str) -> None:
        rewrite(drafter, book, text)
        assert state(book, "para_1") == State.APPROVED

    def test_words_put_back_make_it_good_again(self, book: Draft, drafter: Any) -> None:
        was = words(book, "para_1").text
        rewrite(drafter, book, "Other words.[^1] And.[^2]")
        assert state(book, "para_1") == State.OUTDATED
        rewrite(drafter, book, was)
        assert state(book, "para_1") == State.APPROVED

    def test_numbers_that_follow_do_not(self, book: Draft, drafter: Any) -> None:
        add_provision(
            actor=drafter, draft=book, kind="action", parent="para_3", behind="para_3__a",
            structure_version=1, text="a new act;",
        )  # fmt: skip
        assert "3 (c)" in words(book, "para_4").text and state(book, "para_4") == State.APPROVED

    def test_a_new_footnote_does(self, book: Draft, drafter: Any) -> None:
        found = words(book, "para_1")
        revise_provision(
            actor=drafter, provision=found.provision, language="en", version=1,
            text="One.[^1] And more.[^2] End.[^x]", notes={"x": "New."},
        )  # fmt: skip
        assert state(book, "para_1") == State.OUTDATED

    def test_it_stays_stale_in_the_next_draft_with_what_it_was_made_from(
        self, book: Draft, drafter: Any
    ) -> None:
        rewrite(drafter, book, "One.[^1] And much more.[^2] End.")
        next_draft = begin_draft(actor=drafter, base=book, label="Third draft")
        source, french = words(next_draft, "para_1"), words(next_draft, "para_1", "fr")
        assert state(next_draft, "para_1") == State.OUTDATED and state(next_draft, "para_4") == State.APPROVED
        was = source.revisions.get(version=french.translated_from_version or 0)
        assert was.content["text"] == "One.[^1] And more.[^2] End."
        assert source.revisions.get(version=source.version).content["text"] == source.text
        wrote = words(book, "para_1").revisions.get(version=2)
        standing = source.revisions.get(version=source.version)
        assert (standing.author, standing.at, standing.reason) == (wrote.author, wrote.at, wrote.reason)
        assert {*source.revisions.all()} <= {*Revision.objects.carried()}
        assert not Revision.objects.filter(provision_text__provision__draft=book).carried().exists()
        rewrite(drafter, next_draft, was.content["text"])
        assert source.revisions.order_by("version").last() not in Revision.objects.carried()
        assert state(next_draft, "para_1") == State.APPROVED


class TestWriting:
    def test_the_first_translation(self, book: Draft, drafter: Any) -> None:
        saved = translate(drafter, book, "Deux. Trois.", "para_2")
        assert (saved.state, state(book, "para_2")) == (State.IN_WORK, State.IN_WORK)
        assert words(book, "para_2", "fr").revisions.get().author == drafter

    def test_what_changes_an_approved_one_takes_the_approval(self, book: Draft, drafter: Any) -> None:
        translate(drafter, book, "Deux.", "para_2", approve=True)
        assert state(book, "para_2") == State.APPROVED
        rewrite(drafter, book, "Deux. Trois.", "para_2", "fr")
        french = words(book, "para_2", "fr")
        assert state(book, "para_2") == State.IN_WORK and french.approved_by is None

    def test_bringing_it_up_to_date(self, book: Draft, drafter: Any) -> None:
        rewrite(drafter, book, "One.[^1] And much more.[^2] End.")
        saved = translate(drafter, book, "Un.[^1] Et bien plus.[^2] Fin.", approve=True)
        french = words(book, "para_1", "fr")
        assert saved.state == State.APPROVED and french.approved_by == drafter and french.version == 2
        acts = list(AuditEntry.objects.order_by("pk").values_list("action", flat=True))
        assert acts[-2:] == ["provision.revise", "translation.approve"]

    def test_the_original_moved_on_meanwhile(self, book: Draft, drafter: Any) -> None:
        rewrite(drafter, book, "One.[^1] And much more.[^2] End.")
        saved = translate(drafter, book, "Un.[^1] Et plus encore.[^2]", source_version=1, approve=True)
        assert saved.state == State.OUTDATED  # saved, but approved is only what the writer saw
        french = words(book, "para_1", "fr")
        assert french.text.startswith("Un.[^1] Et plus encore") and french.approved_by is None

    def test_approving_without_a_change_says_that_it_holds(self, book: Draft, drafter: Any) -> None:
        rewrite(drafter, book, "One.[^1] And so much more.[^2] End.")
        saved = translate(drafter, book, words(book, "para_1", "fr").text)
        assert (saved.state, saved.changed) == (State.OUTDATED, False)
        saved = translate(drafter, book, words(book, "para_1", "fr").text, approve=True)
        assert (saved.state, words(book, "para_1", "fr").version) == (State.APPROVED, 1)

    def test_what_is_refused(self, book: Draft, drafter: Any) -> None:
        with pytest.raises(Conflict):
            translate(drafter, book, "Un autre.", version=0)  # it has words already
        with pytest.raises(Conflict):
            translate(drafter, book, "Un autre.", version=7)
        with pytest.raises(ValidationError, match="no such version"):
            translate(drafter, book, "Un autre.", source_version=9)
        with pytest.raises(ValidationError, match="Write the translation"):
            translate(drafter, book, "  ", "para_2")
        with pytest.raises(ValidationError, match="no footnote"):
            translate(drafter, book, "Deux.[^9]", "para_2")
        with pytest.raises(ValidationError, match="heading is not translated"):
            translate_provision(
                actor=drafter, provision=words(book, "pillar_1").provision, language="fr", version=0,
                source_version=1, text="Rien.", approve=True,
            )  # fmt: skip
        assert not ProvisionText.objects.filter(language="fr", provision__key="pillar_1").exists()
        with pytest.raises(ValidationError):
            translate_provision(
                actor=drafter, provision=words(book, "para_2").provision, language="en", version=1,
                source_version=1, text="No.",
            )  # fmt: skip


class TestApproving:
    def test_it_still_holds(self, book: Draft, drafter: Any) -> None:
        rewrite(drafter, book, "One.[^1] And even more.[^2] End.")
        other = make_user("staff")
        with pytest.raises(Conflict):
            confirm_translation(actor=other, source_version=1, **seen(book))  # they saw the old one
        confirm_translation(actor=other, source_version=2, **seen(book))
        assert state(book, "para_1") == State.APPROVED and words(book, "para_1", "fr").approved_by == other
        with pytest.raises(Conflict):
            confirm_translation(actor=other, source_version=2, **seen(book))
        assert AuditEntry.objects.filter(action="translation.confirm", actor=other).count() == 1

    def test_approving_and_taking_it_back(self, book: Draft, drafter: Any) -> None:
        translate(drafter, book, "Deux.", "para_2")
        staff = make_user("staff")
        approve_translation(actor=staff, **seen(book, "para_2"))
        french = words(book, "para_2", "fr")
        assert (state(book, "para_2"), french.approved_by) == (State.APPROVED, staff) and french.approved_at
        with pytest.raises(Conflict):
            approve_translation(actor=staff, **seen(book, "para_2"))
        take_back_approval(actor=drafter, **seen(book, "para_2"))
        assert state(book, "para_2") == State.IN_WORK
        with pytest.raises(Conflict):
            take_back_approval(actor=drafter, **seen(book, "para_2"))

    def test_an_outdated_one_is_not_approved(self, book: Draft, drafter: Any) -> None:
        translate(drafter, book, "Deux.", "para_2")
        rewrite(drafter, book, "Two. Four.", "para_2")
        with pytest.raises(Conflict, match="look at the change first"):
            approve_translation(actor=drafter, **seen(book, "para_2"))

    def test_nor_one_that_was_not_seen(self, book: Draft, drafter: Any) -> None:
        translate(drafter, book, "Deux.", "para_2")
        with pytest.raises(Conflict):
            approve_translation(actor=drafter, **{**seen(book, "para_2"), "version": 3})


def test_who_translates(book: Draft) -> None:
    for roles, may in ((("drafter",), True), (("staff",), True), (("admin",), False), (("expert",), False)):
        person = make_user(*roles)
        if may:
            translate(person, book, f"Deux, dit {person.pk}.", "para_2")
        else:
            with pytest.raises(Refusal):
                translate(person, book, "Non.", "para_2")
    staff = make_user("staff")
    with pytest.raises(Refusal):  # the original is the drafters' alone
        rewrite(staff, book, "Mine.", "para_2")
    superseded = make_draft(status="superseded", paragraphs=1)
    with pytest.raises(Conflict, match="newer draft"):
        translate(staff, superseded, "Un.", "para_1")


class TestProgress:
    def test_each_language_and_pillar(
        self, book: Draft, drafter: Any, django_assert_num_queries: Any
    ) -> None:
        translate(drafter, book, "Principe a.", "pillar_1__principle_a")
        rewrite(drafter, book, "Other words.[^1][^2]")
        with django_assert_num_queries(1):
            found = {each.code: each for each in translation_progress(book)}
        french = found["fr"]
        assert set(found) == {"ar", "es", "fr", "ru", "zh-hans"}
        assert french.counts == {
            "missing": french.total - 3, "outdated": 1, "in_work": 1, "approved": 1,
        }  # fmt: skip
        assert french.pillars[1].counts["in_work"] == 1 and french.pillars[None].counts["outdated"] == 1
        assert found["ru"].counts["missing"] == found["ru"].total == french.total
        assert sum(width for _state, _at, width in french.stretches) == french.total

    def test_rows_and_what_is_to_do_agree(self, book: Draft, drafter: Any) -> None:
        translate(drafter, book, "Deux.", "para_2", approve=True)
        rewrite(drafter, book, "Other words.[^1][^2]")
        rows = translation_rows(book, "fr")
        states = {row.provision.key: row.state for row in rows}
        assert states == {row.provision.key: state(book, row.provision.key) for row in rows}
        to_do = [key for key, each in states.items() if each != State.APPROVED]
        assert keys_to_do(book, "fr") == to_do and "para_1" in to_do and "para_2" not in to_do
