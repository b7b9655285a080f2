"""Nothing inline in templates: the Content Security Policy would refuse it in the browser, silently."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

INLINE = {
    "a script without src": re.compile(
        r"<script(?![^>]*\bsrc=)(?![^>]*type=\"application/json\")[^>]*>", re.I
    ),
    "a style element": re.compile(r"<style\b", re.I),
    "a style attribute": re.compile(r"<[^>]*\sstyle\s*=", re.I),
    "an event handler": re.compile(r"<[^>]*\son[a-z]+\s*=\s*[\"']?", re.I),
    "an htmx event handler": re.compile(r"hx-on[:-]", re.I),
    "a javascript: address": re.compile(r"(?:href|src|action)\s*=\s*[\"']?\s*javascript:", re.I),
    "an htmx attribute without data-": re.compile(r"<[^>]*\shx-[a-z]", re.I),
    "something from elsewhere": re.compile(
        r"<(?:script|link|img|iframe)[^>]*\b(?:src|href)=[\"']?(?:https?:)?//", re.I
    ),
}
COMMENT = re.compile(r"{#.*?#}|{% comment %}.*?{% endcomment %}", re.S)


def inline_code(template: str) -> list[str]:
    """What the policy would refuse in the text of a template, as `kind: excerpt`."""
    text = COMMENT.sub("", template)
    return [
        f"{kind}: {match[0][:80]}" for kind, pattern in INLINE.items() for match in pattern.finditer(text)
    ]


# Mail programs know no policy, and load no sheet: a mail carries its style.
# What leaves the portal carries its style sheet with it.
LEAVING = tuple(
    settings.BASE_DIR / "templates" / name for name in ("core/mail", "drafts/documents", "roadmap/documents")
)


def templates() -> list[Path]:
    found = (path for name in ("templates", *settings.INSTALLED_APPS) for path in _html_under(name))
    return sorted(path for path in found if path.parent not in LEAVING)


def _html_under(name: str) -> list[Path]:
    directory = settings.BASE_DIR / name
    return list(directory.rglob("*.html")) if directory.is_dir() else []


@pytest.mark.parametrize(
    "template",
    [
        "<script>go()</script>",
        '<script type="module">go()</script>',
        "<style>p {}</style>",
        '<p class="a" style="color: red">',
        '<button onclick="go()">',
        '<form data-hx-on:submit="go()">',
        '<a href="javascript:go()">',
        '<button hx-get="/x">',
        '<script src="https://cdn.example.org/x.js"></script>',
        '<p\n  style="color: red">',
    ],
)
def test_inline_code_is_found(template: str) -> None:
    assert inline_code(template)


@pytest.mark.parametrize(
    "template",
    [
        '<script src="{% static "portal.js" %}" type="module"></script>',
        '<script type="application/json" id="texts">{}</script>',
        '<button data-hx-get="{% url "x" %}" class="on style">On = style</button>',
        '{# <p style="x"> #}',
        '<a href="https://unhabitat.org">UN-Habitat</a>',
    ],
)
def test_what_the_policy_allows_is_left_alone(template: str) -> None:
    assert inline_code(template) == []


def test_no_template_has_inline_code() -> None:
    found = {
        str(path.relative_to(settings.BASE_DIR)): inline_code(path.read_text(encoding="utf-8"))
        for path in templates()
    }
    assert found
    assert {name: problems for name, problems in found.items() if problems} == {}


@pytest.mark.django_db
def test_the_policy_allows_nothing_but_our_own(client: Client) -> None:
    policy = client.get("/api/v1/nowhere/").headers["Content-Security-Policy"]
    directives = dict(part.strip().split(" ", 1) for part in policy.split(";"))
    assert directives["default-src"] == "'none'"
    assert directives["frame-ancestors"] == directives["base-uri"] == "'none'"
    assert {value for name, value in directives.items() if name.endswith("-src")} <= {"'none'", "'self'"}
