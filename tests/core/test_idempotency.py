"""A repeated request makes nothing twice."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from core.idempotency import perform_once, prune
from core.models import AuditEntry, IdempotencyKey, pk_of
from core.verdicts import Conflict, Refusal, Refused


def make() -> AuditEntry:
    return AuditEntry.objects.create(action="made", subject="test")


def find(subject: str) -> AuditEntry:
    return AuditEntry.objects.get(pk=pk_of(subject, AuditEntry))


def post(person: Any, key: Any, body: Any, action: Any = make) -> tuple[AuditEntry, bool]:
    return perform_once(actor=person, key=key, body=body, action=action, find=find)


@pytest.mark.django_db(transaction=True)
def test_twenty_parallel_posts_with_one_key_make_one_row(person: Any, together: Any) -> None:
    key = uuid4()
    results = together(lambda: post(person, key, {"body": "Enforce → apply"}), 20)
    assert [result for result in results if isinstance(result, Exception)] == []
    assert AuditEntry.objects.count() == 1
    assert {made.pk for made, _created in results} == {AuditEntry.objects.get().pk}
    assert sum(created for _made, created in results) == 1


@pytest.mark.django_db
def test_a_repeat_gives_the_first_result_whatever_the_order_of_its_fields(person: Any) -> None:
    key = uuid4()
    first, created = post(person, key, {"a": 1, "b": {"c": None, "d": "é"}})
    again, created_again = post(person, key, {"b": {"d": "é", "c": None}, "a": 1})
    assert (created, created_again) == (True, False)
    assert first == again
    assert AuditEntry.objects.count() == 1


@pytest.mark.django_db
def test_the_same_key_with_another_body_is_a_conflict_and_makes_nothing(person: Any) -> None:
    key = uuid4()
    post(person, key, {"body": "one"})
    with pytest.raises(Conflict) as caught:
        post(person, key, {"body": "two"})
    assert caught.value.current == {"key": str(key)}
    assert AuditEntry.objects.count() == 1


@pytest.mark.django_db
def test_keys_belong_to_one_person_and_no_key_means_every_time(person: Any, stranger: Any) -> None:
    key = uuid4()
    made = [
        post(actor, k, {})[0].pk
        for actor, k in ((person, key), (stranger, key), (person, None), (person, None))
    ]
    assert len(set(made)) == 4


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("error", [Refusal(Refused("closed")), ValueError("invalid")])
def test_an_action_that_fails_leaves_the_key_unused(person: Any, error: Exception) -> None:
    def failing() -> AuditEntry:
        make()
        raise error

    key = uuid4()
    with pytest.raises(type(error)):
        post(person, key, {}, failing)
    assert (AuditEntry.objects.count(), IdempotencyKey.objects.count()) == (0, 0)
    assert post(person, key, {})[1] is True


@pytest.mark.django_db
def test_old_keys_are_forgotten(person: Any) -> None:
    old, new = uuid4(), uuid4()
    post(person, old, {})
    post(person, new, {})
    IdempotencyKey.objects.filter(key=old).update(created_at=timezone.now() - timedelta(days=31))
    assert prune() == 1
    assert IdempotencyKey.objects.get().key == new
