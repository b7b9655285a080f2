"""Addresses of the drafts' part of the API, and how its lists are read."""

from typing import Any

from rest_framework.test import APIClient

from drafts.models import Draft, Provision

GUIDELINES = "/api/v1/guidelines/"
DRAFTS = "/api/v1/drafts/"
KEYS = [
    *("chp_1", "para_1", "fn_2", "fn_3", "pillar_1", "pillar_1__principle_a", "pillar_1__action_1"),
    *("pillar_1__action_2", "pillar_2", "term_1"),
]


def of_draft(draft: Draft, part: str = "") -> str:
    return f"{DRAFTS}{draft.pk}/{part}"


def of_provision(provision: Provision | int, part: str = "") -> str:
    pk = provision if isinstance(provision, int) else provision.pk
    return f"/api/v1/provisions/{pk}/{part}"


def rows(client: APIClient, address: str, **query: Any) -> list[dict[str, Any]]:
    """The results of a list."""
    answer = client.get(address, query)
    assert answer.status_code == 200, answer.content
    results: list[dict[str, Any]] = answer.json()["results"]
    return results


def row(client: APIClient, draft: Draft, key: str, **query: Any) -> dict[str, Any]:
    """One provision of the draft's list."""
    return next(each for each in rows(client, of_draft(draft, "provisions/"), **query) if each["key"] == key)
