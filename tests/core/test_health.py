"""The probes."""

from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client


def test_alive_needs_nothing(client: Client) -> None:
    assert client.get("/healthz").status_code == 200


@pytest.mark.django_db
def test_ready_without_a_broker(client: Client, settings: Any) -> None:
    settings.REDIS_URL = ""
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (200, {"database": "ok", "broker": "embedded"})


@pytest.mark.django_db
def test_ready_though_the_broker_is_away(client: Client, settings: Any) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (200, {"database": "ok", "broker": "degraded"})


@pytest.mark.celery
@pytest.mark.django_db
def test_ready_with_its_broker(client: Client) -> None:
    assert client.get("/readyz").json() == {"database": "ok", "broker": "ok"}


def test_not_ready_without_the_database(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def away() -> None:
        raise OperationalError("connection refused")

    monkeypatch.setattr("core.health.connection.cursor", away)
    monkeypatch.setattr("core.health.connection.close", lambda: None)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["database"] == "unavailable"
