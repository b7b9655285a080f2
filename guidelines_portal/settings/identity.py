"""The services through which people may sign in (OpenID Connect), as the environment names them."""

import json
import re
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

NEEDED = ("id", "name", "server_url", "client_id", "secret")
KNOWN = {*NEEDED, "domains"}
ID = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
DOMAIN = re.compile(r"[a-z0-9.-]+\.[a-z]{2,}")


def apps(text: str) -> list[dict[str, Any]]:
    """``OIDC_PROVIDERS`` as allauth wants them; ImproperlyConfigured that says what is wrong."""
    if problems := problems_of(text):
        raise ImproperlyConfigured("OIDC_PROVIDERS: " + " ".join(problems))
    return [
        {
            "provider_id": entry["id"],
            "name": entry["name"],
            "client_id": entry["client_id"],
            "secret": entry["secret"],
            "settings": {"server_url": entry["server_url"].rstrip("/"), "domains": entry.get("domains", [])},
        }
        for entry in _read(text)
    ]


def problems_of(text: str, *, https_only: bool = False) -> list[str]:
    """One sentence for each thing that is wrong in ``OIDC_PROVIDERS``; none when it is empty."""
    try:
        entries = _read(text)
    except ValueError:
        return ["isn't JSON."]
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        return ["must be a list of objects."]
    problems = [problem for n, entry in enumerate(entries, 1) for problem in _of(n, entry, https_only)]
    ids = [entry.get("id") for entry in entries]
    if len(set(map(str, ids))) != len(ids):
        problems.append("two providers have the same id.")
    return problems


def _read(text: str) -> Any:
    return json.loads(text) if text.strip() else []


def _of(n: int, entry: dict[str, Any], https_only: bool) -> list[str]:
    missing = [name for name in NEEDED if not isinstance(entry.get(name), str) or not entry[name].strip()]
    if missing:
        return [f"provider {n} lacks {', '.join(missing)}."]
    found = []
    if unknown := sorted(set(entry) - KNOWN):
        found.append(f"provider {n} has {', '.join(unknown)}, which means nothing.")
    if not ID.fullmatch(entry["id"]):
        found.append(f"the id of provider {n} must be small letters, digits and hyphens.")
    if len(entry["name"]) > 40:
        found.append(f"the name of provider {n} has more than 40 characters.")
    url = urlsplit(entry["server_url"])
    if url.scheme not in {"http", "https"} or not url.netloc:
        found.append(f"server_url of provider {n} must be a whole address.")
    elif https_only and url.scheme != "https":
        found.append(f"server_url of provider {n} must begin with https://.")
    domains = entry.get("domains", [])
    if not isinstance(domains, list) or not all(isinstance(d, str) and DOMAIN.fullmatch(d) for d in domains):
        found.append(f'domains of provider {n} must be a list such as ["un.org"], in small letters.')
    return found
