"""Erasing an account: nothing of the person is found anywhere, the record stays."""

import json
import zlib
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.apps import apps
from django.conf import settings as django_settings
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core import signing
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, models
from django.test import Client
from django.utils import timezone
from knox.models import AuthToken

from accounts.actions.affiliations import ask_to_join, name_organisation
from accounts.actions.erasing import erase_account, erase_person
from accounts.actions.exporting import start_export
from accounts.models import Affiliation, Consent, Group, Invitation, Membership, Organisation, User
from accounts.pseudonyms import pseudonym_of
from accounts.slots import is_kept_after_erasure
from consultations.actions.answering import answer_comment, publish_answers
from consultations.actions.comments import edit_comment, submit_comment, withdraw_comment
from consultations.actions.discussing import reply_to_comment, take_position
from consultations.actions.evidence import add_evidence
from consultations.actions.reacting import react_to_answer
from consultations.actions.tallying import recount_round
from consultations.models import Comment, CommentRevision, Question, QuestionAnswer, Reply, Round
from core import files, notices, outbox
from core.models import AuditEntry, Message, Outbox, StoredFile
from core.verdicts import Refusal
from drafts.models import ProvisionText, WorkInProgress
from tests.accounts.conftest import agree, known_by_password, settle, signed_in
from tests.consultations.kept import KEPT_IN_CONSULTATIONS
from tests.experts.kept import KEPT_IN_EXPERTS
from tests.factories import make_comment, make_draft, make_member_state, make_round, make_user
from tests.roadmap.kept import KEPT_IN_ROADMAP

pytestmark = pytest.mark.django_db

# What a person is described by or wrote for themselves: no trace of it may be left.
GONE = "zqcanarygone"
# What a person gave to the official record: it stays, word for word.
KEPT = "zqcanarykept"


def every_text() -> Iterator[tuple[str, str]]:
    """Every value of every text, JSON and binary column of every table, as (place, text)."""
    for model in apps.get_models(include_auto_created=True):
        kinds = (models.CharField, models.TextField, models.JSONField, models.BinaryField)
        columns = [f.attname for f in model._meta.concrete_fields if isinstance(f, kinds)]
        for row in model._base_manager.values_list("pk", *columns) if columns else []:
            for column, value in zip(columns, row[1:], strict=True):
                yield f"{model._meta.label}.{column} {row[0]}", _plain(model, value)


def _plain(model: type[models.Model], value: Any) -> str:
    if model is Session and isinstance(value, str) and ":" in value:
        try:
            return json.dumps(signing.loads(value, salt="django.contrib.sessions.SessionStore"))
        except (signing.BadSignature, zlib.error):
            return value
    if isinstance(value, bytes | memoryview):
        return bytes(value).decode(errors="replace")
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)


def every_file() -> Iterator[tuple[str, str]]:
    for root in (django_settings.MEDIA_ROOT, django_settings.MAILBOX_DIRECTORY):
        for path in Path(root).rglob("*"):
            if path.is_file():
                yield str(path), path.read_bytes().decode(errors="replace")


def traces(canary: str) -> list[str]:
    found = [*every_text(), *every_file()]
    return sorted(place for place, text in found if canary in text.lower())


def undeclared_tables() -> set[str]:
    """Tables of the database that no model stands for: the search above wouldn't see them."""
    known = {model._meta.db_table for model in apps.get_models(include_auto_created=True)}
    with connection.cursor() as cursor:
        return set(connection.introspection.table_names(cursor)) - known - {"django_migrations"}


@pytest.fixture
def round_() -> Round:
    return make_round(make_draft(status="published", paragraphs=3), visibility="public")


@pytest.fixture
def person(round_: Round, settings: Any) -> User:
    """Somebody who did everything that one can do here, with a canary in every text."""
    settings.EMAIL_BACKEND = "core.mailbox.MailboxBackend"
    person = make_user(
        "expert",
        "drafter",
        name=f"Ana {GONE}",
        email=f"{GONE}@example.org",
        time_zone="Asia/Bishkek",
        country_id="KGZ",
        groups=(Group.objects.first(),),  # type: ignore[arg-type]
    )
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    EmailAddress.objects.create(user=person, email=f"second.{GONE}@example.org")
    AuthToken.objects.create(person)
    agree(person)
    name_organisation(actor=person, person=person, kind="academia", name=f"Institute {GONE}")
    big = Organisation.objects.create(kind="civil_society", name="Many", name_en="Many")
    Affiliation.objects.create(
        user=make_user(), organisation=big, role="contact", confirmed_at=timezone.now()
    )
    ask_to_join(actor=person, person=person, organisation=big)
    _speak(person, round_)
    _work(person, round_)
    settle()
    complained = Outbox.objects.filter(subject=f"core.message:{person.messages.get().pk}")
    complained.update(last_error=f"SMTPRecipientsRefused: {GONE}@example.org")
    return person


def _speak(person: User, round: Round) -> None:
    person = User.objects.get(pk=person.pk)
    staff = make_user("staff")
    early = make_comment(round, person, body=f"Early {GONE}", rationale=GONE, submit=False)
    edited = edit_comment(
        actor=person, comment=early, version=1, body=f"Body {KEPT}", rationale=f"Reason {KEPT}"
    )
    submitted = submit_comment(actor=person, comment=edited, version=2)
    edit_comment(actor=person, comment=submitted, version=3, body=f"Body {KEPT} again")
    answer_comment(actor=staff, comment=early, outcome="noted", responses={"en": f"Answer {KEPT}"})
    begun = make_comment(round, person, body=f"Draft {GONE}", proposed_text=GONE, submit=False)
    add_evidence(actor=person, comment=begun, file=SimpleUploadedFile(f"{GONE}.txt", GONE.encode()))
    add_evidence(actor=person, comment=submitted, file=SimpleUploadedFile("a.txt", KEPT.encode()))
    taken_back = make_comment(round, person, body=f"Taken back {GONE}", provision_key="para_1")
    withdraw_comment(actor=person, comment=taken_back)
    theirs = make_comment(round, make_user("expert"), body="Of another")
    reply_to_comment(author=person, comment=theirs, body=f"Reply {KEPT}")
    take_position(user=person, comment=theirs, position="support", reason=f"Because {KEPT}")
    asked = Question.objects.create(round=round, position=1, kind="open", wording="Why?")
    answer = QuestionAnswer.objects.create(question=asked, author=person, value=f"So {KEPT}", language="en")
    QuestionAnswer.objects.filter(pk=answer.pk).update(late=f"Too late {GONE}")
    publish_answers(actor=staff, round=round)
    react_to_answer(actor=person, comment=early, version=1, content=False, why=f"Not what I said {GONE}")


def _work(person: User, round: Round) -> None:
    words = ProvisionText.objects.filter(provision__draft=round.draft).first()
    assert words is not None
    WorkInProgress.objects.create(
        user=person, provision_text=words, base_version=1, content={"text": f"Unsaved {GONE}"}
    )
    files.keep(
        GONE.encode(), owner=person, name=f"{GONE}.txt", purpose="x", allowed={"text/plain"}, max_bytes=99
    )
    Invitation.objects.create(
        email=person.email,
        name=f"Ana {GONE}",
        language="en",
        role="expert",
        invited_by=make_user("staff"),
        expires_at=timezone.now(),
        token_sha256="0" * 64,
        accepted_at=timezone.now(),
        accepted_by=person,
    )
    start_export(actor=person, person=person)
    signed_in(person).get("/en/")
    Client().post("/en/account/password/reset/", {"email": person.email})
    begun = SessionStore()
    begun["began_to_sign_in_as"] = person.email
    begun.save()


def test_nothing_of_the_person_is_left_anywhere_and_the_record_stays(person: User, round_: Round) -> None:
    assert undeclared_tables() == set()
    before, kept = traces(GONE), traces(KEPT)
    places = " ".join(before)
    for place in (
        "User.name",
        "CommentRevision.content",
        "Session.session_data",
        "Organisation.name",
        ".eml",
        "/files/",
    ):
        assert place in places, place
    erase_account(actor=person, person=person)
    settle()
    assert traces(GONE) == []
    # Of the record nothing goes but copies: the mail and the export.
    lost = set(kept) - set(traces(KEPT))
    assert [place for place in lost if not place.startswith("/")] == []
    tombstone = User.objects.get(pk=person.pk)
    assert tombstone.erased_at and not tombstone.is_active and not tombstone.has_usable_password()
    assert (tombstone.country_id, tombstone.time_zone) == (None, "")
    # A file given into the record with a comment stays with it.
    assert [file.purpose for file in StoredFile.objects.filter(owner=person)] == ["evidence"]
    for kind in (AuthToken, EmailAddress, Affiliation, Membership, Message):
        owner = "recipient" if kind is Message else "user"
        assert not kind._default_manager.filter(**{owner: person}).exists(), kind
    assert not tombstone.role_grants.exists()
    comment = Comment.objects.get(author=person, status="submitted")
    assert (comment.body, comment.author_name) == (f"Body {KEPT} again", pseudonym_of(person))
    assert list(comment.revisions.values_list("version", flat=True)) == [3, 4]
    assert Reply.objects.get(author=person).author_name == pseudonym_of(person)
    assert Consent.objects.get(user=person).withdrawn_at
    assert recount_round(round_id=round_.pk) == 0


def test_readers_see_the_pseudonym_in_their_language(person: User, round_: Round) -> None:
    erase_account(actor=person, person=person)
    settle()
    mark = pseudonym_of(person)[-8:]
    page = Client().get(f"/en/rounds/{round_.pk}/comments/").content.decode()
    assert f"Former participant {mark}" in page and KEPT in page
    assert GONE not in page
    assert f"<bdi>Former participant {mark}</bdi>: <span" in page and f"Because {KEPT}" in page
    audit = signed_in(make_user("staff")).get(f"/en/people/{person.pk}/").content.decode()
    assert "was erased" in audit and f"Former participant {mark}" in audit and GONE not in audit


def test_numbers_stay_taken_and_an_organisation_of_others_stays(person: User, round_: Round) -> None:
    erase_account(actor=person, person=person)
    settle()
    taken_back = Comment.objects.get(author=person, status="withdrawn")
    assert taken_back.number and not taken_back.body
    assert not Comment.objects.filter(author=person, status="draft").exists()
    assert set(Organisation.objects.values_list("name_en", flat=True)) == {"Many"}


def test_a_member_states_position_keeps_its_name(round_: Round) -> None:
    person = make_user("focal_point", country_id="KEN")
    make_member_state("KEN", contact=person)
    comment = make_comment(round_, User.objects.get(pk=person.pk))
    assert comment.organisation_name
    erase_account(actor=person, person=person)
    settle()
    comment.refresh_from_db()
    assert comment.organisation_name == "Kenya" and comment.author_name == pseudonym_of(person)
    assert Organisation.objects.filter(kind="member_state").exists()


def test_a_second_run_and_a_second_press_change_nothing(person: User) -> None:
    erase_account(actor=person, person=person)
    erase_account(actor=User.objects.get(pk=person.pk), person=person)
    settle()
    first = sorted(every_text())
    erase_person(person_id=person.pk)
    Outbox.objects.filter(event="person.erase", done_at=None).update(available_at=timezone.now())
    settle()
    # What still waits is a mail to somebody else: of the reply that the person wrote.
    assert not Outbox.objects.filter(done_at=None).exclude(event="message.send").exists()
    assert [row for row in sorted(every_text()) if "Outbox" not in row[0]] == [
        row for row in first if "Outbox" not in row[0]
    ]
    assert AuditEntry.objects.filter(action="person.erase").count() == 1


@pytest.mark.parametrize(
    "step", ["mailbox.forget", "_end_sessions", "files.destroy", "_forget_rows", "_leave_tombstone"]
)
def test_killed_at_any_step_it_is_finished_later(person: User, step: str, monkeypatch: Any) -> None:
    from accounts.actions import erasing

    where, _dot, name = step.rpartition(".")
    module = getattr(erasing, where) if where else erasing

    def killed(*args: Any, **kwargs: Any) -> None:
        raise KeyboardInterrupt

    erase_account(actor=person, person=person)
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(module, name, killed)
        settle()
    settle()
    assert traces(GONE) == []


def test_what_was_under_way_is_erased_by_the_second_pass(person: User, round_: Round) -> None:
    erase_account(actor=person, person=person)
    settle()
    late = Comment.objects.create(
        round=round_, author=person, author_name=f"Ana {GONE}", body=f"In flight {GONE}", language="en"
    )
    CommentRevision.objects.create(comment=late, version=1, content=late.content)
    assert traces(GONE)
    waiting = Outbox.objects.filter(event="person.erase", done_at=None)
    assert {timedelta(minutes=59) < row.available_at - timezone.now() for row in waiting} == {True}
    waiting.update(available_at=timezone.now())
    settle()
    assert traces(GONE) == []


def test_a_mail_that_is_being_handed_over_is_waited_for(person: User) -> None:
    Message.objects.filter(recipient=person).delete()
    Message.objects.create(
        recipient=person, language="en", state="sending", claimed_at=timezone.now(), message_id="<x@y>"
    )
    erase_account(actor=person, person=person)
    with pytest.raises(outbox.Later):
        erase_person(person_id=person.pk)
    Message.objects.update(claimed_at=timezone.now() - notices.CLAIM)
    erase_person(person_id=person.pk)
    assert not Message.objects.filter(recipient=person).exists()


def test_nobody_erases_another_and_nothing_happens_unasked(person: User) -> None:
    for other in (make_user("admin", "staff"), make_user()):
        with pytest.raises(Refusal):
            erase_account(actor=other, person=person)
    erase_person(person_id=person.pk)
    Outbox.objects.bulk_create(
        Outbox(event="person.erase", subject=f"accounts.user:{person.pk}", handler=name)
        for name in ("accounts.erase_person", "consultations.erase_person")
    )
    settle()
    assert Comment.objects.filter(author=person, status="draft").exists()
    assert User.objects.get(pk=person.pk).name == f"Ana {GONE}"


def test_the_page_asks_who_it_is_and_for_the_address_typed(person: User) -> None:
    client = signed_in(person)
    person.set_password("another pass phrase")
    person.save()
    client.force_login(person)
    assert "/reauthenticate/" in client.get("/en/account/my-data/erase/")["Location"]
    assert (
        "/reauthenticate/" in client.post("/en/account/my-data/erase/", {"email": person.email})["Location"]
    )
    client = known_by_password(person)
    page = client.get("/en/account/my-data/erase/").content.decode()
    assert "What stays" in page and "official record" in page
    wrong = client.post("/en/account/my-data/erase/", {"email": "other@example.org"})
    assert wrong.status_code == 400 and not User.objects.get(pk=person.pk).erased_at
    # Another session of theirs ends with the account, before any worker has run.
    elsewhere = signed_in(User.objects.get(pk=person.pk))
    assert elsewhere.get("/en/account/profile/").status_code == 200
    done = client.post("/en/account/my-data/erase/", {"email": person.email.upper()})
    assert done["Location"] == "/en/account/erased/"
    assert "closed" in client.get("/en/account/erased/").content.decode()
    for session in (client, elsewhere):
        assert session.get("/en/account/profile/").status_code == 302
    settle()
    assert traces(GONE) == []


def test_who_signs_in_by_code_needs_a_fresh_sign_in() -> None:
    person = make_user()
    person.set_unusable_password()
    person.save()
    client = signed_in(person)
    assert client.get("/en/account/my-data/erase/").status_code == 200
    User.objects.filter(pk=person.pk).update(last_login=timezone.now() - timedelta(hours=1))
    assert client.get("/en/account/my-data/erase/").status_code == 403
    assert client.post("/en/account/my-data/erase/", {"email": person.email}).status_code == 403


def test_what_goes_with_a_person_and_what_stays_is_decided_for_every_table() -> None:
    """A new relation that would be kept is a decision; whoever adds one says so here."""
    cascading, protecting = set(), set()
    for relation in User._meta.get_fields(include_hidden=True):
        if isinstance(relation, models.ForeignObjectRel):
            label = f"{relation.related_model._meta.label}.{relation.field.name}"  # type: ignore[union-attr]
            (cascading if relation.on_delete is models.CASCADE else protecting).add(label)
    kept = {label for label in cascading if is_kept_after_erasure(label.rpartition(".")[0])}
    assert kept == {"accounts.Consent.user", "consultations.TallyParticipant.author"}
    assert protecting == KEPT_IN_CONSULTATIONS | KEPT_IN_EXPERTS | KEPT_IN_ROADMAP | {
        "accounts.Invitation.accepted_by",
        "accounts.Invitation.invited_by",
        "accounts.MembershipChange.by",
        "accounts.RoleGrant.granted_by",
        "core.AuditEntry.actor",
        "core.AuditEntry.on_behalf_of",
        "core.StoredFile.owner",
        "drafts.ProvisionText.approved_by",
        "drafts.Revision.author",
        "drafts.StatusRequest.confirmed_by",
        "drafts.StatusRequest.ended_by",
        "drafts.StatusRequest.requested_by",
        "drafts.StructureChange.author",
        "drafts.Waiver.by",
    }
