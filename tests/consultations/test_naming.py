"""One rule of names: readers x promises, asked of every place where a name stands."""

from typing import Any

import pytest
from django.test import Client

from consultations.actions.answering import answer_comment
from consultations.actions.discussing import reply_to_comment, take_position
from consultations.actions.evidence import add_evidence
from consultations.actions.leaving import take_name_off
from consultations.mentions import others
from consultations.models import Comment, Round
from consultations.naming import shown_to_others_as
from tests.factories import make_comment, make_draft, make_round, make_user

pytestmark = pytest.mark.django_db

NAME = "Zzcanary Qquux"
PROMISES = [("anonymous", False), ("organisation", False), ("named", True)]


@pytest.fixture(params=PROMISES, ids=["without name", "organization only", "anonymous round"])
def comment(request: pytest.FixtureRequest) -> Comment:
    """A comment whose author replied to it, and on which somebody else took a position and said why."""
    attribution, anonymous = request.param
    round_ = make_round(make_draft(status="published", paragraphs=1), anonymous=anonymous)
    author = make_user("expert", name=NAME)
    comment = make_comment(round_, author, provision_key="para_1", attribution=attribution)
    add_evidence(actor=author, comment=comment, url="https://example.org/study")
    reply_to_comment(author=author, comment=comment, body="I add this.")
    reply_to_comment(author=make_user(), comment=comment, body="@Secretariat, see no. 1.")
    take_position(user=make_user("expert"), comment=comment, position="support", reason="Well said.")
    answer_comment(actor=make_user("staff"), comment=comment, outcome="noted", responses={"en": "Noted."})
    return comment


def client_of(user: Any) -> Client:
    client = Client()
    if user:
        client.force_login(user)
    return client


def addresses_of(comment: Comment) -> list[str]:
    """Everywhere the comment or what was said on it is shown or listed."""
    round_, draft = comment.round, comment.round.draft
    pages = f"/en/rounds/{round_.pk}"
    api = "/api/v1"
    return [
        f"{pages}/comments/{comment.uuid}/",
        f"{pages}/comments/",
        f"{pages}/comments/?search=clearly",
        f"{pages}/comments/?search={NAME.split()[0]}",
        f"{pages}/on/para_1/",
        f"{pages}/desk/",
        f"{pages}/desk/?search=clearly",
        f"{pages}/figures/",
        "/en/my/replies/",
        f"/en/guidelines/{draft.guidelines.slug}/drafts/{draft.number}/chp_1/?round={round_.pk}",
        "/en/feed/",
        f"{api}/rounds/{round_.pk}/comments/",
        f"{api}/comments/{comment.uuid}/",
        f"{api}/comments/{comment.uuid}/replies/",
    ]


@pytest.mark.parametrize("roles", [None, (), ("expert",), ("drafter",)], ids=str)
def test_the_name_stands_nowhere_for_others(comment: Comment, roles: tuple[str, ...] | None) -> None:
    reader = make_user(*roles) if roles is not None else None
    client = client_of(reader)
    read = {address: client.get(address) for address in addresses_of(comment)}
    assert [address for address, page in read.items() if "Zzcanary" in page.content.decode()] == [
        # What one searched for oneself stands in the field.
        address
        for address in read
        if "Zzcanary" in address
    ]
    assert sum(page.status_code == 200 for page in read.values()) > 7
    assert not any("Zzcanary" in each.name for each in others(comment, reader or make_user()))


def test_author_and_staff_read_it(comment: Comment) -> None:
    for reader in (comment.author, make_user("staff")):
        page = client_of(reader).get(f"/en/rounds/{comment.round_id}/comments/{comment.uuid}/")
        assert page.content.decode().count(NAME) >= 2  # beside the comment, and beside the reply
    desk = client_of(make_user("staff")).get(f"/en/rounds/{comment.round_id}/desk/").content.decode()
    assert desk.count(NAME) >= 3  # in the list, too


def test_staff_of_another_round_are_not_this_one_s(comment: Comment) -> None:
    from accounts.models import RoleGrant

    reader = make_user()
    RoleGrant.objects.create(user=reader, role="staff", scope_type="round", scope_id=str(comment.round_id))
    elsewhere = make_user()
    RoleGrant.objects.create(user=elsewhere, role="staff", scope_type="round", scope_id="0")
    address = f"/api/v1/comments/{comment.uuid}/"
    assert client_of(reader).get(address).json()["author"]["name"] == NAME
    assert client_of(elsewhere).get(address).json()["author"]["name"] is None


def test_the_author_is_told_what_others_see(comment: Comment) -> None:
    seen = client_of(make_user("drafter")).get(f"/en/rounds/{comment.round_id}/comments/{comment.uuid}/")
    own = client_of(comment.author).get(f"/en/rounds/{comment.round_id}/comments/{comment.uuid}/")
    assert "Shown to others as: Without name" in own.content.decode()
    assert "Shown to others as" not in seen.content.decode().partition("<form")[0]
    reply = "Without name" if comment.round.anonymous else "Author of the comment"
    assert own.content.decode().count(f"Shown to others as: {reply}") >= 2  # at the reply, and in its form


def test_what_others_see_is_the_organisation_where_that_was_chosen() -> None:
    round_ = make_round(make_draft(status="published"))
    from tests.factories import make_member_state

    author = make_user(name=NAME)
    make_member_state("KEN", contact=author)
    kept = make_comment(round_, author, attribution="organisation")
    assert shown_to_others_as(kept) == "Kenya"
    draft = make_comment(round_, author, attribution="organisation", submit=False)
    assert shown_to_others_as(draft) == "your organization, without your name"
    named = make_comment(round_, author)
    assert shown_to_others_as(named) == f"{NAME} – Kenya"


def test_a_name_that_was_given_up_is_a_pseudonym_in_the_reader_s_language_in_lists_and_the_api() -> None:
    round_ = make_round(make_draft(status="published"))
    comment = make_comment(round_, make_user(name=NAME))
    reply_to_comment(author=comment.author, comment=comment, body="I add this.")
    take_name_off(person_id=comment.author_id)
    staff = client_of(make_user("staff"))
    french = {"Accept-Language": "fr"}
    shown = staff.get(f"/api/v1/comments/{comment.uuid}/", headers=french).json()["author"]["name"]
    said = staff.get(f"/api/v1/comments/{comment.uuid}/replies/", headers=french).json()["results"][0]
    assert shown == said["author"] and "participant" in shown and not shown.startswith("Former participant")
    desk = staff.get(f"/fr/rounds/{round_.pk}/desk/").content.decode()
    assert shown in desk and "Former participant" not in desk


ORIGIN = {"region": "africa", "stakeholder_group": "academia"}


@pytest.fixture
def rounds() -> list[Round]:
    draft = make_draft(status="published", paragraphs=1)
    return [make_round(draft), make_round(draft, anonymous=True)]


def from_africa(round_: Round, author: Any, **fields: Any) -> Comment:
    comment = make_comment(round_, author, provision_key="para_1", **fields)
    Comment.objects.filter(pk=comment.pk).update(**ORIGIN)
    return comment


@pytest.mark.parametrize(
    ("attribution", "anonymous", "told"),
    [
        ("named", False, True),
        ("organisation", False, True),
        ("anonymous", False, False),
        ("named", True, False),
        ("organisation", True, False),
        ("anonymous", True, False),
    ],
)
def test_where_a_comment_comes_from_is_told_with_a_name_only(
    rounds: list[Round], attribution: str, anonymous: bool, told: bool
) -> None:
    round_ = rounds[int(anonymous)]
    author = make_user()
    comment = from_africa(round_, author, attribution=attribution)
    readers = [(None, told), (make_user(), told), (make_user("drafter"), told)]
    readers += [(author, True), (make_user("staff"), True)]
    for reader, knows in readers:
        client, listed = client_of(reader), f"/api/v1/rounds/{round_.pk}/comments/"
        shown = client.get(f"/api/v1/comments/{comment.uuid}/").json()
        assert (shown["region"], shown["stakeholder"]) == (("africa", "academia") if knows else (None, None))
        for asked in ("region=africa", "stakeholder=academia"):
            assert client.get(f"{listed}?{asked}").json()["count"] == int(knows)
        # What isn't known is not told by what is missing, either.
        assert client.get(f"{listed}?region=europe").json()["count"] == 0
        beside = client.get(f"/en/rounds/{round_.pk}/on/para_1/?group=academia").content.decode()
        assert (f'id="comment-{comment.uuid}"' in beside) is knows
