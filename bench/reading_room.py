"""The reading room as people meet it, in a browser: how soon it comes on a slow line, how soon it answers."""

import statistics
import time
from collections.abc import Callable

from django.test import Client
from django.urls import reverse

from accounts.models import User
from bench.browser import chromium, largest_paint, why_not
from bench.crowd import CROWD, crowded_demonstration
from bench.interaction import interactions
from bench.serving import portal
from bench.table import Measure, at_most

LCP_MS = 4_000
ANSWER_MS = 100
# What waits for the portal in between: pressed, asked, set, sent, laid out, painted.
ROUND_TRIP_MS = 300
WAITING = ("voices of a provision: there", "support: counted")


def line() -> list[Measure]:
    """The largest part of each page that people begin with, at 400 kbit/s and 400 ms, everything cold."""
    if reason := why_not():
        return [Measure("pages on a slow line", "not measured", reason)]
    crowded = crowded_demonstration()
    session = _session(crowded.expert)
    round = f"rounds/{crowded.round.pk}/"
    pages = [
        ("home", "/en/", ""),
        ("home, by the bare address", "/", ""),
        *(
            (f"reading page, {who}, {language}", f"/{language}/{crowded.page}", cookie)
            for who, cookie in (("a passer-by", ""), ("an expert", session))
            for language in ("en", "ar", "zh-hans")
        ),
        ("round", f"/en/{round}", ""),
        ("figures", f"/en/{round}figures/", ""),
        ("my comments", "/en/my/comments/", session),
    ]
    with portal() as address, chromium() as browser:
        largest_paint(browser, address, "/en/")  # warms up
        return [
            at_most(f"LCP, {what}", largest_paint(browser, address, path, cookie), LCP_MS)
            for what, path, cookie in pages
        ]


def interaction() -> list[Measure]:
    """From a press or a key to what it shows, in the largest pillar with 500 comments more."""
    if reason := why_not():
        return [Measure("interaction in a browser", "not measured", reason)]
    measures: list[Measure] = []
    crowded = crowded_demonstration()
    session = _session(crowded.expert)
    with portal() as address, chromium() as browser:
        for slower in (1, 4):
            path = f"/en/{crowded.page}"
            found = interactions(browser, address, path, crowded.provision, session, slower)
            for what, row in found.items():
                if slower == 1:
                    most = ROUND_TRIP_MS if what in WAITING else ANSWER_MS
                    measures += [at_most(what, row.seen, most)]
                else:
                    task = f"longest task {row.longest_task:.0f}" if row.longest_task else "no long task"
                    measures += [Measure(f"{what}, CPU {slower}x slower", f"{row.seen:,.0f} ms", task)]
    return measures


def parts() -> list[Measure]:
    """What those interactions ask of the portal, without the way there."""
    crowded = crowded_demonstration()
    client = Client()
    client.force_login(crowded.expert)
    comments = crowded.round.comments.filter(provision__key=crowded.provision).exclude(author=crowded.expert)
    uuid = comments.order_by("-pk").values_list("uuid", flat=True)[0]
    voices = reverse("consultations:voices", args=[crowded.round.pk, crowded.provision])
    quotes = reverse("consultations:quotes", args=[crowded.round.pk, crowded.pillar])
    position = reverse("consultations:position_take", args=[crowded.round.pk, uuid])
    part = {"HTTP_HX_REQUEST": "true", "HTTP_HOST": "localhost"}
    asked: dict[str, Callable[[], object]] = {
        "voices": lambda: client.get(voices, **part),
        "quotes of the page": lambda: client.get(quotes, **part),
        "a position": lambda: client.post(position, {"position": "support"}, **part),
    }
    return [
        at_most(f"the portal's part, {CROWD} comments: {what}", _median(act), ANSWER_MS)
        for what, act in asked.items()
    ]


def _session(user: User) -> str:
    client = Client()
    client.force_login(user)
    return client.cookies["sessionid"].value


def _median(act: Callable[[], object]) -> float:
    times = []
    for _ in range(15):
        start = time.perf_counter()
        answer = act()
        times.append(1000 * (time.perf_counter() - start))
        if getattr(answer, "status_code", 0) != 200:
            raise RuntimeError(f"answered {getattr(answer, 'status_code', 0)}")
    return statistics.median(times)
