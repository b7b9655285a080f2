"""What a translator may send wrongly, too long, too late or twice is answered with what is wrong, and never fails."""

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import quote

import pytest
from django.db import connections
from django.test import Client

from drafts.models import Draft, ProvisionText, WorkInProgress
from tests.factories import make_draft, make_provision, make_user

FORM = "application/x-www-form-urlencoded"
TOO_LONG, NUL = "At most 100000 characters.", "Null characters are not allowed."
HALF = "This holds half of a surrogate pair, which is no character."
UNREADABLE, BROKEN = "can’t be read: take it out.", "one of those here isn’t whole."
# what is sent, what a page says of it, what the API says of it ("": it is saved)
WRONG: dict[str, tuple[str, str, str]] = {
    "too long": ("x" * 200_000, TOO_LONG, TOO_LONG),
    "too long in bytes only": ("城" * 99_990 + "[^1][^2]", "", ""),
    "a NUL": ("a\x00b[^1][^2]", NUL, NUL),
    "a control character": ("Un.\x1b[^1][^2]", UNREADABLE, UNREADABLE),
    "the second half of C0": ("Un.\x85\x86[^1][^2]", UNREADABLE, UNREADABLE),
    "no character at all": ("Un.\ufffe[^1][^2]", UNREADABLE, UNREADABLE),
    "a mark of nothing": (
        "Un.[^9]",
        "The original has no footnote “9”.",
        "The original has no footnote “9”.",
    ),
    "half a mark": ("Un.[^1][^2", BROKEN, BROKEN),
    "an empty mark": ("Un.[^1][^]", BROKEN, BROKEN),
    "a reference to nothing": ("Un [#nope].[^1][^2]", "no provision “nope”", "no provision “nope”"),
    "nothing": (" \n\t ", "Write the translation.", "Write the translation."),
    "lines of a word processor": ("Un.\x0bDeux.\u2028Trois.[^1][^2]", "", ""),
    "turned around": ("Un\u202e.[^1][^2]", "", ""),
}


@pytest.fixture
def draft() -> Draft:
    """One paragraph with two footnotes."""
    draft = make_draft(paragraphs=1)
    one = draft.provisions.get(key="para_1")
    notes = [{"label": n, "number": n, "key": f"fn_{n}"} for n in "12"]
    ProvisionText.objects.filter(provision=one).update(text="One[^1] and two.[^2]", footnotes=notes)
    for n in (1, 2):
        make_provision(draft, f"fn_{n}", kind="footnote", number=str(n), parent=one, text=f"Note {n}.")
    return draft


@pytest.fixture
def browser(client: Client) -> Client:
    client.force_login(make_user("staff"))
    return client


def desk(draft: Draft, rest: str = "") -> str:
    return f"/en/drafting/{draft.guidelines.slug}/{draft.number}/translate/fr/para_1/{rest}"


def french(draft: Draft) -> ProvisionText | None:
    return ProvisionText.objects.filter(
        provision__draft=draft, provision__key="para_1", language="fr"
    ).first()


def form(text: str, **more: Any) -> dict[str, Any]:
    return {"text": text, "heading": "", "version": 0, "source_version": 1, **more}


def patch(client: Client, draft: Draft, text: str, **more: Any) -> Any:
    one = draft.provisions.get(key="para_1")
    body = json.dumps(form(text, language="fr", **more))
    return client.patch(f"/api/v1/provisions/{one.pk}/", body, content_type="application/json")


@pytest.mark.django_db
@pytest.mark.parametrize("case", WRONG)
def test_at_the_desk(draft: Draft, browser: Client, case: str) -> None:
    text, said, _api = WRONG[case]
    answer = browser.post(desk(draft), form(text))
    assert answer.status_code == (400 if said else 302)
    assert said in answer.content.decode() and (french(draft) is None) is bool(said)


@pytest.mark.django_db
@pytest.mark.parametrize("case", WRONG)
def test_over_the_api(draft: Draft, browser: Client, case: str) -> None:
    text, _page, said = WRONG[case]
    answer = patch(browser, draft, text)
    assert answer.status_code == (400 if said else 200)
    assert said in json.dumps(answer.json(), ensure_ascii=False) and (french(draft) is None) is bool(said)


@pytest.mark.django_db
@pytest.mark.parametrize("case", WRONG)
def test_what_is_being_written_is_kept_or_it_is_said_why_not(
    draft: Draft, browser: Client, case: str
) -> None:
    answer = browser.post(desk(draft, "work/"), form(WRONG[case][0]))
    kept = WorkInProgress.objects.exists()
    assert (answer.status_code, kept) in ((200, True), (400, False))
    assert kept or answer.json()["errors"]


@pytest.mark.django_db
def test_lines_are_lines_whatever_ended_them(draft: Draft, browser: Client) -> None:
    browser.post(desk(draft), form("Un.\x0bDeux.\u2028Trois.\r\nFin.[^1][^2]"))
    words = french(draft)
    assert words and words.text == "Un.\nDeux.\nTrois.\nFin.[^1][^2]"


@pytest.mark.django_db
@pytest.mark.parametrize("field", ["text", "heading", "reason"])
def test_half_of_a_pair(draft: Draft, browser: Client, field: str) -> None:
    """A form can't send it as UTF-8: what can't be read becomes the sign for that. JSON can, and is told."""
    sent = {**form("Un.[^1][^2]"), field: "a\ud800b[^1][^2]"}
    raw = "&".join(
        f"{name}={quote(str(said).encode('utf-8', 'surrogatepass'))}" for name, said in sent.items()
    )
    for rest in ("", "work/"):
        answer = browser.post(desk(draft, rest), raw, content_type=FORM)
        assert answer.status_code in (200, 302, 400)
    words = french(draft)
    assert words is None or words.text.encode()
    answer = patch(browser, draft, **sent)
    assert answer.status_code == 400 and answer.json() == {field: [HALF]}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Un et deux.", "1, 2"),
        ("Un.[^1]", "2"),
        ("Un[^1] et[^1] deux.[^2]", "1"),
        ("Un[^1] et deux.[^2]", ""),
    ],
)
def test_marks_left_out_or_said_twice_are_saved_and_told(
    draft: Draft, browser: Client, text: str, told: str
) -> None:
    page = browser.post(desk(draft), form(text, then="stay"), follow=True).content.decode()
    assert "Saved: Paragraph 1." in page
    said = "These footnotes are not marked as often as in the original"
    assert (f"{said}: {told}." in page) if told else (said not in page)


@pytest.mark.django_db
class TestVersions:
    @pytest.mark.parametrize("field", ["version", "source_version"])
    @pytest.mark.parametrize("sent", ["", "-1", "x", "9" * 50, "1.5", "٣x"])
    def test_no_number(self, draft: Draft, browser: Client, field: str, sent: str) -> None:
        assert browser.post(desk(draft), form("Un.", **{field: sent})).status_code == 400
        assert browser.post(desk(draft, "work/"), form("Un.", **{field: sent})).status_code == 400
        assert patch(browser, draft, "Un.", **{field: sent}).status_code == 400

    def test_one_that_never_was(self, draft: Draft, browser: Client) -> None:
        assert (
            browser.post(desk(draft), form("Words to be kept by their writer.", version=7)).status_code == 404
        )
        answer = browser.post(desk(draft), form("Un.", source_version=7))
        assert answer.status_code == 400 and "no such version" in answer.content.decode()
        assert patch(browser, draft, "Un.", source_version=7).status_code == 400
        assert french(draft) is None

    def test_one_that_is_past(self, draft: Draft, browser: Client) -> None:
        browser.post(desk(draft), form("Un[^1] et deux.[^2]"))
        browser.post(desk(draft), form("Un[^1] et puis deux.[^2]", version=1))
        for version in (0, 1):
            answer = browser.post(desk(draft), form("Mes mots.", version=version))
            page = answer.content.decode()
            assert answer.status_code == 409 and "Someone was faster" in page and "Mes mots." in page
            told = patch(browser, draft, "Mes mots.", version=version)
            assert told.status_code == 409 and told.json()["current"]["version"] == 2

    def test_acts(self, draft: Draft, browser: Client) -> None:
        browser.post(desk(draft), form("Un[^1] et deux.[^2]"))
        for act in ("holds", "approve", "take_back"):
            for version in ("", "99", "9" * 50, "\x00", "x"):
                sent = {"act": act, "version": version, "source_version": version}
                answer = browser.post(desk(draft, "act/"), sent, follow=True)
                assert (
                    answer.status_code == 200 and "has changed since you opened it" in answer.content.decode()
                )
        assert browser.post(desk(draft, "act/"), {"act": "\x00"}).status_code == 404


@pytest.mark.django_db
class TestPressedTwice:
    def test_at_the_desk(self, draft: Draft, browser: Client) -> None:
        for _press in range(2):
            page = browser.post(desk(draft), form("Un[^1] et deux.[^2]"), follow=True)
            assert page.status_code == 200 and "Saved: Paragraph 1." in page.content.decode()
        words = french(draft)
        assert words and (words.version, words.revisions.count()) == (1, 1)

    def test_to_be_approved(self, draft: Draft, browser: Client) -> None:
        for _press in range(2):
            sent = form("Un[^1] et deux.[^2]", then="approve")
            assert "Approved: Paragraph 1." in browser.post(desk(draft), sent, follow=True).content.decode()
        words = french(draft)
        assert words and (words.version, words.state) == (1, "approved")

    def test_in_the_workspace(self, draft: Draft, client: Client) -> None:
        client.force_login(make_user("drafter"))
        address = f"/en/drafting/{draft.guidelines.slug}/{draft.number}/edit/para_1/"
        sent = {"text": "Once[^1] and twice.[^2]", "heading": "", "version": 1}
        assert [client.post(address, sent).status_code for _press in range(2)] == [302, 302]
        assert ProvisionText.objects.get(provision__draft=draft, provision__key="para_1").version == 2

    def test_the_same_words_by_somebody_else_are_a_conflict(self, draft: Draft, browser: Client) -> None:
        browser.post(desk(draft), form("Un[^1] et deux.[^2]"))
        other = Client()
        other.force_login(make_user("staff"))
        assert other.post(desk(draft), form("Un[^1] et deux.[^2]")).status_code == 409


@pytest.mark.django_db(transaction=True)
def test_twice_at_the_same_moment_is_once(draft: Draft) -> None:
    person = make_user("staff")

    def press(_n: int) -> int:
        client = Client()
        client.force_login(person)
        try:
            return int(client.post(desk(draft), form("Un[^1] et deux.[^2]")).status_code)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(press, range(4))) == [302] * 4
    words = french(draft)
    assert words and words.revisions.count() == 1
