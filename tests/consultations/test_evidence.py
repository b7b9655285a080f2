"""Evidence of a comment: links and checked files, read by whoever reads the comment."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from consultations.actions.comments import delete_draft_comment, write_comment
from consultations.actions.evidence import MOST, add_evidence, remove_evidence
from consultations.models import Comment, Evidence, Round
from core.models import StoredFile
from core.verdicts import Refusal
from tests.factories import make_comment, make_draft, make_group, make_round, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def place(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def comment() -> Comment:
    return make_comment(make_round(make_draft(status="published", paragraphs=1)), make_user())


def text_file(name: str = "data.csv", content: bytes = b"a,b\n1,2\n") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def address(comment: Comment, part: str = "") -> str:
    return f"/en/rounds/{comment.round_id}/comments/{comment.uuid}/{part}"


def test_a_link_and_a_file_stand_beside_the_comment(comment: Comment) -> None:
    client = signed_in(comment.author)
    link = {"url": "https://example.org/study", "title": "A study"}
    assert client.post(address(comment, "evidence/"), link).status_code == 302
    assert client.post(address(comment, "evidence/"), {"file": text_file()}).status_code == 302
    page = Client().get(address(comment)).content.decode()
    assert 'href="https://example.org/study"' in page and "A study" in page
    stored = Evidence.objects.exclude(file=None).get().file
    assert stored and f"/files/{stored.uuid}/" in page and "data.csv" in page
    assert b"".join(Client().get(f"/files/{stored.uuid}/").streaming_content) == b"a,b\n1,2\n"


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({}, "url"),
        ({"url": "https://example.org", "file": text_file()}, "url"),
        ({"url": "javascript:alert(1)"}, "url"),
        ({"url": "example.org"}, "url"),
        ({"url": "https://example.org/" + "x" * 1000}, "url"),
        ({"url": "https://example.org", "title": "x" * 201}, "title"),
        ({"file": text_file("page.html", b"<html><script>1</script>")}, "file"),
        ({"file": text_file("study.pdf", b"<html><script>1</script>")}, "file"),
    ],
)
def test_what_cannot_be_evidence_is_told_by_field(
    comment: Comment, given: dict[str, Any], field: str
) -> None:
    with pytest.raises(ValidationError) as error:
        add_evidence(actor=comment.author, comment=comment, **given)
    assert field in error.value.message_dict
    assert not Evidence.objects.exists() and not StoredFile.objects.exists()


def test_only_the_author_and_only_while_the_round_is_open(comment: Comment) -> None:
    with pytest.raises(Refusal):
        add_evidence(actor=make_user("staff"), comment=comment, url="https://example.org")
    kept = add_evidence(actor=comment.author, comment=comment, url="https://example.org")
    Round.objects.update(closed_at=timezone.now())
    with pytest.raises(Refusal):
        add_evidence(actor=comment.author, comment=comment, url="https://example.org/2")
    with pytest.raises(Refusal):
        remove_evidence(actor=comment.author, evidence=kept)


def test_there_is_a_limit(comment: Comment) -> None:
    for n in range(MOST):
        add_evidence(actor=comment.author, comment=comment, url=f"https://example.org/{n}")
    with pytest.raises(ValidationError):
        add_evidence(actor=comment.author, comment=comment, url="https://example.org/more")


def test_a_file_is_read_by_whoever_reads_the_comment() -> None:
    group = make_group()
    round = make_round(make_draft(status="published"), groups=(group,), visibility="secretariat")
    author = make_user(groups=(group,))
    evidence = add_evidence(actor=author, comment=make_comment(round, author), file=text_file())
    assert evidence.file
    path = f"/files/{evidence.file.uuid}/"
    assert Client().get(path).status_code == 404
    assert signed_in(make_user(groups=(group,))).get(path).status_code == 404
    assert (
        signed_in(author).get(path).status_code == signed_in(make_user("staff")).get(path).status_code == 200
    )


def test_what_is_taken_away_is_gone(comment: Comment, settings: Any) -> None:
    evidence = add_evidence(actor=comment.author, comment=comment, file=text_file())
    client = signed_in(comment.author)
    assert client.post(address(comment, f"evidence/{evidence.uuid}/remove/")).status_code == 302
    assert not Evidence.objects.exists() and not StoredFile.objects.exists()
    author = make_user()
    draft = write_comment(author=author, round=comment.round, submit=False, body="Draft")
    add_evidence(actor=author, comment=draft, file=text_file())
    delete_draft_comment(actor=author, comment=draft)
    assert not StoredFile.objects.exists()
