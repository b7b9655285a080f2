"""The values with which a production installation must not start."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from guidelines_portal.settings.identity import problems_of

# Words that only a placeholder contains, from the examples people copy.
PLACEHOLDERS = ("insecure", "change-me", "changeme", "example", "secret-key")


def unsafe_values(values: Mapping[str, Any]) -> list[str]:
    """One line for each unsafe setting, beginning with the variable's name; empty when all are safe."""
    return [
        f"{name}: {reason}"
        for name, reason in (
            ("SECRET_KEY", _secret_key(values["SECRET_KEY"])),
            ("DEBUG", "shows the inside of the portal to everyone; leave it off." if values["DEBUG"] else ""),
            (
                "DEMONSTRATION",
                "lists accounts and their passwords; leave it off." if values["DEMONSTRATION"] else "",
            ),
            ("ALLOWED_HOSTS", _allowed_hosts(values["ALLOWED_HOSTS"])),
            ("SITE_URL", _site_url(values["SITE_URL"])),
            ("CSRF_TRUSTED_ORIGINS", _trusted_origins(values["CSRF_TRUSTED_ORIGINS"])),
            ("DATABASE_URL", _database_url(values["DATABASE_URL"])),
            ("REDIS_URL", _redis_url(values["REDIS_URL"])),
            ("EMAIL_URL", _email_url(values["EMAIL_URL"])),
            ("OIDC_PROVIDERS", " ".join(problems_of(values["OIDC_PROVIDERS"], https_only=True))),
        )
        if reason
    ]


def refuse_unsafe(values: Mapping[str, Any]) -> None:
    """Raise ImproperlyConfigured that names every unsafe setting in `values`."""
    if found := unsafe_values(values):
        raise ImproperlyConfigured("These settings are not safe in production.\n  " + "\n  ".join(found))


def _secret_key(key: str) -> str:
    if not key:
        return "missing; sessions and links in mails are signed with it. Set 50 random characters or more."
    if len(key) < 50 or len(set(key)) < 10:
        return "too short or too uniform to be secret. Set 50 random characters or more."
    if any(word in key.lower() for word in PLACEHOLDERS):
        return "is a placeholder. Set 50 random characters or more."
    return ""


def _allowed_hosts(hosts: list[str]) -> str:
    if not hosts:
        return "missing; name the hosts under which the portal is reached, separated by commas."
    if any(host.strip() in {"*", "."} for host in hosts):
        return "'*' lets a forged Host header into the links that mails carry; name the hosts."
    return ""


def _site_url(url: str) -> str:
    return "" if url.startswith("https://") else "must begin with https://; links in mails are built from it."


def _trusted_origins(origins: list[str]) -> str:
    plain = [origin for origin in origins if not origin.startswith("https://")]
    return (
        f"{plain[0]} isn't https; forms would be accepted from a page that anyone can alter." if plain else ""
    )


def _database_url(url: str) -> str:
    if not url:
        return "missing; set postgres://user:password@host:5432/name."
    if not url.startswith(("postgres://", "postgresql://")):
        return "must name a PostgreSQL database; SQLite serves one machine and few writers."
    return ""


def _redis_url(url: str) -> str:
    if not url:
        return "missing; jobs and shared rate limits need it. Set redis://host:6379/0."
    return (
        ""
        if url.startswith(("redis://", "rediss://", "unix://"))
        else "must begin with redis:// or rediss://."
    )


def _email_url(url: str) -> str:
    if not url:
        return "missing; nobody could confirm an address. Set smtp+tls://user:password@host:587."
    if url.startswith(("consolemail:", "dummymail:", "filemail:", "memorymail:")):
        return "this backend sends nothing; set smtp+tls://user:password@host:587."
    return ""
