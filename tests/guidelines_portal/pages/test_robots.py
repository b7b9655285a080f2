"""What programs read: the sitemap, the feed, and what pages say of themselves."""

import re
from datetime import timedelta
from typing import Any
from xml.etree import ElementTree

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from consultations.models import Round
from guidelines_portal.pages.texts import SLUGS
from tests.factories import make_draft, make_provision, make_round, make_user

pytestmark = pytest.mark.django_db
LANGUAGES = [code for code, _name in settings.LANGUAGES]
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
XHTML = "{http://www.w3.org/1999/xhtml}"
ATOM = "{http://www.w3.org/2005/Atom}"


def addresses() -> list[str]:
    tree = ElementTree.fromstring(Client().get("/sitemap.xml").content)
    return [loc.text.removeprefix(settings.SITE_URL) for loc in tree.iter(f"{SITEMAP}loc") if loc.text]


def entries(language: str = "en") -> list[Any]:
    response = Client().get(f"/{language}/feed/")
    assert response["Content-Type"].startswith("application/atom+xml")
    return list(ElementTree.fromstring(response.content).iter(f"{ATOM}entry"))


def titles(language: str = "en") -> list[str]:
    return [entry.findtext(f"{ATOM}title") for entry in entries(language)]


def meta(path: str, client: Client | None = None) -> dict[str, str]:
    page = (client or Client()).get(path).content.decode()
    return dict(re.findall(r'<meta (?:property|name)="([^"]+)" content="([^"]*)"', page))


def test_the_sitemap_has_every_public_page_in_every_language() -> None:
    draft = make_draft(status="published")
    round = make_round(draft)
    found = addresses()
    base = f"guidelines/{draft.guidelines.slug}/1/"
    wanted = [
        "",
        "rounds/",
        "calls/",
        "roadmap/",
        "roadmap/funding/",
        "resolutions/",
        "meetings/",
        "groups/",
        base,
        f"{base}chp_1/",
        f"rounds/{round.pk}/",
    ]
    wanted += [f"rounds/{round.pk}/comments/", "privacy/", "help/reading/"]
    for code in LANGUAGES:
        assert [path for path in wanted if f"/{code}/{path}" not in found] == []
    assert len(found) == len(set(found)) == len(LANGUAGES) * (len(SLUGS) + 12)
    for path in found:
        if path.startswith("/ar/"):
            assert Client().get(path).status_code == 200, path


def test_each_address_names_its_other_languages() -> None:
    tree = ElementTree.fromstring(Client().get("/sitemap.xml").content)
    for url in tree:
        links = {link.get("hreflang"): link.get("href") for link in url.iter(f"{XHTML}link")}
        assert set(links) == {*LANGUAGES, "x-default"}
        assert url.findtext(f"{SITEMAP}loc") in links.values()


def test_addresses_do_not_follow_the_host_that_was_asked(settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    make_round(make_draft(status="published"))
    for path in ("/sitemap.xml", "/en/feed/", "/robots.txt", "/en/"):
        page = Client().get(path, headers={"Host": "evil.example.org"}).content.decode()
        assert "evil.example.org" not in page, path


def test_the_feed_tells_what_happened_and_not_what_will() -> None:
    draft, now = make_draft(status="published", label="First draft"), timezone.now()
    days = timedelta(days=1)
    make_round(draft, title="Running")
    make_round(draft, title="Later", opens_at=now + days, closes_at=now + 9 * days)
    over = make_round(draft, title="Over", opens_at=now - 9 * days, closes_at=now - 5 * days)
    early = make_round(draft, title="Early", opens_at=now - 3 * days, closes_at=now + days)
    Round.objects.filter(pk=early.pk).update(closed_at=now - 2 * days)
    Round.objects.filter(pk=over.pk).update(answered_at=now, published_at=now)
    found = titles()
    assert set(found) == {
        "Published: First draft",
        "Open for comments: Running",
        "Open for comments: Over",
        "Closed: Over",
        "Open for comments: Early",
        "Closed: Early",
        "Answers published: Over",
    }
    times = [entry.findtext(f"{ATOM}updated") for entry in entries()]
    assert times == sorted(times, reverse=True)


def test_an_entry_is_the_same_thing_in_every_language() -> None:
    round = make_round(make_draft(status="published"), title="Round", title_fr="Consultation")
    english, french = entries("en"), entries("fr")
    keys = [[entry.findtext(f"{ATOM}id") for entry in found] for found in (english, french)]
    assert keys[0] == keys[1] and len(set(keys[0])) == len(keys[0])
    assert any("Consultation" in title for title in titles("fr"))
    links = [entry.find(f"{ATOM}link").get("href") for entry in french]
    assert f"{settings.SITE_URL}/fr/rounds/{round.pk}/" in links


def test_words_of_an_entry_are_not_taken_for_markup() -> None:
    make_round(make_draft(status="published", label="<b>Bold</b>"), title="<i>Round</i>")
    summary = next(e for e in entries() if "Round" in e.findtext(f"{ATOM}title")).findtext(f"{ATOM}summary")
    assert "&lt;b&gt;Bold" in summary


@pytest.mark.parametrize("path", ["/sitemap.xml", "/en/feed/"])
def test_they_cost_the_same_however_much_there_is(path: str) -> None:
    counts = []
    for more in (1, 6):
        for _ in range(more):
            make_round(make_draft(status="published", paragraphs=2))
        with CaptureQueriesContext(connection) as captured:
            Client().get(path)
        counts.append(len(captured))
    assert counts[0] == counts[1] <= 10


def test_a_link_to_a_round_or_a_draft_shows_what_it_is_about() -> None:
    draft = make_draft(label="First draft")
    make_provision(draft, "para_1", text="Cities[^1] serve\n people.")
    draft.status, draft.published_at = "published", timezone.now()
    draft.save()
    round = make_round(draft, title="On the draft", guidance='Say what is "missing".')
    said = meta(f"/en/rounds/{round.pk}/")
    assert said["og:title"] == "On the draft"
    assert said["description"] == said["og:description"] == "Say what is &quot;missing&quot;."
    assert said["og:url"] == f"{settings.SITE_URL}/en/rounds/{round.pk}/"
    page = meta(f"/en/guidelines/{draft.guidelines.slug}/1/chp_1/")
    assert page["og:title"] == "Introduction – First draft"
    assert page["description"] == "Cities serve people."
    assert meta("/en/privacy/")["og:title"] == "Privacy"
    assert meta(f"/en/rounds/{round.pk}/comments/")["og:title"] == "Comments: On the draft"


@pytest.mark.parametrize("path", ["", "privacy/", "rounds/", "groups/", "help/expert/"])
def test_a_public_page_names_its_address_and_its_other_languages(path: str) -> None:
    page = Client().get(f"/ru/{path}?from=mail").content.decode()
    assert f'<link rel="canonical" href="{settings.SITE_URL}/ru/{path}">' in page
    found = dict(re.findall(r'<link rel="alternate" hreflang="([^"]+)" href="([^"]+)">', page))
    assert found["fr"] == f"{settings.SITE_URL}/fr/{path}"
    assert set(found) == {*LANGUAGES, "x-default"}
    if path:
        assert Client().get(found["x-default"].removeprefix(settings.SITE_URL)).status_code == 302
    assert page.count('rel="canonical"') == 1


def test_a_draft_page_names_one_address_for_each_language_of_its_text() -> None:
    draft = make_draft(status="published")
    path = f"/en/guidelines/{draft.guidelines.slug}/1/chp_1/"
    for asked in (path, f"{path}?text=fr"):
        page = Client().get(asked).content.decode()
        assert page.count('rel="canonical"') == 1 and f'rel="canonical" href="{asked}"' in page


def test_whoever_is_signed_in_gets_no_preview() -> None:
    client = Client()
    client.force_login(make_user("staff"))
    assert "og:title" not in meta("/en/", client) and "og:title" in meta("/en/")
