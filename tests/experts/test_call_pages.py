"""The pages of calls: who sees which, what each is told to do, and how the secretariat manages them."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Country
from drafts.models import Guidelines
from experts.actions.announcing import reopen_for_country
from experts.actions.calls import update_call
from experts.models import Call
from tests.factories import make_call, make_member_state, make_nomination, make_user

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def signed_in(user: Any = None) -> Client:
    client = Client()
    if user:
        client.force_login(user)
    return client


def page_of(user: Any, path: str, status: int = 200) -> str:
    response = signed_in(user).get(path)
    assert response.status_code == status
    return response.content.decode()


def focal_point(country: str = "KEN") -> Any:
    person = make_user("focal_point", country_id=country)
    make_member_state(country, contact=person)
    return person


def rich(**fields: Any) -> Call:
    call = make_call(title="Experts wanted", title_en="Experts wanted", **fields)
    for n, (name, weight) in enumerate((("Fit", 3), ("Time", 1)), 1):
        call.criteria.create(code=name.lower(), name=name, name_en=name, weight=weight, position=n)
    call.papers.create(kind="cv", max_pages=4)
    call.questions.create(wording="Why you?", wording_en="Why you?", position=1)
    return call


@pytest.mark.parametrize("role", ["anonymous", "expert", "focal_point", "drafter", "admin"])
def test_a_call_in_preparation_is_nowhere_but_with_the_secretariat(role: str) -> None:
    call = make_call(announced=False, title="Not yet", title_en="Not yet")
    person = None if role == "anonymous" else make_user(role)
    assert "Not yet" not in page_of(person, "/en/calls/")
    assert "Not yet" not in page_of(person, "/en/")
    assert "Not yet" not in Client().get("/en/feed/").content.decode()
    page_of(person, f"/en/calls/{call.pk}/", status=404)
    if person:
        for act in ("edit", "announce", "close", "reopen"):
            page_of(person, f"/en/calls/{call.pk}/{act}/", status=404)
    assert "Not yet" in page_of(make_user("staff"), "/en/calls/")


def test_the_list_puts_what_is_open_first_and_names_each_deadline_in_full() -> None:
    now = timezone.now()
    make_call(title_en="Past", opens_at=now - 9 * DAY, closes_at=now - DAY)
    make_call(title_en="Planned", opens_at=now + DAY, closes_at=now + 9 * DAY)
    make_call(title_en="Open", zone="Europe/Paris")
    page = page_of(None, "/en/calls/")
    assert page.index(">Open<") < page.index(">Planned<") < page.index(">Past<")
    assert "Paris (Central European" in page and "Nairobi (East Africa Time, UTC+03:00)" in page


def test_the_list_costs_the_same_however_many_calls() -> None:
    def cost() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            page_of(None, "/en/calls/")
        return len(queries)

    def another() -> None:
        call = rich()
        reopen_for_country(
            actor=make_user("staff"),
            call=call,
            country=Country.objects.get(pk="KEN"),
            closes_at=call.closes_at + DAY,
            reason="x",
        )

    another()
    one = cost()
    for _ in range(4):
        another()
    assert cost() == one <= 6


def test_a_call_says_what_is_asked_of_whom_and_what_becomes_of_the_data() -> None:
    call = rich(terms_en="## Tasks\n\n- read **drafts**\n\n<script>alert(1)</script>[x](javascript:alert)")
    page = page_of(None, f"/en/calls/{call.pk}/")
    for words in (
        "<h3>Tasks</h3>",
        "<strong>drafts</strong>",
        "nominates at most 2 experts",
        "There are 30 seats",
        "Curriculum vitae",
        "at most 4 pages",
        "Why you?",
        "at most 600 words",
        "removed 183 days after",
        "75\xa0%",
    ):
        assert words in page.replace("&nbsp;", "\xa0"), words
    assert "<script>alert" not in page and 'href="javascript' not in page


def test_words_in_another_language_are_marked() -> None:
    call = rich()
    page = signed_in().get(f"/ar/calls/{call.pk}/").content.decode()
    assert '<span lang="en" dir="ltr">Experts wanted</span>' in page


class TestWhatOneCanDoNow:
    def test_a_visitor_signs_in(self) -> None:
        page = page_of(None, f"/en/calls/{make_call().pk}/")
        assert "For both, sign in" in page and "Open until:" in page

    def test_a_person_applies(self) -> None:
        assert "You can apply for yourself" in page_of(make_user("expert"), f"/en/calls/{make_call().pk}/")

    def test_a_focal_point_sees_its_own_count_and_nobody_else_s(self) -> None:
        call = make_call(per_country_limit=3)
        make_nomination(call, country="KEN", state="awaiting_endorsement")
        make_nomination(call, country="KEN", state="withdrawn")
        for _ in range(2):
            make_nomination(call, country="FRA")
        page = page_of(focal_point(), f"/en/calls/{call.pk}/")
        assert "Kenya: 1 place of 3 taken" in page
        assert "1 application waits for your endorsement." in page
        assert " of 3 taken" not in page_of(make_user("expert", country_id="FRA"), f"/en/calls/{call.pk}/")

    def test_it_counts_what_takes_a_place_and_so_tells_nothing_of_the_screening(self) -> None:
        call = make_call(per_country_limit=3)
        make_nomination(call, country="KEN", state="ineligible")
        make_nomination(call, country="KEN", state="awaiting_endorsement", way="applied")
        page = page_of(focal_point(), f"/en/calls/{call.pk}/")
        assert "Kenya: 1 place of 3 taken" in page

    def test_when_the_limit_is_used_up_it_says_what_to_do(self) -> None:
        call = make_call(per_country_limit=1)
        make_nomination(call, country="KEN")
        assert "withdraw a nomination first" in page_of(focal_point(), f"/en/calls/{call.pk}/")

    def test_between_closing_and_the_second_date_one_endorses(self) -> None:
        now = timezone.now()
        call = make_call(opens_at=now - 9 * DAY, closes_at=now - DAY, endorsement_closes_at=now + 5 * DAY)
        make_nomination(call, country="KEN", state="awaiting_endorsement")
        assert "1 application waits" in page_of(focal_point(), f"/en/calls/{call.pk}/")
        page = page_of(make_user("expert"), f"/en/calls/{call.pk}/")
        assert "Focal points may still endorse" in page and "Endorse until:" in page

    def test_a_country_with_more_time_sees_it_and_the_others_do_not(self) -> None:
        now = timezone.now()
        call = make_call(opens_at=now - 9 * DAY, closes_at=now - DAY)
        reopen_for_country(
            actor=make_user("staff"),
            call=call,
            country=Country.objects.get(pk="KEN"),
            closes_at=now + 3 * DAY,
            reason="Their mail server was away.",
        )
        own = page_of(focal_point(), f"/en/calls/{call.pk}/")
        assert "open for Kenya for longer" in own and "in 3 days" in own and "mail server" not in own
        for other in (None, focal_point("FRA"), make_user("expert", country_id="FRA")):
            page = page_of(other, f"/en/calls/{call.pk}/")
            assert "This call has closed." in page and "in 3 days" not in page and "Kenya" not in page
        assert "mail server" in page_of(make_user("staff"), f"/en/calls/{call.pk}/")

    def test_the_grace_is_nowhere(self) -> None:
        now = timezone.now()
        call = make_call(opens_at=now - 9 * DAY, closes_at=now - timedelta(minutes=5), grace=4711)
        for person in (None, focal_point(), make_user("staff")):
            page = page_of(person, f"/en/calls/{call.pk}/")
            assert "4711" not in page and "This call has closed." in page
        assert "4711" not in page_of(make_user("staff"), f"/en/calls/{call.pk}/edit/")
        assert "4711" not in str(Client().get(f"/api/v1/calls/{call.pk}/").json())


# --- The secretariat -------------------------------------------------------------------------------------


def typed(**more: str) -> dict[str, str]:
    lines = {
        f"{part}-{name}_FORMS": count
        for part, initial in (("criteria", "3"), ("questions", "0"))
        for name, count in (("TOTAL", "5" if initial == "3" else "2"), ("INITIAL", initial))
    }
    criteria = {f"criteria-{n}-name_en": name for n, name in enumerate(("Fit", "Time", "Will"))}
    return {
        "kind": "experts",
        "guidelines": str(Guidelines.objects.create(slug="typed", title="Typed").pk),
        "title_en": "A new call",
        "title_fr": "Un appel",
        "terms_en": "Come.",
        "zone": "Europe/Paris",
        "opens_at": "2031-01-10T09:00",
        "closes_at": "2031-07-10T23:59",
        "seats": "30",
        "per_country_limit": "2",
        "motivation_words": "600",
        "retention_days": "183",
        "paper_cv": "required",
        "pages_cv": "4",
        **lines,
        **criteria,
        "questions-0-wording_en": "Why?",
        **more,
    }


def test_a_call_is_prepared_with_the_form_and_its_closing_is_said_back() -> None:
    staff = make_user("staff")
    done = signed_in(staff).post("/en/calls/new/", typed(), follow=True)
    call = Call.objects.get()
    assert done.redirect_chain == [(f"/en/calls/{call.pk}/", 302)]
    page = done.content.decode()
    assert "23:59 Paris (Central European Summer Time, UTC+02:00) = 21:59 UTC" in page
    assert call.closes_at.isoformat() == "2031-07-10T21:59:00+00:00" and call.title_fr == "Un appel"
    assert [c.code for c in call.criteria.all()] == ["fit", "time", "will"]
    assert call.papers.get().max_pages == 4 and call.questions.get().wording == "Why?"


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"title_en": ""}, "This field is required"),
        ({"zone": "CET"}, "Select a valid choice"),
        ({"closes_at": "2030-01-01T00:00"}, "The call must close after it opens."),
        ({"closes_at": "2031-03-30T02:30"}, "This hour does not exist in Paris"),
        ({"closes_at": "2031-10-26T02:30"}, "This hour comes twice."),
        ({"criteria-0-weight": "0"}, "greater than or equal to 1"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(wrong: dict[str, str], words: str) -> None:
    response = signed_in(make_user("staff")).post("/en/calls/new/", typed(**wrong))
    page = response.content.decode()
    assert response.status_code == 400 and words in page and "Un appel" in page
    assert not Call.objects.exists()


def edit_data(client: Client, call: Call) -> dict[str, str]:
    form = client.get(f"/en/calls/{call.pk}/edit/").context["form"]
    fields = [form[name] for name in form.fields]
    for lines in (form.parts.criteria, form.parts.questions):
        fields += [lines.management_form[name] for name in lines.management_form.fields]
        fields += [line[name] for line in lines for name in line.fields]
    return {f.html_name: str(f.value()) for f in fields if f.value() not in (None, False, "")}


def test_the_form_sent_as_it_came_changes_nothing() -> None:
    call, client = rich(), signed_in(make_user("staff"))
    assert client.post(f"/en/calls/{call.pk}/edit/", edit_data(client, call)).status_code == 302
    call.refresh_from_db()
    assert call.version == 1


def test_two_who_change_at_once_do_not_overwrite_each_other() -> None:
    call, client = rich(), signed_in(make_user("staff"))
    sent = {**edit_data(client, call), "title_en": "Mine"}
    update_call(actor=make_user("staff"), call=call, titles={"en": "Theirs"})
    response = client.post(f"/en/calls/{call.pk}/edit/", sent)
    assert response.status_code == 409 and "has changed since you opened it" in response.content.decode()
    call.refresh_from_db()
    assert call.title_en == "Theirs"
    again = {**sent, "version": str(response.context["form"]["version"].value())}
    assert client.post(f"/en/calls/{call.pk}/edit/", again).status_code == 302
    call.refresh_from_db()
    assert call.title_en == "Mine"


def test_an_earlier_deadline_asks_for_the_reason() -> None:
    call, client = rich(closes_at=timezone.now() + 9 * DAY), signed_in(make_user("staff"))
    earlier = (call.closes_at + timedelta(hours=3) - 2 * DAY).strftime("%Y-%m-%dT%H:%M")
    sent = {**edit_data(client, call), "closes_at": earlier}
    refused = client.post(f"/en/calls/{call.pk}/edit/", sent)
    assert refused.status_code == 400 and "Say why it changes" in refused.content.decode()
    assert (
        client.post(f"/en/calls/{call.pk}/edit/", {**sent, "reason": "The board meets."}).status_code == 302
    )


def test_a_call_is_announced_after_a_summary() -> None:
    call, client = make_call(announced=False), signed_in(make_user("staff"))
    summary = client.get(f"/en/calls/{call.pk}/announce/").content.decode()
    assert "There are no criteria" in summary and 'name="version" value="1"' in summary
    client.post(f"/en/calls/{call.pk}/announce/", {"version": "1"})
    assert page_of(None, f"/en/calls/{call.pk}/")
    assert "Open: " in Client().get("/en/feed/").content.decode()


def test_a_call_is_closed_early_and_reopened_for_a_country() -> None:
    call, client = make_call(zone="Europe/Paris"), signed_in(make_user("staff"))
    assert client.post(f"/en/calls/{call.pk}/close/", {"reason": ""}).status_code == 400
    client.post(f"/en/calls/{call.pk}/close/", {"reason": "Enough."})
    page = page_of(None, f"/en/calls/{call.pk}/")
    assert "Closed early" in page and "Focal points may still endorse" in page
    assert "isn’t open" in page_of(make_user("staff"), f"/en/calls/{call.pk}/close/")
    given = {"country": "KEN", "closes_at": "2031-07-10T23:59", "reason": "Late letter."}
    done = client.post(f"/en/calls/{call.pk}/reopen/", given, follow=True).content.decode()
    assert "Open for Kenya until: Thursday 10 July 2031, 23:59 Paris (Central European Summer Time" in done


@pytest.mark.parametrize("role", ["expert", "focal_point", "drafter", "admin"])
def test_nobody_else_manages_calls(role: str) -> None:
    client, call = signed_in(make_user(role)), make_call()
    assert client.get("/en/calls/new/").status_code == 403
    for act in ("edit", "announce", "close", "reopen"):
        assert client.post(f"/en/calls/{call.pk}/{act}/", {"version": "1", "reason": "x"}).status_code == 403
    call.refresh_from_db()
    assert call.closed_at is None


def test_calls_are_in_the_navigation_on_the_front_page_and_in_the_sitemap() -> None:
    call = make_call(title="Experts wanted", title_en="Experts wanted")
    front = page_of(None, "/en/")
    assert 'href="/en/calls/"' in front and front.count("Experts wanted") >= 2
    assert f"/en/calls/{call.pk}/" in Client().get("/sitemap.xml").content.decode()
