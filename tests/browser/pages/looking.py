"""Pages as Django answers them, looked at in one browser: no server, no waiting for one."""

import mimetypes
from collections.abc import Iterator
from contextlib import contextmanager
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlsplit

from axe_playwright_python.base import AXE_FILE_PATH
from django.contrib.staticfiles import finders
from django.http import HttpResponse
from playwright.sync_api import Browser, Page, Route

from tests.browser.conftest import AXE_RULES
from tests.browser.pages.validity import VOID

HOST = "http://testserver"
AXE = Path(AXE_FILE_PATH).read_text("utf-8")
RUN = """async (options) => {
  const found = await axe.run(document, options);
  const lines = (rule) => rule.nodes.map((node) => `${rule.id}: ${node.target} ${node.failureSummary}`);
  return found.violations.flatMap(lines);
}"""
UNFOLD = (
    "() => { for (const fold of document.querySelectorAll('main details:not(.menu)')) fold.open = true; }"
)
LOOK = (Path(__file__).with_name("layout.js")).read_text("utf-8")


class Window:
    """A browser's page that shows what it is handed."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.handed: HttpResponse | None = None
        page.route("**/*", self._answer)

    def _answer(self, route: Route) -> None:
        path = urlsplit(route.request.url).path
        if route.request.is_navigation_request() and self.handed is not None:
            headers = {name: value for name, value in self.handed.items() if name != "Set-Cookie"}
            route.fulfill(status=200, headers=headers, body=self.handed.content)
        elif found := path.startswith("/static/") and finders.find(path.removeprefix("/static/")):
            route.fulfill(body=Path(found).read_bytes(), content_type=mimetypes.guess_type(path)[0] or "")
        else:
            route.fulfill(status=404, body="")

    def show(self, response: HttpResponse, path: str) -> None:
        self.page.set_viewport_size({"width": 1280, "height": 900})
        self.handed = response
        self.page.goto(f"{HOST}/{path}", wait_until="load")
        self.page.evaluate(UNFOLD)

    def violations(self, *, contrast: bool = True) -> list[str]:
        self.page.evaluate(AXE)
        rules = {"color-contrast": {"enabled": contrast}}
        found: list[str] = self.page.evaluate(
            RUN, {**AXE_RULES, "rules": rules, "resultTypes": ["violations"]}
        )
        return found

    def layout(self, width: int) -> list[str]:
        """What is cut off, covered or pushes the page sideways at this width."""
        self.page.set_viewport_size({"width": width, "height": 800})
        found: list[str] = self.page.evaluate(LOOK)
        return [f"{width} px: {one}" for one in found]


@contextmanager
def window(browser: Browser) -> Iterator[Window]:
    context = browser.new_context(viewport={"width": 1280, "height": 900}, service_workers="block")
    yield Window(context.new_page())
    context.close()


class Shapes(HTMLParser):
    """Where each element of a page stands: what it is, and what the three around it are, words and addresses aside."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.ways: set[tuple[str, ...]] = set()
        self.open: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        kind = " ".join(
            [tag, *sorted(f"{name}={value}" if name in TELLING else name for name, value in attrs)]
        )
        self.ways.add((*self.open[-3:], kind))
        if tag not in VOID:
            self.open.append(kind)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID and self.open:
            self.open.pop()


TELLING = {"class", "type", "role", "dir", "lang", "open", "aria-current"}
