"""Compilations as work in the background, and as volumes to print."""

import csv
import io
import shutil
import subprocess
import zipfile
from datetime import timedelta
from typing import Any

import pypdf
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from consultations.actions import compiling
from consultations.actions.answering import answer_comment
from consultations.actions.compiling import ask_for_compilation
from consultations.compilations import volumes
from consultations.compilations.asked import Asked
from consultations.compilations.columns import COLUMNS
from consultations.models import Position, Round
from core import files, jobs, outbox
from core.models import Job, StoredFile
from tests.consultations.compiled import (
    AWKWARD,
    compiled,
    content_of,
    csv_of,
    json_of,
)
from tests.factories import make_comment, make_draft, make_round, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _files(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def round_() -> Round:
    return make_round(make_draft(status="published", paragraphs=3), visibility="public")


@pytest.fixture
def staff() -> Any:
    return make_user("staff")


class TestJob:
    def test_twice_is_the_same_while_it_is_written(self, round_, staff):
        asked = Asked(round_.pk, form="csv")
        first = ask_for_compilation(actor=staff, round=round_, asked=asked)
        assert ask_for_compilation(actor=staff, round=round_, asked=asked) == first
        assert ask_for_compilation(actor=make_user("staff"), round=round_, asked=asked) != first
        outbox.drain()
        assert ask_for_compilation(actor=staff, round=round_, asked=asked) != first

    def test_so_many_at_once_and_no_more(self, round_, staff):
        for language in ("en", "fr", "es", "ru", "ar"):
            ask_for_compilation(actor=staff, round=round_, asked=Asked(round_.pk, language=language))
        with pytest.raises(Exception, match="Wait until one is done"):
            ask_for_compilation(actor=staff, round=round_, asked=Asked(round_.pk, language="zh-hans"))

    def test_a_killed_worker_leaves_nothing_and_the_next_begins_anew(self, round_, staff, monkeypatch):
        make_comment(round_, make_user())
        job = ask_for_compilation(actor=staff, round=round_, asked=Asked(round_.pk, form="csv"))
        write = compiling.write_asked

        def killed(stream: Any, *_rest: Any) -> bool:
            stream.write(b"half")
            raise KeyboardInterrupt

        monkeypatch.setattr(compiling, "write_asked", killed)
        with pytest.raises(KeyboardInterrupt):
            jobs.run_job(f"core.job:{job.pk}")
        job.refresh_from_db()
        assert (job.state, job.file, StoredFile.objects.count()) == ("queued", None, 0)
        monkeypatch.setattr(compiling, "write_asked", write)
        jobs.run_job(f"core.job:{job.pk}")
        job.refresh_from_db()
        assert (job.state, job.done, job.total) == ("done", 1, 1)
        assert content_of(job).count(b"\r\n") == 2

    def test_who_was_overtaken_keeps_no_file(self, round_, staff, monkeypatch):
        make_comment(round_, make_user())
        job = ask_for_compilation(actor=staff, round=round_, asked=Asked(round_.pk, form="csv"))
        write = compiling.write_asked

        def overtaken(*args: Any) -> bool:
            done = write(*args)
            Job.objects.filter(pk=job.pk).update(attempts=7)
            return done

        monkeypatch.setattr(compiling, "write_asked", overtaken)
        jobs.run_job(f"core.job:{job.pk}")
        assert not StoredFile.objects.exists()

    def test_it_expires_and_is_deleted(self, round_, staff):
        job = compiled(staff, round_)
        file = job.file
        assert file.expires_at - timezone.now() > timedelta(days=6, hours=23)
        StoredFile.objects.update(expires_at=timezone.now())
        file.refresh_from_db()
        assert not files.may_read(staff, file)
        files.remove_expired()
        job.refresh_from_db()
        assert job.file is None and not StoredFile.objects.exists()

    def test_the_number_of_queries_grows_with_chunks_and_not_with_comments(self, round_, staff):
        def queries() -> int:
            with CaptureQueriesContext(connection) as captured:
                compiled(staff, round_, form="csv")
            return len(captured)

        for _n in range(2):
            make_comment(round_, make_user(), provision_key="para_1", body="Same.", proposed_text="Same.")
        queries()
        few = queries()
        for _n in range(10):
            comment = make_comment(round_, make_user(), provision_key="para_2", proposed_text="Same.")
            Position.objects.create(comment=comment, user=make_user(), position="support")
        outbox.drain()
        assert queries() == few


class TestVolumes:
    @pytest.mark.parametrize("kind", list(COLUMNS))
    @pytest.mark.parametrize("language", ["en", "ar", "zh-hans"])
    def test_one_to_print(self, round_, staff, kind, language):
        comment = make_comment(round_, make_user(name="Anna"), provision_key="para_1", body="Say who pays.")
        make_comment(round_, make_user(), body="مرحبا بالعالم\nسطر", language="ar")
        make_comment(round_, make_user(), body="应当说明", language="zh-hans", provision_key="para_2")
        answer_comment(actor=staff, comment=comment, outcome="noted", responses={"en": "Thank you."})
        job = compiled(staff, round_, kind=kind, form="pdf", language=language)
        book = pypdf.PdfReader(io.BytesIO(content_of(job)))
        assert job.file.name.endswith(".pdf")
        assert book.trailer["/Root"]["/MarkInfo"]["/Marked"]
        assert b"pdfuaid" in content_of(job) or "pdfuaid" in str(book.xmp_metadata)
        text = "".join(page.extract_text() for page in book.pages)
        assert "Say who pays." in " ".join(text.split()) and "Anna" in text
        assert len(book.outline) > 0

    def test_several_volumes_in_one_archive(self, round_, staff, monkeypatch):
        monkeypatch.setattr(volumes.write_volumes, "__kwdefaults__", {"a_volume": 2})
        for n in range(5):
            make_comment(round_, make_user(), provision_key="para_1", body=f"Remark {n}.")
        job = compiled(staff, round_, form="pdf")
        with zipfile.ZipFile(io.BytesIO(content_of(job))) as archive:
            names = archive.namelist()
            texts = [
                "".join(page.extract_text() for page in pypdf.PdfReader(archive.open(name)).pages)
                for name in names
            ]
        assert names == ["volume-001.pdf", "volume-002.pdf", "volume-003.pdf"]
        assert "Volume 2 of 3" in texts[1]
        assert [text.count("Remark") for text in texts] == [2, 2, 1]
        assert (job.done, job.file.media_type) == (5, "application/zip")

    def test_of_nothing(self, round_, staff):
        content = content_of(compiled(staff, round_, form="pdf"))
        assert "No comment is in this compilation" in "".join(
            page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages
        )
        assert json_of(staff, round_) == [] and len(csv_of(staff, round_)) == 1


@pytest.mark.long
@pytest.mark.once
def test_libreoffice_opens_a_spreadsheet_with_every_cell(round_, staff, tmp_path):
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice is not installed")
    for words in AWKWARD:
        make_comment(round_, make_user(), provision_key="para_1", body=words)
    (tmp_path / "book.xlsx").write_bytes(content_of(compiled(staff, round_, form="xlsx")))
    command = [office, "--headless", f"-env:UserInstallation=file://{tmp_path}/profile"]
    command += [
        "--convert-to",
        "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,1",
    ]
    subprocess.run(
        [*command, "--outdir", str(tmp_path), str(tmp_path / "book.xlsx")], check=True, timeout=120
    )
    (made,) = tmp_path.glob("book*.csv")
    head, *rows = csv.reader(io.StringIO(made.read_text("utf-8-sig"), newline=""))
    assert [row[head.index("Comment")] for row in rows] == [words.strip() for words in AWKWARD]
