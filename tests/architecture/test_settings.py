"""The environment: all of it documented, read in one place, and refused in production where unsafe."""

import ast
import json
import os
import re
import subprocess
import sys
from typing import Any

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from guidelines_portal.settings.identity import apps
from guidelines_portal.settings.safety import unsafe_values

BASE = settings.BASE_DIR / "guidelines_portal" / "settings" / "base.py"
SAFE: dict[str, Any] = {
    "SECRET_KEY": "tE5-0pQ2_vX9zR7mK1bW4cY8nJ3hG6fD0sA-uL2iO5eT7rV9xB1qZ",
    "DEBUG": False,
    "DEMONSTRATION": False,
    "ALLOWED_HOSTS": ["guidelines.invalid"],
    "SITE_URL": "https://guidelines.invalid",
    "CSRF_TRUSTED_ORIGINS": [],
    "DATABASE_URL": "postgres://portal:portal@database.invalid/portal",
    "REDIS_URL": "redis://redis.invalid:6379/0",
    "EMAIL_URL": "smtp+tls://portal:portal@mail.invalid:587",
    "OIDC_PROVIDERS": "",
}
PROVIDER = {
    "id": "un",
    "name": "UN Identity",
    "server_url": "https://login.invalid",
    "client_id": "portal",
    "secret": "s",
}
UNSAFE = [
    ("SECRET_KEY", ""),
    ("SECRET_KEY", "short"),
    ("SECRET_KEY", "x" * 60),
    ("SECRET_KEY", "django-insecure-" + "tE5-0pQ2_vX9zR7mK1bW4cY8nJ3hG6fD0sA-uL2iO5"),
    ("DEBUG", True),
    ("DEMONSTRATION", True),
    ("ALLOWED_HOSTS", []),
    ("ALLOWED_HOSTS", ["guidelines.invalid", "*"]),
    ("SITE_URL", "http://guidelines.invalid"),
    ("CSRF_TRUSTED_ORIGINS", ["http://guidelines.invalid"]),
    ("DATABASE_URL", ""),
    ("DATABASE_URL", "sqlite:///portal.sqlite3"),
    ("REDIS_URL", ""),
    ("REDIS_URL", "memory://"),
    ("EMAIL_URL", ""),
    ("EMAIL_URL", "consolemail://"),
    ("OIDC_PROVIDERS", "not json"),
    ("OIDC_PROVIDERS", '{"id": "un"}'),
    ("OIDC_PROVIDERS", json.dumps([{**PROVIDER, "secret": ""}])),
    ("OIDC_PROVIDERS", json.dumps([{**PROVIDER, "id": "U N"}])),
    ("OIDC_PROVIDERS", json.dumps([{**PROVIDER, "name": "N" * 41}])),
    ("OIDC_PROVIDERS", json.dumps([{**PROVIDER, "server_url": "http://login.invalid"}])),
    ("OIDC_PROVIDERS", json.dumps([{**PROVIDER, "server_url": "login"}])),
    ("OIDC_PROVIDERS", json.dumps([{**PROVIDER, "domains": "un.org"}])),
    ("OIDC_PROVIDERS", json.dumps([{**PROVIDER, "domain": ["un.org"]}])),
    ("OIDC_PROVIDERS", json.dumps([PROVIDER, PROVIDER])),
]


def environment(values: dict[str, Any]) -> dict[str, str]:
    """The environment of a production installation with these values and nothing from this process."""
    texts = {
        name: ",".join(value)
        if isinstance(value, list)
        else str(int(value) if isinstance(value, bool) else value)
        for name, value in values.items()
    }
    return {
        "PATH": os.environ["PATH"],
        "DJANGO_SETTINGS_MODULE": "guidelines_portal.settings.production",
        **texts,
    }


def deploy_check(values: dict[str, Any]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=settings.BASE_DIR,
        env=environment(values),
        capture_output=True,
        text=True,
        check=False,
    )


def test_safe_values_are_accepted() -> None:
    assert unsafe_values(SAFE) == []


@pytest.mark.parametrize(("name", "value"), UNSAFE)
def test_an_unsafe_value_is_named(name: str, value: Any) -> None:
    (line,) = unsafe_values({**SAFE, name: value})
    assert line.startswith(f"{name}: ")


def test_production_with_safe_values_passes_the_deploy_check() -> None:
    result = deploy_check(SAFE)
    assert result.returncode == 0, result.stderr


def test_production_does_not_start_and_names_every_unsafe_variable() -> None:
    result = deploy_check({"DEBUG": True, "ALLOWED_HOSTS": ["*"], "DATABASE_URL": "sqlite:///x"})
    assert result.returncode != 0
    named = set(re.findall(r"^  ([A-Z_]+): ", result.stderr, re.M))
    assert named == {
        "SECRET_KEY",
        "DEBUG",
        "ALLOWED_HOSTS",
        "SITE_URL",
        "DATABASE_URL",
        "REDIS_URL",
        "EMAIL_URL",
    }


def variables_read() -> set[str]:
    """The names that base.py asks the environment for."""
    return {
        node.args[0].value
        for node in ast.walk(ast.parse(BASE.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "env"
        and isinstance(node.args[0], ast.Constant)
    }


def test_services_of_sign_in_are_read_and_what_can_not_be_read_is_named() -> None:
    assert unsafe_values({**SAFE, "OIDC_PROVIDERS": json.dumps([{**PROVIDER, "domains": ["un.org"]}])}) == []
    (app,) = apps(json.dumps([PROVIDER]))
    assert (app["provider_id"], app["settings"]["server_url"]) == ("un", "https://login.invalid")
    with pytest.raises(ImproperlyConfigured, match="OIDC_PROVIDERS: provider 1 lacks secret"):
        apps(json.dumps([{**PROVIDER, "secret": ""}]))


@pytest.mark.parametrize(("said", "required"), [("", True), ("1", True), ("0", False)])
def test_production_requires_a_second_factor_unless_told_otherwise(said: str, required: bool) -> None:
    variables = {**environment(SAFE), **({"REQUIRE_SECOND_FACTOR": said} if said else {})}
    code = "from guidelines_portal.settings import production; print(production.REQUIRE_SECOND_FACTOR)"
    found = subprocess.run(
        [sys.executable, "-c", code], cwd=settings.BASE_DIR, env=variables, capture_output=True, text=True
    )
    assert found.stdout.strip() == str(required), found.stderr


def test_every_variable_is_documented_and_every_documented_one_is_read() -> None:
    table = (settings.BASE_DIR / "docs" / "settings.md").read_text(encoding="utf-8")
    documented = re.findall(r"^\| `([A-Z_]+)` \|", table, re.M)
    assert sorted(documented) == sorted(set(documented))
    assert set(documented) == variables_read()


def test_the_environment_is_read_in_the_settings_only() -> None:
    reading = re.compile(r"os\.environ\b(?!\.setdefault\(\"DJANGO_SETTINGS_MODULE\")|os\.getenv")
    ours = [name for name in settings.INSTALLED_APPS if (settings.BASE_DIR / name).is_dir()]
    readers = {
        str(path.relative_to(settings.BASE_DIR))
        for name in ours
        for path in (settings.BASE_DIR / name).rglob("*.py")
        if reading.search(path.read_text(encoding="utf-8"))
    }
    # The supervisor hands its own environment on; the test settings tell parallel test processes apart.
    assert readers <= {"guidelines_portal/supervisor.py", "guidelines_portal/settings/testing.py"}
