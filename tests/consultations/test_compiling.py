"""Compilations: what is in them is what their reader may see, whole, and as text."""

import re
from typing import Any

import pytest
from django.utils import timezone, translation

from accounts.models import Affiliation, Organisation, RoleGrant
from consultations.actions import compiling
from consultations.actions.anchoring import AnchorInput
from consultations.actions.answering import answer_comment, publish_answers
from consultations.actions.compiling import ask_for_compilation, may_read_compilation
from consultations.actions.discussing import take_position
from consultations.compilations.asked import Asked, Filters
from consultations.compilations.columns import COLUMNS, ISO
from consultations.models import Comment, Round
from consultations.naming import byline
from consultations.presenting import present_comments
from consultations.queries import with_discussion
from consultations.rules import may_see_origin
from core import outbox
from core.models import Job, StoredFile
from tests.consultations.compiled import (
    AWKWARD,
    cells_of,
    compiled,
    content_of,
    csv_of,
    json_of,
    unguarded,
    xlsx_of,
)
from tests.factories import make_comment, make_draft, make_member_state, make_round, make_user

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
