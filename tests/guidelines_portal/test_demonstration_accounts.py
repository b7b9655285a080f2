"""The sign-in page and the terminal show the same accounts."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from accounts.demonstration_accounts import demonstration_accounts
from guidelines_portal.management.commands import load_demonstration
from guidelines_portal.management.commands.serve_demonstration import announcement
from tests.factories import make_user

pytestmark = pytest.mark.django_db
SECRETARIAT = ("staff", "drafter", "coordinator", "admin")


def test_the_page_and_the_terminal_list_the_same(
    settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.DEMONSTRATION = True
    settings.DEMONSTRATION_ACCOUNTS = tmp_path / "accounts.json"
    for role in (*SECRETARIAT, "drafter", "expert", "expert", "expert", "focal_point", "participant"):
        make_user(role)
    monkeypatch.setattr(load_demonstration, "is_loaded", lambda: True)
    monkeypatch.setattr(load_demonstration, "load_demonstration", lambda password: {"people": 9})
    load_demonstration.Command().handle()
    page, terminal = Client().get("/en/account/login/").content.decode(), announcement(8000)
    emails = [account["email"] for account in demonstration_accounts()]
    assert len(emails) == 9
    for email in emails:
        assert email in page and email in terminal
    assert (
        page.count('name="login" value=')
        == sum("@example.org" in line for line in terminal.splitlines())
        == 9
    )


def test_in_use_there_are_none(settings: Any) -> None:
    settings.DEMONSTRATION = False
    make_user("staff")
    assert demonstration_accounts() == []
