"""Chromium as a stopwatch: a slow line, a slow machine, and the time from a press to what it shows."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

RTT_MS, KBIT = 400, 400
# The emulated line delays requests, not the connection under them: TCP and TLS 1.3 take a round trip each.
CONNECTING_MS = 2 * RTT_MS

# Runs before anything of a page. ``watch`` arms the stopwatch: it starts with the next input event of that type
# and stops once the condition holds and a frame with it has been painted.
STOPWATCH = """
window.stopwatch = { events: [], long: [], paint: 0, done: null };
const note = (type, act, more) => new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) act(entry);
}).observe({ type, buffered: true, ...more });
note("largest-contentful-paint", (entry) => { stopwatch.paint = entry.startTime; });
note("longtask", (entry) => { stopwatch.long.push(entry.duration); });
note("event", (entry) => { stopwatch.events.push(entry.duration); }, { durationThreshold: 16 });
stopwatch.watch = (type, condition) => {
  stopwatch.events.length = stopwatch.long.length = 0;
  stopwatch.done = null;
  addEventListener(type, (event) => {
    const began = event.timeStamp;
    const look = () => {
      if (!condition()) { requestAnimationFrame(look); return; }
      // This frame shows it; the message comes after its paint.
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => { stopwatch.done = performance.now() - began; };
      port2.postMessage(0);
    };
    requestAnimationFrame(look);
  }, { capture: true, once: true });
};
"""


@dataclass(frozen=True)
class Timed:
    """Milliseconds: until what was asked for is seen, until the next paint after the input, the longest task."""

    seen: float
    painted: float
    longest_task: float


def why_not() -> str:
    """Why nothing can be measured in a browser here; empty where it can."""
    try:
        import playwright  # noqa: F401
    except ImportError:
        return "Playwright isn't installed"
    return "" if find_chromium() else "no Chromium on this machine"


def find_chromium() -> str | None:
    names = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
    return next((path for path in map(shutil.which, names) if path), None)


@contextmanager
def chromium() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright's loop looks asynchronous to Django
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=["--no-sandbox"])
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def visit(browser: Any, address: str, session: str = "", **options: Any) -> Iterator[Any]:
    """A page of a browser that has never been here, with the stopwatch in it; ``session`` signs in."""
    context = browser.new_context(base_url=address, **options)
    if session:
        context.add_cookies([{"name": "sessionid", "value": session, "url": address}])
    context.add_init_script(STOPWATCH)
    try:
        yield context.new_page()
    finally:
        context.close()


def largest_paint(browser: Any, address: str, path: str, session: str = "") -> float:
    """Milliseconds until the largest part of a page is there, at 400 kbit/s and 400 ms, everything cold."""
    with visit(browser, address, session, viewport={"width": 412, "height": 823}) as page:
        line = page.context.new_cdp_session(page)
        line.send("Network.enable")
        line.send(
            "Network.emulateNetworkConditions",
            {
                "offline": False,
                "latency": RTT_MS,
                "downloadThroughput": KBIT * 125,
                "uploadThroughput": KBIT * 125,
            },
        )
        page.goto(path, wait_until="load", timeout=60_000)
        page.wait_for_timeout(1000)
        return float(page.evaluate("stopwatch.paint")) + CONNECTING_MS


def slow_down(page: Any, times: int) -> None:
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": times})


def timed(page: Any, event: str, condition: str, act: Callable[[], Any]) -> Timed:
    """From the first ``event`` that ``act`` causes until ``condition`` (JavaScript) holds and is painted."""
    page.evaluate(f"() => stopwatch.watch({event!r}, () => {condition})")
    act()
    for _ in range(600):
        if (seen := page.evaluate("stopwatch.done")) is not None:
            break
        page.wait_for_timeout(10)
    else:
        raise RuntimeError(f"never: {condition}")
    page.wait_for_timeout(100)  # entries of the event and of tasks arrive after the frame
    events, long = page.evaluate("[stopwatch.events, stopwatch.long]")
    return Timed(seen, max(events, default=0.0), max(long, default=0.0))
