"""Where somebody may be led because a request says so."""

import pytest

from core.addresses import is_local


@pytest.mark.parametrize(
    "address", ["/", "/en/", "/en/account/?next=/en/", "/en/rounds/3/#question-4", "/en/ü"]
)
def test_paths_of_the_portal(address: str) -> None:
    assert is_local(address)


@pytest.mark.parametrize(
    "address",
    [
        *("", "en/", "//evil.example", "///evil.example", "/\\evil.example", "\\/evil.example", "/en\\evil"),
        *("https://evil.example/", "http:///evil.example", "javascript:alert(1)", " /en/", "?x", "#x"),
        *("/\t/evil.example", "/\n/evil.example", "\x00/en/", "/en/\x00", None, ["/en/"]),
    ],
)
def test_everything_else_leads_nowhere(address: str) -> None:
    assert not is_local(address)
