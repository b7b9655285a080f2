"""The account of a round: who may read it, that its figures agree, small cells, what changed and because of whom."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from accounts.models import Affiliation, Membership, Organisation
from consultations.actions.answering import answer_comment, publish_answers
from consultations.actions.applying import apply_proposals
from consultations.actions.comments import hide_comment, withdraw_comment
from consultations.actions.rounds import move_round
from consultations.actions.tallying import recount_round
from consultations.giving_account.changes import changes_of
from consultations.giving_account.figures import (
    figures_of,
    later_than_given,
    median_of_days,
    missing_of,
)
from consultations.giving_account.invited import invited_to
from consultations.models import Comment, Round, RoundAudience, Tally
from consultations.rules import may_see_account
from drafts.actions.drafting import begin_draft
from drafts.actions.revising import revise_provision
from drafts.models import Draft, ProvisionText
from tests.factories import (
    make_comment,
    make_draft,
    make_group,
    make_provision,
    make_round,
    make_user,
    set_status,
)

pytestmark = pytest.mark.django_db
TEXT = "Cities protect personal data and publish what they know about their streets."
NOBODY = None


def anybody() -> Any:
    from django.contrib.auth.models import AnonymousUser

    return AnonymousUser()


def give(round: Round) -> Round:
    """Publish the answers, and count."""
    now = timezone.now()
    publish_answers(actor=make_user("staff"), round=round)
    Round.objects.filter(pk=round.pk).update(answered_at=now, published_at=now)
    recount_round(round_id=round.pk)
    return Round.objects.get(pk=round.pk)


@pytest.mark.parametrize("visibility", ["public", "participants", "secretariat"])
@pytest.mark.parametrize("published", [False, True])
@pytest.mark.parametrize("kind", ["open", "expert_group"])
def test_rule_and_query_agree_for_everybody(visibility: str, published: bool, kind: str) -> None:
    group = make_group()
    round = make_round(
        make_draft(status="published"),
        groups=(group,) if kind == "expert_group" else (),
        visibility=visibility,
        published_at=timezone.now() if published else None,
    )
    scoped = make_user()
    scoped.role_grants.create(role="staff", scope_type="round", scope_id=str(round.pk))
    people = {
        "nobody": anybody(),
        "stranger": make_user(),
        "member": make_user(groups=(group,)),
        "drafter": make_user("drafter"),
        "staff": make_user("staff"),
        "scoped": scoped,
    }
    seen = set()
    for name, person in people.items():
        listed = Round.objects.accounted_to(person).filter(pk=round.pk).exists()
        # The rule is asked of rounds that the caller sees.
        visible = Round.objects.visible_to(person).filter(pk=round.pk).exists()
        assert listed == (visible and bool(may_see_account(person, round))), name
        if listed:
            seen.add(name)
    desk = {"drafter", "staff", "scoped"}
    if not published or visibility == "secretariat":
        assert seen == desk
    elif visibility == "public":
        assert seen == set(people)
    else:
        assert seen == desk | ({"stranger", "member"} if kind == "open" else {"member"})


def test_figures_are_those_of_the_tallies_and_of_the_dashboard() -> None:
    round = make_round(make_draft(status="published", paragraphs=2))
    staff, authors = make_user("staff"), [make_user() for _ in range(3)]
    made = [make_comment(round, a, provision_key="para_1", proposed_text="Other.") for a in authors]
    made += [make_comment(round, authors[0]), make_comment(round, authors[1], provision_key="para_2")]
    outcomes = ["accepted", "partly_accepted", "noted", "not_accepted"]
    for comment, outcome in zip(made, outcomes, strict=False):
        answer_comment(actor=staff, comment=comment, outcome=outcome, responses={"en": "Said."})
    round = give(round)
    figures = figures_of(round, anybody())
    assert (figures.comments, figures.participants, figures.proposals) == (5, 3, 3)
    assert (figures.answered, figures.accepted, figures.unanswered) == (4, 2, 1)
    assert figures.parts["whole"] == {"not_accepted": 1} and sum(figures.parts["other"].values()) == 4
    assert sum(sum(counts.values()) for counts in figures.parts.values()) == figures.comments
    cells = Tally.objects.filter(round=round, audience="readers", dimension="disposition", comments__gt=0)
    assert dict(figures.outcomes) == {cell.key: cell.comments for cell in cells}
    assert figures.invited is None and figures.organisations == 0


def test_what_is_hidden_late_or_withdrawn_is_counted_apart_with_reasons() -> None:
    round = make_round(make_draft(status="published"))
    staff, author = make_user("staff"), make_user()
    hidden, twin, gone, _stays = (make_comment(round, author) for _ in range(4))
    for each in (hidden, twin):
        hide_comment(actor=staff, comment=each, reason="Names a private person.")
    withdraw_comment(actor=author, comment=gone)
    Comment.objects.create(round=round, author=author, status="late", body="Late.", language="en")
    round = give(round)
    figures = figures_of(round, anybody())
    assert figures.comments == 1
    assert dict(figures.set_aside) == {"hidden": 2, "withdrawn": 1, "late": 1}
    assert figures.hidden_reasons == [("Names a private person.", 2)]


@pytest.mark.parametrize(
    ("waits", "median"),
    [({}, None), ({"": 4}, None), ({"3": 1}, 3), ({"1": 1, "9": 1}, 1), ({"1": 2, "5": 3, "100": 1}, 5)],
)
def test_within_the_median_at_least_half_have_their_answer(waits: dict[str, int], median: int | None) -> None:
    assert median_of_days([Tally(key=key, comments=n) for key, n in waits.items()]) == median


def test_days_to_the_answer_are_those_from_submission_to_publication() -> None:
    round, staff = make_round(make_draft(status="published")), make_user("staff")
    comment = make_comment(round, make_user())
    answer_comment(actor=staff, comment=comment, outcome="noted", responses={"en": "Noted."})
    recount_round(round_id=round.pk)
    assert figures_of(round, staff).days is None, "an answer that nobody reads has not arrived"
    with time_machine.travel(timezone.now() + timedelta(days=12, hours=5)):
        publish_answers(actor=staff, round=round)
    recount_round(round_id=round.pk)
    assert figures_of(round, anybody()).days == 12


def test_small_cells_of_an_anonymous_round_are_for_staff_alone() -> None:
    group = make_group()
    round = make_round(make_draft(status="published"), groups=(group,), anonymous=True)
    people = [make_user(groups=(group,), country_id=c, language="en") for c in ("KEN", "KEN", "KEN", "FRA")]
    for person in people:
        make_comment(round, person, language="ar" if person is people[3] else "en")
    round = give(round)
    seen = figures_of(round, people[0])
    assert [row.key for row in seen.who["language"]] == ["en"] and seen.left_out["language"] == 1
    assert [(row.key, row.people) for row in seen.who["region"]] == [("africa", 3)]
    assert seen.organisations is None and seen.guarded
    for insider, told in (("drafter", 1), ("staff", 2)):
        assert len(figures_of(round, make_user(insider)).who["language"]) == told


def test_invited_are_the_members_at_closing_and_the_people_of_organisations() -> None:
    group, now = make_group(), timezone.now()
    lab = Organisation.objects.create(kind="academia", name="Lab", name_en="Lab")
    round = make_round(
        make_draft(status="published"),
        groups=(group,),
        opens_at=now - timedelta(days=9),
        closes_at=now - timedelta(days=2),
    )
    before = now - timedelta(days=20)
    three = [make_user(country_id="KEN", language="fr") for _ in range(3)]
    for person in three:
        Membership.objects.create(group=group, user=person, since=before)
    left = make_user()
    Membership.objects.create(group=group, user=left, since=before, until=now - timedelta(days=3))
    Membership.objects.create(group=group, user=make_user(), since=now - timedelta(days=1))
    Membership.objects.create(group=group, organisation=lab, since=before)
    researcher, claims = make_user(country_id="FRA", language="fr"), make_user()
    Affiliation.objects.create(user=researcher, organisation=lab, confirmed_at=before)
    Affiliation.objects.create(user=claims, organisation=lab)
    invited = invited_to(round, make_user("staff"))
    assert invited is not None and (invited.people, invited.organisations) == (4, 1)
    assert invited.by["stakeholder"] == {"individual": 3, "academia": 1}
    assert invited.by["language"] == {"fr": 4}
    outside = invited_to(round, three[0])
    assert outside is not None and outside.people == 4
    assert outside.by["region"] == {"africa": 3} and "academia" not in outside.by["stakeholder"]


def test_an_open_round_has_no_invented_denominator() -> None:
    round = make_round(make_draft(status="published"))
    RoundAudience.objects.create(round=round, group=make_group())
    assert invited_to(round, make_user("staff")) is None


@pytest.fixture
def followed() -> dict[str, Any]:
    """A round on a draft of three paragraphs; the next draft takes one proposal and mends another by itself."""
    draft = make_draft()
    for n in (1, 2, 3):
        make_provision(draft, f"para_{n}", number=str(n), text=TEXT)
    set_status(draft, "published")
    round, drafter, author = make_round(draft), make_user("drafter"), make_user(name="Ana Author")
    comment = make_comment(round, author, provision_key="para_1", proposed_text="privacy")
    working = begin_draft(actor=drafter, base=draft, label="Second draft")
    words = {
        text.provision.key: text
        for text in ProvisionText.objects.filter(provision__draft=working).select_related("provision__draft")
    }
    apply_proposals(
        actor=drafter,
        comments=[comment],
        provision=words["para_1"].provision,
        language="en",
        version=1,
        text=TEXT.replace("personal data", "privacy"),
        outcome="accepted",
        responses={"en": "Taken up gladly."},
    )
    revise_provision(
        actor=drafter,
        provision=words["para_2"].provision,
        language="en",
        version=1,
        text=TEXT.replace("streets", "roads"),
        reason="One word throughout.",
    )
    return {"round": round, "drafter": drafter, "comment": comment, "working": working}


def test_changes_name_who_asked_and_what_nobody_asked_for(followed: dict[str, Any]) -> None:
    round = give(followed["round"])
    assert changes_of(round, anybody()) is None, "the next draft is not out"
    seen = changes_of(round, followed["drafter"])
    assert seen is not None and seen.counts == {"comments": 1, "elsewhere": 0, "drafters": 1}
    set_status(followed["working"], "published")
    public = changes_of(round, anybody())
    assert public is not None and public.draft == Draft.objects.get(label="Second draft")
    assert [(row.row.key, row.why) for row in public.rows] == [("para_1", "comments"), ("para_2", "drafters")]
    assert public.revisions == 1


def test_a_change_asked_for_where_the_reader_can_t_follow_is_not_said_to_be_the_drafters(
    followed: dict[str, Any],
) -> None:
    set_status(followed["working"], "published")
    other = make_round(followed["round"].draft, visibility="secretariat")
    recount_round(round_id=other.pk)
    for round, reader in ((followed["round"], anybody()), (other, make_user("staff"))):
        found = changes_of(round, reader)
        assert found is not None
        # Not yet answered in public; and asked for in another round.
        assert found.counts == {"comments": 0, "elsewhere": 1, "drafters": 1}


def test_answers_changed_or_added_later_are_said(followed: dict[str, Any]) -> None:
    staff, round = make_user("staff"), followed["round"]
    other = make_comment(round, make_user(), provision_key="para_3")
    round = give(round)
    assert later_than_given(round).latest == []
    with time_machine.travel(timezone.now() + timedelta(days=2)):
        answer_comment(
            actor=staff,
            comment=followed["comment"],
            outcome="partly_accepted",
            responses={"en": "In part, after all."},
            version=1,
        )
        answer_comment(actor=staff, comment=other, outcome="noted", responses={"en": "Noted."})
        assert later_than_given(round).added == 0, "what isn't published is nobody's to know"
        publish_answers(actor=staff, round=round)
    later = later_than_given(round)
    assert (later.changed, later.added, len(later.latest)) == (1, 1, 2)


def test_the_preview_says_what_is_missing(followed: dict[str, Any]) -> None:
    round, staff = followed["round"], make_user("staff")
    make_comment(round, make_user())
    recount_round(round_id=round.pk)
    missing = missing_of(round, figures_of(round, staff))
    assert (missing.unanswered, missing.unpublished, missing.unexplained) == (1, 1, 1)
    for state in ("closed", "answered", "published"):
        move_round(actor=staff, round=round, to=state)
    recount_round(round_id=round.pk)
    assert missing_of(round, figures_of(round, staff)).unpublished == 0
