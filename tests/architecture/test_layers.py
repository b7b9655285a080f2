"""Imports run downward only: between apps, and inside each of them."""

import tomllib

import pytest
from django.conf import settings
from importlinter.cli import lint_imports

PYPROJECT = settings.BASE_DIR / "pyproject.toml"


def test_imports_run_downward(capsys: pytest.CaptureFixture[str]) -> None:
    status = lint_imports(config_filename=str(PYPROJECT), no_cache=True)
    assert status == 0, capsys.readouterr().out


def test_every_app_of_ours_has_its_rank() -> None:
    ours = {name for name in settings.INSTALLED_APPS if (settings.BASE_DIR / name).is_dir()}
    between, inside = tomllib.loads(PYPROJECT.read_text())["tool"]["importlinter"]["contracts"]
    assert {app for rank in between["layers"] for app in rank.split(" | ")} == ours
    assert set(inside["containers"]) == ours - {"guidelines_portal"}
