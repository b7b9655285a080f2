"""Names that would be taken for somebody else's, control characters, and addresses to be led to."""

from io import StringIO
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import translation

from accounts.actions.affiliations import confirm_affiliation
from accounts.actions.invitations import invite_people
from accounts.actions.people import keep_person
from accounts.models import Invitation, User
from accounts.pseudonyms import is_pseudonym, pseudonym_of, shown_name
from accounts.reserved_names import is_reserved
from tests.accounts.conftest import PASSWORD, signed_in
from tests.factories import make_comment, make_draft, make_round, make_user

pytestmark = pytest.mark.django_db
SIGN_UP = {
    "email": "new@example.org",
    "password1": PASSWORD,
    "password2": PASSWORD,
    "stakeholder_group": "individual",
    "consent": "on",
}


@pytest.mark.parametrize(
    "name",
    [
        *("Secretariat", "THE SECRETARIAT", "Sécrétariat", "Secretaría", "секретариат", "الأمانة", "秘书处"),
        *(
            "The Secretariat of UN",
            "S e c r e t a r i a t",
            "Secretar1at",
            "Sеcrеtаriаt",
            "Ｓｅｃｒｅｔａｒｉａｔ",
        ),
        *(
            "UN-Habitat",
            "un habitat",
            "UNHabitat",
            "ONU-Hábitat",
            "ООН-Хабитат",
            "联合国人居署",
            "موئل الأمم المتحدة",
        ),
        *("Ana (UN-Habitat)", "Guidelines Portal", "Portail des Lignes directrices", "准则门户"),
        *(
            "Former participant 12ab",
            "former participant",
            "FORMER PARTICIPANT 0123abcd",
            "Fоrmer pаrticipant 1",
        ),
        *("Ancien participant 12ab", "Antiguo participante 12ab", "Бывший участник 12ab", "前参与者12ab"),
        *("U.N. Habitat desk", "U N Habitat", "Secretar\u0131at", "\ua731ecretariat", "The \u13daecretariat"),
        *("The Se\u20ddcretariat", "الأمـانة", "موئل الامم المتحده", "مشارک سابق", "秘書處", "準則門戶"),
        *("مشارك سابق 12ab", "Former\u200bparticipant 12ab", "For\u00admer participant 12"),
    ],
)
def test_names_that_look_official_are_reserved(name: str) -> None:
    assert is_reserved(name)


@pytest.mark.parametrize(
    "name",
    [
        *("Ana Ruiz", "Ivan Sokolov", "أمانة محمد", "李文清", "Ирина Вебер-Соколова", "Segundo Tariat"),
        *("J. R. R. Tolkien", "O. N. U. Ortiz", "یکتا رضایی", "هبة الله"),
        *("Habitat Martinez", "Nguyen Thi Bao Chau", "Fatoumata Diarra-Konaté", "Ms Former", "O", "-"),
    ],
)
def test_peoples_own_names_are_not(name: str) -> None:
    assert not is_reserved(name)


@pytest.mark.parametrize(
    ("name", "reserved"),
    [
        *(("UN-Habitat", True), ("UN\u2011Habitat Youth Board", True), ("Secretariat", True)),
        *(("The Secretariat", True), ("الأمانة", True), ("人居署", True), ("Former participant", True)),
        *(("Secretaría de Desarrollo Agrario", False), ("Secretariat of the Pacific Community", False)),
        *(
            ("Habitat for Humanity", False),
            ("الأمانة العامة لجامعة الدول العربية", False),
            ("UN Women", False),
        ),
    ],
)
def test_an_organisation_of_ones_own_is_not_called_like_the_secretariat(name: str, reserved: bool) -> None:
    person = make_user()
    form = {"kind": "civil_society", "name": name}
    answer = signed_in(person).post("/en/account/organizations/new/", form)
    assert (answer.status_code, person.affiliations.count()) == ((400, 0) if reserved else (302, 1))
    assert ("could be taken for the secretariat" in answer.content.decode()) == reserved
    given = {**SIGN_UP, "name": "Ana Ruiz", "stakeholder_group": "civil_society", "organisation": name}
    assert Client().post("/en/account/signup/", given).status_code == (200 if reserved else 302)
    assert User.objects.filter(email=SIGN_UP["email"]).exists() != reserved


def test_who_only_claims_to_be_of_un_habitat_does_not_speak_as_it() -> None:
    staff, person = make_user("staff"), make_user()
    round = make_round(make_draft(status="published", paragraphs=1))
    form = {"kind": "un_habitat", "name": "UN-Habitat"}
    assert signed_in(person).post("/en/account/organizations/new/", form).status_code == 302

    def said() -> tuple[str, str]:
        author = User.objects.get(pk=person.pk)
        comment = make_comment(round, author, provision_key="para_1", attribution="organisation")
        return comment.organisation_name, comment.stakeholder_group

    assert said() == ("", "individual")
    confirm_affiliation(actor=staff, affiliation=person.affiliations.get())
    assert said() == ("UN-Habitat", "un_habitat")


def test_organisations_named_at_sign_up_hold_nothing_invisible() -> None:
    given = {
        **SIGN_UP,
        "name": "Ana",
        "stakeholder_group": "civil_society",
        "organisation": "City\u202e baL\u3164\u200b",
    }
    assert Client().post("/en/account/signup/", given).status_code == 302
    assert User.objects.get(email=SIGN_UP["email"]).affiliations.get().organisation.name == "City baL"


@pytest.mark.parametrize("blank", ["\u3164", "\u2800\u2800", "\u115f\u1160", "\u00ad\u200b"])
def test_a_name_that_nobody_sees_is_none(blank: str) -> None:
    assert Client().post("/en/account/signup/", {**SIGN_UP, "name": blank}).status_code == 200
    assert not User.objects.filter(email=SIGN_UP["email"]).exists()
    person = make_user(name="Ana")
    signed_in(person).post("/en/account/profile/", {"name": blank, "language": "en"})
    person.refresh_from_db()
    assert person.name == "Ana"


def test_every_form_in_which_a_pseudonym_is_shown_is_reserved(settings: Any) -> None:
    pseudonym = pseudonym_of(make_user())
    assert is_pseudonym(pseudonym) and len(pseudonym.split()[-1]) == 8
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            assert is_reserved(shown_name(pseudonym))


def test_pseudonyms_of_earlier_versions_are_known_still() -> None:
    assert is_pseudonym("Former participant 12ab")
    with translation.override("fr"):
        assert shown_name("Former participant 12ab") == "Ancien participant 12ab"


# --- Where a name is given ----------------------------------------------------------------------------------


def test_sign_up_refuses_an_official_name() -> None:
    page = Client().post("/en/account/signup/", {**SIGN_UP, "name": "The Secretariat"})
    assert "could be taken for the secretariat" in page.content.decode()
    assert not User.objects.exists()


def test_the_profile_refuses_it_and_lets_an_older_name_stand() -> None:
    person = make_user(name="Ana Ruiz")
    fields = {"language": "en", "country": "", "time_zone": ""}
    page = signed_in(person).post("/en/account/profile/", {**fields, "name": "UN-Habitat"})
    assert page.status_code == 400 and "could be taken for" in page.content.decode()
    before = make_user(name="Secretariat")
    assert (
        signed_in(before).post("/en/account/profile/", {**fields, "name": "Secretariat"}).status_code == 302
    )
    person.refresh_from_db()
    assert person.name == "Ana Ruiz"


def test_an_invitation_refuses_it() -> None:
    with pytest.raises(ValidationError):
        invite_people(actor=make_user("staff"), people="a@example.org, The Secretariat", role="expert")
    assert not Invitation.objects.exists()


def test_the_command_refuses_it() -> None:
    with pytest.raises(CommandError, match="could be taken for"):
        call_command("create_person", "a@example.org", name="Secretariat", role=["expert"], stdout=StringIO())
    with pytest.raises(ValidationError):
        keep_person(email="a@example.org", name="Former participant 12ab", roles=["expert"])
    assert not User.objects.exists()


# --- Control characters -------------------------------------------------------------------------------------


@pytest.mark.parametrize("control", ["\x00", "\x1b", "\x7f", "\x85"])
def test_control_characters_are_an_error_of_their_field_and_never_come_back(control: str) -> None:
    person = make_user(name="Ana Ruiz")
    client, staff = signed_in(person), signed_in(make_user("staff"))
    typed = f"Ana{control}Evil"
    for answer in (
        Client().post("/en/account/signup/", {**SIGN_UP, "name": typed}),
        Client().post("/en/account/signup/", {**SIGN_UP, "name": "Ana", "stakeholder_group": typed}),
        Client().post("/en/account/login/", {"login": f"a{control}@example.org", "password": "x"}),
        client.post("/en/account/profile/", {"name": typed, "language": "en"}),
        client.post("/en/account/organizations/new/", {"name": typed, "kind": "academia"}),
        staff.post(
            "/en/account/invitations/new/", {"people": f"a@b.org, {typed}", "role": "expert", "days": "9"}
        ),
        staff.post(f"/en/people/{person.pk}/places/", {"place-kind": "academia", "place-name": typed}),
    ):
        page = answer.content.decode()
        assert "invisible control characters" in page
        assert control not in page
    person.refresh_from_db()
    assert person.name == "Ana Ruiz" and User.objects.count() == 2


# --- Where one is led ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "wanted", ["//evil.example/", "/\\evil.example", "https://testserver/en/rounds/", "/\t/evil"]
)
def test_signing_in_leads_to_paths_of_the_portal_only(wanted: str) -> None:
    person = make_user(email="ana@example.org")
    person.set_password(PASSWORD)
    person.save()
    person.emailaddress_set.create(email=person.email, verified=True, primary=True)
    fields = {"login": person.email, "password": PASSWORD}
    assert Client().post("/en/account/login/", {**fields, "next": wanted})["Location"] == "/en/"
    assert Client().post("/en/account/login/", {**fields, "next": "/en/rounds/"})["Location"] == "/en/rounds/"
