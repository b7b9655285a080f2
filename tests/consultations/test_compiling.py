"""Compilations: what is in them is what their reader may see, whole, and as text."""

import csv
import io
import json
import re
import shutil
import subprocess
import zipfile
from datetime import timedelta
from typing import Any

import openpyxl
import pypdf
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from accounts.models import Affiliation, Organisation, RoleGrant
from consultations.actions import compiling
from consultations.actions.anchoring import AnchorInput
from consultations.actions.answering import answer_comment, publish_answers
from consultations.actions.compiling import ask_for_compilation, may_read_compilation
from consultations.actions.discussing import take_position
from consultations.compilations import volumes
from consultations.compilations.asked import Asked, Filters
from consultations.compilations.columns import COLUMNS, ISO
from consultations.models import Comment, Position, Round
from consultations.naming import byline
from consultations.presenting import present_comments
from consultations.queries import with_discussion
from consultations.rules import may_see_origin
from core import files, jobs, outbox
from core.models import Job, StoredFile
from tests.factories import make_comment, make_draft, make_member_state, make_round, make_user

pytestmark = pytest.mark.django_db

AWKWARD = (
    "=SUM(A1:A3)",
    "+1",
    "-2",
    "@cmd",
    "\uff1d1+1",
    "'=already",
    "  =spaced",
    "two\nlines",
    'quotes " and, commas; <b>&amp;</b>',
    "_x0041_ is what is written",
    "مرحبا بالعالم",
    "应当说明由谁负责",
    "👩‍👩‍👧 and \u200fmarks",
)


@pytest.fixture(autouse=True)
def _files(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def round_() -> Round:
    return make_round(make_draft(status="published", paragraphs=3), visibility="public")


@pytest.fixture
def staff() -> Any:
    return make_user("staff")


def compiled(owner: Any, round: Round, **asked: Any) -> Job:
    """The job, run to its end."""
    job = ask_for_compilation(actor=owner, round=round, asked=Asked(round.pk, **asked))
    outbox.drain()
    job.refresh_from_db()
    return job


def content_of(job: Job) -> bytes:
    assert job.state == "done", job.message
    assert job.file is not None
    with files.open_file(job.file) as stream:
        return stream.read()


def csv_of(owner: Any, round: Round, **asked: Any) -> list[list[str]]:
    content = content_of(compiled(owner, round, form="csv", **asked))
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def json_of(owner: Any, round: Round, **asked: Any) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads(content_of(compiled(owner, round, form="json", **asked)))["rows"]
    return rows


def xlsx_of(owner: Any, round: Round, **asked: Any) -> Any:
    return openpyxl.load_workbook(io.BytesIO(content_of(compiled(owner, round, form="xlsx", **asked))))


def unescaped(text: str) -> str:
    """As the format says; openpyxl leaves this to its callers."""
    return re.sub("_x([0-9A-Fa-f]{4})_", lambda found: chr(int(found[1], 16)), text)


def cells_of(sheet: Any) -> list[list[str]]:
    return [
        [unescaped(str(cell)) if cell is not None else "" for cell in row]
        for row in sheet.iter_rows(values_only=True)
    ]


def unguarded(text: str) -> str:
    return text[1:] if re.match(r"'+\s*[=+\-@\t\r＝＋－＠]", text) else text


class TestText:
    def test_every_cell_is_the_same_text_in_every_format(self, round_, staff):
        author = make_user(name="=HYPERLINK(0)")
        for words in AWKWARD:
            make_comment(
                round_, author, provision_key="para_1", body=f"{words}.", proposed_text=words, rationale=words
            )
        rows = json_of(staff, round_)
        assert [row["proposed_text"] for row in rows] == [words.strip() for words in AWKWARD]
        head, *table = csv_of(staff, round_)
        sheet = xlsx_of(staff, round_).worksheets[0]
        cells = cells_of(sheet)
        assert cells[0] == head
        assert cells[1:] == [[unguarded(cell) for cell in row] for row in table]
        at = head.index("Proposed words")
        assert [row[at] for row in cells[1:]] == [row["proposed_text"] for row in rows]
        assert {row["author"] for row in rows} == {"=HYPERLINK(0)"}

    def test_no_cell_is_a_formula(self, round_, staff):
        for words in AWKWARD:
            make_comment(round_, make_user(), body=words, proposed_text="")
        book = xlsx_of(staff, round_)
        assert {cell.data_type for row in book.worksheets[0] for cell in row} <= {"s", "n", "inlineStr"}
        quoted = [cell for row in book.worksheets[0] for cell in row if str(cell.value).startswith("=")]
        assert quoted and all(cell.quotePrefix for cell in quoted)
        for row in csv_of(staff, round_):
            assert not any(re.match(r"\s*[=+\-@\t\r＝＋－＠]", cell) for cell in row)

    def test_what_is_longer_than_a_cell_goes_on_in_a_sheet_of_its_own(self, round_, staff):
        body, proposed = "𝔸" * 20_000, "b" * 20_000
        comment = make_comment(round_, make_user(), provision_key="para_1", body="short")
        Comment.objects.filter(pk=comment.pk).update(
            body=body, rationale="c" * 70_000, proposed_text=proposed
        )
        book = xlsx_of(staff, round_)
        main, rest, _about = book.worksheets
        heads = [cell.value for cell in main[1]]
        cell = main.cell(2, heads.index("Comment") + 1)
        assert "[continued on the sheet “Continued” from row 2]" in cell.value
        for column, text in (("Comment", body), ("Reason", "c" * 70_000), ("Proposed words", proposed)):
            cell = main.cell(2, heads.index(column) + 1)
            more = [
                row[2]
                for row in rest.iter_rows(min_row=2, values_only=True)
                if row[0].endswith(f"!{cell.coordinate}")
            ]
            assert len(cell.value.encode("utf-16-le")) // 2 <= 32_767
            assert "".join([cell.value.split("\n[continued")[0], *more]) == text
        assert csv_of(staff, round_)[1][heads.index("Comment")] == body

    def test_a_spreadsheet_from_right_to_left(self, round_, staff):
        make_comment(round_, make_user(), body="مرحبا", language="ar")
        book = xlsx_of(staff, round_, language="ar")
        assert all(sheet.sheet_view.rightToLeft for sheet in book.worksheets)
        assert not xlsx_of(staff, round_).worksheets[0].sheet_view.rightToLeft


def shown_to(reader: Any, round: Round) -> list[Any]:
    comments = with_discussion(Comment.objects.visible_to(reader).filter(round=round).exclude(status="draft"))
    return present_comments(comments.order_by("number"), reader, round=round)


class TestRights:
    """The compiled rows are what pages show to the same reader."""

    @pytest.fixture(params=[False, True], ids=["named round", "anonymous round"])
    def busy(self, request: pytest.FixtureRequest, staff: Any) -> Round:
        round = make_round(
            make_draft(status="published", paragraphs=3), visibility="public", anonymous=request.param
        )
        mission = make_member_state("KEN")
        for attribution in ("named", "organisation", "anonymous"):
            contact = make_user("focal_point", name=f"Delegate {attribution}")
            Affiliation.objects.create(
                user=contact, organisation=mission, role="deputy", confirmed_at=timezone.now()
            )
            lab, _new = Organisation.objects.get_or_create(kind="academia", name="Lab", name_en="Lab")
            scholar = make_user("expert", name=f"Scholar {attribution}")
            Affiliation.objects.create(user=scholar, organisation=lab, confirmed_at=timezone.now())
            for author in (contact, scholar, make_user("expert", name=f"Person {attribution}")):
                comment = make_comment(
                    round,
                    author,
                    provision_key="para_2",
                    attribution=attribution,
                    proposed_text="Paragraph 2 speaks of all cities.",
                    anchor=AnchorInput(exact="smart cities"),
                )
                take_position(user=make_user("expert"), comment=comment, position="oppose", reason="No.")
                answer_comment(actor=staff, comment=comment, outcome="noted", responses={"en": "Thank you."})
        publish_answers(actor=staff, round=round)
        late = make_comment(round, make_user(name="Late Person"), body="Late.")
        Comment.objects.filter(pk=late.pk).update(status="late")
        hidden = make_comment(round, make_user(name="Hidden Person"), body="Secret abuse.")
        Comment.objects.filter(pk=hidden.pk).update(status="hidden")
        waiting = make_comment(round, make_user(name="Waiting Person"))
        answer_comment(actor=staff, comment=waiting, outcome="accepted", responses={"en": "Not out yet."})
        make_comment(round, make_user(), body="Unsent.", submit=False)
        outbox.drain()
        return round

    @pytest.mark.parametrize("role", ["staff", "drafter", "participant", "author"])
    def test_as_pages_show_them(self, busy, role):
        reader: Any = Comment.objects.filter(attribution="anonymous").first().author
        if role != "author":
            reader = make_user(role)
        rows = {row["number"]: row for row in json_of(reader, busy)}
        with translation.override("en"):
            shown = shown_to(reader, busy)
            assert set(rows) == {each.number for each in shown}
            for each in shown:
                row = rows[each.number]
                assert row["author"] == each.author
                # Region and group are known where the organisation is.
                if may_see_origin(reader, each.comment):
                    assert row["organisation"] == each.comment.organisation_name
                    assert row["stakeholder"] == each.comment.stakeholder_group
                else:
                    assert not (row["organisation"] or row["country"] or row["region"] or row["stakeholder"])
                assert row["answer"] == each.response
                assert row["outcome"] == (each.disposition.outcome if each.disposition else "")
                assert (row["support"], row["oppose"]) == (each.voices["support"], each.voices["oppose"])
                assert row["positions"] == "\n".join(f"{who}: {p.lower()}" for who, p in each.flags)
                assert row["link"].endswith(f"/comments/{each.comment.uuid}/")

    @pytest.mark.parametrize("kind", list(COLUMNS))
    @pytest.mark.parametrize("form", ["csv", "json"])
    def test_no_kind_or_format_tells_more(self, busy, kind, form):
        reader = make_user("participant")
        text = content_of(compiled(reader, busy, kind=kind, form=form)).decode("utf-8-sig")
        told = {name for name in ("Delegate", "Scholar", "Person") if f"{name} anonymous" in text}
        assert told == set()
        assert "Secret abuse" not in text and "Not out yet" not in text and "Unsent" not in text
        assert "Late Person" not in text
        assert ("Scholar named" in text) is not busy.anonymous
        assert "Unsent" not in content_of(compiled(make_user("staff"), busy, kind=kind, form=form)).decode()

    @pytest.mark.parametrize("role", ["staff", "participant"])
    def test_bylines_are_those_of_lists(self, busy, role):
        reader = make_user(role)
        with translation.override("en"):
            known = {
                each.number: byline(each.comment, reader) for each in shown_to(reader, busy) if each.number
            }
        rows = csv_of(reader, busy, kind="iso")[1:]
        told = [row[0] for row in rows]
        for number, who in known.items():
            state = Comment.objects.get(round=busy, number=number).stakeholder_group == "member_state"
            if not state:
                assert f"{who} ({number})" in told

    def test_who_may_not_read_the_voices_is_refused(self, staff):
        draft = make_draft(status="published", paragraphs=1)
        round = make_round(draft, visibility="secretariat")
        with pytest.raises(Exception, match="secretariat only"):
            compiled(make_user("participant"), round)
        assert not Job.objects.exists()
        assert compiled(staff, round).state == "done"

    def test_rights_lost_before_it_is_written(self, round_, staff):
        job = ask_for_compilation(actor=staff, round=round_, asked=Asked(round_.pk))
        Round.objects.filter(pk=round_.pk).update(visibility="secretariat")
        RoleGrant.objects.filter(user=staff).delete()
        outbox.drain()
        job.refresh_from_db()
        assert (job.state, job.file, job.message) == ("failed", None, "This is not open to you.")

    def test_rights_that_change_while_it_is_written(self, round_, staff, monkeypatch):
        make_comment(round_, make_user())
        write = compiling.write_asked

        def slowly(*args: Any) -> bool:
            RoleGrant.objects.filter(user=staff).delete()
            return write(*args)

        monkeypatch.setattr(compiling, "write_asked", slowly)
        job = compiled(staff, round_)
        assert (job.state, StoredFile.objects.count()) == ("failed", 0)

    def test_who_lost_a_role_no_longer_fetches_what_it_allowed(self, round_, staff):
        job = compiled(staff, round_)
        assert may_read_compilation(staff, job.file)
        RoleGrant.objects.filter(user=staff).delete()
        again = type(staff).objects.get(pk=staff.pk)
        assert not may_read_compilation(again, job.file)
        own = compiled(again, round_)
        assert may_read_compilation(again, own.file) and not may_read_compilation(
            make_user("staff"), own.file
        )


class TestKinds:
    def test_the_form_of_iso(self, round_, staff):
        mission = make_user("focal_point")
        make_member_state("FRA", contact=mission)
        make_comment(
            round_, mission, provision_key="para_2", kind="editorial", body="Plainer.", proposed_text="Words."
        )
        make_comment(round_, make_user(name="Anna"), kind="general", body="Bien.", language="fr")
        head, *rows = csv_of(staff, round_, kind="iso", language="ru")
        assert head == [column.words for column in ISO]
        assert head[0] == "MB/NC" and head[-1] == "Observations of the secretariat"
        general, editorial = rows
        assert (general[0], general[4]) == ("Anna (2)", "ge")
        assert general[5].endswith("]\nBien.")
        assert (editorial[0], editorial[3], editorial[4], editorial[6]) == ("FRA (1)", "2", "ed", "Words.")

    def test_delegation_by_delegation_with_positions(self, round_, staff):
        people = {code: make_user("focal_point") for code in ("KEN", "BRA")}
        for code, contact in people.items():
            make_member_state(code, contact=contact)
        lab = Organisation.objects.create(kind="academia", name="Lab", name_en="Lab")
        scholar, single = make_user("expert"), make_user(name="Zoë")
        Affiliation.objects.create(user=scholar, organisation=lab, confirmed_at=timezone.now())
        make_comment(round_, single, provision_key="para_1", body="One.")
        make_comment(round_, scholar, provision_key="para_1", body="Two.")
        kenyan = make_comment(
            round_, people["KEN"], provision_key="para_2", body="Three.", proposed_text="X."
        )
        brazil = make_comment(round_, people["BRA"], provision_key="para_1", body="Four.")
        take_position(user=people["BRA"], comment=kenyan, position="reserve", reason="We must ask.")
        take_position(user=people["KEN"], comment=brazil, position="support", reason="")
        take_position(user=single, comment=brazil, position="support", reason="")
        told = [
            (row["delegation"], row["voice"], row["comment"], row["number"])
            for row in json_of(staff, round_, kind="delegations")
        ]
        assert told == [
            ("BRA", "comment", "Four.", 4),
            ("BRA", "reserve", "We must ask.", 3),
            ("KEN", "support", "", 4),
            ("KEN", "proposal", "Three.", 3),
            ("Lab", "comment", "Two.", 2),
            ("", "comment", "One.", 1),
        ]
        names = [row[0] for row in csv_of(staff, round_, kind="delegations", language="fr")[1:]]
        assert names == ["Brésil"] * 2 + ["Kenya"] * 2 + ["Lab", names[-1]]

    def test_filters(self, round_, staff):
        first = make_comment(round_, make_user(), provision_key="para_1", body="Budgets.", kind="technical")
        make_comment(round_, make_user(), body="Other.")
        late = make_comment(round_, make_user(), body="Too late.")
        Comment.objects.filter(pk=late.pk).update(status="late")
        answer_comment(actor=staff, comment=first, outcome="accepted", responses={"en": "Yes."})

        def numbers(**filters: Any) -> list[int]:
            return [row["number"] for row in json_of(staff, round_, filters=Filters(**filters))]

        assert numbers() == [1, 2, 3]
        assert numbers(kind="technical") == numbers(search="budg") == numbers(outcome="accepted") == [1]
        assert numbers(provision="para_1") == [1]
        assert numbers(provision="-") == [2, 3]
        assert numbers(outcome="none", status="submitted") == [2]
        assert numbers(status="late") == [3]
        assert numbers(pillar=4) == []


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
