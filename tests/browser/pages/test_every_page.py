"""Every page, for everyone who may see it, in every state: read in three languages, looked at in two at three widths.

``EVERY_PAGE=1`` takes all roles in all languages; without it whoever sees least and most stands for the others.

All pages are rendered and read for valid HTML. Those that have an element where none before had one are looked at in
a browser: axe's rules of WCAG 2.2 AA at 1280 px, and at 320 px and at 640 px (a window
of 1280 px at a zoom of 200 %) nothing cut off, covered, or scrolling the page.
"""

import os
import re
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import resolve
from playwright.sync_api import Browser

from tests.accounts.conftest import PASSWORD
from tests.browser.pages.looking import Shapes, Window, window
from tests.browser.pages.no_page import NO_PAGE
from tests.browser.pages.report_rows import SMALL_REPORT
from tests.browser.pages.rows import Row
from tests.browser.pages.table import NOTHING_YET, TABLE
from tests.browser.pages.validity import faults
from tests.browser.pages.world import make_world
from tests.browser.pages.world_names import World
from tests.caches import empty_cache
from tests.drafts.test_import_page import form as import_form
from tests.drafts.test_importing import TEXT
from tests.factories import make_user
from tests.guidelines_portal.test_permissions import ROLES
from tests.guidelines_portal.test_permissions import TABLE as PERMISSIONS

pytestmark = pytest.mark.django_db

WIDTHS = (320, 640)
EVERY_ONE = os.environ.get("EVERY_PAGE") == "1"  # look at all pages, in all languages, as everyone
VNU_JAR = os.environ.get("VNU_JAR", "")
# What stands for names that an address converts.
EXAMPLES = {
    **dict.fromkeys(
        ("said", "other", "whole", "unsent", "gone", "hidden", "late", "answered"), str(UUID(int=1))
    ),
    **dict.fromkeys(("secret_said", "imported", "job_queued", "job_running", "job_done"), str(UUID(int=1))),
    **dict.fromkeys(("panel", "panel_other", "panel_impossible"), str(UUID(int=1))),
    **dict.fromkeys(("milestone", "milestone_late", "milestone_hidden"), str(UUID(int=1))),
    **dict.fromkeys(("cost_line", "pledge", "funding", "funding_hidden"), str(UUID(int=1))),
    **dict.fromkeys(("snapshot", "scenario", "scenario_hidden"), str(UUID(int=1))),
    **dict.fromkeys(("meeting", "meeting_held", "meeting_prepared", "meeting_cancelled"), str(UUID(int=1))),
    **dict.fromkeys(("meeting_task", "guest"), str(UUID(int=1))),
    **dict.fromkeys(("resolution", "resolution_silent", "entry", "entry_closed"), str(UUID(int=1))),
    **dict.fromkeys(("corrected", "told_closed", "report", "report_working", "brought"), str(UUID(int=1))),
    **dict.fromkeys(("taken_in", "rival", "apart", "elsewhere"), str(UUID(int=1))),
    **dict.fromkeys(("reply_once", "reread", "unread", "sent_back", "agreed", "entered"), str(UUID(int=1))),
    **dict.fromkeys(("begun", "told", "waits", "scored"), str(UUID(int=1))),
    **dict.fromkeys(("taken_in", "rival", "apart", "elsewhere"), str(UUID(int=1))),
    **dict.fromkeys(("offer", "offer_chosen", "offer_draft", "offer_reserve"), str(UUID(int=1))),
    **{"job_failed": str(UUID(int=1)), "slug": "smart-cities", "reset_key": "1-abc"},
}


@pytest.fixture(autouse=True)
def _a_demonstration(settings: Any, tmp_path: Path) -> None:
    settings.DEMONSTRATION = True
    settings.MEDIA_ROOT, settings.MAILBOX_DIRECTORY = tmp_path / "files", tmp_path / "mailbox"
    settings.ACCOUNT_RATE_LIMITS = settings.MFA_RATE_LIMITS = False
    settings.REDIS_URL = ""


@pytest.fixture
def full(settings: Any, _a_demonstration: None) -> World:
    world = make_world()
    staff, me = world.people["staff"], world.people["member"]
    assert staff and me
    world.names |= {
        "mail": next(settings.MAILBOX_DIRECTORY.iterdir()).stem,
        "email": me.email,
        "secured_email": world.people["secured"].email,  # type: ignore[union-attr]
        "password": PASSWORD,
        "imported": _upload(world),
        "brought": _bring(world),
        "reset_key": _reset_key(me),
    }
    return world


def _upload(world: World) -> str:
    """Somebody looks at what would be imported; the file's name in addresses."""
    world.kept["importer"] = client = world.client("staff")
    sent = import_form(
        TEXT.replace("# I.", "# I. A\n\n?? odd {pillar 99}\n\n# II."), guidelines="small-guidelines"
    )
    return str(client.post("/en/drafts/import/", sent).context["kept"].uuid)


def _bring(world: World) -> str:
    """The same person looks at a document on resolutions."""
    sent = {"file": SimpleUploadedFile("report.txt", SMALL_REPORT.encode())}
    return str(world.kept["importer"].post("/en/resolutions/import/", sent).context["kept"].uuid)


def _reset_key(person: Any) -> str:
    from allauth.account.forms import default_token_generator
    from allauth.account.utils import user_pk_to_url_str

    return f"{user_pk_to_url_str(person)}-{default_token_generator.make_token(person)}"


def answers(world: World, rows: list[Row], language: str) -> Iterator[tuple[str, str, HttpResponse, int]]:
    """Every page of the rows: its name with the role, its path, the answer, and the status that was expected."""
    for row in rows:
        for role in row.roles:
            empty_cache()
            client = world.client(role)
            for path, sent in row.before:
                _ask(client, world, f"{language}/{path}", sent)
            path, response = _ask(client, world, f"{language}/{row.path}", row.post)
            name = f"{language} {row.name} as {role}"
            if (
                response.status_code == 302
                and "reauthenticate" not in row.path
                and row.status == 200
                and not row.before
            ):
                response = client.get(response["Location"])
            yield name, path, response, row.status


def _ask(client: Client, world: World, path: str, sent: dict[str, Any] | None) -> tuple[str, HttpResponse]:
    path = path.format(**world.names)
    if sent is None:
        return path, client.get(f"/{path}")
    filled = {
        name: value.format(**world.names) if isinstance(value, str) and value != "{}" else value
        for name, value in sent.items()
    }
    filled |= {name: SimpleUploadedFile(*value) for name, value in sent.items() if isinstance(value, tuple)}
    return path, client.post(f"/{path}", filled)


class Looker:
    """Reads every page, and looks at each that has an element where none before had one."""

    def __init__(self, shown: Window, language: str) -> None:
        self.shown, self.language = shown, language
        self.known: set[tuple[str, ...]] = set()
        self.read: dict[str, bytes] = {}
        self.looked_at = 0

    def faults(self, name: str, path: str, response: HttpResponse) -> list[str]:
        html = response.content.decode()
        self.read[name] = response.content
        wrong, ways = faults(html), Shapes(html).ways
        # Chinese is as wide as nothing else and runs as English does: its pages are read only.
        if EVERY_ONE or (ways - self.known and self.language != "zh-hans"):
            self.known |= ways
            self.looked_at += 1
            self.shown.show(response, path)
            # Colours are the same in every language.
            wrong += self.shown.violations(contrast=EVERY_ONE or self.language == "en")
            for width in WIDTHS:
                wrong += self.shown.layout(width)
        return wrong

    def by_the_validator(self, folder: Path) -> list[str]:
        """What the W3C's checker calls an error, where ``VNU_JAR`` names it."""
        if not VNU_JAR:
            return []
        names = {}
        for n, (name, content) in enumerate(self.read.items()):
            folder.joinpath(f"{n}.html").write_bytes(content)
            names[f"{n}.html"] = name
        command = [
            "java",
            "-jar",
            VNU_JAR,
            "--errors-only",
            "--format",
            "gnu",
            "--skip-non-html",
            str(folder),
        ]
        said = subprocess.run(command, capture_output=True, text=True, check=False).stderr.splitlines()
        return [f"{names[line.partition('.html')[0].rpartition('/')[2] + '.html']} {line}" for line in said]


def look(
    browser: Browser, world: World, rows: list[Row], language: str, folder: Path
) -> dict[str, list[str]]:
    """What is wrong, by page."""
    wrong: dict[str, list[str]] = {}
    with window(browser) as shown:
        looker = Looker(shown, language)
        for name, path, response, status in answers(world, rows, language):
            if response.status_code != status:
                wrong[name] = [f"{response.status_code} {response.get('Location', '')}"]
            elif found := looker.faults(name, path, response):
                wrong[name] = list(dict.fromkeys(found))
    if said := looker.by_the_validator(folder):
        wrong["validator"] = said
    return wrong


def tell(wrong: dict[str, list[str]]) -> None:
    """Fail with every fault on a line of its own: pytest would cut a dictionary short."""
    lines = [f"{name}: {fault}" for name, found in wrong.items() for fault in found]
    assert not lines, "\n".join(lines)


@pytest.mark.long
@pytest.mark.browser
@pytest.mark.parametrize("language", ["en", "ar", "zh-hans"])
def test_every_page_is_valid_accessible_and_fits(
    browser: Browser, full: World, language: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("pages")
    # As whoever sees least and most of it; in other languages as the latter: what differs is then the words.
    few = {"en": (0, -1)}.get(language, (-1,))
    rows = TABLE if EVERY_ONE else [replace(row, roles=tuple({row.roles[n] for n in few})) for row in TABLE]
    tell(look(browser, full, rows, language, folder))


@pytest.mark.browser
@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_portal_in_which_nothing_has_happened(
    browser: Browser, language: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    world = World({role: make_user(role) if role != "anonymous" else None for role in ROLES})
    tell(look(browser, world, NOTHING_YET, language, tmp_path_factory.mktemp("pages")))


def route_of(row: Row) -> str:
    """The pattern of a row's address, as the table of permissions writes it."""
    filled = re.sub(r"{(\w+)}", lambda found: EXAMPLES.get(found[1], "1"), row.path).partition("?")[0]
    return str(
        resolve(f"/en/{filled}").route
    )  # of the patterns that are regular expressions without their "^"


def test_every_route_has_a_page_in_the_table_or_a_reason() -> None:
    shown = {route_of(row) for row in TABLE if row.status != 404}
    without = {f"en/{route}" for routes in NO_PAGE.values() for route in routes.split()}
    under_a_language = {route.replace("/^", "/") for route in PERMISSIONS if route.startswith("en/")}
    assert not shown & without
    assert shown | without == under_a_language


def test_every_role_that_may_see_a_page_is_in_the_table() -> None:
    looking: dict[str, set[str]] = {}
    for row in TABLE:
        if row.post is None and row.status != 404:
            looking.setdefault(route_of(row), set()).update(row.roles)
    missing = {
        (route, role)
        for route, answers_of in PERMISSIONS.items()
        for role, statuses in zip(ROLES, answers_of, strict=True)
        if route in looking and statuses.startswith("200") and role not in looking[route]
    }
    assert missing == set()
