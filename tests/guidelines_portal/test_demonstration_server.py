"""What `make demo` says and does around the portal itself."""

import json
import socket
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from guidelines_portal.management.commands.serve_demonstration import announcement


def test_a_taken_port_is_named_and_another_proposed() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(CommandError, match=rf"Port {port} .* make demo PORT={port + 1}"):
            call_command("serve_demonstration", port=port, check_port=True)


def test_the_announcement_gives_the_address_and_who_may_sign_in(settings: Settings, tmp_path: Path) -> None:
    settings.SITE_URL = "http://localhost:8123"
    settings.DEMONSTRATION_ACCOUNTS = tmp_path / "accounts.json"
    person = {"email": "staff@example.org", "password": "correct horse battery", "role": "Secretariat"}
    settings.DEMONSTRATION_ACCOUNTS.write_text(json.dumps([person]))
    text = announcement(8123)
    assert "http://localhost:8123" in text
    assert "staff@example.org  correct horse battery  Secretariat" in text


def test_forgetting_is_refused_where_the_portal_may_be_in_use(settings: Settings) -> None:
    settings.DEMONSTRATION = False
    with pytest.raises(CommandError, match="DEMONSTRATION is off"):
        call_command("forget_demonstration")
