"""How soon the reading room answers in the demonstration's largest pillar with five hundred comments in it."""

import statistics
from collections.abc import Callable, Iterator
from typing import Any

from bench.browser import Timed, slow_down, timed, visit

TIMES = 5
VIEWPORT = {"width": 1280, "height": 900}
PRESS_MS = 80  # how long people hold a button down

Row = tuple[str, Timed]


def interactions(
    browser: Any, address: str, path: str, key: str, session: str, slower: int
) -> dict[str, Timed]:
    """What people do in the reading room, one after the other; of each the middle one of five."""
    found: dict[str, list[Timed]] = {}
    with visit(browser, address, session, viewport=VIEWPORT) as page:
        page.goto(path)
        if slower > 1:
            slow_down(page, slower)
        for n in range(TIMES + 1):
            page.goto(path)
            page.wait_for_timeout(500 * slower)
            rows = dict(_round(page, key))
            for name, row in rows.items() if n else ():  # the first one warms up
                found.setdefault(name, []).append(row)
    return {name: _middle(rows) for name, rows in found.items()}


def _middle(rows: list[Timed]) -> Timed:
    return Timed(
        statistics.median(row.seen for row in rows),
        statistics.median(row.painted for row in rows),
        statistics.median(row.longest_task for row in rows),
    )


def _round(page: Any, key: str) -> Iterator[Row]:
    page.evaluate("localStorage.clear()")  # what was typed before comes back otherwise
    yield from _marking(page, key)
    yield from _voices(page, key)
    yield from _writing(page, f"#{key} form.comment-form")
    page.locator(".filters summary").click()
    page.select_option("#voices-kind", "technical")
    yield (
        "other voices chosen: the press is seen",
        timed(
            page,
            "click",
            "document.querySelector('.filters form').ariaBusy",
            _quietly(page, ".filters button"),
        ),
    )


def _quietly(page: Any, selector: str) -> Callable[[], Any]:
    """A press whose page doesn't come, so that the one that stays can still be asked."""
    page.evaluate("document.addEventListener('submit', (event) => event.preventDefault())")
    return _press(page, selector)


def _press(page: Any, selector: str) -> Callable[[], Any]:
    return lambda: page.locator(selector).first.click(delay=PRESS_MS)


def _marking(page: Any, key: str) -> Iterator[Row]:
    page.locator(f"#{key}").focus()
    marked = "!getSelection().isCollapsed"
    yield "a word marked by keyboard", timed(page, "keydown", marked, lambda: page.keyboard.press("v"))
    before = page.evaluate("getSelection().toString().length")
    longer = f"getSelection().toString().length > {before}"
    yield "the mark extended", timed(page, "keydown", longer, lambda: page.keyboard.press("Shift+ArrowRight"))
    page.keyboard.press("Escape")
    box = page.locator(f"#{key} .provision__text").bounding_box()

    def pull() -> None:
        page.mouse.move(box["x"] + 5, box["y"] + 10)
        page.mouse.down()
        page.mouse.move(box["x"] + 200, box["y"] + 12, steps=8)
        page.mouse.up()

    bar = "document.querySelector('.selection-bar')"
    yield "words marked with the mouse: the offer", timed(page, "pointerup", bar, pull)
    page.mouse.click(box["x"] + box["width"] + 10, box["y"] + 10)


def _voices(page: Any, key: str) -> Iterator[Row]:
    link, room = f"#{key} .margin-note [data-voices]", f"#{key} > .voices"
    said = f"document.querySelector('{room} .comment')"
    yield "voices of a provision: there", timed(page, "click", said, _press(page, link))
    page.locator(f"{room} [data-close-voices]").click()
    yield (
        "voices of a provision: the press is seen",
        timed(page, "click", f"document.querySelector('#{key}').ariaBusy || {said}", _press(page, link)),
    )
    page.wait_for_selector(f"{room} .comment")
    support = page.locator(f"{room} .comment [name=position][id^=support]").first
    name, value = support.get_attribute("id"), support.get_attribute("value")
    changed = f"document.getElementById('{name}')?.value !== '{value}'"
    yield "support: counted", timed(page, "click", changed, _press(page, f"#{name}"))
    busy = f"document.querySelector('{room} [aria-busy]')"
    yield "support: the press is seen", timed(page, "click", busy, _press(page, f"#{name}"))
    page.wait_for_timeout(500)


def _writing(page: Any, form: str) -> Iterator[Row]:
    body, proposed = f"{form} [name=body]", f"{form} [name=proposed_text]"
    summary = page.locator(".voices__form > summary")
    shown = f"document.querySelector('{body}').checkVisibility()"
    yield "the form opens", timed(page, "click", shown, summary.click)
    page.locator(body).focus()
    page.keyboard.type("Who pays for this", delay=20)
    written = f"document.querySelector('{body}').value.endsWith('?')"
    yield "a key in the comment", timed(page, "keydown", written, lambda: page.keyboard.press("?"))
    filled = f"document.querySelector('{proposed}').value"
    fold = page.locator(f"{form} details:has([name=proposed_text]) > summary")
    yield "other words proposed: the field", timed(page, "click", filled, fold.click)
    page.keyboard.press("Control+Home")
    page.wait_for_timeout(200)
    drawn = f"document.querySelector('{form} [data-redline] ins')?.textContent.includes('z')"
    yield "a key in other words: its redline", timed(page, "keydown", drawn, lambda: page.keyboard.press("z"))
