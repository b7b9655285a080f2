"""The redline of two whole drafts, against one Levenshtein over all their words in the same run."""

import random
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import replace

from django.test import Client
from django.urls import reverse
from rapidfuzz.distance import Levenshtein

from accounts.models import RoleGrant, User
from bench.scratch import make_draft
from bench.table import Measure, at_most
from drafts.actions.drafting import begin_draft
from drafts.actions.revising import revise_provision
from drafts.comparison import Wording, compare
from drafts.models import ProvisionText

LENGTH = 90_000  # characters of English, the length of the real guidelines
EDITED = 0.25  # of the provisions, one word in ten of these
TIMES = 10


def redlines() -> list[Measure]:
    """CPU time of comparing two drafts of the real size, and of ten times that size."""
    once, often = _drafts(LENGTH), _drafts(LENGTH * TIMES)
    words = [[word for wording in side for word in wording.text.split()] for side in once]
    whole = _cpu(lambda: Levenshtein.opcodes(*words))
    ours, ten = (_cpu(lambda pair=pair: compare(*pair)) for pair in (once, often))  # type: ignore[misc]
    every = _drafts(LENGTH, edited=1.0)
    all_changed = _cpu(lambda: compare(*every))
    against, growth = ours / whole, ten / ours / TIMES
    return [
        Measure(f"Levenshtein over {len(words[0]):,} words", f"{whole:.1f} ms of CPU"),
        Measure("redline of two drafts, a quarter of the provisions changed", f"{ours:.1f} ms of CPU"),
        Measure("redline against that Levenshtein", f"{against:.2f} x", "at most 1 x", against <= 1),
        Measure(
            "redline, every provision changed",
            f"{all_changed / whole:.2f} x",
            "at most 1.5 x",
            all_changed <= 1.5 * whole,
        ),
        Measure(
            f"redline of {TIMES} times the size, for each time",
            f"{growth:.2f} x",
            "at most 1.3 x",
            growth <= 1.3,
        ),
    ]


def redline_page() -> list[Measure]:
    """A pillar's page of the redline of two stored drafts of 480 provisions, computed and kept before."""
    drafter = User.objects.create(email="redline@example.org", name="Drafter", password="!")
    RoleGrant.objects.create(user=drafter, role="drafter")
    first = make_draft("bench-redline")
    second = begin_draft(actor=drafter, base=first, label="Next draft")
    for text in ProvisionText.objects.of_draft(second).select_related("provision")[::4]:
        revise_provision(
            actor=drafter,
            provision=text.provision,
            language="en",
            version=text.version,
            text=text.text.replace("encouraged", "asked", 1),
            reason="Plainer.",
        )
    client = Client()
    client.force_login(drafter)
    path = reverse("drafts:unit_changes", args=["bench-redline", second.number, first.number, "pillar_3"])

    def get() -> None:
        answer = client.get(path, HTTP_HOST="localhost")
        if answer.status_code != 200:
            raise RuntimeError(f"{path} answered {answer.status_code}")

    get()
    times = []
    for _ in range(20):
        start = time.perf_counter()
        get()
        times.append(1000 * (time.perf_counter() - start))
    return [at_most("page of a redline, once computed", statistics.median(times), 100)]


def _drafts(length: int, edited: float = EDITED) -> tuple[list[Wording], list[Wording]]:
    """A draft of about ``length`` characters in provisions of 15 to 60 words, and its successor."""
    chance = random.Random(4)
    letters = "abcdefghijklmnopqrstuvwxyz"
    vocabulary = ["".join(chance.choices(letters, k=chance.randint(2, 9))) for _ in range(3000)]
    old: list[Wording] = []
    written = 0
    while written < length:
        text = " ".join(chance.choices(vocabulary, k=chance.randint(15, 60))) + "."
        old.append(Wording(f"para_{len(old)}", "paragraph", "chp_1", None, str(len(old)), "", text))
        written += len(text)
    new = [
        replace(wording, text=_edited(wording.text, vocabulary, chance))
        if chance.random() < edited
        else wording
        for wording in old
    ]
    return old, new


def _edited(text: str, vocabulary: Sequence[str], chance: random.Random) -> str:
    words = [word for word in text.split(" ") if chance.random() > 0.03]
    return " ".join(chance.choice(vocabulary) if chance.random() < 0.1 else word for word in words)


def _cpu(act: Callable[[], object], repetitions: int = 7) -> float:
    """The least CPU time of several runs, in milliseconds: what else runs there only adds."""
    times = []
    for _ in range(repetitions):
        start = time.process_time()
        act()
        times.append(1000 * (time.process_time() - start))
    return min(times)
