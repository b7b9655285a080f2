"""The local mailbox: mails as whole files, shown only in a demonstration and never as markup."""

from pathlib import Path
from typing import Any

import pytest
from django.core.mail import EmailMessage, EmailMultiAlternatives, get_connection
from django.test import Client

from core import mailbox

BACKEND = "core.mailbox.MailboxBackend"


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.MAILBOX_DIRECTORY = tmp_path / "mailbox"
    settings.DEMONSTRATION = True
    return tmp_path / "mailbox"


def send(
    subject: str = "Ваш код", body: str = "Follow http://localhost:8000/en/confirm/?a=1&b=2 <b>now</b>"
) -> None:
    mail = EmailMultiAlternatives(subject, body, "portal@localhost", ["amina@habitat.invalid"])
    mail.attach_alternative("<script>alert(1)</script>", "text/html")
    get_connection(BACKEND).send_messages([mail])


def test_each_mail_is_one_whole_file(folder: Path) -> None:
    for _ in range(3):
        send()
    assert sorted(path.suffix for path in folder.iterdir()) == [".eml"] * 3


def test_a_mail_that_cannot_be_written_leaves_no_part(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(source: Any, target: Any) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr("core.mailbox.os.replace", full)
    with pytest.raises(OSError, match="No space"):
        send()
    assert list(folder.iterdir()) == []


@pytest.mark.django_db
def test_the_list_shows_the_newest_first(client: Client) -> None:
    send("First")
    send("Second <i>")
    page = client.get("/en/mailbox/").content.decode()
    assert page.index("Second &lt;i&gt;") < page.index("First")
    assert "amina@habitat.invalid" in page


@pytest.mark.django_db
def test_links_can_be_followed_and_nothing_else_is_markup(client: Client, folder: Path) -> None:
    send()
    (path,) = folder.iterdir()
    page = client.get(f"/en/mailbox/{path.stem}/").content.decode()
    assert 'href="http://localhost:8000/en/confirm/?a=1&amp;b=2"' in page
    assert "&lt;b&gt;now&lt;/b&gt;" in page
    assert "alert(1)" not in page
    assert "Ваш код" in page


@pytest.mark.django_db
@pytest.mark.parametrize("mail_id", ["1-2", "..%2f..%2fsecret_key", "123456789012345678-zzzzzzzz"])
def test_only_mails_are_shown(client: Client, folder: Path, mail_id: str) -> None:
    send()
    assert client.get(f"/en/mailbox/{mail_id}/").status_code == 404


@pytest.mark.django_db
def test_outside_a_demonstration_there_is_no_mailbox(client: Client, settings: Any, folder: Path) -> None:
    send()
    settings.DEMONSTRATION = False
    (path,) = folder.iterdir()
    assert client.get("/en/mailbox/").status_code == 404
    assert client.get(f"/en/mailbox/{path.stem}/").status_code == 404


def test_mails_to_one_person_are_forgotten_and_those_of_others_stay(settings: Any, tmp_path: Any) -> None:
    settings.MAILBOX_DIRECTORY = tmp_path / "mailbox"
    assert mailbox.forget({"a@example.org"}, set()) == 0
    backend = mailbox.MailboxBackend()
    for to, message_id in (
        ("Ana <A@example.org>", "<1@x>"),
        ("old@example.org", "<2@x>"),
        ("b@example.org", "<3@x>"),
    ):
        backend.send_messages([EmailMessage("Hello", "…", to=[to], headers={"Message-ID": message_id})])
    assert mailbox.forget({"a@example.org"}, {"<2@x>"}) == 2
    (left,) = (tmp_path / "mailbox").glob("*.eml")
    assert "b@example.org" in left.read_text()


@pytest.mark.django_db
def test_the_html_of_a_mail_is_shown_in_a_frame_that_can_do_nothing(client: Client, folder: Path) -> None:
    mail = EmailMultiAlternatives("Code", "Words", "portal@localhost", ["amina@habitat.invalid"])
    mail.attach_alternative("<html><head></head><body><b>Words</b></body></html>", "text/html")
    get_connection(BACKEND).send_messages([mail])
    (path,) = folder.iterdir()
    page = client.get(f"/en/mailbox/{path.stem}/")
    assert f'src="/en/mailbox/{path.stem}/html/"' in page.content.decode()
    assert "allow-scripts" not in page.content.decode() and "allow-same-origin" not in page.content.decode()
    assert "frame-src 'self'" in page["Content-Security-Policy"]
    html = client.get(f"/en/mailbox/{path.stem}/html/")
    assert "<b>Words</b>" in html.content.decode() and html["X-Frame-Options"] == "SAMEORIGIN"
    policy = html["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "sandbox allow-popups" in policy and "script-src" not in policy


@pytest.mark.django_db
def test_a_mail_without_html_has_no_frame(client: Client, folder: Path) -> None:
    get_connection(BACKEND).send_messages(
        [EmailMessage("Code", "Words", "a@localhost", ["b@habitat.invalid"])]
    )
    (path,) = folder.iterdir()
    assert "<iframe" not in client.get(f"/en/mailbox/{path.stem}/").content.decode()
    assert client.get(f"/en/mailbox/{path.stem}/html/").status_code == 404


@pytest.mark.django_db
def test_outside_the_demonstration_there_is_no_html_either(
    client: Client, folder: Path, settings: Any
) -> None:
    send()
    (path,) = folder.iterdir()
    settings.DEMONSTRATION = False
    assert client.get(f"/en/mailbox/{path.stem}/html/").status_code == 404
