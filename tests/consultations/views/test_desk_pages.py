"""The desk's pages beside the list: many at once, people, tags, notes, saved filters; and that none of it gets out."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import RoleGrant
from consultations.actions.noting import write_note
from consultations.actions.saving_filters import save_filter
from consultations.actions.tagging import tag_comments
from consultations.models import Assignment, Comment, Note, Round, SavedFilter, Tag
from consultations.views import desk_work
from tests.factories import make_comment, make_draft, make_round, make_user

pytestmark = pytest.mark.django_db
PAGES = ("people/", "tags/", "filters/", "work/?all=1")


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def round_() -> Round:
    return make_round(make_draft(status="published", paragraphs=1))


@pytest.fixture
def person() -> Any:
    return make_user("staff", name="Sana Staff")


@pytest.fixture
def staff(person: Any) -> Client:
    return signed_in(person)


@pytest.fixture
def comments(round_: Round) -> list[Comment]:
    kinds = ("editorial", "editorial", "technical")
    return [make_comment(round_, make_user(), provision_key="para_1", kind=kind) for kind in kinds]


def at(round: Round, page: str = "") -> str:
    return f"/en/rounds/{round.pk}/desk/{page}"


def told(client: Client, path: str, sent: dict[str, Any]) -> str:
    return client.post(path, sent, follow=True).content.decode()


def test_everything_found_is_assigned_and_tagged_after_its_number_is_seen(
    round_: Round, staff: Client, person: Any, comments: list[Comment]
) -> None:
    page = staff.get(at(round_, "work/?kind=editorial&all=1"))
    assert "Assign or tag 2 comments" in page.content.decode()
    sent = {
        **{field.name: field.value() or "" for field in page.context["form"]},
        **{
            "all": "1",
            "count": "2",
            "filters": "kind=editorial",
            "person": str(person.pk),
            "add": "Housing, data",
        },
    }
    # Meanwhile there is one more: the number is shown again, nothing is done.
    third = make_comment(round_, make_user(), kind="editorial")
    response = staff.post(at(round_, "work/"), sent)
    assert response.status_code == 409 and "3 comments are found now" in response.content.decode()
    assert not Assignment.objects.exists() and not Tag.objects.exists()
    said = told(staff, at(round_, "work/"), {**sent, "count": "3"})
    assert "Assigned to Sana Staff: 3 comments." in said and "Tags changed on 3 comments." in said
    assert set(Assignment.objects.values_list("comment", flat=True)) == {
        *(c.pk for c in comments[:2]),
        third.pk,
    }
    assert f"assigned={person.pk}" in staff.get(at(round_, "people/")).content.decode()


def test_those_ticked_are_chosen_for(round_: Round, staff: Client, comments: list[Comment]) -> None:
    tag_comments(actor=make_user("staff"), round=round_, comments=[comments[0].pk], add=["Old"])
    chosen = {"chosen": [str(c.uuid) for c in comments[:2]], "filters": "page=2"}
    page = staff.post(at(round_, "work/"), chosen)
    assert page.status_code == 200 and page.content.decode().count('name="chosen"') == 2
    old = Tag.objects.get()
    act = page.context["form"]["act"].value()
    sent = {**chosen, "act": str(act), "person": "", "add": "New", "remove": [str(old.pk)]}
    landed = staff.post(at(round_, "work/"), sent)
    assert landed.status_code == 302 and "page=2" in landed["Location"]
    assert [t.name for t in Tag.objects.filter(taggings__comment=comments[0])] == ["New"]
    for wrong in (
        {"person": "", "add": ""},
        {"person": "999999"},
        {"remove": ["x"]},
        {"act": "x", "add": "y"},
    ):
        assert staff.post(at(round_, "work/"), {**chosen, "act": str(act), **wrong}).status_code == 400
    assert "Choose at least one" in told(staff, at(round_, "work/"), {"act": str(act), "add": "x"})


def test_too_many_are_refused(
    round_: Round, staff: Client, comments: list[Comment], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk_work, "MOST", 2)
    page = staff.get(at(round_, "work/?all=1")).content.decode()
    assert "More than 2 comments are found" in page and "Do it for" not in page
    sent = {"all": "1", "count": "3", "act": "00000000-0000-4000-8000-000000000001", "add": "x"}
    assert staff.post(at(round_, "work/"), sent).status_code == 400
    assert not Tag.objects.exists()


def test_one_comment_is_taken_given_and_tagged_beside_its_text(
    round_: Round, staff: Client, person: Any, comments: list[Comment]
) -> None:
    one = {"comment": str(comments[0].uuid), "filters": "kind=editorial"}
    landed = staff.post(at(round_, "assign/"), {**one, "me": "1", "seen": ""})
    assert f"comment={comments[0].uuid}" in landed["Location"] and "kind=editorial" in landed["Location"]
    assert Assignment.objects.get().person == person
    assert "Meanwhile" in told(
        staff, at(round_, "assign/"), {**one, "person": str(make_user("staff").pk), "seen": ""}
    )
    assert "may answer" in told(staff, at(round_, "assign/"), {**one, "person": str(make_user().pk)})
    assert "nobody" in told(staff, at(round_, "assign/"), {**one, "person": "", "seen": str(person.pk)})
    staff.post(at(round_, "tag/"), {**one, "tags": "housing, data", "seen": ""})
    staff.post(at(round_, "tag/"), {**one, "tags": "Data, water", "seen": "housing,data"})
    assert {t.name for t in Tag.objects.filter(taggings__comment=comments[0])} == {"data", "water"}
    page = staff.get(at(round_, f"?comment={comments[0].uuid}")).content.decode()
    assert '<span class="tag"><bdi>water</bdi></span>' in page


def test_the_tags_page_renames_merges_and_deletes(
    round_: Round, staff: Client, comments: list[Comment]
) -> None:
    actor = make_user("staff")
    for name in ("a", "b"):
        tag_comments(actor=actor, round=round_, comments=[c.pk for c in comments], add=[name])
    a, b = Tag.objects.order_by("name")
    assert staff.get(at(round_, "tags/")).content.decode().count("3 comments</a>") == 2
    assert "renamed" in told(staff, at(round_, "tags/"), {"tag": a.pk, "name": "Alpha", "seen": "a"})
    assert "Alpha" in told(staff, at(round_, "tags/"), {"tag": b.pk, "into": a.pk, "merge": "1"})
    assert "is deleted" in told(staff, at(round_, "tags/"), {"tag": a.pk, "delete": "1"})
    elsewhere = Tag.objects.create(round=make_round(round_.draft), name="a", folded="a")
    for wrong in (elsewhere.pk, "x", "", 10**12):
        assert staff.post(at(round_, "tags/"), {"tag": wrong, "delete": "1"}).status_code == 404


def test_notes_are_written_changed_and_deleted(round_: Round, staff: Client, comments: list[Comment]) -> None:
    one = {"comment": str(comments[0].uuid)}
    landed = staff.post(at(round_, "notes/"), {**one, "body": "Ask the lawyers."})["Location"]
    assert landed.endswith("#notes")
    page = staff.get(at(round_)).content.decode()
    assert "Ask the lawyers." in page and "1 note</span>" in page
    note = Note.objects.get()
    sent = {"note": note.pk, "version": "1", "body": "They agree."}
    staff.post(at(round_, "notes/"), sent)
    assert "Other words" in told(staff, at(round_, "notes/"), {**sent, "body": "Other words"})
    assert Note.objects.get().body == "They agree."
    drafter = signed_in(make_user("drafter"))
    assert "They agree." in drafter.get(at(round_)).content.decode()
    assert drafter.post(at(round_, "notes/"), {**sent, "delete": "1"}).status_code == 403
    assert "deleted" in told(staff, at(round_, "notes/"), {**sent, "delete": "1"})
    assert staff.post(at(round_, "notes/"), {**sent, "delete": "1"}).status_code == 404


def test_filters_are_saved_shared_and_opened_by_link(round_: Round, staff: Client) -> None:
    saved = {"name": "Mine", "filters": "kind=editorial&assigned=me&page=3&nonsense=1"}
    assert "is saved" in told(staff, at(round_, "filters/"), saved)
    assert SavedFilter.objects.get().query == "kind=editorial&assigned=me"
    assert "is replaced" in told(staff, at(round_, "filters/"), {**saved, "filters": "kind=technical"})
    drafter = signed_in(make_user("drafter"))
    link = '<a class="tag" href="?kind=technical"'
    assert link in staff.get(at(round_)).content.decode()
    assert link not in drafter.get(at(round_)).content.decode()
    mine = SavedFilter.objects.get()
    told(staff, at(round_, "filters/"), {"saved": mine.pk, "name": "Ours", "shared": "1"})
    assert link in drafter.get(at(round_)).content.decode()
    assert drafter.post(at(round_, "filters/"), {"saved": mine.pk, "delete": "1"}).status_code == 404
    assert "is deleted" in told(staff, at(round_, "filters/"), {"saved": mine.pk, "delete": "1"})


def test_a_link_to_a_round_out_of_sight_is_404() -> None:
    hidden = make_round(make_draft(paragraphs=1))
    stranger = signed_in(make_user())
    for page in ("?kind=editorial", *PAGES):
        assert stranger.get(at(hidden, page)).status_code == 404
    visible = make_round(make_draft(status="published", paragraphs=1))
    for page in ("?kind=editorial", *PAGES):
        assert stranger.get(at(visible, page)).status_code == 403
        assert Client().get(at(visible, page)).status_code == 302


def test_a_drafter_of_another_round_has_no_part_in_it(round_: Round, comments: list[Comment]) -> None:
    other = make_user()
    elsewhere = make_round(round_.draft)
    RoleGrant.objects.create(user=other, role="drafter", scope_type="round", scope_id=str(elsewhere.pk))
    client = signed_in(other)
    assert client.get(at(elsewhere)).status_code == 200
    for page in PAGES:
        assert client.get(at(round_, page)).status_code == 403
    one = {"comment": str(comments[0].uuid), "body": "x", "me": "1", "tags": "x"}
    for act in ("notes/", "assign/", "tag/"):
        assert client.post(at(round_, act), one).status_code == 403
        # Nor through the desk of their own round.
        client.post(at(elsewhere, act), one)
    assert not Note.objects.exists() and not Tag.objects.exists() and not Assignment.objects.exists()


def test_nothing_of_it_gets_out(round_: Round, person: Any, comments: list[Comment]) -> None:
    comment = comments[0]
    write_note(actor=person, comment=comment, body="Zzsecretnote")
    tag_comments(actor=person, round=round_, comments=[comment.pk], add=["zzsecrettag"])
    save_filter(actor=person, round=round_, name="zzsecretfilter", query="kind=editorial", shared=True)
    pages = f"/en/rounds/{round_.pk}"
    api = "/api/v1"
    addresses = [
        f"{pages}/comments/{comment.uuid}/",
        f"{pages}/comments/?search=zzsecret",
        f"{pages}/on/para_1/",
        f"{pages}/figures/",
        "/en/my/comments/",
        "/en/my/comments/download/",
        "/en/feed/",
        f"{api}/rounds/{round_.pk}/comments/",
        f"{api}/comments/{comment.uuid}/",
    ]
    for reader in (comment.author, make_user("expert"), make_user("admin"), person):
        client = signed_in(reader)
        for address in addresses:
            shown = client.get(address)
            assert "zzsecret" not in shown.content.decode().lower().replace("search=zzsecret", "").replace(
                'value="zzsecret"', ""
            ), address
    assert comment.search_tokens == Comment.objects.get(pk=comment.pk).search_tokens
    assert "zzsecret" not in Comment.objects.get(pk=comment.pk).search_tokens


def test_the_page_s_queries_do_not_grow_with_what_stands_beside_comments(round_: Round, person: Any) -> None:
    client, counts = signed_in(person), []
    for more in (2, 20):
        for number in range(more):
            comment = make_comment(round_, make_user())
            write_note(actor=person, comment=comment, body=f"Note {number}.")
            tag_comments(actor=person, round=round_, comments=[comment.pk], add=[f"tag {number}", "all"])
            Assignment.objects.create(comment=comment, round=round_, person=make_user("drafter"))
            save_filter(actor=person, round=round_, name=f"Filter {number}", query="", shared=True)
        with CaptureQueriesContext(connection) as captured:
            page = client.get(at(round_, "?kind=substantive&search=clearly"))
        counts.append(len(captured))
        assert len(page.content) < 150_000
    assert counts[0] == counts[1]


def test_without_javascript_a_link_ticks_the_page(
    round_: Round, staff: Client, comments: list[Comment]
) -> None:
    page = staff.get(at(round_, "?kind=editorial&tick=page"))
    assert page.content.decode().count(" checked aria-label") == 2
