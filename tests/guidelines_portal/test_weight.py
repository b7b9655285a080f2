"""What a page weighs on the line: a reading page stays light whatever is added to it."""

import gzip
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from django.utils import timezone

from tests.factories import make_comment, make_draft, make_provision, make_round, make_user

pytestmark = pytest.mark.django_db

WORDS = (
    "Local and regional governments are encouraged to use data and digital technologies for the good of all "
    "who live in paragraph {n}, with safeguards, public oversight and a way to complain before a person. "
)
LINKED = re.compile(r'(?:href|src)="/static/([^"]+)"')
IMPORTED = re.compile(r'from "\./([^"]+)"')


def compressed(content: bytes) -> int:
    return len(gzip.compress(content, 6))


def linked_files(page: str) -> dict[str, int]:
    """Compressed sizes of the static files that a page loads, those that modules import included."""
    waiting, sizes = LINKED.findall(page), {}
    while waiting:
        name = waiting.pop()
        if name in sizes:
            continue
        found = finders.find(name)
        assert found, name
        content = Path(found).read_bytes()
        sizes[name] = compressed(content)
        if name.endswith(".js"):
            folder = name.rpartition("/")[0]
            waiting += [f"{folder}/{other}" for other in IMPORTED.findall(content.decode())]
    return sizes


@pytest.fixture
def path() -> str:
    """A pillar of sixty provisions, commented on."""
    draft = make_draft()
    for n in range(60):
        make_provision(draft, f"para_{n}", number=str(n), text=WORDS.format(n=n) * 2)
    draft.status, draft.published_at = "published", timezone.now()
    draft.save()
    round = make_round(draft)
    for n in range(0, 60, 5):
        make_comment(round, make_user(), provision_key=f"para_{n}")
    return f"/en/guidelines/{draft.guidelines.slug}/1/chp_1/"


def test_a_reading_page_is_light(path: str) -> None:
    page = Client().get(path).content
    files = linked_files(page.decode())
    assert compressed(page) + sum(files.values()) <= 60_000, files


def test_with_form_and_margin_it_stays_light(path: str) -> None:
    client = Client()
    client.force_login(make_user())
    page = client.get(path).content
    files = linked_files(page.decode())
    margin = re.search(r'href="([^"]+)" data-voices', page.decode())
    assert margin
    voices = client.get(margin[1], headers={"HX-Request": "true"}).content
    assert compressed(page) + compressed(voices) + sum(files.values()) <= 100_000, files
    assert sum(size for name, size in files.items() if name.endswith(".js")) <= 30_000, files
    assert 2 + len(files) <= 15


def test_a_page_loads_nothing_from_elsewhere(path: str) -> None:
    page = Client().get(path).content.decode()
    assert not re.findall(
        r'<(?:script|link(?! rel="(?:alternate|canonical)")|img)[^>]+(?:href|src)="(?:https?:)?//',
        page.replace("http://testserver", ""),
    )
