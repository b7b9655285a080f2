"""Thousands of rows at once are what `bulk_create` would have made of them."""

from datetime import UTC, datetime

import pytest
from django.db import DataError, IntegrityError, connection, transaction

from accounts.models import User
from core.many_rows import insert_rows
from core.models import Message, Notice, Outbox

pytestmark = pytest.mark.django_db

MESSAGE = ("recipient", "digest_key", "language", "message_id")


def _message(number: int, recipient: int | None = None) -> tuple[int | None, str, str, str]:
    return recipient, "", "fr", f"<{number}@portal.invalid>"


def test_keys_come_in_the_order_of_the_rows_also_beyond_one_statement() -> None:
    numbers = range(1200)  # more values than SQLite takes in one statement
    keys = insert_rows(Message, MESSAGE, [_message(number) for number in numbers])
    found = dict(Message.objects.values_list("pk", "message_id"))
    assert [found[key] for key in keys] == [f"<{number}@portal.invalid>" for number in numbers]


def test_columns_that_are_not_named_have_their_defaults() -> None:
    person = User.objects.create_user(email="a@example.org", name="A")
    [key] = insert_rows(Message, MESSAGE, [_message(1, person.pk)], same={"last_error": "none yet: 50 %"})
    made = Message.objects.get(pk=key)
    like = Message.objects.create(recipient=person, language="fr", message_id="<2@portal.invalid>")
    assert made.last_error == "none yet: 50 %"
    for name in ("recipient_id", "channel", "state", "attempts", "claimed_at", "sent_at", "bounce_note"):
        assert getattr(made, name) == getattr(like, name), name
    assert abs(made.created_at - like.created_at).total_seconds() < 60


def test_times_are_instants() -> None:
    at = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    insert_rows(
        Outbox, ("subject", "handler", "available_at"), [("a.b:1", "none", at)], same={"event": "x.y"}
    )
    assert Outbox.objects.get(subject="a.b:1").available_at == at


def test_what_is_double_is_passed_over_only_when_asked() -> None:
    row = [(None, "core.outbox:1", "once", None)]
    columns = ("recipient", "subject", "occurrence", "message")
    insert_rows(Notice, columns, row, same={"kind": "k"})
    with pytest.raises(IntegrityError), transaction.atomic():
        insert_rows(Notice, columns, row, same={"kind": "k"})
    insert_rows(
        Notice,
        columns,
        [*row, (None, "core.outbox:2", "once", None)],
        same={"kind": "k"},
        ignore_conflicts=True,
    )
    assert sorted(Notice.objects.values_list("subject", flat=True)) == ["core.outbox:1", "core.outbox:2"]


def test_nothing_is_cut_to_fit() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no lengths")
    with pytest.raises(DataError), transaction.atomic():
        insert_rows(Message, MESSAGE, [(None, "", "x" * 11, "<3@portal.invalid>")])


def test_no_rows_are_no_statement(django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    with django_assert_num_queries(0):
        assert insert_rows(Message, MESSAGE, []) == []
