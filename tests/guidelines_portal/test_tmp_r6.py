from django.core.cache import cache
from django.db import transaction
import pytest
from tests.guidelines_portal.test_permissions import *
pytestmark = pytest.mark.django_db
def test_every_route_is_in_the_table(): pass
def test_what_each_role_is_answered(): pass
def test_mine(world):
    found, wanted = {}, {}
    for pattern in [k for k in TABLE if 'reminders' in k]:
        cache.clear()
        with transaction.atomic():
            found[pattern] = answers(pattern, world); transaction.set_rollback(True)
        wanted[pattern] = dict(zip(ROLES, TABLE[pattern]))
    assert len(found) == 12
    assert found == wanted
