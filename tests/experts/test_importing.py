"""Nominations collected elsewhere, brought in as a table."""

import io
import json
import time
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.management import CommandError, call_command

from accounts.models import Country
from core.models import AuditEntry
from core.spreadsheets import read_table
from core.verdicts import Conflict, Refusal
from experts.actions.importing import import_nominations
from experts.models import Call, ConflictOfInterest, Nomination
from experts.nomination_sheet import find_columns
from experts.receipts import receipt_of
from experts.states import may_follow
from tests.experts.reviewing.world import client_of, reviewer_in
from tests.factories import make_call, make_nomination, make_user

pytestmark = pytest.mark.django_db
HEAD = "name,email,gender,country,expertise,level_of_government,languages,merit"
ANA = "Ana Ruiz,ana@example.org,woman,PER,1;data_governance,local,es;en,87.5"
SUBMITTED_ONLY = "Bo Li,bo@example.org,man,China,,,,"


@pytest.fixture
def call() -> Call:
    return make_call()


def table(*rows: str, head: str = HEAD) -> bytes:
    return "\n".join([head, *rows]).encode()


def bring(call: Call, *rows: str, head: str = HEAD, actor: Any = None) -> dict[str, Any]:
    sheet = find_columns(read_table(table(*rows, head=head)))
    return import_nominations(actor=actor, call=call, sheet=sheet).to_json()


def command(call: Call, path: Path) -> dict[str, Any]:
    out = io.StringIO()
    call_command("import_nominations", str(call.pk), str(path), stdout=out)
    return json.loads(out.getvalue())


def test_a_row_goes_in_whole_with_its_moves_and_receipt(call: Call) -> None:
    assert bring(call, ANA, SUBMITTED_ONLY) == {"imported": 2, "rejected": [], "standing": 0}
    ana = Nomination.objects.get(email="ana@example.org")
    assert (ana.name, ana.gender, ana.country_id, ana.level_of_government) == (
        "Ana Ruiz",
        "woman",
        "PER",
        "local",
    )
    assert (ana.way, ana.state, ana.merit, ana.merit_imported) == (
        "entered",
        "scored",
        Decimal("87.50"),
        True,
    )
    assert ana.imported_merit == ana.merit  # kept for good, whatever reviews come to
    assert list(ana.traits.values_list("kind", "value")) == [
        *(("expertise", "1"), ("expertise", "data_governance"), ("language", "es"), ("language", "en"))
    ]
    moves = list(ana.moves.values_list("before", "after"))
    assert moves == [("draft", "submitted"), ("submitted", "eligible"), ("eligible", "scored")]
    assert all(may_follow(*move) for move in moves)
    assert ana.candidate_number and ana.submitted_at and ana.receipt == receipt_of(ana, at=ana.submitted_at)
    bo = Nomination.objects.get(email="bo@example.org")
    assert (bo.state, bo.merit, bo.country_id, bo.candidate_number) == ("submitted", None, "CHN", None)


def test_the_same_file_again_imports_nothing(call: Call, tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_bytes(table(ANA, SUBMITTED_ONLY))
    assert command(call, path)["imported"] == 2
    assert command(call, path) == {"imported": 0, "rejected": [], "standing": 2}
    assert Nomination.objects.count() == 2
    (entry,) = AuditEntry.objects.filter(action="nomination.import")
    assert entry.changes == {"imported": 2, "rejected": 0} and entry.actor is None


def test_a_workbook_is_read_as_well(call: Call, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in (
        HEAD.split(","),
        ["Ana Ruiz", "ana@example.org", "F", "Peru", "1; 3", "Local government", "es", 87.5],
    ):
        book.active.append(row)
    path = tmp_path / "people.xlsx"
    book.save(path)
    assert command(call, path)["imported"] == 1
    assert Nomination.objects.get().merit == Decimal("87.50")


@pytest.mark.parametrize(
    ("row", "column"),
    [
        (",x@example.org,woman,PER,,,,", "name"),
        ("Support,x@example.org,woman,Narnia,,,,", "country"),
        ("X Y,no address,woman,PER,,,,", "email"),
        ("X Y,,woman,PER,,,,", "email"),
        ("X Y,x@example.org,giraffe,PER,,,,", "gender"),
        ("X Y,x@example.org,woman,,,,,", "country"),
        ("X Y,x@example.org,woman,PER,9;1,,,", "expertise"),
        ("X Y,x@example.org,woman,PER,,galactic,,", "level_of_government"),
        ("X Y,x@example.org,woman,PER,,,tlh,", "languages"),
        ("X Y,x@example.org,woman,PER,,,,101", "merit"),
        ("X Y,x@example.org,woman,PER,,,,nan", "merit"),
        ("X Y,x@example.org,woman,PER,,,,-1", "merit"),
        ("X Y,x@example.org,woman,PER,,,,1e1", "merit"),
    ],
)
def test_a_bad_row_is_told_and_leaves_nothing_while_the_others_go_in(
    call: Call, row: str, column: str
) -> None:
    report = bring(call, row, ANA)
    assert report["imported"] == 1 and list(Nomination.objects.values_list("email", flat=True)) == [
        "ana@example.org"
    ]
    (problem,) = [each for each in report["rejected"] if each["column"] == column]
    assert problem["row"] == 2 and problem["message"]


def test_every_problem_of_a_row_is_told(call: Call) -> None:
    told = bring(call, "X Y,nothing,giraffe,Narnia,,,,500")["rejected"]
    assert [(each["row"], each["column"]) for each in told] == [
        (2, c) for c in ("email", "country", "gender", "merit")
    ]


@pytest.mark.parametrize(
    ("field", "value", "kept"),
    [
        ("gender", "Femme", "woman"),
        ("gender", "مرأة", None),
        ("country", "Côte d’Ivoire", "CIV"),
        ("country", "Китай", "CHN"),
        ("country", "中国", "CHN"),
        ("country", "ke", "KEN"),
        ("level_of_government", "LOCAL", "local"),
        ("level_of_government", "civil society", "civil_society"),
    ],
)
def test_words_of_six_languages_are_known(call: Call, field: str, value: str, kept: str | None) -> None:
    cells = {"name": "X Y", "email": "x@example.org", "country": "PER", field: value}
    report = bring(call, ",".join(cells.values()), head=",".join(cells))
    if kept is None:  # what nobody knows is told rather than guessed
        assert report["rejected"][0]["column"] == field
    else:
        row = Nomination.objects.get()
        assert (row.country_id if field == "country" else getattr(row, field)) == kept


def test_languages_and_expertise_by_their_names(call: Call) -> None:
    head = "Nom,Courriel,Pays,Langues,Domaines d’expertise"
    assert bring(call, "X Y,x@example.org,Pérou,français; Английский; 中文,Climat;Pillar 2;3", head=head)[
        "imported"
    ]
    traits = Nomination.objects.get().traits
    assert sorted(traits.filter(kind="language").values_list("value", flat=True)) == ["en", "fr", "zh-hans"]
    assert sorted(traits.filter(kind="expertise").values_list("value", flat=True)) == ["2", "3", "climate"]


def test_the_limit_of_a_country_holds(call: Call) -> None:
    make_nomination(call, country="PER")
    report = bring(call, *(f"N {n},n{n}@example.org,,PER,,,," for n in "abc"))
    assert report["imported"] == 1
    assert [(each["row"], each["column"]) for each in report["rejected"]] == [(3, "country"), (4, "country")]


def test_the_same_person_twice_in_a_file_is_told(call: Call) -> None:
    report = bring(call, ANA, ANA.replace("ana@", "ANA@"))
    assert report["imported"] == 1 and report["rejected"][0]["row"] == 3


@pytest.mark.parametrize(
    "content", [b"", b"name,email\nA,a@example.org\n", b"\x89PNG\r\n\x1a\n\0\0", HEAD.encode()]
)
def test_a_bad_file_ends_with_two_and_one_line(call: Call, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "people.csv"
    path.write_bytes(content)
    with pytest.raises(CommandError) as caught:
        command(call, path)
    assert caught.value.returncode == 2 and "\n" not in str(caught.value) and str(caught.value)
    assert not Nomination.objects.exists()


def test_no_file_no_call_another_kind_and_a_decided_call_end_with_two(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_bytes(table(ANA))
    hosting, decided = make_call(kind="hosting"), make_call()
    Call.objects.filter(pk=decided.pk).update(decided_at=decided.closes_at)
    for key, file in (
        (decided.pk, path),
        (hosting.pk, path),
        (10**6, path),
        (make_call().pk, tmp_path / "none"),
    ):
        with pytest.raises(CommandError) as caught:
            call_command("import_nominations", str(key), str(file))
        assert caught.value.returncode == 2
    assert not Nomination.objects.exists()


def test_conflicts_of_interest_are_found_at_once(call: Call) -> None:
    reviewer_in(call, make_user("staff"), make_user("expert", country_id="PER"))
    bring(call, ANA)
    assert ConflictOfInterest.objects.get().kind == "country"


def test_only_the_secretariat_imports(call: Call) -> None:
    with pytest.raises(Refusal):
        bring(call, ANA, actor=make_user("admin"))
    Call.objects.filter(pk=call.pk).update(decided_at=call.closes_at)
    call.refresh_from_db()
    with pytest.raises(Conflict):
        bring(call, ANA, actor=make_user("staff"))


def test_a_thousand_rows_in_seconds() -> None:
    call = make_call(per_country_limit=None)
    codes = list(Country.objects.values_list("pk", flat=True))
    rows = [
        f"Person {n},p{n}@example.org,woman,{codes[n % len(codes)]},1;2,local,en;fr,{n % 100}"
        for n in range(1000)
    ]
    begun = time.monotonic()
    assert bring(call, *rows)["imported"] == 1000
    assert time.monotonic() - begun < 20
    assert Nomination.objects.exclude(receipt="").count() == 1000


# --- The page ------------------------------------------------------------------------------------------------


def test_the_page_shows_first_and_imports_what_was_shown(call: Call) -> None:
    staff = make_user("staff")
    client, address = client_of(staff), f"/en/calls/{call.pk}/nominations/import/"
    file = io.BytesIO(table(ANA, "X Y,nothing,,PER,,,,"))
    file.name = "people.csv"
    shown = client.post(address, {"file": file, "preview": "1"})
    assert shown.status_code == 200 and not Nomination.objects.exists()
    assert "Ana Ruiz" in shown.content.decode() and "is not an e-mail address" in shown.content.decode()
    carried = shown.context["form"].carried
    report = client.post(address, {"sheet": carried, "report": "1"})
    assert report["Content-Type"].startswith("text/csv") and "Ana Ruiz" in report.content.decode()
    done = client.post(address, {"sheet": carried, "send": "1"})
    assert done.status_code == 302 and Nomination.objects.get().created_by == staff
    again = client.post(address, {"sheet": carried, "send": "1"})
    assert again.status_code == 302 and Nomination.objects.count() == 1
    assert client.post(address, {"sheet": carried + "x", "send": "1"}).status_code == 400


def test_whose_page_it_is(call: Call) -> None:
    address = f"/en/calls/{call.pk}/nominations/import/"
    assert client_of(make_user("staff")).get(address).status_code == 200
    assert client_of(make_user("admin")).get(address).status_code == 403
