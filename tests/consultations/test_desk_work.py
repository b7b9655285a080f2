"""Who answers which comments, tags, internal notes, saved filters: the acts and what is told of them."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.models import RoleGrant
from consultations.actions.assigning import assign_comment, assign_comments
from consultations.actions.noting import LONGEST, delete_note, edit_note, write_note
from consultations.actions.saving_filters import delete_filter, rename_filter, save_filter
from consultations.actions.tagging import delete_tag, merge_tags, names_in, rename_tag, tag_comments
from consultations.assigned import answerers, shares_of
from consultations.models import Assignment, Comment, Note, Round, SavedFilter, Tag
from consultations.records import notes, saved_filters
from consultations.rules import may_answer
from core import outbox
from core.models import AuditEntry, Outbox
from core.verdicts import Conflict, Refusal, Vanished
from tests.factories import make_comment, make_draft, make_round, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def round_() -> Round:
    return make_round(make_draft(status="published", paragraphs=1))


@pytest.fixture
def staff() -> Any:
    return make_user("staff")


@pytest.fixture
def drafter() -> Any:
    return make_user("drafter", name="Dara Drafter")


@pytest.fixture
def comments(round_: Round) -> list[Comment]:
    return [make_comment(round_, make_user()) for _ in range(3)]


def keys(comments: list[Comment]) -> list[int]:
    return [comment.pk for comment in comments]


def give(actor: Any, comments: list[Comment], person: Any, act: UUID | None = None) -> int:
    return assign_comments(
        actor=actor, round=comments[0].round, comments=keys(comments), person=person, act=act or uuid4()
    )


def sent() -> list[Any]:
    Outbox.objects.filter(done_at=None).update(available_at=timezone.now())
    outbox.drain()
    found, mail.outbox[:] = list(mail.outbox), []
    return found


def test_a_bulk_tells_its_person_in_one_mail_and_nobody_of_their_own(
    staff: Any, drafter: Any, comments: list[Comment]
) -> None:
    sent()
    assert give(staff, comments[:2], drafter) == 2
    assert give(staff, comments[2:], drafter) == 1
    (message,) = sent()
    assert message.to == [drafter.email] and "3 wait for your answer" in str(message.body)
    assert "assigned=me" in str(message.body)
    assert give(staff, comments, staff) == 3
    assert give(staff, comments, None) == 3
    assert sent() == []
    assert not Assignment.objects.exists()


def test_repeating_an_assignment_changes_and_tells_nothing(
    staff: Any, drafter: Any, comments: list[Comment]
) -> None:
    act = uuid4()
    assert (give(staff, comments, drafter, act), give(staff, comments, drafter, act)) == (3, 0)
    assert len(sent()) == 1
    assert give(staff, comments, drafter) == 0
    assert sent() == []
    entries = AuditEntry.objects.filter(action="comments.assign")
    assert [entry.changes for entry in entries] == [{"person": drafter.pk, "comments": 3}]


def test_nothing_is_told_when_nothing_is_left_or_the_role_is_gone(
    staff: Any, drafter: Any, comments: list[Comment]
) -> None:
    sent()
    give(staff, comments, drafter)
    give(staff, comments, staff)
    assert sent() == []
    give(staff, comments, drafter)
    RoleGrant.objects.filter(user=drafter).delete()
    assert sent() == []


def test_only_who_may_answer_is_given_comments_and_gives_them(
    staff: Any, drafter: Any, comments: list[Comment]
) -> None:
    stranger = make_user("expert")
    with pytest.raises(ValidationError):
        give(staff, comments, stranger)
    with pytest.raises(Refusal):
        give(stranger, comments, drafter)
    assert not Assignment.objects.exists()


def test_drafts_and_comments_of_other_rounds_are_left_alone(staff: Any, round_: Round) -> None:
    begun = make_comment(round_, make_user(), submit=False)
    elsewhere = make_comment(make_round(round_.draft), make_user())
    chosen = [begun.pk, elsewhere.pk, 10**9]
    assert (
        assign_comments(actor=staff, round=round_, comments=chosen, person=staff, act=uuid4()),
        tag_comments(actor=staff, round=round_, comments=chosen, add=["x"]),
    ) == (0, 0)


def test_who_looked_at_an_earlier_state_is_told(staff: Any, drafter: Any, comments: list[Comment]) -> None:
    (comment, *_rest) = comments
    give(staff, [comment], drafter)
    with pytest.raises(Conflict, match="Dara"):
        assign_comment(actor=staff, comment=comment, person=staff, seen=None, act=uuid4())
    assert assign_comment(actor=staff, comment=comment, person=staff, seen=drafter.pk, act=uuid4()) == 1
    # Sent twice, the second finds it done.
    assert assign_comment(actor=staff, comment=comment, person=staff, seen=drafter.pk, act=uuid4()) == 0
    give(staff, [comment], None)
    with pytest.raises(Conflict):
        assign_comment(actor=staff, comment=comment, person=drafter, seen=staff.pk, act=uuid4())


def test_who_may_answer_is_one_rule_and_one_query(round_: Round) -> None:
    people = [make_user(), make_user("staff"), make_user("drafter"), make_user("admin"), make_user()]
    RoleGrant.objects.create(user=people[0], role="drafter", scope_type="round", scope_id=str(round_.pk))
    RoleGrant.objects.create(user=people[4], role="staff", scope_type="round", scope_id="999999")
    gone = make_user("staff", is_active=False)
    listed = set(answerers(round_))
    for person in [*people, gone]:
        assert (person in listed) == bool(may_answer(person, round_))


def test_shares_count_what_is_assigned_answered_and_left(
    staff: Any, drafter: Any, comments: list[Comment], round_: Round
) -> None:
    from consultations.actions.answering import answer_comment

    give(staff, comments[:2], drafter)
    answer_comment(actor=drafter, comment=comments[0], outcome="noted", responses={"en": "Noted."})
    shares = {share.person: (share.assigned, share.answered, share.left) for share in shares_of(round_)}
    assert shares == {drafter: (2, 1, 1), staff: (0, 0, 0), None: (1, 0, 1)}
    Comment.objects.filter(pk=comments[1].pk).update(status="withdrawn")
    RoleGrant.objects.filter(user=drafter).delete()
    shares = {share.person: (share.assigned, share.left) for share in shares_of(round_)}
    assert shares == {drafter: (1, 0), staff: (0, 0), None: (1, 1)}


def test_what_was_assigned_to_an_erased_account_is_nobody_s(drafter: Any, staff: Any, comments: Any) -> None:
    from accounts.actions.erasing import erase_account

    give(staff, comments, drafter)
    write_note(actor=drafter, comment=comments[0], body="A doubt.")
    save_filter(actor=drafter, round=comments[0].round, name="Mine", query="kind=editorial", shared=True)
    erase_account(actor=drafter, person=drafter)
    sent()
    assert not Assignment.objects.exists() and not SavedFilter.objects.exists()
    assert "Former participant" in Note.objects.get().author.shown_name


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("Housing, housing,  HOUSING ", ["HOUSING"]),
        ("سكن، نقل", ["سكن", "نقل"]),
        ("住房、交通，网络", ["住房", "交通", "网络"]),
        ("#data;  open   data \n,, ,", ["data", "open data"]),
        ("ﬁnance", ["finance"]),
        (" , ،# ", []),
    ],
)
def test_tags_are_normalised(typed: str, names: list[str]) -> None:
    assert names_in(typed) == names


def test_tags_come_on_and_off_once_each(staff: Any, comments: list[Comment], round_: Round) -> None:
    def tag(**what: Any) -> int:
        return tag_comments(actor=staff, round=round_, comments=keys(comments[:2]), **what)

    assert (tag(add=["Housing"]), tag(add=["housing", "HOUSING"])) == (2, 0)
    (housing,) = Tag.objects.all()
    assert housing.name == "Housing" and housing.taggings.count() == 2
    assert tag(remove=[housing.pk], add=["Data"]) == 2
    assert housing.taggings.count() == 0
    assert tag(remove=[10**9]) == 0
    for wrong in ("x" * 41, " ,"):
        with pytest.raises(ValidationError):
            tag(add=[wrong])
    with pytest.raises(Refusal):
        tag_comments(actor=make_user("expert"), round=round_, comments=keys(comments), add=["x"])


def test_tags_are_renamed_merged_and_deleted(staff: Any, comments: list[Comment], round_: Round) -> None:
    tag_comments(actor=staff, round=round_, comments=keys(comments[:2]), add=["a"])
    tag_comments(actor=staff, round=round_, comments=keys(comments[1:]), add=["b"])
    a, b = Tag.objects.order_by("name")
    with pytest.raises(ValidationError, match="merge"):
        rename_tag(actor=staff, tag=a, name="B", seen="a")
    rename_tag(actor=staff, tag=a, name="A", seen="a")
    with pytest.raises(Conflict):
        rename_tag(actor=staff, tag=a, name="c", seen="a")
    with pytest.raises(ValidationError):
        merge_tags(actor=staff, tag=a, into=a)
    other_round = Tag.objects.create(round=make_round(round_.draft), name="a", folded="a")
    with pytest.raises(ValidationError):
        merge_tags(actor=staff, tag=a, into=other_round)
    for act in (
        lambda: rename_tag(actor=make_user(), tag=a, name="c", seen="A"),
        lambda: merge_tags(actor=make_user(), tag=a, into=b),
        lambda: delete_tag(actor=make_user(), tag=a),
    ):
        with pytest.raises(Refusal):
            act()
    merge_tags(actor=staff, tag=a, into=b)
    assert b.taggings.count() == 3 and not Tag.objects.filter(name="A").exists()
    delete_tag(actor=staff, tag=b)
    with pytest.raises(Vanished):
        delete_tag(actor=staff, tag=b)
    assert list(Tag.objects.all()) == [other_round]


def test_notes_are_their_author_s_to_change(staff: Any, drafter: Any, comments: list[Comment]) -> None:
    comment = comments[0]
    note = write_note(actor=drafter, comment=comment, body=" Ask the lawyers. ")
    assert write_note(actor=drafter, comment=comment, body="Ask the lawyers.") == note
    for act in (
        lambda: edit_note(actor=staff, note=note, body="Mine now.", version=1),
        lambda: delete_note(actor=staff, note=note),
        lambda: write_note(actor=comment.author, comment=comment, body="Let me in."),
    ):
        with pytest.raises(Refusal):
            act()
    edit_note(actor=drafter, note=note, body="They agree.", version=1)
    with pytest.raises(Conflict):
        edit_note(actor=drafter, note=note, body="They don't.", version=1)
    for wrong in ("  ", "x" * (LONGEST + 1)):
        with pytest.raises(ValidationError):
            edit_note(actor=drafter, note=note, body=wrong, version=2)
    assert Note.objects.get().body == "They agree."
    delete_note(actor=drafter, note=note)
    with pytest.raises(Vanished):
        delete_note(actor=drafter, note=note)
    told = AuditEntry.objects.filter(action__startswith="note.").order_by("pk")
    assert [entry.action for entry in told] == ["note.write", "note.edit", "note.delete"]
    assert "lawyers" not in str([entry.changes for entry in told])


def test_a_drafter_whose_role_is_gone_no_longer_changes_a_note(drafter: Any, comments: list[Comment]) -> None:
    note = write_note(actor=drafter, comment=comments[0], body="A doubt.")
    RoleGrant.objects.filter(user=drafter).delete()
    with pytest.raises(Refusal):
        edit_note(actor=type(drafter).objects.get(pk=drafter.pk), note=note, body="Two.", version=1)


def test_notes_are_in_the_data_of_who_wrote_them_alone(drafter: Any, comments: list[Comment]) -> None:
    write_note(actor=drafter, comment=comments[0], body="A doubt.")
    save_filter(actor=drafter, round=comments[0].round, name="Mine", query="kind=editorial", shared=False)
    assert [row["body"] for row in notes(drafter)] == ["A doubt."]
    assert [row["name"] for row in saved_filters(drafter)] == ["Mine"]
    assert notes(comments[0].author) == saved_filters(comments[0].author) == []


def test_saved_filters_are_one_s_own(staff: Any, drafter: Any, round_: Round) -> None:
    def save(name: str, query: str = "kind=editorial") -> tuple[SavedFilter, bool]:
        return save_filter(actor=staff, round=round_, name=name, query=query, shared=False)

    first, new = save(" My   own ")
    assert (first.name, new) == ("My own", True)
    again, new = save("My own", "kind=technical")
    assert (again.pk, again.query, new) == (first.pk, "kind=technical", False)
    second, _new = save("Other")
    with pytest.raises(ValidationError):
        rename_filter(actor=staff, saved=second, name="My own", shared=False)
    rename_filter(actor=staff, saved=second, name="Other", shared=True)
    for act in (
        lambda: rename_filter(actor=drafter, saved=second, name="x", shared=False),
        lambda: delete_filter(actor=drafter, saved=second),
        lambda: save_filter(actor=make_user(), round=round_, name="x", query="", shared=True),
    ):
        with pytest.raises(Refusal):
            act()
    for wrong in (" ", "x" * 61):
        with pytest.raises(ValidationError):
            save(wrong)
    delete_filter(actor=staff, saved=second)
    delete_filter(actor=staff, saved=second)
    assert list(SavedFilter.objects.all()) == [first]
