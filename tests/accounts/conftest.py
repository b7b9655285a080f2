"""People, texts and a way to let the portal finish its work, which the tests of `accounts` share."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.test import Client

from accounts.models import Consent, ConsentText, User
from core import outbox

PASSWORD = "correct horse battery staple"


@pytest.fixture(autouse=True)
def _files_and_mails_of_this_test(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.MAILBOX_DIRECTORY = tmp_path / "mailbox"
    settings.REDIS_URL = ""


@pytest.fixture
def newer_text() -> Callable[[str], None]:
    """Bring a second version of the consent text into force, in every language."""

    def bring(words: str) -> None:
        for language, _name in django_settings.LANGUAGES:
            text = f"{words} ({language})"
            digest = hashlib.sha256(text.encode()).hexdigest()
            ConsentText.objects.create(
                kind="participation", version=2, language=language, text=text, sha256=digest
            )

    return bring


def agree(person: User, version: int = 1, language: str = "en") -> Consent:
    text = ConsentText.objects.get(kind="participation", version=version, language=language)
    return Consent.objects.create(user=person, text=text)


def signed_in(person: Any) -> Client:
    client = Client()
    client.force_login(person)
    return client


def known_by_password(person: User) -> Client:
    """Signed in by password a moment ago, and asked for it once more."""
    person.set_password(PASSWORD)
    person.save()
    client = Client()
    client.force_login(person)
    client.post("/en/account/reauthenticate/", {"password": PASSWORD})
    return client


def settle() -> None:
    """Deliver everything that is due, and what follows from it."""
    while outbox.drain():
        pass
