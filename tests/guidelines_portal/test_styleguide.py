"""The design system's page, and the frame that every page shares."""

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


def test_the_design_system_is_shown_in_the_demonstration_only(settings) -> None:  # type: ignore[no-untyped-def]
    settings.DEMONSTRATION = False
    assert Client().get("/en/styleguide/").status_code == 404
    settings.DEMONSTRATION = True
    html = Client().get("/en/styleguide/").content.decode()
    assert 'lang="en" dir="ltr"' in html
    assert 'lang="ar" dir="rtl"' in html


def test_every_page_offers_itself_in_six_languages() -> None:
    html = Client().get("/ar/account/login/?next=/ar/rounds/").content.decode()
    assert '<html lang="ar" dir="rtl">' in html
    for code in ("en", "es", "fr", "ru", "zh-hans"):
        assert f'href="/{code}/account/login/?next=/ar/rounds/"' in html


def test_a_page_that_does_not_exist_still_leads_on_in_every_language() -> None:
    response = Client().get("/fr/nowhere/")
    assert response.status_code == 404
    assert 'href="/zh-hans/"' in response.content.decode()
