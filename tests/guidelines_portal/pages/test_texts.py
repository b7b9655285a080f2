"""The texts of standing pages: in every language, in the same shape, with links that lead somewhere."""

import re
from collections import Counter
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from guidelines_portal.pages.texts import SLUGS, path_of, text_of

LANGUAGES = [code for code, _name in settings.LANGUAGES]
LINKED = re.compile(r"\]\((to:[^)]+|drawing:\w+)")
LEFT_OVER = re.compile(r"[*`\]]\w|\w[*`\[]|to:\w+:|drawing:")


def shape(slug: str, language: str) -> dict[str, Any]:
    """What a translation has in common with its original."""
    source, text = path_of(slug, language).read_text("utf-8"), text_of(slug, language)
    tags = ("<h3", "<li", "<tr", "<strong", "<em", "<code", "<figure")
    return {
        "parts": len(text.parts),
        "links": Counter(LINKED.findall(source)),
        **{tag: text.body.count(tag) for tag in tags},
    }


@pytest.mark.parametrize("slug", SLUGS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_says_the_same_in_every_language(slug: str, language: str) -> None:
    text = text_of(slug, language)
    assert shape(slug, language) == shape(slug, "en")
    assert text.title and text.lead and not text.lead.startswith("#")
    assert not LEFT_OVER.findall(re.sub(r"<[^>]+>", "", text.body)), "Markdown that was not understood"
    if language != "en":
        assert text.lead != text_of(slug, "en").lead


def test_no_text_is_left_over() -> None:
    known = {path_of(slug, language) for slug in SLUGS for language in LANGUAGES}
    assert set(path_of("help", "en").parent.iterdir()) == known


@pytest.mark.django_db
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_link_leads_somewhere_in_the_page_s_language(language: str) -> None:
    client, targets = Client(), set()
    for slug in SLUGS:
        targets |= set(re.findall(r'href="([^"]+)"', text_of(slug, language).body))
    assert targets
    for target in targets:
        assert target.startswith(f"/{language}/"), target
        assert client.get(target).status_code == 200, target


def test_parts_have_the_same_anchors_in_every_language() -> None:
    for language in LANGUAGES:
        text = text_of("privacy", language)
        assert [part.anchor for part in text.parts] == ["part-1", "part-2", "part-3", "part-4", "part-5"]
        assert all(f'<h2 id="{part.anchor}">' in text.body for part in text.parts)


def test_what_a_text_may_not_hold_is_taken_out(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "page.md"
    file.write_text("# T\n\nLead.\n\n<script>go()</script>\n\n[x](javascript:go()) **bold**\n")
    monkeypatch.setattr("guidelines_portal.pages.texts.path_of", lambda slug, language: file)
    body = text_of.__wrapped__("page", "en").body
    assert "<script" not in body and "javascript:go" not in re.sub(r">[^<]*<", "><", body)
    assert "<strong>bold</strong>" in body
