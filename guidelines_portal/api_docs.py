"""The API's documentation as a page of our own: readable without scripts, under the portal's policy."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from drf_spectacular.generators import SchemaGenerator

METHODS = ("get", "post", "put", "patch", "delete")


@dataclass(frozen=True)
class Endpoint:
    """One path and method, as the page lists it."""

    method: str
    path: str
    description: str
    parameters: list[dict[str, Any]]
    body: list[str]
    answers: list[str]


def docs(request: HttpRequest) -> HttpResponse:
    """Every endpoint with its parameters, fields and answers, grouped by the first word of its path."""
    schema: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)
    groups: dict[str, list[Endpoint]] = {}
    for path, methods in schema["paths"].items():
        name = path.removeprefix("/api/v1/").partition("/")[0]
        groups.setdefault(name, []).extend(
            _endpoint(method, path, methods[method], schema) for method in METHODS if method in methods
        )
    return render(request, "api/docs.html", {"groups": groups.items()})


def _endpoint(method: str, path: str, operation: dict[str, Any], schema: dict[str, Any]) -> Endpoint:
    content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    name = content.get("schema", {}).get("$ref", "").rpartition("/")[2]
    fields = schema["components"]["schemas"].get(name, {}).get("properties", {})
    return Endpoint(
        method.upper(),
        path,
        operation.get("description", ""),
        [p for p in operation.get("parameters", []) if p["in"] == "query"],
        list(fields),
        list(operation.get("responses", {})),
    )
