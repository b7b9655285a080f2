"""Consent: asked anew for a newer text before writing, never for reading; taken back with one click."""

from collections.abc import Callable
from importlib import import_module

import pytest
from django.apps import apps
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.actions.consents import give_consent, withdraw_consent
from accounts.models import Consent, ConsentText, User
from accounts.pseudonyms import pseudonym_of
from accounts.wording import changed_words
from consultations.actions.answering import answer_comment, publish_answers
from consultations.actions.comments import delete_draft_comment, withdraw_comment
from consultations.actions.discussing import reply_to_comment, take_position
from consultations.actions.question_answers import answer_question
from consultations.models import Comment, Position, QuestionAnswer, Round
from core.models import AuditEntry, Message
from core.verdicts import Conflict, Refusal
from tests.accounts.conftest import agree, settle, signed_in
from tests.factories import make_comment, make_draft, make_question, make_round, make_user

pytestmark = pytest.mark.django_db
Newer = Callable[[str], None]


@pytest.fixture
def round_() -> Round:
    return make_round(make_draft(status="published", paragraphs=2))


def again(person: User) -> User:
    """The person as the next request knows them."""
    return User.objects.get(pk=person.pk)


def comment_address(round: Round) -> str:
    return f"/en/rounds/{round.pk}/comments/new/"


def test_who_agreed_to_an_older_text_reads_and_is_asked_before_writing(
    newer_text: Newer, round_: Round
) -> None:
    person = make_user("expert")
    agree(person)
    client = signed_in(person)
    form = {"kind": "general", "body": "Say who pays for all of this.", "attribution": "named"}
    form |= {"language": "en", "quote": "", "provision": "para_1"}
    newer_text("We also keep your time zone.")
    page = client.get(f"/en/rounds/{round_.pk}/on/para_1/").content.decode()
    assert "has changed" in page and "/en/account/my-data/consent/" in page
    answer = client.post(comment_address(round_), form)
    assert answer.status_code == 403
    # What was written isn't lost on the way.
    assert "Say who pays for all of this." in answer.content.decode()
    assert not Comment.objects.exists()

    page = client.get("/en/account/my-data/consent/").content.decode()
    assert "<ins>We also keep" in page and "<del>" in page
    assert "The text you agreed to" in page and "in order to run the consultation" in page
    newest = ConsentText.objects.get(kind="participation", version=2, language="en")
    assert client.post("/en/account/my-data/consent/", {"text": newest.pk}).status_code == 302
    assert client.post(comment_address(round_), form).status_code == 302
    assert Comment.objects.get().status == "submitted"


def test_the_api_says_why_it_refuses(newer_text: Newer, round_: Round) -> None:
    person = make_user("expert")
    agree(person)
    newer_text("Other words.")
    client = APIClient()
    client.force_authenticate(again(person))
    answer = client.post(
        f"/api/v1/rounds/{round_.pk}/comments/", {"provision": "para_1", "body": "Say who pays."}
    )
    assert (answer.status_code, answer.json()["code"]) == (403, "consent")
    assert client.get(f"/api/v1/rounds/{round_.pk}/comments/").status_code == 200


def test_who_was_never_asked_is_not_stopped(newer_text: Newer, round_: Round) -> None:
    newer_text("Other words.")
    make_comment(round_, make_user("expert"))
    assert Comment.objects.get().status == "submitted"


def test_without_consent_nothing_new_but_ones_own_can_be_taken_back(round_: Round) -> None:
    person, other = make_user("expert"), make_user("expert")
    agree(person)
    sent, draft = make_comment(round_, person), make_comment(round_, person, submit=False)
    theirs = make_comment(round_, other)
    withdraw_consent(actor=person, person=person)
    person = again(person)
    for act in (
        lambda: make_comment(round_, person),
        lambda: reply_to_comment(author=person, comment=theirs, body="No."),
        lambda: take_position(user=person, comment=theirs, position="support"),
    ):
        with pytest.raises(Refusal) as refused:
            act()
        assert refused.value.verdict.code == "consent"
    withdraw_comment(actor=person, comment=sent)
    delete_draft_comment(actor=person, comment=draft)
    assert list(Comment.objects.filter(author=person).values_list("status", flat=True)) == ["withdrawn"]


def test_withdrawing_takes_the_name_off_what_was_submitted_and_ends_mail(round_: Round) -> None:
    person, staff = make_user("expert", name="Aigerim Sadykova"), make_user("staff")
    agree(person)
    comment = make_comment(round_, person, body="Words that stay.")
    reply_to_comment(author=person, comment=make_comment(round_, staff), body="A reply that stays.")
    page = signed_in(person).get("/en/account/my-data/").content.decode()
    assert "without your name" in page
    client = signed_in(person)
    assert client.post("/en/account/my-data/consent/withdraw/").status_code == 302
    assert client.post("/en/account/my-data/consent/withdraw/").status_code == 302
    settle()
    shown = Client().get(f"/en/rounds/{round_.pk}/comments/").content.decode()
    assert "Words that stay." in shown and "A reply that stays." in shown
    assert "Aigerim" not in shown and pseudonym_of(person) in shown
    answer_comment(actor=staff, comment=comment, outcome="noted", responses={"en": "Noted."})
    publish_answers(actor=staff, round=round_)
    settle()
    assert not Message.objects.filter(recipient=person).exists()
    assert AuditEntry.objects.filter(action="consent.withdraw", actor=person).count() == 1
    # They can still sign in, read, take their data away and agree again.
    assert "Read the text" in client.get("/en/account/my-data/").content.decode()
    give_consent(
        actor=person,
        person=person,
        text=ConsentText.objects.get(kind="participation", version=1, language="en"),
    )
    assert make_comment(round_, again(person)).author_name == "Aigerim Sadykova"


def test_the_name_beside_a_position_s_reason_goes_with_the_consent(round_: Round) -> None:
    person, staff = make_user("expert", name="Zqcanary Sadykova"), make_user("staff")
    agree(person)
    comment = make_comment(round_, staff, provision_key="para_1")
    take_position(user=person, comment=comment, position="support", reason="A reason that stays.")
    pages = [f"/en/rounds/{round_.pk}/on/para_1/", f"/en/rounds/{round_.pk}/comments/{comment.uuid}/"]
    pages += [page.replace("/en/", "/ar/", 1) for page in pages]
    assert all("Zqcanary" in Client().get(page).content.decode() for page in pages)
    withdraw_consent(actor=person, person=person)
    settle()
    for page in pages:
        shown = Client().get(page).content.decode()
        assert "A reason that stays." in shown and "Zqcanary" not in shown
        # The pseudonym is told in the reader's language.
        assert (pseudonym_of(person) in shown) == page.startswith("/en/")
        assert pseudonym_of(person)[-4:] in shown
    # For good: who agrees again speaks under their name from then on, and not for what was said before.
    give_consent(
        actor=person,
        person=person,
        text=ConsentText.objects.get(kind="participation", version=1, language="en"),
    )
    assert "Zqcanary" not in Client().get(pages[0]).content.decode()
    take_position(user=again(person), comment=comment, position="oppose", reason="Another reason.")
    assert "Zqcanary" in Client().get(pages[0]).content.decode()


def test_the_name_beside_an_answer_in_own_words_goes_with_the_consent(round_: Round) -> None:
    person, staff = make_user("expert", name="Zqcanary Sadykova"), make_user("staff")
    agree(person)
    question = make_question(round_, "open")
    answer_question(author=person, question=question, value="An answer that stays.")
    pages = [f"/en/rounds/{round_.pk}/figures/", f"/en/rounds/{round_.pk}/questions/{question.pk}/"]
    pages += [page.replace("/en/", "/ar/", 1) for page in pages]
    assert all("Zqcanary" in signed_in(staff).get(page).content.decode() for page in pages)
    assert not any("Zqcanary" in signed_in(make_user("drafter")).get(page).content.decode() for page in pages)
    withdraw_consent(actor=person, person=person)
    settle()
    for page in pages:
        shown = signed_in(staff).get(page).content.decode()
        assert "An answer that stays." in shown and "Zqcanary" not in shown
        # The pseudonym is told in the reader's language.
        assert (pseudonym_of(person) in shown) == page.startswith("/en/")
        assert pseudonym_of(person)[-4:] in shown
    give_consent(
        actor=person,
        person=person,
        text=ConsentText.objects.get(kind="participation", version=1, language="en"),
    )
    assert "Zqcanary" not in signed_in(staff).get(pages[1]).content.decode()
    answer_question(author=again(person), question=question, value="Another answer.")
    assert "Zqcanary" in signed_in(staff).get(pages[1]).content.decode()


def test_an_answer_that_came_too_late_bears_a_name_that_goes_too(round_: Round) -> None:
    person = make_user("expert", name="Zqcanary Sadykova")
    agree(person)
    question = make_question(round_, "open")
    Round.objects.update(closed_at=timezone.now())
    question.refresh_from_db()
    late = answer_question(author=person, question=question, value="Too late.")
    assert (late.late, late.author_name) == ("Too late.", "Zqcanary Sadykova")
    withdraw_consent(actor=person, person=person)
    settle()
    late.refresh_from_db()
    assert late.author_name == pseudonym_of(person)


def test_answers_from_before_names_were_kept_get_the_name_that_may_still_be_shown(round_: Round) -> None:
    question = make_question(round_, "open")
    here, gone = make_user(name="Ana Here"), make_user(name="Ben Gone")
    for person in (here, gone):
        agree(person)
        answer_question(author=person, question=question, value="Because.")
    withdraw_consent(actor=gone, person=gone)
    QuestionAnswer.objects.update(author_name="")
    migration = import_module("consultations.migrations.0006_names_and_followers")
    migration.keep_names(apps, None)
    names = dict(QuestionAnswer.objects.values_list("author", "author_name"))
    assert names == {here.pk: "Ana Here", gone.pk: pseudonym_of(gone)}


def test_positions_from_before_names_were_kept_get_the_name_that_may_still_be_shown(round_: Round) -> None:
    comment = make_comment(round_, make_user())
    here, gone = make_user(name="Ana Here"), make_user(name="Ben Gone")
    for person in (here, gone):
        agree(person)
        take_position(user=person, comment=comment, position="support", reason="Because.")
    withdraw_consent(actor=gone, person=gone)
    Position.objects.update(author_name="")
    migration = import_module("consultations.migrations.0005_names_beside_positions")
    migration.keep_names(apps, None)
    names = dict(Position.objects.values_list("user", "author_name"))
    assert names == {here.pk: "Ana Here", gone.pk: pseudonym_of(gone)}


def test_agreeing_twice_is_once_and_an_older_text_is_refused(newer_text: Newer) -> None:
    person = make_user()
    first = ConsentText.objects.get(kind="participation", version=1, language="fr")
    for _ in range(2):
        give_consent(actor=person, person=person, text=first)
    # In another language it is the same text.
    give_consent(
        actor=person,
        person=person,
        text=ConsentText.objects.get(kind="participation", version=1, language="en"),
    )
    assert Consent.objects.filter(user=person).count() == 1
    newer_text("Other words.")
    with pytest.raises(Conflict):
        give_consent(actor=person, person=person, text=first)


def test_nobody_consents_for_another(newer_text: Newer) -> None:
    person = make_user()
    agree(person)
    for act in (
        lambda actor: give_consent(
            actor=actor, person=person, text=ConsentText.objects.filter(kind="participation").first()
        ),  # type: ignore[arg-type]
        lambda actor: withdraw_consent(actor=actor, person=person),
    ):
        with pytest.raises(Refusal):
            act(make_user("admin", "staff"))


def test_the_page_leads_back_into_the_portal_only(newer_text: Newer) -> None:
    person = make_user()
    text = ConsentText.objects.get(kind="participation", version=1, language="en")
    client = signed_in(person)
    away = ("//evil.example/", "foo", "home", "os.path", "https://evil.example/")
    for wanted, there in (("/en/rounds/", "/en/rounds/"), *((each, "/en/account/my-data/") for each in away)):
        answer = client.post("/en/account/my-data/consent/", {"text": text.pk, "next": wanted})
        assert answer["Location"] == there
    assert client.post("/en/account/my-data/consent/", {"text": "x"}).status_code == 404
    newer_text("Other words.")
    assert client.post("/en/account/my-data/consent/", {"text": text.pk}).status_code == 409


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("I keep a name.", "I keep no name at all."),
        ("我同意秘书处", "我不同意秘书处"),
        ("", "New."),
        ("same", "same"),
    ],
)
def test_changes_give_both_texts_back(before: str, after: str) -> None:
    runs = changed_words(before, after)
    assert "".join(words for kind, words in runs if kind in "=-") == before
    assert "".join(words for kind, words in runs if kind in "=+") == after
