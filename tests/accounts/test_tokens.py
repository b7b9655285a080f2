"""API tokens on their owner's profile: listed by their beginning, taken out of use at once."""

import pytest
from django.test import Client
from knox.models import AuthToken

from core.models import AuditEntry
from tests.factories import make_user

pytestmark = pytest.mark.django_db

PROFILE = "/en/account/profile/"


def revoking(token: AuthToken) -> str:
    return f"{PROFILE}tokens/{token.token_key}/revoke/"


def test_the_profile_lists_my_tokens_alone(client: Client) -> None:
    me, other = make_user("expert"), make_user("expert")
    mine, my_words = AuthToken.objects.create(user=me)
    theirs, _words = AuthToken.objects.create(user=other)
    client.force_login(me)
    page = client.get(PROFILE).content.decode()
    assert revoking(mine) in page
    assert revoking(theirs) not in page
    assert my_words not in page


def test_a_revoked_token_opens_nothing_any_more(client: Client) -> None:
    me = make_user("expert")
    token, words = AuthToken.objects.create(user=me)
    bearer = {"HTTP_AUTHORIZATION": f"Token {words}"}
    assert Client().get("/api/v1/guidelines/", **bearer).status_code == 200
    client.force_login(me)
    assert client.post(revoking(token)).status_code == 302
    assert client.post(revoking(token)).status_code == 404  # a second time there is none
    assert Client().get("/api/v1/guidelines/", **bearer).status_code == 401
    entry = AuditEntry.objects.get(action="token.revoke")
    assert (entry.actor, entry.changes) == (me, {"token": token.token_key})


def test_nobody_revokes_the_token_of_another(client: Client) -> None:
    token, _words = AuthToken.objects.create(user=make_user("expert"))
    client.force_login(make_user("admin"))
    assert client.post(revoking(token)).status_code == 404
    assert AuthToken.objects.filter(pk=token.pk).exists()
