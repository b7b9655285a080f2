"""The OpenAPI schema that programs are written against."""

from io import StringIO

import pytest
import yaml
from django.core.management import call_command
from django.test import Client

pytestmark = pytest.mark.django_db


def test_the_schema_is_valid_and_says_how_to_sign_in() -> None:
    out = StringIO()
    call_command("spectacular", "--validate", "--fail-on-warn", stdout=out)
    schema = yaml.safe_load(out.getvalue())
    assert {"/api/v1/rounds/{id}/comments/", "/api/v1/drafts/{id}/provisions/"} <= set(schema["paths"])
    assert any(
        scheme.get("scheme") == "Token" or scheme.get("name") == "Authorization"
        for scheme in schema["components"]["securitySchemes"].values()
    )


@pytest.mark.parametrize("path", ["nowhere/", "provisions/9999999999999999/", "rounds/abc/"])
def test_an_address_that_leads_nowhere_is_told_as_json(path: str) -> None:
    answer = Client().get(f"/api/v1/{path}")
    assert answer.status_code == 404 and list(answer.json()) == ["detail"]


def test_what_cannot_be_a_token_is_refused() -> None:
    answer = Client().get("/api/v1/rounds/", headers={"Authorization": "Token \xff"})
    assert answer.status_code == 401


def test_a_body_too_large_is_told_as_json(settings) -> None:  # type: ignore[no-untyped-def]
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    answer = Client().post(
        "/api/v1/rounds/",
        {"title": "x" * 200},
        content_type="application/json",
        headers={"Authorization": ""},
    )
    assert answer.status_code in (401, 413) and "detail" in answer.json()
