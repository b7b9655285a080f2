"""Every act that the code records has a name for people, registered by the app that records it."""

import ast
from collections.abc import Iterator

import pytest
from django.conf import settings

from core import audit

APPS = ("core", "accounts", "drafts", "consultations", "experts", "roadmap", "guidelines_portal")


def recorded(source: str) -> Iterator[str]:
    """The codes given to ``audit.record``: texts, or a choice between texts."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "audit.record":
            given = node.args[0]
            for choice in (given.body, given.orelse) if isinstance(given, ast.IfExp) else (given,):
                assert isinstance(choice, ast.Constant), f"line {node.lineno}: the act must be written out"
                yield str(choice.value)


def acts_of(app: str) -> set[str]:
    files = (settings.BASE_DIR / app).rglob("*.py")
    return {act for path in files for act in recorded(path.read_text(encoding="utf-8"))}


def test_a_recorded_act_is_found() -> None:
    assert list(recorded("audit.record('a.b' if x else 'a.c', y, actor=z)")) == ["a.b", "a.c"]
    with pytest.raises(AssertionError):
        list(recorded("audit.record(name, y, actor=z)"))


@pytest.mark.parametrize("app", APPS)
def test_every_act_is_named_where_it_lives(app: str) -> None:
    acts = acts_of(app)
    if not acts:
        return
    names = __import__(f"{app}.acts", fromlist=["ACTS"]).ACTS
    assert set(names) == acts
    assert set(names) <= set(audit.acts())


def test_no_two_acts_are_called_the_same() -> None:
    names = list(audit.acts().values())
    assert len(names) > 50 and len(set(names)) == len(names)
