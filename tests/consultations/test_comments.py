"""Writing, submitting, changing and taking back comments."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from consultations.actions.anchoring import AnchorInput
from consultations.actions.comments import (
    delete_draft_comment,
    edit_comment,
    hand_in_late,
    hide_comment,
    submit_comment,
    withdraw_comment,
    write_comment,
)
from consultations.actions.rounds import move_round
from consultations.models import Anchor, Comment, CommentRevision, Round, RoundDeadline
from core.models import AuditEntry, Outbox
from core.verdicts import Conflict, Refusal
from tests.factories import make_comment, make_draft, make_group, make_round, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def round_() -> Round:
    return make_round(make_draft(paragraphs=3))


def close_by_clock(round: Round) -> Round:
    round.closes_at = timezone.now() - timedelta(seconds=1)
    round.save()
    return round


def test_submitted_comments_are_numbered_without_gaps(round_: Round) -> None:
    author = make_user()
    comments = [make_comment(round_, author, provision_key="para_1") for _ in range(3)]
    with pytest.raises(ValidationError):
        make_comment(round_, author, body="")
    comments.append(make_comment(round_, author))
    assert [comment.number for comment in comments] == [1, 2, 3, 4]
    assert all(len(comment.receipt) == 64 for comment in comments)


def test_submitting_writes_audit_and_outbox_with_it(round_: Round) -> None:
    comment = make_comment(round_, make_user(), provision_key="para_1")
    subject = f"consultations.comment:{comment.pk}"
    assert AuditEntry.objects.filter(action="comment.submit", subject=subject).count() == 1
    assert "Say it" not in str(AuditEntry.objects.values_list("changes", flat=True))
    assert Outbox.objects.filter(event="comment.changed", subject=subject).exists()


def test_a_draft_has_no_number_and_only_its_author_sees_it(round_: Round) -> None:
    author, staff = make_user(), make_user("staff")
    comment = make_comment(round_, author, submit=False)
    assert comment.number is None
    assert list(Comment.objects.visible_to(author)) == [comment]
    assert not Comment.objects.visible_to(staff).exists()


@pytest.mark.parametrize(
    ("persona", "code"),
    [("anonymous", "sign_in"), ("stranger", "not_in_audience"), ("staff", "not_in_audience")],
)
def test_who_may_not_comment_in_a_round_of_a_group(persona: str, code: str) -> None:
    from django.contrib.auth.models import AnonymousUser

    round = make_round(make_draft(paragraphs=1), groups=(make_group(),))
    user: Any = {"anonymous": AnonymousUser(), "stranger": make_user(), "staff": make_user("staff")}[persona]
    with pytest.raises(Refusal) as refusal:
        write_comment(author=user, round=round, body="x", submit=True)
    assert refusal.value.verdict.code == code
    assert not Comment.objects.exists()


def test_a_group_member_may_comment_also_through_an_organisation() -> None:
    from accounts.models import Affiliation, Membership, Organisation, User

    group = make_group()
    organisation = Organisation.objects.create(kind="academia", name="Institute")
    Membership.objects.create(group=group, organisation=organisation)
    user = make_user()
    place = Affiliation.objects.create(user=user, organisation=organisation)
    round = make_round(make_draft(paragraphs=1), groups=(group,))
    with pytest.raises(Refusal):  # whoever signs up may name any organisation: it brings nothing by itself
        make_comment(round, user)
    place.confirmed_at = timezone.now()
    place.save()
    comment = make_comment(round, User.objects.get(pk=user.pk))
    assert comment.status == "submitted"
    assert comment.stakeholder_group == "academia"
    assert comment.organisation_name == "Institute"


def test_before_opening_nobody_comments(round_: Round) -> None:
    round_.opens_at = timezone.now() + timedelta(hours=1)
    round_.save()
    with pytest.raises(Refusal) as refusal:
        make_comment(round_, make_user())
    assert refusal.value.verdict.code == "not_open_yet"


def test_after_the_deadline_the_words_are_kept_as_a_draft_and_may_be_handed_in_late(round_: Round) -> None:
    author = make_user()
    comment = make_comment(close_by_clock(round_), author)
    assert (comment.status, comment.number) == ("draft", None)
    late = hand_in_late(actor=author, comment=comment, version=comment.version)
    assert late.status == "late"
    assert late in Comment.objects.visible_to(make_user("staff"))
    assert late not in Comment.objects.visible_to(make_user())


def test_an_open_round_takes_no_late_input(round_: Round) -> None:
    author = make_user()
    draft = make_comment(round_, author, submit=False)
    with pytest.raises(Conflict):
        hand_in_late(actor=author, comment=draft, version=1)


def test_grace_counts_and_a_role_may_have_its_own_deadline(round_: Round) -> None:
    close_by_clock(round_)
    round_.grace = 5
    round_.save()
    assert make_comment(round_, make_user()).status == "submitted"
    round_.grace = 0
    round_.save()
    RoundDeadline.objects.create(round=round_, role="focal_point", at=timezone.now() + timedelta(days=1))
    assert make_comment(round_, make_user("focal_point")).status == "submitted"
    assert make_comment(round_, make_user()).status == "draft"


def test_a_round_closed_between_the_rule_and_the_number_takes_nothing(
    round_: Round, monkeypatch: pytest.MonkeyPatch
) -> None:
    author, staff = make_user(), make_user("staff")
    from consultations.actions import comments

    original = comments.take_number

    def closing_meanwhile(round: Round, **given: Any) -> int:
        monkeypatch.setattr(comments, "take_number", original)
        move_round(actor=staff, round=round, to="closed")
        return original(round, **given)

    monkeypatch.setattr(comments, "take_number", closing_meanwhile)
    anchor = AnchorInput(exact="smart cities")
    comment = make_comment(round_, author, provision_key="para_1", anchor=anchor)
    assert (comment.status, comment.number) == ("draft", None)
    assert Comment.objects.get().anchor.exact == "smart cities"


def test_an_anchor_is_bound_to_its_words_and_revision(round_: Round) -> None:
    text = "Paragraph 1 speaks of smart cities."
    start = text.index("smart")
    comment = make_comment(
        round_,
        make_user(),
        provision_key="para_1",
        anchor=AnchorInput("smart cities", prefix="speaks of ", suffix=".", start=start, end=start + 12),
    )
    anchor = Anchor.objects.get(comment=comment)
    assert (anchor.start, anchor.end, anchor.language, anchor.revision.version) == (
        start,
        start + 12,
        "en",
        1,
    )
    assert anchor.prefix.endswith("speaks of ")


@pytest.mark.parametrize(
    "anchor",
    [
        AnchorInput("clever cities"),
        AnchorInput("smart cities", start=0, end=12),
        AnchorInput("smart cities", prefix="nonsense ", start=22, end=34),
        AnchorInput("a"),
        AnchorInput(" "),
        AnchorInput("smart cities", version=9),
        AnchorInput("smart cities", language="fr"),
        AnchorInput("smart cities", start=-3, end=9),
        AnchorInput("smart cities", start=22, end=10**12),
    ],
)
def test_a_quote_that_does_not_stand_there_is_refused(round_: Round, anchor: AnchorInput) -> None:
    with pytest.raises(ValidationError) as error:
        make_comment(round_, make_user(), provision_key="para_1", anchor=anchor)
    assert set(error.value.message_dict) == {"anchor"}
    assert not Comment.objects.exists()


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"body": "x" * 20_001}, "body"),
        ({"kind": "angry"}, "kind"),
        ({"language": "tlh"}, "language"),
        ({"attribution": "secret"}, "attribution"),
        ({"body": "\x00"}, "body"),
        ({"provision_key": "para_999"}, "provision"),
    ],
)
def test_bad_words_are_refused_by_field(round_: Round, fields: dict[str, Any], field: str) -> None:
    with pytest.raises(ValidationError) as error:
        make_comment(round_, make_user(), **fields)
    assert set(error.value.message_dict) == {field}


def test_editing_keeps_every_wording_and_refuses_a_stale_version(round_: Round) -> None:
    author = make_user()
    comment = make_comment(round_, author, body="First")
    first_receipt = comment.receipt
    edited = edit_comment(actor=author, comment=comment, version=1, body="Second")
    assert (edited.version, edited.body) == (2, "Second")
    assert edited.receipt != first_receipt
    with pytest.raises(Conflict) as conflict:
        edit_comment(actor=author, comment=comment, version=1, body="Third")
    assert conflict.value.current["version"] == 2
    wordings = CommentRevision.objects.filter(comment=comment).order_by("version")
    assert [revision.content["body"] for revision in wordings] == ["First", "Second"]


def test_nobody_edits_another_s_comment(round_: Round) -> None:
    comment = make_comment(round_, make_user())
    for other in (make_user(), make_user("staff"), make_user("drafter")):
        with pytest.raises(Refusal):
            edit_comment(actor=other, comment=comment, version=1, body="Mine now")
        with pytest.raises(Refusal):
            withdraw_comment(actor=other, comment=comment)


def test_after_closing_a_submitted_comment_stays_as_it_is(round_: Round) -> None:
    author = make_user()
    comment = make_comment(round_, author)
    close_by_clock(round_)
    with pytest.raises(Refusal):
        edit_comment(actor=author, comment=comment, version=1, body="Too late")
    with pytest.raises(Refusal):
        withdraw_comment(actor=author, comment=comment)


def test_a_withdrawn_comment_keeps_its_number_and_is_seen_by_its_author(round_: Round) -> None:
    author = make_user()
    comment = withdraw_comment(actor=author, comment=make_comment(round_, author))
    assert (comment.status, comment.number) == ("withdrawn", 1)
    assert withdraw_comment(actor=author, comment=comment).version == comment.version
    assert comment in Comment.objects.visible_to(author)
    assert comment not in Comment.objects.visible_to(make_user())
    assert make_comment(round_, author).number == 2


def test_a_draft_is_submitted_once(round_: Round) -> None:
    author = make_user()
    draft = make_comment(round_, author, submit=False)
    submitted = submit_comment(actor=author, comment=draft, version=1)
    assert (submitted.status, submitted.number) == ("submitted", 1)
    with pytest.raises(Conflict):
        submit_comment(actor=author, comment=draft, version=submitted.version)
    with pytest.raises(Conflict):
        delete_draft_comment(actor=author, comment=submitted)


def test_a_draft_can_be_deleted(round_: Round) -> None:
    author = make_user()
    delete_draft_comment(actor=author, comment=make_comment(round_, author, submit=False))
    assert not Comment.objects.exists()


def test_a_hidden_comment_stays_visible_to_its_author_and_staff_with_the_reason(round_: Round) -> None:
    author, staff = make_user(), make_user("staff")
    comment = make_comment(round_, author)
    with pytest.raises(ValidationError):
        hide_comment(actor=staff, comment=comment, reason=" ")
    hidden = hide_comment(actor=staff, comment=comment, reason="Names a third person.")
    assert hidden in Comment.objects.visible_to(author)
    assert hidden in Comment.objects.visible_to(staff)
    assert hidden not in Comment.objects.visible_to(make_user())
    with pytest.raises(Refusal):
        hide_comment(actor=author, comment=comment, reason="", hidden=False)
    assert hide_comment(actor=staff, comment=comment, reason="", hidden=False).status == "submitted"


def test_a_round_asks_only_about_its_scope(round_: Round) -> None:
    round_.scope.create(key="para_2")
    assert make_comment(round_, make_user(), provision_key="para_2").number == 1
    with pytest.raises(ValidationError):
        make_comment(round_, make_user(), provision_key="para_1")


@pytest.mark.parametrize(
    ("visibility", "stranger_sees", "member_sees"),
    [("public", True, True), ("participants", False, True), ("secretariat", False, False)],
)
def test_visibility_decides_who_reads_the_comments_of_others(
    visibility: str, stranger_sees: bool, member_sees: bool
) -> None:
    from consultations.rules import may_read_comment

    group = make_group()
    member, stranger, staff = make_user(groups=(group,)), make_user(), make_user("staff")
    round = make_round(make_draft(status="published", paragraphs=1), groups=(group,), visibility=visibility)
    comment = make_comment(round, make_user(groups=(group,)))
    for user, sees in ((stranger, stranger_sees), (member, member_sees), (staff, True)):
        assert Comment.objects.visible_to(user).filter(pk=comment.pk).exists() is sees
        assert bool(may_read_comment(user, comment)) is sees
