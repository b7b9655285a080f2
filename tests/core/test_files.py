"""Files: what they are is told by content, and who may read them is asked each time."""

import errno
import io
import os
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from core import files
from core.media_types import CSV, DOCX, JSON, MARKDOWN, PDF, PLAIN, XLSX
from core.models import StoredFile
from core.names import file_name, without_overrides

EVERYTHING = {CSV, DOCX, JSON, MARKDOWN, PDF, PLAIN, XLSX, "image/png", "image/jpeg"}
WHOLE_PDF = b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< >>\nstartxref\n9\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(30)


def archive(*names: str, content: bytes = b"<x/>", method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as packed:
        for name in names:
            packed.writestr(name, content)
    return buffer.getvalue()


WORD = archive("[Content_Types].xml", "word/document.xml")


@pytest.fixture(autouse=True)
def place(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    settings.MEDIA_ROOT = tmp_path
    monkeypatch.setattr(files, "_purposes", {})
    return tmp_path


def keep(owner: Any, content: Any = b"a,b\n", name: str = "list.csv", **options: Any) -> StoredFile:
    options = {"purpose": "test", "allowed": EVERYTHING, "max_bytes": 1_000_000, **options}
    return files.keep(content, owner=owner, name=name, **options)


def on_disk(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.mark.parametrize(
    ("name", "content", "media_type"),
    [
        ("a.pdf", WHOLE_PDF, PDF),
        ("a.docx", WORD, DOCX),
        ("a.xlsx", archive("[Content_Types].xml", "xl/workbook.xml"), XLSX),
        ("a.PNG", PNG, "image/png"),
        ("a.jpg", b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + bytes(40), "image/jpeg"),
        ("a.csv", "é,<b>,النص\n".encode(), CSV),
        ("a.md", b"# Pilier 1\n\nun <br> deux\n", MARKDOWN),
        ("a.json", b'{"a": [1]}', JSON),
        ("a.txt", "\ufeff指南\n".encode(), PLAIN),
    ],
)
def test_what_a_file_is(person: Any, name: str, content: bytes, media_type: str) -> None:
    stored = keep(person, content, name)
    assert (stored.media_type, stored.size) == (media_type, len(content))
    with files.open_file(stored) as stream:
        assert stream.read() == content


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.pdf", b"<html><script>alert(1)</script></html>", "type"),
        ("a.pdf", b"%PDF-1.4\n<html><script>alert(1)</script></html>", "type"),
        ("a.pdf", b"%PDF-1.4\n<ScRiPt >alert(1)</script>" + WHOLE_PDF, "type"),
        ("a.txt", b"  <!DOCTYPE html><p>", "type"),
        ("a.csv", b"<svg onload='alert(1)'>", "type"),
        ("a.txt", b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>', "type"),
        ("a.png", PNG + b"<script>alert(1)</script>", "type"),
        ("a.pdf", PNG, "mismatch"),
        ("a.png", WHOLE_PDF, "mismatch"),
        ("a.exe", b"MZ\x90\x00\x03", "type"),
        ("a.html", b"hello", "mismatch"),
        ("a.csv", b"a\x00b", "type"),
        ("a.csv", "é".encode("latin-1"), "encoding"),
        ("a.json", b"{", "mismatch"),
        ("a.docx", archive("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"), "type"),
        ("a.docx", archive("readme.txt"), "type"),
        ("a.docx", WORD[:-30], "type"),
        ("a.docx", archive("[Content_Types].xml", "word/document.xml", content=bytes(20_000_000)), "archive"),
        ("a.docx", archive(*(f"{n}.xml" for n in range(2_001))), "archive"),
        ("a.txt", b"", "empty"),
        ("a.txt", b"x" * 1_000_001, "size"),
    ],
)
def test_what_is_refused_leaves_nothing_behind(
    person: Any, place: Path, name: str, content: bytes, code: str
) -> None:
    with pytest.raises(ValidationError) as caught:
        keep(person, content, name)
    assert caught.value.code == code
    assert on_disk(place) == []
    assert StoredFile.objects.count() == 0


def test_a_type_that_is_not_asked_for_is_refused(person: Any, place: Path) -> None:
    with pytest.raises(ValidationError, match="type"):
        keep(person, WHOLE_PDF, "a.pdf", allowed={CSV})
    assert on_disk(place) == []


def test_a_full_disk_says_so_and_leaves_no_part(
    person: Any, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(ValidationError, match="no room"):
        keep(person)
    assert on_disk(place) == []


def test_the_name_on_the_disk_is_the_portals_own(person: Any, place: Path) -> None:
    stored = keep(person, name="../../etc/cron.d/\u202elist.csv")
    assert stored.name == "list.csv"
    (path,) = on_disk(place)
    assert path.name == stored.uuid.hex
    assert "list" not in str(path.relative_to(place))


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("C:\\Users\\me\\a.pdf", "a.pdf"),
        ("in\u202efdp.exe", "infdp.exe"),
        ("pass\u200bport\r\nX: y.txt", "passport X_ y.txt"),
        ("ad\u200cmin.txt", "admin.txt"),
        ("می\u200cخواهم.txt", "می\u200cخواهم.txt"),
        ("…/..", "file"),
        ("x" * 300 + ".docx", "x" * 195 + ".docx"),
    ],
)
def test_names_of_files(given: str, kept: str) -> None:
    assert file_name(given) == kept


def test_arabic_names_keep_their_letters_and_lose_the_overrides() -> None:
    assert without_overrides("\u202bأمينة \u202eعلي\u202c\ufeff") == "أمينة علي"


class TestReading:
    def test_the_owner_gets_it_as_an_attachment_that_is_not_kept(self, person: Any, client: Client) -> None:
        client.force_login(person)
        response = client.get(f"/files/{keep(person, name='Liste é.csv').uuid}/")
        assert b"".join(response.streaming_content) == b"a,b\n"
        assert response["Content-Disposition"].startswith("attachment; filename")
        assert response["Content-Type"] == "text/csv; charset=utf-8"
        assert response["X-Content-Type-Options"] == "nosniff"
        assert "no-store" in response["Cache-Control"]

    def test_a_copied_address_is_worth_nothing(self, person: Any, stranger: Any, client: Client) -> None:
        address = f"/files/{keep(person).uuid}/"
        assert client.get(address, follow=True).status_code == 404
        client.force_login(stranger)
        assert client.get(address, follow=True).status_code == 404
        client.force_login(person)
        assert client.get(address).status_code == 200
        client.logout()
        assert client.get(address, follow=True).status_code == 404

    def test_a_purposes_own_rule_is_asked_each_time(self, person: Any, stranger: Any, client: Client) -> None:
        allowed = {stranger.pk}
        files.register_purpose("cv", lambda user, stored: user.pk in allowed)
        address = f"/files/{keep(person, purpose='cv').uuid}/"
        client.force_login(stranger)
        assert client.get(address).status_code == 200
        allowed.clear()
        assert client.get(address, follow=True).status_code == 404

    def test_expired_files_are_gone_before_they_are_removed(self, person: Any, client: Client) -> None:
        client.force_login(person)
        stored = keep(person, expires_at=timezone.now() - timedelta(seconds=1))
        assert client.get(f"/files/{stored.uuid}/", follow=True).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_removing_what_expired_and_what_no_row_knows(person: Any, place: Path) -> None:
    now = timezone.now()
    keep(person, expires_at=now - timedelta(seconds=1))
    kept = keep(person, expires_at=now + timedelta(hours=1))
    forever = keep(person)
    orphan, fresh = keep(person), keep(person)
    StoredFile.objects.filter(pk__in=[orphan.pk, fresh.pk]).delete()
    two_days_ago = (now - timedelta(days=2)).timestamp()
    for stored in (orphan, kept, forever):
        os.utime(files._place(stored.uuid), (two_days_ago, two_days_ago))
    assert files.remove_expired() == 1
    assert {path.name for path in on_disk(place)} == {kept.uuid.hex, forever.uuid.hex, fresh.uuid.hex}
