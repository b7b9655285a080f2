"""Giving titles and labels in every language: what is changed, what stays, what two people do at once."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone, translation

from accounts.models import RoleGrant
from core.models import AuditEntry
from core.verdicts import Conflict, Refusal
from drafts.actions.drafting import begin_draft
from drafts.actions.editions import canonical_bytes, release_draft
from drafts.actions.naming import name_draft, name_guidelines
from drafts.actions.publishing import ask_for_status, confirm_status
from drafts.models import Draft, Guidelines
from drafts.naming import stands_in, words_of
from tests.factories import make_draft, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft() -> Draft:
    made = make_draft(paragraphs=1, label="First draft")
    Draft.objects.filter(pk=made.pk).update(label_fr="Premier projet")
    Guidelines.objects.update(title_en="Cities", title_fr="Villes")
    return Draft.objects.get(pk=made.pk)


def label(actor: Any, draft: Draft, seen: Any = None, **labels: str) -> Any:
    """Save ``labels``; what isn't given is left as it was ``seen`` (as it stands, where that isn't said)."""
    was = words_of(draft, "label") if seen is None else seen
    return name_draft(actor=actor, draft=draft, labels={**was, **labels}, seen=was)


def title(actor: Any, guidelines: Guidelines, seen: Any = None, **titles: str) -> Any:
    was = words_of(guidelines, "title") if seen is None else seen
    return name_guidelines(actor=actor, guidelines=guidelines, titles={**was, **titles}, seen=was)


def standing(draft: Draft) -> dict[str, str]:
    found = Draft.objects.get(pk=draft.pk)
    return {code: words for code, words in words_of(found, "label").items() if words}


class TestNaming:
    def test_some_languages_are_given_and_the_trail_says_which(self, draft: Draft) -> None:
        actor = make_user("drafter")
        named = label(actor, draft, es=" Primer  borrador ", fr="Projet premier")
        assert (named.changed, named.theirs) == (["es", "fr"], [])
        assert standing(draft) == {"en": "First draft", "fr": "Projet premier", "es": "Primer borrador"}
        (entry,) = AuditEntry.objects.filter(action="draft.name")
        assert (entry.actor, entry.changes) == (actor, {"languages": ["es", "fr"]})

    def test_nothing_new_leaves_no_trace(self, draft: Draft) -> None:
        assert label(make_user("drafter"), draft).changed == []
        assert title(make_user("staff"), draft.guidelines).changed == []
        assert not AuditEntry.objects.filter(action__endswith=".name").exists()

    def test_the_title_too(self, draft: Draft) -> None:
        actor = make_user("staff")
        assert title(actor, draft.guidelines, ru="Города").changed == ["ru"]
        with translation.override("ru"):
            assert str(Guidelines.objects.get()) == "Города"
        (entry,) = AuditEntry.objects.filter(action="guidelines.name")
        assert (entry.actor, entry.changes) == (actor, {"languages": ["ru"]})

    def test_who_may(self, draft: Draft) -> None:
        other = make_draft()
        of_this, of_another = make_user(), make_user()
        for person, scope in ((of_this, draft), (of_another, other)):
            RoleGrant.objects.create(user=person, role="drafter", scope_type="draft", scope_id=str(scope.pk))
        for n, (person, label_too, title_too) in enumerate(
            [
                (make_user("drafter"), True, True), (make_user("staff"), True, True), (of_this, True, False),
                (of_another, False, False), (make_user("admin"), False, False), (make_user("expert"), False, False),
            ]
        ):  # fmt: skip
            draft = Draft.objects.select_related("guidelines").get(pk=draft.pk)
            if label_too:
                assert label(person, draft, ar=f"اسم {n}").changed == ["ar"]
            else:
                with pytest.raises(Refusal):
                    label(person, draft, ar=f"اسم {n}")
            if title_too:
                assert title(person, draft.guidelines, ar=f"عنوان {n}").changed == ["ar"]
            else:
                with pytest.raises(Refusal):
                    title(person, draft.guidelines, ar=f"عنوان {n}")

    @pytest.mark.parametrize("words", ["x" * 121, "a\nb", "Zero draft", "ZERO draft", "Avant-projet"])
    def test_wrong_labels_are_said_of_their_language(self, draft: Draft, words: str) -> None:
        other = make_draft(guidelines=draft.guidelines, label="Zero draft")
        Draft.objects.filter(pk=other.pk).update(label_fr="Avant-projet")
        with pytest.raises(ValidationError) as error:
            label(make_user("drafter"), draft, es=words, ru="Первый")
        assert list(error.value.message_dict) == ["label_es"]
        assert standing(draft) == {"en": "First draft", "fr": "Premier projet"}, "nothing of it is saved"

    def test_characters_that_nobody_sees_are_no_label(self, draft: Draft) -> None:
        with pytest.raises(ValidationError):
            label(make_user("drafter"), draft, fr="\u200b")
        assert label(make_user("drafter"), draft, es="\u202ePrimer borrador").changed == ["es"]
        assert standing(draft) == {"en": "First draft", "fr": "Premier projet", "es": "Primer borrador"}

    def test_one_language_stays(self, draft: Draft) -> None:
        assert label(make_user("drafter"), draft, en="").changed == ["en"]
        assert str(Draft.objects.get(pk=draft.pk)) == "Premier projet"
        with pytest.raises(ValidationError) as error:
            label(make_user("drafter"), Draft.objects.get(pk=draft.pk), fr="")
        assert list(error.value.message_dict) == ["label_en"]
        with pytest.raises(ValidationError) as error:
            title(make_user("drafter"), draft.guidelines, en="", fr="")
        assert list(error.value.message_dict) == ["title_en"]
        with pytest.raises(ValidationError) as error:
            title(make_user("drafter"), draft.guidelines, zh="", **{"zh-hans": "城" * 251})
        assert list(error.value.message_dict) == ["title_zh_hans"]

    @pytest.mark.parametrize("reader", ["en", "ru"])
    def test_no_language_is_filled_from_another(self, draft: Draft, reader: str) -> None:
        Draft.objects.filter(pk=draft.pk).update(label_en=None)
        with translation.override(reader):
            label(make_user("drafter"), Draft.objects.get(pk=draft.pk), fr="Projet premier", es="Primero")
            title(make_user("staff"), draft.guidelines, es="Ciudades")
        assert standing(draft) == {"fr": "Projet premier", "es": "Primero"}
        titles = words_of(Guidelines.objects.get(), "title")
        assert {code for code, words in titles.items() if words} == {"en", "fr", "es"}

    def test_two_drafts_may_be_without_a_label_in_one_language(self, draft: Draft) -> None:
        drafter = make_user("drafter")
        other = begin_draft(actor=drafter, base=draft, label={"en": "Second", "fr": "Deuxième"})
        for each in (draft, other):
            label(drafter, each, en="")
        third = begin_draft(actor=drafter, base=draft, label={"ru": "Третий"})
        assert standing(third) == {"ru": "Третий"}
        assert (standing(draft), standing(other)) == ({"fr": "Premier projet"}, {"fr": "Deuxième"})

    def test_a_label_given_up_is_free_for_the_next_draft(self, draft: Draft) -> None:
        drafter = make_user("drafter")
        label(drafter, draft, en="Outline")
        assert begin_draft(actor=drafter, base=draft, label="First draft").label == "First draft"


class TestPublished:
    def test_what_readers_know_stays_and_what_is_missing_is_added(self, draft: Draft) -> None:
        staff = make_user("staff")
        release_draft(draft, actor=staff)
        (before,) = draft.editions.values_list("sha256", "canonical")
        draft.refresh_from_db()
        with pytest.raises(ValidationError) as error:
            label(staff, draft, fr="Projet un", ar="المشروع الأول")
        assert list(error.value.message_dict) == ["label_fr"] and "ar" not in standing(draft)
        with pytest.raises(ValidationError):
            label(staff, draft, fr="")
        assert label(staff, draft, ar="المشروع الأول").changed == ["ar"]
        assert standing(draft)["ar"] == "المشروع الأول"
        (after,) = draft.editions.values_list("sha256", "canonical")
        assert after == before and bytes(after[1]) == canonical_bytes(draft, "en"), "no label is in the bytes"

    def test_nor_between_the_second_word_and_the_time_set(self, draft: Draft) -> None:
        due = timezone.now() + timedelta(days=1)
        request = ask_for_status(actor=make_user("drafter"), draft=draft, due_at=due)
        assert label(make_user("drafter"), draft, fr="Projet un").changed == ["fr"]
        confirm_status(actor=make_user("staff"), request=request)
        draft.refresh_from_db()
        with pytest.raises(ValidationError, match="Two people have confirmed"):
            label(make_user("drafter"), draft, fr="Projet deux")
        assert label(make_user("drafter"), draft, es="Primero").changed == ["es"]

    def test_the_title_of_published_guidelines_is_still_theirs_to_give(self, draft: Draft) -> None:
        release_draft(draft, actor=make_user("staff"))
        assert title(make_user("drafter"), draft.guidelines, en="Cities for people").changed == ["en"]


class TestTwoPeople:
    def test_changes_of_different_languages_both_stand(self, draft: Draft) -> None:
        seen = words_of(draft, "label")
        label(make_user("drafter"), draft, seen, fr="Projet un")
        named = label(make_user("staff"), draft, seen, es="Primero")
        assert (named.changed, named.theirs) == (["es"], ["fr"])
        assert standing(draft) == {"en": "First draft", "fr": "Projet un", "es": "Primero"}

    def test_the_same_language_is_a_conflict_that_saves_nothing(self, draft: Draft) -> None:
        seen = words_of(draft, "label")
        label(make_user("drafter"), draft, seen, fr="Projet un", ru="Один")
        with pytest.raises(Conflict) as conflict:
            label(make_user("staff"), draft, seen, fr="Projet deux", es="Primero", ru="Один")
        assert conflict.value.current == {"words": {"fr": "Projet un"}}
        assert standing(draft) == {"en": "First draft", "fr": "Projet un", "ru": "Один"}

    def test_emptied_meanwhile_is_a_conflict_too(self, draft: Draft) -> None:
        seen = words_of(draft.guidelines, "title")
        title(make_user("drafter"), draft.guidelines, seen, fr="")
        with pytest.raises(Conflict) as conflict:
            title(make_user("staff"), draft.guidelines, seen, fr="Cités")
        assert conflict.value.current == {"words": {"fr": ""}}

    def test_who_saves_the_same_again_is_told_nothing_was_changed(self, draft: Draft) -> None:
        seen = words_of(draft, "label")
        for expected in (["fr"], []):
            assert label(make_user("drafter"), draft, seen, fr="Projet un").changed == expected
        assert AuditEntry.objects.filter(action="draft.name").count() == 1


def test_what_stands_in_where_a_language_is_missing(settings: Any) -> None:
    words = dict.fromkeys(dict(settings.LANGUAGES), "")
    assert stands_in(words, "fr") == ""
    assert stands_in(words | {"ar": "ا", "es": "e"}, "fr") == "es"
    assert stands_in(words | {"fr": "f", "en": "e"}, "fr") == "fr"
    with translation.override("fr"):
        assert Guidelines(title_ar="ا", title_es="e").title == "e", "as readers are shown it"
