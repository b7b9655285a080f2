"""A table of contacts: its columns, its rows, and what becomes of them."""

import csv
import io
import re
import time
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils.translation import override

from accounts.actions.invitations import accept_invitation, invite_people, preview_invitations, token_of
from accounts.actions.people import keep_person
from accounts.contact_sheet import HEADINGS, Known, find_columns
from accounts.models import Affiliation, Country, Invitation, Organisation
from core.models import StoredFile
from core.sheets import Sheet, key
from core.spreadsheets import read_table
from tests.accounts.conftest import settle, signed_in
from tests.core.test_spreadsheets import workbook
from tests.factories import make_member_state, make_user

pytestmark = pytest.mark.django_db
NEW = "/en/account/invitations/new/"
HEAD = "Name;E-mail;Country;Language;Position"


def sheet(*rows: str, head: str = HEAD) -> Sheet:
    return find_columns(read_table("\n".join([head, *rows]).encode()))


def preview(*rows: str, head: str = HEAD, role: str = "focal_point", **fields: Any) -> Any:
    plan = {"people": "", "group": None, "role": role, "language": "en", **fields}
    return preview_invitations(actor=make_user("staff"), sheet=sheet(*rows, head=head), **plan)


def upload(content: bytes, name: str = "contacts.csv", **fields: str) -> dict[str, Any]:
    file = SimpleUploadedFile(name, content)
    return {"role": "focal_point", "group": "", "language": "en", "days": "14", "file": file, **fields}


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]+)"', page)
    return found[1] if found else ""


# --- Columns ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "head",
    [
        "name,email,country,language,position",
        "Nom complet,Courriel,État membre,Langue,Fonction",
        "NOMBRE,Correo electrónico,País,Idioma,Cargo",
        "ФИО,Электронная почта,Страна,Язык,Должность",
        "الاسم,البريد الإلكتروني,الدولة العضو,اللغة,المنصب",
        "姓名,电子邮件,国家,语言,职务",
    ],
)
def test_columns_are_known_by_name_in_six_languages(head: str) -> None:
    found = sheet("Ana,ana@example.org,PER,es,deputy", head=head)
    assert set(found.headings) == set(HEADINGS)
    assert found.rows[0][1]["email"] == "ana@example.org"


def test_no_name_of_a_column_or_of_a_country_means_two_things() -> None:
    words = [key(word) for words in HEADINGS.values() for word in set(map(key, words))]
    assert len(words) == len(set(words))
    names: dict[str, set[str]] = {}
    for country in Country.objects.all():
        for code in ("ar", "en", "es", "fr", "ru", "zh_hans"):
            names.setdefault(key(getattr(country, f"name_{code}")), set()).add(country.pk)
    assert {name: where for name, where in names.items() if len(where) > 1 or not name} == {}
    known = Known()
    assert all(known.countries[key(c.iso2)] == known.countries[key(c.pk)] == c for c in Country.objects.all())


@pytest.mark.parametrize(
    ("head", "says"),
    [
        ("Country;Telephone", "missing: Name, E-mail"),
        ("Name;E-mail;Courriel", "“E-mail” and “Courriel”"),
        ("Ana;ana@example.org", "The first row names the columns. It has: Ana, ana@example.org"),
    ],
)
def test_what_the_columns_lack_is_said(head: str, says: str) -> None:
    with pytest.raises(ValidationError) as caught:
        sheet("a;b;c", head=head)
    assert says in " ".join(caught.value.messages)


def test_a_table_of_nobody_or_of_too_many_is_refused() -> None:
    with pytest.raises(ValidationError):
        sheet()
    with pytest.raises(ValidationError, match="at most 500"):
        sheet(*(f"P{n};p{n}@example.org" for n in range(501)))


# --- Rows ---------------------------------------------------------------------------------------------------


def test_countries_languages_and_positions_are_known_as_people_write_them() -> None:
    lines = preview(
        "A;a@example.org;Côte d’Ivoire;fr;Point focal",
        "B;b@example.org;cote d'ivoire;Français;suppléant",
        "C;c@example.org;KE;anglais;Member",
        "D;d@example.org;肯尼亚;zh;deputy",
        "E;E@Example.org;Кения;русский;",
    )
    assert [line.country.pk for line in lines] == ["CIV", "CIV", "KEN", "KEN", "KEN"]
    assert [line.language for line in lines] == ["fr", "fr", "en", "zh-hans", "ru"]
    assert [line.position for line in lines] == ["contact", "deputy", "member", "deputy", ""]
    assert lines[4].email == "e@example.org" and all(line.is_sent for line in lines)


def test_every_problem_of_a_row_is_told_with_its_column_and_what_to_do() -> None:
    (line,) = preview(";ana@example;Kenia island;klingon;king")
    assert line.outcome == "wrong"
    assert [problem.column for problem in line.problems] == [
        *("E-mail", "Name", "Country", "Language", "Position")
    ]
    assert all(problem.what and problem.todo for problem in line.problems)
    (near,) = preview("Ana;ana@example.org;Kenia;;")
    assert "Did you mean “Kenya”?" in near.problems[0].todo


def test_what_stands_twice_in_the_table_or_stands_already_is_told() -> None:
    old = keep_person(email="old@example.org", name="Old", roles=["focal_point"])
    make_member_state("KEN", contact=old)
    elsewhere = keep_person(email="fr@example.org", name="F", roles=["focal_point"])
    make_member_state("FRA", contact=elsewhere)
    invite_people(actor=make_user("staff"), people="i@example.org, I, BRA", role="focal_point")
    lines = preview(
        "A;a@example.org;PER;;contact",
        "A;a@example.org;PER;;",
        "B;b@example.org;PER;;contact",
        "Old;old@example.org;KEN;;",
        "New;new@example.org;KEN;;contact",
        "Next;next@example.org;KEN;;",
        "F;fr@example.org;PER;;deputy",
        "I;i@example.org;BRA;;",
    )
    assert [line.outcome for line in lines] == [
        *("new", "repeated", "wrong", "member", "new", "new", "wrong", "invited")
    ]
    assert "Row 2 has a contact point of Peru already" in lines[2].problems[0].what
    assert "Takes the place of the contact point" in lines[4].note
    assert "becomes deputy" in lines[5].note
    assert "speaks for France already" in lines[6].problems[0].what


def test_positions_go_with_focal_points_and_with_a_country() -> None:
    with pytest.raises(ValidationError) as caught:
        preview("A;a@example.org;PER;;deputy", role="expert")
    assert "role" in caught.value.message_dict
    (line,) = preview("A;a@example.org;;;deputy")
    assert line.outcome == "wrong" and line.problems[0].column == "Country"
    (line,) = preview("A;a@example.org;;;deputy", country=Country.objects.get(pk="PER"))
    assert line.is_sent and line.country.pk == "PER"


@pytest.mark.parametrize(
    ("position", "place", "role"), [("deputy", "deputy", True), ("member", "member", False)]
)
def test_the_position_in_the_table_is_the_one_that_is_had(position: str, place: str, role: bool) -> None:
    invite_people(
        actor=make_user("staff"), sheet=sheet(f"Ana;ana@example.org;PER;;{position}"), role="focal_point"
    )
    ana = keep_person(email="ana@example.org", name="Ana", roles=["participant"])
    accept_invitation(actor=ana, token=token_of(Invitation.objects.get()))
    assert ana.affiliations.get().role == place
    assert ana.role_grants.filter(role="focal_point").exists() is role


def test_a_contact_point_by_the_table_takes_the_place_of_the_one_before() -> None:
    before = keep_person(email="old@example.org", name="Old", roles=["focal_point"])
    state = make_member_state("PER", contact=before)
    invite_people(
        actor=make_user("staff"), sheet=sheet("Ana;ana@example.org;PER;;contact"), role="focal_point"
    )
    ana = keep_person(email="ana@example.org", name="Ana", roles=["participant"])
    accept_invitation(actor=ana, token=token_of(Invitation.objects.get()))
    assert dict(state.affiliations.values_list("user__email", "role")) == {
        "ana@example.org": "contact",
        "old@example.org": "member",
    }


# --- The page -----------------------------------------------------------------------------------------------


def test_all_193_states_go_in_one_table_within_seconds() -> None:
    codes = list(Country.objects.values_list("pk", flat=True))
    assert len(codes) == 193
    rows = [["Full name", "E-mail address", "Member State", "Language", "Telephone"]]
    rows += [[f"Person {code}", f"{code.lower()}@example.org", code, "fr", "1"] for code in codes]
    client = signed_in(make_user("staff"))
    start = time.monotonic()
    page = client.post(NEW, upload(workbook(rows), "contacts.xlsx", preview="1"))
    html = page.content.decode()
    assert page.status_code == 200 and "Send 193 invitations" in html
    assert "aren’t read:" in html and "Telephone" in html
    assert not Invitation.objects.exists() and not StoredFile.objects.exists()
    again = upload(b"", send="1", seen=hidden(html, "seen"), sheet=hidden(html, "sheet"))
    del again["file"]
    sent = client.post(NEW, again, follow=True)
    assert "193 invitations are on their way" in sent.content.decode()
    assert time.monotonic() - start < 30  # a few seconds; this machine may be busy
    assert Invitation.objects.filter(role="focal_point", language="fr").count() == 193
    assert mail.outbox == []  # they follow from the outbox
    settle()
    assert len(mail.outbox) == 193
    # Sent twice is once.
    assert "has been invited already" in client.post(NEW, again, follow=True).content.decode()
    assert Invitation.objects.count() == 193


def test_the_report_says_each_row_and_can_be_downloaded() -> None:
    client = signed_in(make_user("staff"))
    content = f"{HEAD}\n=HYPERLINK(1);ana@example;Kenia;;\nBen;ben@example.org;KEN;;\n".encode()
    page = client.post(NEW, upload(content))
    html = page.content.decode()
    assert page.status_code == 400 and "1 line has to be mended" in html and 'name="send"' not in html
    assert "is not an e-mail address" in html and "Did you mean" in html
    form = {name: value for name, value in upload(b"").items() if name != "file"}
    file = client.post(NEW, {**form, "sheet": hidden(html, "sheet"), "report": "1"})
    assert file["Content-Type"].startswith("text/csv") and "attachment" in file["Content-Disposition"]
    rows = list(csv.reader(io.StringIO(file.content.decode("utf-8-sig"))))
    assert rows[0][0] == "Row" and [row[0] for row in rows[1:]] == ["2", "2", "3"]
    assert rows[1][1] == "'=HYPERLINK(1)" and rows[1][6] == "E-mail" and rows[2][6] == "Country"
    assert not Invitation.objects.exists()


def test_a_table_that_was_altered_or_seen_by_somebody_else_is_not_sent() -> None:
    content = f"{HEAD}\nBen;ben@example.org;KEN;;\n".encode()
    html = signed_in(make_user("staff")).post(NEW, upload(content)).content.decode()
    form = {name: value for name, value in upload(b"").items() if name != "file"}
    form |= {"send": "1", "seen": hidden(html, "seen")}
    other = signed_in(make_user("staff"))
    for carried in (hidden(html, "sheet"), "x" + hidden(html, "sheet")):
        page = other.post(NEW, {**form, "sheet": carried})
        assert page.status_code == 400 and "Choose the file once more" in page.content.decode()
    assert not Invitation.objects.exists()


@pytest.mark.parametrize(
    ("content", "more", "says"),
    [
        (b"", {}, "empty"),
        (b"PK\x03\x04x", {}, "no table"),
        (b"Country\nKEN\n", {}, "Columns that are missing"),
        (b"Name;E-mail\nA;a@example.org\n", {"people": "b@example.org, B"}, "not both"),
    ],
)
def test_a_file_that_can_not_be_read_is_refused_in_the_form(
    content: bytes, more: dict[str, str], says: str
) -> None:
    page = signed_in(make_user("staff")).post(NEW, upload(content, **more))
    assert page.status_code == 400 and says in page.content.decode()


def test_the_form_is_filled_in_for_one_member_state() -> None:
    page = signed_in(make_user("staff")).get(f"{NEW}?role=focal_point&country=PER").content.decode()
    assert '<option value="PER" selected' in page and '<option value="focal_point" selected' in page
    sent = {"role": "focal_point", "group": "", "language": "en", "days": "14", "country": "PER"}
    page = signed_in(make_user("staff")).post(NEW, {**sent, "people": "a@example.org, A"}).content.decode()
    assert "Send 1 invitation" in page and "Peru" in page


@pytest.mark.parametrize("role", ["participant", "focal_point", "drafter"])
def test_nobody_else_brings_a_table(role: str) -> None:
    assert signed_in(make_user(role)).post(NEW, upload(HEAD.encode())).status_code == 403
    assert Client().post(NEW, upload(HEAD.encode())).status_code == 302


def test_the_table_is_explained_in_every_language() -> None:
    client = signed_in(make_user("staff"))
    for language in ("ar", "zh-hans"):
        with override(language):
            page = client.post(NEW.replace("/en/", f"/{language}/"), upload(f"{HEAD}\n;x;y;z;w".encode()))
        assert page.status_code == 400 and f'lang="{language}"' in page.content.decode()
    assert not Affiliation.objects.exists() and not Organisation.objects.exists()
