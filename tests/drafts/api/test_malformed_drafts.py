"""What is sent wrongly is the caller's mistake, told as such, and never a failure of the portal."""

from typing import Any

import pytest

from drafts.models import Draft, ProvisionText, StatusRequest
from tests.api_client import client_of
from tests.drafts.api.addresses import DRAFTS, of_draft, of_provision
from tests.factories import make_draft, make_user

pytestmark = pytest.mark.django_db

# No JSON, or not an object.
BODIES: list[Any] = [
    b"",
    b"{",
    b"\xff\xfe",
    b"\xef\xbb\xbf{}",
    b"[" * 100_000,
    b'{"version": NaN}',
    b'{"version": 1e999}',
    [],
    [{}],
    "words",
    5,
    None,
    True,
    {},
]


def send(client: Any, method: str, address: str, body: Any) -> Any:
    kind = {"content_type": "application/json"} if isinstance(body, bytes) else {"format": "json"}
    return getattr(client, method)(address, body, **kind)


@pytest.mark.parametrize("body", BODIES, ids=lambda body: repr(body)[:40])
def test_malformed_bodies(book: Draft, body: Any) -> None:
    drafter = client_of(make_user("drafter"))
    for method, address in (("post", DRAFTS), ("patch", of_provision(book.provisions.get(key="para_1")))):
        answer = send(drafter, method, address, body)
        assert answer.status_code == 400 and isinstance(answer.json(), dict)
    assert Draft.objects.count() == 1
    assert not ProvisionText.objects.exclude(version=1).exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        *(("version", value) for value in (None, "x", "", 0, -1, 2**31, 10**20, 1.5, [], {}, True, "1x")),
        *(("text", value) for value in (None, [], {}, True, "a\x00b", "x" * 100_001)),
        *(("heading", value) for value in (None, [], {}, False, "a\x00b", "x" * 100_001)),
        *(("reason", value) for value in (None, [], {}, "a\x00b", "x" * 2_001)),
        *(("language", value) for value in (None, "xx", "", "EN", [], {}, 5, "en\x00")),
    ],
    ids=lambda value: repr(value)[:30],
)
def test_a_malformed_change_is_told_by_field(book: Draft, field: str, value: Any) -> None:
    provision = book.provisions.get(key="para_1")
    sent = {"version": 1, "text": "Other.", field: value}
    answer = client_of(make_user("drafter")).patch(of_provision(provision), sent)
    assert answer.status_code == 400 and list(answer.json()) == [field]
    assert not ProvisionText.objects.exclude(version=1).exists()


@pytest.mark.parametrize("field", ["text", "heading", "reason", "language"])
def test_half_characters_are_told_by_field(book: Draft, field: str) -> None:
    provision = book.provisions.get(key="para_1")
    words = b'{"version": 1, "%s": "a\\ud800"}' % field.encode()
    answer = send(client_of(make_user("drafter")), "patch", of_provision(provision), words)
    assert answer.status_code == 400 and list(answer.json()) == [field]
    label = send(
        client_of(make_user("drafter")), "post", DRAFTS, b'{"base": %d, "label": "\\udfff"}' % book.pk
    )
    assert label.status_code == 400 and list(label.json()) == ["label"]


def test_the_version_is_required(book: Draft) -> None:
    provision = book.provisions.get(key="para_1")
    answer = client_of(make_user("drafter")).patch(of_provision(provision), {"text": "Other."})
    assert answer.status_code == 400 and list(answer.json()) == ["version"]


def test_a_change_changes_something(book: Draft) -> None:
    provision = book.provisions.get(key="pillar_1__principle_a")
    for sent in ({}, {"reason": "None."}, {"text": "Fair."}, {"text": " Fair. ", "heading": ""}):
        answer = client_of(make_user("drafter")).patch(of_provision(provision), {"version": 1, **sent})
        assert answer.status_code == 400 and list(answer.json()) == ["text"]


def test_long_provisions_are_allowed(book: Draft) -> None:
    """Tables of the real document are long; the limit is 100,000 characters, also beyond the basic plane."""
    provision = book.provisions.get(key="para_1")
    sent = {"version": 1, "text": "\U0001f3d9" * 100_000}
    changed = client_of(make_user("drafter")).patch(of_provision(provision), sent)
    assert (changed.status_code, changed.json()["text"]) == (200, sent["text"])


@pytest.mark.parametrize("body", BODIES, ids=lambda body: repr(body)[:40])
def test_publishing_needs_no_body_and_minds_none_that_is_json(body: Any) -> None:
    answer = send(client_of(make_user("staff")), "post", of_draft(make_draft(), "publish/"), body)
    assert answer.status_code in (202, 400)
    assert StatusRequest.objects.count() == int(answer.status_code == 202)


@pytest.mark.parametrize(
    "pk", ["0", "999999999999999", "9999999999999999", "9" * 40, "-1", "x", "1.0", "%00", "1%00", "%ED%A0%80"]
)
def test_ids_that_nothing_has_are_not_found(pk: str) -> None:
    make_draft(status="published")
    paths = [f"{DRAFTS}{pk}/{part}" for part in ("", "provisions/", "terms/", "publish/")]
    paths += [f"/api/v1/provisions/{pk}/{part}" for part in ("", "history/")]
    client = client_of(make_user("drafter"))
    for path in paths:
        wanted = 405 if path.endswith("publish/") else 404
        assert client.get(path).status_code in (wanted, 404), path
    assert client.post(f"{DRAFTS}{pk}/publish/").status_code == 404
    assert client.patch(f"/api/v1/provisions/{pk}/", {"version": 1}).status_code == 404


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({"status": "x"}, 400),
        ({"status": "\x00"}, 400),
        ({"number": "x"}, 400),
        ({"number": "1.5"}, 400),
        ({"number": "NaN"}, 400),
        ({"number": "\x00"}, 400),
        ({"number": "1e400"}, 400),
        ({"number": "9" * 40}, 200),
        ({"number": "-1"}, 200),
        ({"guidelines": "\x00"}, 400),
        ({"guidelines": "x" * 5_000}, 200),
        ({"language": "xx"}, 400),
        ({"page": "\x00"}, 404),
    ],
)
def test_wrong_filters_of_drafts(query: dict[str, str], status: int) -> None:
    make_draft(status="published")
    answer = client_of().get(DRAFTS, query)
    assert answer.status_code == status
    if status == 400:
        assert list(answer.json()) == list(query)
    if status == 200:
        assert answer.json()["count"] == 0


@pytest.mark.parametrize("method", ["put", "delete"])
def test_methods_that_are_not_there(book: Draft, method: str) -> None:
    drafter = client_of(make_user("drafter"))
    provision = book.provisions.get(key="para_1")
    addresses = [of_draft(book), of_draft(book, "provisions/"), of_provision(provision)]
    for address in (DRAFTS, *addresses, of_provision(provision, "history/")):
        assert getattr(drafter, method)(address).status_code == 405
    assert client_of().options(of_provision(provision)).status_code == 200
