"""A file past 400 lines asks to be split along a real seam."""

from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

LIMIT = 400
KINDS = {".py", ".html", ".js", ".css"}
DIRECTORIES = (
    "core",
    "accounts",
    "drafts",
    "consultations",
    "experts",
    "roadmap",
    "guidelines_portal",
    "templates",
    "static",
    "tests",
    "bench",
)


def own_files() -> Iterator[Path]:
    """Files written by hand: neither migrations nor what others publish and we only carry."""
    for name in DIRECTORIES:
        for path in (settings.BASE_DIR / name).rglob("*"):
            if path.suffix in KINDS and not {"migrations", "vendor"} & set(path.parts):
                yield path


def test_no_file_is_longer_than_the_limit() -> None:
    lengths = {
        str(path.relative_to(settings.BASE_DIR)): len(path.read_text(encoding="utf-8").splitlines())
        for path in own_files()
    }
    assert len(lengths) > 20
    assert {name: length for name, length in lengths.items() if length > LIMIT} == {}
