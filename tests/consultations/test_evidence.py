"""Evidence of a comment: links and checked files, read by whoever reads the comment."""

import html
import uuid
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


@pytest.mark.parametrize(
    ("link", "why"),
    [
        ("https://a@b/", "a name before “@”"),
        ("https://un.org@evil.example/", "a name before “@”"),
        ("https://un.org:pass@evil.example/", "a name before “@”"),
        ("https://un.org\\@evil.example/", "a name before “@”"),
        ("https://un.org/\u202egpj.exe", "[U+202E]gpj.exe” holds signs that can't be seen"),
        ("https://un.org/\u2066study", "signs that can't be seen"),
        ("https://un.org/\u200fstudy", "signs that can't be seen"),
        ("https://un.org/\u061cstudy", "signs that can't be seen"),
        ("https://un\u200b.org/", "signs that can't be seen"),
        ("ftp://un.org/study", "has to begin with https:// or http://"),
        ("javascript:alert(1)", "has to begin with https:// or http://"),
        ("data:text/html,x", "has to begin with https:// or http://"),
        ("//un.org/study", "has to begin with https:// or http://"),
        ("un.org/study", "has to begin with https:// or http://"),
        ("https://[un.org/", "is not a whole address"),
        ("https:///study", "is not a whole address"),
        ("https://un.org\\study", "is not a whole address"),
        ("https://un.org/" + "x" * 1000, "at most 1,000 characters"),
    ],
)
def test_a_link_that_could_lead_elsewhere_is_refused_and_said_which_and_why(
    comment: Comment, link: str, why: str
) -> None:
    page = signed_in(comment.author).post(address(comment, "evidence/"), {"url": link})
    told = html.unescape(page.content.decode())
    assert page.status_code == 400 and why in told
    assert f"“{link[:6]}" in told and "\u202e" not in told.partition("<form")[0]
    assert not Evidence.objects.exists()


@pytest.mark.parametrize(
    "link",
    [
        "https://example.org/study?by=ana@example.org",
        "HTTP://example.org:8080/a#b",
        "https://example.org/@unhabitat/12",
        "https://例え.jp/研究",
    ],
)
def test_plain_links_are_taken(comment: Comment, link: str) -> None:
    add_evidence(actor=comment.author, comment=comment, url=link)
    assert Evidence.objects.get().url == link


def form_of(**fields: str) -> dict[str, str]:
    sent = {"provision": "para_1", "kind": "general", "body": "See there.", "language": "en"}
    return {**sent, "attribution": "named", "idempotency_key": str(uuid.uuid4()), **fields}


def test_links_are_given_in_the_form_of_the_comment_one_a_line() -> None:
    round_ = make_round(make_draft(status="published", paragraphs=1))
    client = signed_in(make_user())
    new = f"/en/rounds/{round_.pk}/comments/new/"
    links = "https://example.org/a\r\n\r\n https://example.org/b \nhttps://example.org/a"
    sent = form_of(links=links)
    for _ in range(2):
        assert client.post(new, sent).status_code == 302
    comment = Comment.objects.get()
    assert [each.url for each in comment.evidence.all()] == ["https://example.org/a", "https://example.org/b"]
    page = client.get(f"/en/rounds/{round_.pk}/on/para_1/").content.decode()
    assert 'name="links"' in page and 'href="https://example.org/b"' in page


def test_a_wrong_link_sends_nothing_and_keeps_all_words() -> None:
    round_ = make_round(make_draft(status="published", paragraphs=1))
    client = signed_in(make_user())
    given = "https://example.org/a\nhttps://un.org@evil.example/\nftp://example.org"
    page = client.post(f"/en/rounds/{round_.pk}/comments/new/", form_of(links=given))
    told = html.unescape(page.content.decode())
    assert page.status_code == 400 and "See there." in told and given in told
    assert (
        "“https://un.org@evil.example/” has a name before" in told and "“ftp://example.org” does not" in told
    )
    assert not Comment.objects.exists() and not Evidence.objects.exists()
    many = "\n".join(f"https://example.org/{n}" for n in range(MOST + 1))
    page = client.post(f"/en/rounds/{round_.pk}/comments/new/", form_of(links=many))
    assert page.status_code == 400 and "at most 10 links and files" in page.content.decode()
    assert not Comment.objects.exists()


def test_links_go_with_a_draft_and_through_the_api_once_each() -> None:
    author = make_user()
    draft = make_comment(
        make_round(make_draft(status="published", paragraphs=1)), author, provision_key="para_1", submit=False
    )
    client, path = signed_in(author), f"/api/v1/comments/{draft.uuid}/"
    first = {"version": 1, "links": ["https://example.org/a"]}
    assert client.patch(path, first, content_type="application/json").status_code == 200
    sent = {"version": 2, "status": "submitted", "links": ["https://example.org/a", "https://example.org/b"]}
    assert client.patch(path, sent, content_type="application/json").json()["status"] == "submitted"
    assert [each.url for each in draft.evidence.all()] == ["https://example.org/a", "https://example.org/b"]
    wrong = {"version": 3, "links": ["https://a@b/"]}
    refused = client.patch(path, wrong, content_type="application/json")
    assert refused.status_code == 400 and "https://a@b/" in refused.json()["links"][0]
    made = {"provision": "para_1", "body": "New.", "status": "submitted", "links": ["https://example.org/c"]}
    answer = client.post(f"/api/v1/rounds/{draft.round_id}/comments/", made, content_type="application/json")
    assert answer.status_code == 201
    assert Evidence.objects.get(comment__uuid=answer.json()["id"]).url == "https://example.org/c"


@pytest.mark.parametrize(
    "link",
    [
        "https://good.org\u2044evil.com",
        "https://\u24d4vil.org",
        "https://a\u3164b.org",
        "https://a.org/\u2800x",
    ],
)
def test_signs_that_browsers_or_readers_take_for_others_are_refused(comment: Comment, link: str) -> None:
    answer = signed_in(comment.author).post(address(comment, "evidence/"), {"url": link})
    assert answer.status_code == 400 and not comment.evidence.exists()


@pytest.mark.parametrize(
    "link", ["https://münchen.example/ö", "https://пример.рф/", "https://[2001:db8::1]:8080/x"]
)
def test_names_in_other_scripts_and_numbers_are_taken(comment: Comment, link: str) -> None:
    assert add_evidence(actor=comment.author, comment=comment, url=link).url == link


def test_a_title_does_not_hide_where_a_link_leads(comment: Comment) -> None:
    title = "https://unhabitat.org/\u202eydutS"
    add_evidence(actor=comment.author, comment=comment, url="https://elsewhere.example/x", title=title)
    page = Client().get(address(comment)).content.decode()
    assert "<bdi>https://unhabitat.org/ydutS</bdi> (<bdi>elsewhere.example</bdi>)" in page
    add_evidence(actor=comment.author, comment=comment, url="https://example.org/study")
    assert "<bdi>https://example.org/study</bdi></a>" in Client().get(address(comment)).content.decode()


def test_the_same_link_twice_is_one(comment: Comment) -> None:
    client = signed_in(comment.author)
    for _press in range(2):
        sent = client.post(address(comment, "evidence/"), {"url": "https://example.org/study"})
        assert sent.status_code == 302
    assert comment.evidence.count() == 1


def test_thousands_of_wrong_links_are_refused_in_one_sentence(comment: Comment) -> None:
    words = {"kind": "general", "body": "See these.", "attribution": "named", "language": "en"}
    links = "\n".join(f"wrong:{n}" for n in range(5000))
    answer = signed_in(comment.author).post(
        f"/en/rounds/{comment.round_id}/comments/new/", {**words, "provision": "para_1", "links": links}
    )
    page = answer.content.decode()
    assert answer.status_code == 400 and f"at most {MOST} links and files" in page
    assert "does not lead to a web page" not in page
