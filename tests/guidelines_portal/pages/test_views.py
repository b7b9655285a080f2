"""Standing pages as they are fetched."""

from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from guidelines_portal.pages.texts import ROLES, SLUGS, text_of

pytestmark = pytest.mark.django_db
LANGUAGES = [code for code, _name in settings.LANGUAGES]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_is_there_in_every_language_without_asking_the_database(language: str) -> None:
    client = Client()
    for slug in SLUGS:
        with translation.override(language):
            path = reverse(f"pages:{slug}")
        with CaptureQueriesContext(connection) as captured:
            response = client.get(path)
        page = response.content.decode()
        assert response.status_code == 200
        assert f"<h1>{text_of(slug, language).title}</h1>" in page
        assert len(captured) == 0


@pytest.mark.parametrize("path", ["", "rounds/", "account/login/", "nowhere/", "privacy/"])
def test_every_page_leads_to_help_contact_and_privacy(path: str) -> None:
    page = Client().get(f"/es/{path}").content.decode()
    for target in ("how-this-works", "groups", "help", "contact", "privacy", "accessibility", "feed"):
        assert f'href="/es/{target}/"' in page


def test_signing_up_leads_to_what_is_kept() -> None:
    form = Client().get("/en/account/signup/").content.decode().partition("<form")[2].partition("</form>")[0]
    assert 'href="/en/privacy/"' in form


def test_help_leads_to_each_role() -> None:
    page = Client().get("/en/help/").content.decode()
    for role in ROLES:
        assert f'href="/en/help/{role}/"' in page


def test_contact_gives_the_address_or_says_what_else_there_is(settings: Any) -> None:
    settings.CONTACT_EMAIL = "hello@example.org"
    assert 'href="mailto:hello@example.org"' in Client().get("/en/contact/").content.decode()
    settings.CONTACT_EMAIL = ""
    page = Client().get("/en/contact/").content.decode()
    assert "mailto:" not in page and "No address for mail is given here" in page


def test_robots_are_told_where_to_look_and_kept_from_a_demonstration(settings: Any) -> None:
    settings.DEMONSTRATION, settings.SITE_URL = False, "https://guidelines.example.org"
    words = Client().get("/robots.txt").content.decode()
    assert "Sitemap: https://guidelines.example.org/sitemap.xml" in words
    assert "Disallow: /api/\n" in words and "Disallow: /\n" not in words
    settings.DEMONSTRATION = True
    assert "Disallow: /\n" in Client().get("/robots.txt").content.decode()
