"""Nothing hidden is in what anonymous readers and robots fetch: no word of it, no address, no number."""

from types import SimpleNamespace

import pytest
from django.conf import settings
from django.test import Client

from tests.guidelines_portal.pages.conftest import CANARY

pytestmark = pytest.mark.django_db
LANGUAGES = [code for code, _name in settings.LANGUAGES]


def paths() -> list[str]:
    found = ["/sitemap.xml", "/robots.txt"]
    for code in LANGUAGES:
        found += [f"/{code}/{path}" for path in ("", "feed/", "groups/", "rounds/", "contact/", "nowhere/")]
    return found


def test_nothing_hidden_is_in_what_anonymous_readers_fetch(hidden: SimpleNamespace) -> None:
    client = Client()
    pages = {path: client.get(path).content.decode() for path in paths()}
    assert {path: CANARY.findall(page) for path, page in pages.items() if CANARY.search(page)} == {}
    for round in hidden.rounds:
        assert [path for path, page in pages.items() if f"/rounds/{round.pk}/" in page] == []
    slug = hidden.circulated.guidelines.slug
    number = f"/{hidden.working.guidelines.slug}/{hidden.working.number}/"
    assert [path for path, page in pages.items() if f"/{slug}/" in page or number in page] == []
    assert "Open to all" in pages["/en/"] and "Open to all" in pages["/en/feed/"], "the public is there"
    assert f"/rounds/{hidden.open_round.pk}/" in pages["/sitemap.xml"]
    assert "1 comment was answered." in pages["/en/feed/"], "the unpublished answer isn't counted"


def test_a_hidden_page_is_not_there_and_says_nothing_of_itself(hidden: SimpleNamespace) -> None:
    guidelines = f"/en/guidelines/{hidden.working.guidelines.slug}"
    addresses = [
        f"{guidelines}/{hidden.working.number}/",
        f"{guidelines}/{hidden.working.number}/canary-key/",
        f"/en/guidelines/{hidden.circulated.guidelines.slug}/",
        *(f"/en/rounds/{round.pk}/" for round in hidden.rounds),
        *(f"/en/rounds/{round.pk}/comments/" for round in hidden.rounds),
    ]
    for path in addresses:
        response = Client().get(path)
        page = response.content.decode().replace("canary-key", "")  # the address itself, to change language
        assert response.status_code == 404, path
        assert not CANARY.search(page), path
        assert "og:" not in page and 'name="description"' not in page and 'rel="alternate"' not in page
        assert '<meta name="robots" content="noindex">' in page


def test_staff_see_hidden_things_but_their_pages_carry_no_preview(hidden: SimpleNamespace) -> None:
    client = Client()
    client.force_login(hidden.member)
    page = client.get(f"/en/rounds/{hidden.rounds[1].pk}/").content.decode()
    assert "Canary-closed" in page
    assert "og:" not in page and 'name="description"' not in page


def test_feed_and_sitemap_are_everyone_s_whoever_asks(hidden: SimpleNamespace) -> None:
    client = Client()
    client.force_login(hidden.member)
    for path in ("/en/feed/", "/sitemap.xml"):
        assert client.get(path).content == Client().get(path).content
