"""Compilations of a round: rows a second, what a worker's memory grows by, and volumes to print."""

import csv
import io
import json
import multiprocessing
import os
import tempfile
import time
import zipfile
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.utils import translation

from accounts.models import RoleGrant, User
from bench.consultation import consultation
from bench.table import Measure
from consultations.actions.compiling import write_asked
from consultations.compilations.asked import Asked, Filters
from consultations.models import Round

MANY, PRINTED = 100_000, 2_000
# What the peer needs for a row of its sheet, and how much less is asked for.
PEER_MS, FASTER = 4.9, 20
LEAST_CSV, MOST_GROWTH = 10_000, 100


@dataclass
class Advanced:
    """Stands for the progress of a job, which is written twice a second at most."""

    done: int = 0

    def set_total(self, total: int) -> None:
        pass

    def advance(self, n: int = 1) -> None:
        self.done += n


def compiling() -> list[Measure]:
    """100,000 comments as the secretariat compiles them, each file in a process of its own."""
    staff = User.objects.create_user(email="bench-compiler@example.org", name="Staff")
    RoleGrant.objects.create(user=staff, role="staff")
    measures = []
    many = consultation(MANY)
    for form, kind in (
        *(("csv", "matrix"), ("json", "matrix"), ("xlsx", "matrix")),
        *(("xlsx", "iso"), ("csv", "delegations"), ("xlsx", "delegations")),
    ):
        rows, seconds, work, growth = _in_a_child(many, staff, kind, form)
        each = 1000 * seconds / rows
        name = f"{form.upper()}, {kind}, {rows:,} rows"
        bound, holds = "", True
        if form == "csv":
            bound, holds = f"at least {LEAST_CSV:,} rows/s", rows / seconds >= LEAST_CSV
        if form == "xlsx":
            bound, holds = f"at most {PEER_MS / FASTER:.3f} ms a row", each <= PEER_MS / FASTER
        told = f"{rows / seconds:,.0f} rows/s, {each:.3f} ms a row (CPU {1000 * work / rows:.3f} ms)"
        measures.append(Measure(name, told, bound, holds))
        measures.append(
            Measure(
                f"{name}: growth of memory",
                f"{growth:,.0f} MB",
                f"at most {MOST_GROWTH} MB",
                growth <= MOST_GROWTH,
            )
        )
    few = consultation(PRINTED)
    for kind in ("matrix", "iso"):
        rows, seconds, _work, growth = _in_a_child(few, staff, kind, "pdf")
        measures.append(
            Measure(
                f"PDF, {kind}, a volume of {rows:,}",
                f"{seconds:,.1f} s, {1000 * seconds / rows:.1f} ms a comment, worker grows by {growth:,.0f} MB",
            )
        )
    return measures


def _in_a_child(round: Round, reader: User, kind: str, form: str) -> tuple[int, float, float, float]:
    """Rows, seconds that passed and of CPU, and megabytes that the process grew by at its largest."""
    connection.close()
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe()
    child = context.Process(target=_measure, args=(theirs, round.pk, reader.pk, kind, form))
    child.start()
    theirs.close()
    try:
        found = ours.recv()
    except EOFError as error:
        raise RuntimeError("the child ended without a result") from error
    child.join()
    return found


def _measure(answer: Any, round_id: int, reader_id: int, kind: str, form: str) -> None:
    round = Round.objects.select_related("draft__guidelines").get(pk=round_id)
    reader = User.objects.get(pk=reader_id)
    with translation.override("en"):
        # Once before, on few: what is loaded or kept once is no growth with the comments.
        with tempfile.TemporaryFile() as stream:
            few = Asked(round_id, kind, form, filters=Filters(provision="para_3"))
            write_asked(stream, few, reader, round, Advanced())  # type: ignore[arg-type]
        progress = Advanced()
        # A peak of its own: that of the process may lie before.
        with open("/proc/self/clear_refs", "w") as peak:
            peak.write("5")
        before, start, busy = _resident("VmRSS"), time.perf_counter(), time.process_time()
        with tempfile.TemporaryFile() as stream:
            write_asked(stream, Asked(round_id, kind, form), reader, round, progress)  # type: ignore[arg-type]
            seconds, work = time.perf_counter() - start, time.process_time() - busy
            growth = _resident("VmHWM") - before
            _whole(stream, form, progress.done)
    answer.send((progress.done, seconds, work, growth))
    answer.close()
    connection.close()
    os._exit(0)


def _resident(name: str) -> float:
    with open("/proc/self/status") as status:
        line = next(line for line in status if line.startswith(name))
    return int(line.split()[1]) / 1024


def _whole(stream: Any, form: str, rows: int) -> None:
    """Every row is in the file."""
    stream.seek(0)
    if form == "csv":
        found = sum(1 for _row in csv.reader(io.TextIOWrapper(stream, "utf-8-sig", newline=""))) - 1
    elif form == "json":
        found = len(json.load(stream)["rows"])
    elif form == "xlsx":
        with zipfile.ZipFile(stream) as archive, archive.open("xl/worksheets/sheet1.xml") as sheet:
            found = sum(chunk.count(b"<row ") for chunk in _lines(sheet)) - 1
    else:
        return
    if found != rows:
        raise RuntimeError(f"{found} of {rows} rows are in the file")


def _lines(sheet: Any) -> Any:
    rest = b""
    while chunk := sheet.read(1 << 20):
        *whole, rest = (rest + chunk).split(b"</row>")
        yield from whole
    yield rest
