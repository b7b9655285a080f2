"""Languages that come out later: left out at publication, translated on, released by two people, then closed."""

import hashlib
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from accounts.models import User
from consultations.actions.anchoring import AnchorInput
from consultations.actions.comments import write_comment
from core.models import AuditEntry, Outbox
from core.verdicts import Conflict, Refusal
from drafts.actions.checking import check_draft, state_of
from drafts.actions.drafting import begin_draft
from drafts.actions.editions import canonical_bytes
from drafts.actions.importing import add_translation
from drafts.actions.publishing import ask_for_status, carry_out_due, change_status, confirm_status
from drafts.actions.translating import take_back_approval
from drafts.comparing import fingerprint_of
from drafts.documents.frame import state_of as as_of
from drafts.models import Draft, Edition, Provision, ProvisionText, StatusRequest
from drafts.queries import coverage
from drafts.rules import may_translate
from tests.drafts.later import CANARY, finish, make_later, make_working, publish, translate
from tests.factories import make_round, make_user, set_status

pytestmark = pytest.mark.django_db
RELEASED = StatusRequest.Target.RELEASED


@pytest.fixture
def one() -> User:
    return make_user("drafter", name="Dora")


@pytest.fixture
def other() -> User:
    return make_user("staff", name="Stefan")


def release(draft: Draft, one: Any, other: Any, language: str = "fr") -> StatusRequest:
    asked = ask_for_status(actor=one, draft=draft, target=RELEASED, language=language)
    return confirm_status(actor=other, request=asked)


def hidden(draft: Draft, language: str = "fr") -> "list[bool]":
    rows = ProvisionText.with_unreleased.filter(provision__draft=draft, language=language)
    return list(rows.values_list("unreleased", flat=True))


class TestChoosing:
    def test_without_a_choice_every_language_comes_out(self) -> None:
        draft = make_working()
        publish(draft, None)
        assert set(Edition.objects.values_list("language", flat=True)) == {"en", "es", "fr"}
        assert not any(hidden(draft))

    def test_what_is_left_out_is_hidden_and_the_original_always_comes_out(self) -> None:
        draft = make_working()
        publish(draft, [])
        assert list(Edition.objects.values_list("language", flat=True)) == ["en"]
        assert all(hidden(draft)) and all(hidden(draft, "es")) and not any(hidden(draft, "en"))
        assert coverage(draft) == {"en": 3}
        assert AuditEntry.objects.get(action="draft.publish").changes["languages"] == ["en"]

    def test_an_incomplete_one_may_come_out_knowingly(self) -> None:
        draft = make_working()
        publish(draft, ["fr"])
        assert set(Edition.objects.values_list("language", flat=True)) == {"en", "fr"}
        assert coverage(draft) == {"en": 3, "fr": 1}

    def test_only_languages_that_have_words(self, one: User) -> None:
        with pytest.raises(ValidationError) as error:
            ask_for_status(actor=one, draft=make_working(), languages=["es", "ru"])
        assert "languages" in error.value.message_dict

    def test_adopting_chooses_none(self, one: User) -> None:
        with pytest.raises(ValidationError) as error:
            ask_for_status(actor=one, draft=make_later(), target="adopted", languages=["es"])
        assert "languages" in error.value.message_dict

    def test_the_second_person_confirms_the_same_choice(self, one: User, other: User) -> None:
        draft = make_working()
        change_status(actor=one, draft=draft, languages=["es"])
        with pytest.raises(ValidationError) as error:
            change_status(actor=other, draft=draft, languages=["es", "fr"])
        assert "languages" in error.value.message_dict
        change_status(actor=other, draft=draft, languages=["en", "es"])
        assert set(Edition.objects.values_list("language", flat=True)) == {"en", "es"}

    def test_a_time_set_keeps_the_choice(self, one: User, other: User) -> None:
        draft, due = make_working(), timezone.now() + timedelta(hours=1)
        asked = ask_for_status(actor=one, draft=draft, due_at=due, languages=["es"])
        confirm_status(actor=other, request=asked)
        assert carry_out_due(due) == [asked.pk]
        assert set(Edition.objects.values_list("language", flat=True)) == {"en", "es"}
        assert hidden(draft) == [True]

    def test_words_of_removed_provisions_are_hidden_too(self) -> None:
        draft = make_working()
        Provision.objects.filter(draft=draft, key="para_1").update(removed_at=timezone.now())
        publish(draft, ["es"])
        assert hidden(draft) == [True]


class TestTranslatingOn:
    def test_words_are_changed_begun_and_approved(self, one: User, other: User) -> None:
        draft = make_later()
        translate(one, draft, "para_1")
        translate(other, draft, "chp_1", approve=False)
        rows = ProvisionText.with_unreleased.of_draft(draft).filter(language="fr")
        assert {(row.version, row.state, row.unreleased) for row in rows} == {
            (2, "approved", True),
            (1, "in_work", True),
        }
        assert not ProvisionText.objects.of_draft(draft).filter(language="fr").exists()

    def test_a_language_that_nobody_had_begun(self, one: User) -> None:
        draft = make_later()
        translate(one, draft, "para_1", language="ru")
        assert hidden(draft, "ru") == [True]

    @pytest.mark.parametrize("language", ["en", "es"])
    def test_what_is_out_is_closed(self, one: User, language: str) -> None:
        draft = make_later()
        assert may_translate(one, draft, language).code == "published"
        if language == "es":
            with pytest.raises(Conflict):
                translate(one, draft, "para_1", language="es")

    def test_not_in_a_superseded_draft_but_in_an_adopted_one(self, one: User) -> None:
        draft = make_later()
        set_status(draft, "superseded")
        with pytest.raises(Conflict, match="newer draft"):
            translate(one, draft, "para_1")
        adopted = make_later()
        set_status(adopted, "adopted")
        translate(one, adopted, "para_1")

    def test_outsiders_may_not(self) -> None:
        draft = make_later()
        for role in ("expert", "admin", "participant"):
            with pytest.raises(Refusal):
                translate(make_user(role), draft, "para_1")

    def test_nothing_that_readers_depend_on_changes_but_the_checks_follow(self, one: User) -> None:
        draft = make_later()
        before = fingerprint_of(draft), canonical_bytes(draft, "en"), canonical_bytes(draft, "fr")
        checked = state_of(draft)
        translate(one, draft, "para_1")
        assert (fingerprint_of(draft), canonical_bytes(draft, "en"), canonical_bytes(draft, "fr")) == before
        assert CANARY.encode() not in before[2]
        assert state_of(draft) != checked
        assert check_draft(draft.pk) is not None

    def test_the_next_draft_takes_them_along(self, one: User) -> None:
        following = begin_draft(actor=one, base=make_later(), label="The next")
        assert hidden(following) == [False]
        assert CANARY in ProvisionText.objects.get(provision__draft=following, language="fr").text

    def test_a_whole_language_is_imported(self, one: User) -> None:
        draft = make_later()
        content = "---\nlanguage: ru\n---\n# I. Введение\n\n1. Умные города.\n".encode()
        sent: dict[str, Any] = {"actor": one, "draft": draft, "content": content, "filename": "a.md"}
        add_translation(language="ru", **sent)
        assert hidden(draft, "ru") == [True, True]
        with pytest.raises(ValidationError, match="already"):
            add_translation(language="fr", **sent)
        with pytest.raises(ValidationError, match="published"):
            add_translation(language="es", **sent)

    def test_nobody_finds_them_by_quoting(self) -> None:
        draft = make_later()
        words = f"Mots {CANARY}"
        for sent in ({"version": 1}, {}):
            anchor = AnchorInput(language="fr", exact=words, **sent)
            with pytest.raises(ValidationError) as error:
                write_comment(
                    author=make_user("participant"),
                    round=make_round(draft),
                    provision_key="para_1",
                    body="Say it so.",
                    submit=True,
                    anchor=anchor,
                )
            assert "no text in that language" in str(error.value)


class TestReleasing:
    def test_two_people_release_it_and_it_is_closed(self, one: User, other: User) -> None:
        draft = make_later()
        finish(draft)
        asked = ask_for_status(actor=one, draft=draft, target=RELEASED, language="fr", note="It is whole.")
        with pytest.raises(Refusal):
            confirm_status(actor=one, request=asked)
        assert all(hidden(draft))
        done = confirm_status(actor=other, request=asked)
        assert not any(hidden(draft)) and coverage(draft) == {"en": 3, "es": 3, "fr": 3}
        edition = Edition.objects.get(draft=draft, language="fr")
        assert edition.sha256 == hashlib.sha256(canonical_bytes(draft, "fr")).hexdigest()
        assert edition.sha256 == done.asked_sha256 == done.confirmed_sha256
        assert bytes(edition.canonical) == canonical_bytes(draft, "fr")
        draft.refresh_from_db()
        assert draft.status == "published" and draft.published_at < edition.released_at == as_of(draft, "fr")
        assert as_of(draft, "es") == draft.published_at
        with pytest.raises(Conflict, match="published"):
            translate(one, draft, "para_1")
        trail = AuditEntry.objects.get(action="draft.release_language")
        assert trail.actor == other and trail.changes == {"language": "fr", "sha256": edition.sha256}
        settled = Outbox.objects.filter(event="draft.status_settled")
        assert settled.filter(subject=f"drafts.statusrequest:{done.pk}").exists()

    def test_refused_unless_every_provision_is_approved(self, one: User, other: User) -> None:
        draft = make_later()
        with pytest.raises(Conflict, match="not complete") as error:
            release(draft, one, other)
        assert error.value.current["to_do"] == 2
        finish(draft)
        asked = ask_for_status(actor=one, draft=draft, target=RELEASED, language="fr")
        provision = Provision.objects.get(draft=draft, key="para_1")
        take_back_approval(actor=one, provision=provision, language="fr", version=1)
        with pytest.raises(Conflict, match="not complete"):
            confirm_status(actor=other, request=asked)
        assert all(hidden(draft)) and not Edition.objects.filter(language="fr").exists()
        asked.refresh_from_db()
        assert asked.is_open and asked.confirmed_at is None

    def test_words_that_changed_meanwhile_are_told(self, one: User, other: User) -> None:
        draft = make_later()
        finish(draft)
        asked = ask_for_status(actor=one, draft=draft, target=RELEASED, language="fr")
        translate(one, draft, "para_1")
        with pytest.raises(Conflict, match="changed"):
            confirm_status(actor=other, request=asked, seen=asked.asked_sha256)
        assert all(hidden(draft))
        confirm_status(actor=other, request=asked)
        asked.refresh_from_db()
        assert asked.confirmed_sha256 == Edition.objects.get(language="fr").sha256 != asked.asked_sha256

    @pytest.mark.parametrize(("language", "error"), [("en", ValidationError), ("xx", ValidationError),
                                                      ("es", Conflict), ("ru", Conflict)])  # fmt: skip
    def test_what_cannot_be_released(self, one: User, language: str, error: type[Exception]) -> None:
        with pytest.raises(error):
            ask_for_status(actor=one, draft=make_later(), target=RELEASED, language=language)
        assert not StatusRequest.objects.filter(target=RELEASED).exists()

    def test_not_before_the_draft_is_published(self, one: User) -> None:
        draft = make_working()
        finish(draft)
        with pytest.raises(Conflict, match="only once the draft is published"):
            ask_for_status(actor=one, draft=draft, target=RELEASED, language="fr")

    def test_an_adopted_draft_still_gets_one_a_superseded_one_does_not(self, one: User, other: User) -> None:
        adopted, superseded = make_later(), make_later()
        for draft in (adopted, superseded):
            finish(draft)
        waiting = ask_for_status(actor=one, draft=superseded, target=RELEASED, language="fr")
        set_status(adopted, "adopted")
        set_status(superseded, "superseded")
        release(adopted, one, other)
        assert not any(hidden(adopted))
        with pytest.raises(Conflict, match="newer draft"):
            confirm_status(actor=other, request=waiting)
        assert all(hidden(superseded))

    def test_adopting_does_not_depend_on_what_is_translated(self, one: User, other: User) -> None:
        draft = make_later()
        asked = ask_for_status(actor=one, draft=draft, target="adopted")
        translate(one, draft, "para_1")
        confirm_status(actor=other, request=asked, seen=asked.asked_sha256)
        draft.refresh_from_db()
        assert draft.status == "adopted"

    def test_no_time_is_set_for_it(self, one: User) -> None:
        draft = make_later()
        finish(draft)
        with pytest.raises(ValidationError) as error:
            ask_for_status(
                actor=one,
                draft=draft,
                target=RELEASED,
                language="fr",
                due_at=timezone.now() + timedelta(hours=1),
            )
        assert "due_at" in error.value.message_dict


class TestTheDatabase:
    """Both databases refuse, whoever asks (drafts/protection.py)."""

    def refused(self, statement: str, *values: Any) -> None:
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, values)

    def test_words_that_readers_see_stay_and_none_are_added(self) -> None:
        draft = make_later()
        spanish = ProvisionText.objects.filter(provision__draft=draft, language="es").first()
        assert spanish is not None
        self.refused("UPDATE drafts_provisiontext SET text = 'x' WHERE id = %s", spanish.pk)
        self.refused("UPDATE drafts_provisiontext SET unreleased = %s WHERE id = %s", True, spanish.pk)
        self.refused("DELETE FROM drafts_provisiontext WHERE id = %s", spanish.pk)
        shown = ProvisionText(provision=spanish.provision, language="ru", text="Слова.")
        with pytest.raises(DatabaseError), transaction.atomic():
            shown.save()
        shown.unreleased = True
        shown.save()

    def test_nothing_joins_a_language_that_is_out(self) -> None:
        draft = make_later()
        french = ProvisionText.with_unreleased.get(provision__draft=draft, language="fr")
        Edition.objects.filter(draft=draft, language="es").exists()
        spare = Provision.objects.filter(draft=draft, key="para_1").first()
        assert spare is not None
        with pytest.raises(DatabaseError), transaction.atomic():
            ProvisionText.with_unreleased.filter(pk=french.pk).update(language="es")

    def test_shown_once_is_shown_for_good(self, one: User, other: User) -> None:
        draft = make_later()
        row = ProvisionText.with_unreleased.get(provision__draft=draft, language="fr")
        statement = "UPDATE drafts_provisiontext SET unreleased = %s WHERE id = %s"
        with connection.cursor() as cursor:  # allowed while there is no edition
            cursor.execute(statement, (False, row.pk))
        self.refused(statement, True, row.pk)

    def test_a_released_language_is_closed(self, one: User, other: User) -> None:
        draft = make_later()
        finish(draft)
        release(draft, one, other)
        row = ProvisionText.objects.filter(provision__draft=draft, language="fr").first()
        assert row is not None
        self.refused("UPDATE drafts_provisiontext SET unreleased = %s WHERE id = %s", True, row.pk)
        self.refused("UPDATE drafts_provisiontext SET heading = 'x' WHERE id = %s", row.pk)
        self.refused("DELETE FROM drafts_edition WHERE language = 'fr'")

    @pytest.mark.parametrize(
        ("target", "language"), [("released", ""), ("published", "fr"), ("adopted", "fr")]
    )
    def test_only_a_release_names_a_language(self, one: User, target: str, language: str) -> None:
        draft = make_later()
        with pytest.raises(DatabaseError), transaction.atomic():
            StatusRequest.objects.create(draft=draft, target=target, language=language, requested_by=one)
