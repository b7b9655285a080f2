"""Comments go on to the draft that has come out."""

from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from consultations.actions.anchoring import AnchorInput
from consultations.actions.answering import answer_comment, publish_answers
from consultations.actions.carrying import KIND, carry_comments
from consultations.actions.comments import edit_comment, withdraw_comment
from consultations.carrying import place_in
from consultations.models import AnchorMapping, Comment, Round
from core import outbox
from core.models import Job, Outbox
from drafts.actions.drafting import begin_draft
from drafts.actions.joining import merge_provisions, split_provision
from drafts.actions.publishing import ask_for_status, confirm_status
from drafts.actions.revising import revise_provision
from drafts.actions.structure import move_provision, remove_provision
from drafts.models import Draft, Provision, ProvisionText
from tests.api_client import client_of
from tests.drafts.later import publish
from tests.factories import make_comment, make_draft, make_provision, make_round, make_text, make_user

pytestmark = pytest.mark.django_db

TEXT = "Cities publish their data. Local governments should consult residents early. Nobody is left behind."
OTHER = "Budgets name the whole cost. They are open to all."


@pytest.fixture
def first() -> Draft:
    draft = make_draft(paragraphs=0)
    chapter = draft.provisions.get(key="chp_1")
    make_provision(draft, "para_1", number="1", parent=chapter, text=TEXT)
    make_provision(draft, "para_2", number="2", parent=chapter, text=OTHER)
    publish(draft, None)
    draft.refresh_from_db()
    outbox.drain()
    return draft


@pytest.fixture
def round_(first: Draft) -> Round:
    return make_round(first, visibility="public")


@pytest.fixture
def drafter() -> Any:
    return make_user("drafter")


@pytest.fixture
def second(first: Draft, drafter: Any) -> Draft:
    return begin_draft(actor=drafter, base=first, label="Next")


def quoting(round: Round, words: str, key: str = "para_1") -> Comment:
    return make_comment(round, make_user(), provision_key=key, anchor=AnchorInput(exact=words))


def revise(actor: Any, draft: Draft, key: str, old: str, new: str) -> None:
    text = ProvisionText.objects.get(provision__draft=draft, provision__key=key, language="en")
    revise_provision(
        actor=actor,
        provision=text.provision,
        language="en",
        version=text.version,
        text=text.text.replace(old, new),
        reason="Plainer.",
    )


def come_out(draft: Draft) -> None:
    """Published by two people, and all that follows."""
    publish(draft, None)
    draft.refresh_from_db()
    outbox.drain()


def provision_of(draft: Draft, key: str) -> Provision:
    return Provision.objects.get(draft=draft, key=key)


def found(comment: Comment, draft: Draft) -> tuple[str, str | None, str]:
    place = place_in(Comment.objects.get(pk=comment.pk), draft)
    return place.state, place.provision.key if place.provision else None, place.exact


class TestPublishing:
    def test_what_is_open_goes_on_and_the_job_tells_how_far(self, round_, second, drafter):
        same = quoting(round_, "publish their data")
        edited = quoting(round_, "should consult residents early")
        gone = quoting(round_, "They are open to all", "para_2")
        bare = make_comment(round_, make_user(), provision_key="para_2")
        general = make_comment(round_, make_user())
        revise(drafter, second, "para_1", "residents early", "all residents in good time")
        revise(drafter, second, "para_2", " They are open to all.", "")
        come_out(second)
        rows = {row.comment_id: row for row in AnchorMapping.objects.filter(draft=second)}
        assert {pk: row.state for pk, row in rows.items()} == {
            same.pk: "exact",
            edited.pk: "mapped",
            gone.pk: "orphaned",
            bare.pk: "exact",
            general.pk: "exact",
        }
        assert rows[gone.pk].provision == rows[bare.pk].provision == provision_of(second, "para_2")
        assert rows[general.pk].provision is None and rows[bare.pk].start is None
        assert found(edited, second) == ("mapped", "para_1", "should consult all residents in good time")
        job = Job.objects.get(kind=KIND, params__draft=second.pk)
        assert (job.state, job.done, job.total) == ("done", 5, 5)

    def test_what_is_answered_or_taken_back_stays(self, round_, second, drafter):
        answered, withdrawn, unsent = (quoting(round_, "publish their data") for _ in range(3))
        staff = make_user("staff")
        answer_comment(actor=staff, comment=answered, outcome="noted", responses={"en": "Noted."})
        publish_answers(actor=staff, round=round_, comments=[answered])
        withdraw_comment(actor=withdrawn.author, comment=withdrawn, version=withdrawn.version)
        answer_comment(actor=staff, comment=unsent, outcome="noted", responses={"en": "Noted."})
        come_out(second)
        assert [row.comment for row in AnchorMapping.objects.all()] == [unsent]

    def test_carrying_again_changes_nothing(self, round_, second, drafter):
        quoting(round_, "publish their data")
        come_out(second)
        before = list(AnchorMapping.objects.values())
        assert carry_comments(draft=second) == 1
        assert list(AnchorMapping.objects.values()) == before

    def test_begun_again_it_does_what_was_left(self, round_, second, monkeypatch):
        monkeypatch.setattr("consultations.actions.carrying.AT_ONCE", 2)
        for _ in range(5):
            quoting(round_, "publish their data")
        publish(second, None)
        second.refresh_from_db()

        def stop(n: int) -> None:
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            carry_comments(draft=second, advance=stop)
        assert AnchorMapping.objects.count() == 2
        carry_comments(draft=second)
        assert AnchorMapping.objects.count() == 5

    def test_what_a_person_confirmed_stays(self, round_, second, drafter):
        comment = quoting(round_, "publish their data")
        come_out(second)
        row = AnchorMapping.objects.get()
        AnchorMapping.objects.update(
            state="mapped", start=0, end=6, confirmed_by=drafter, confirmed_at=row.carried_at
        )
        carry_comments(draft=second)
        assert found(comment, second) == ("mapped", "para_1", "Cities")

    def test_a_draft_at_work_takes_nothing(self, round_, second):
        quoting(round_, "publish their data")
        assert carry_comments(draft=second) == 0
        assert not AnchorMapping.objects.exists()

    def test_queries_do_not_grow_with_the_comments(self, round_, second):
        publish(second, None)
        second.refresh_from_db()
        counts = []
        for more in (1, 5):
            for _ in range(more):
                quoting(round_, "publish their data")
            AnchorMapping.objects.all().delete()
            with CaptureQueriesContext(
                connection,
            ) as captured:
                carry_comments(draft=second)
            counts.append(len(captured))
        assert counts[0] == counts[1]


class TestStructure:
    def test_a_moved_provision_is_followed_by_its_key(self, round_, second, drafter):
        comment = quoting(round_, "publish their data")
        move_provision(
            actor=drafter, draft=second, key="para_1", parent="chp_1", behind="para_2", structure_version=1
        )
        assert found(comment, second) == ("exact", "para_1", "publish their data")

    def test_the_parts_of_a_split_one_share_its_quotes(self, round_, second, drafter):
        head, tail = quoting(round_, "publish their data"), quoting(round_, "Nobody is left behind")
        across = quoting(round_, "consult residents early. Nobody")
        part = split_provision(
            actor=drafter,
            provision=provision_of(second, "para_1"),
            at=TEXT.index("Nobody") - 1,
            version=1,
            structure_version=1,
        )
        assert found(head, second) == ("exact", "para_1", "publish their data")
        assert found(tail, second) == ("exact", part.key, "Nobody is left behind")
        assert found(across, second) == ("mapped", "para_1", "consult residents early.")

    @pytest.mark.parametrize(("into", "gone"), [("para_1", "para_2"), ("para_2", "para_1")])
    def test_a_merged_one_is_found_where_its_words_went(self, round_, second, drafter, into, gone):
        one, two = quoting(round_, "publish their data"), quoting(round_, "open to all", "para_2")
        bare = make_comment(round_, make_user(), provision_key=gone)
        merge_provisions(
            actor=drafter, provision=provision_of(second, into), other_key=gone, structure_version=1
        )
        revise(drafter, second, into, "Nobody", "No one")
        assert found(one, second) == ("exact", into, "publish their data")
        assert found(two, second) == ("exact", into, "open to all")
        assert found(bare, second) == ("mapped", into, "")

    def test_also_through_a_draft_in_between(self, round_, second, drafter):
        tail = quoting(round_, "Nobody is left behind")
        part = split_provision(
            actor=drafter,
            provision=provision_of(second, "para_1"),
            at=TEXT.index("Nobody") - 1,
            version=1,
            structure_version=1,
        )
        come_out(second)
        third = begin_draft(actor=drafter, base=second, label="Third")
        revise(drafter, third, part.key, "left behind", "left out")
        assert found(tail, third) == ("mapped", part.key, "Nobody is left out")

    def test_of_a_removed_one_the_comment_is_left_with_what_stood_above(self, round_, second, drafter):
        comment = quoting(round_, "publish their data")
        remove_provision(actor=drafter, draft=second, key="para_1", structure_version=1)
        assert found(comment, second) == ("orphaned", "chp_1", "")


def test_a_language_that_comes_out_later_is_carried_then(drafter):
    """Its words are told to nobody before, and the comment isn't kept as an orphan for that."""
    first = make_draft(paragraphs=0)
    provision = make_provision(first, "para_1", parent=first.provisions.get(), text=TEXT)
    for each, words in ((provision, {"text": "Une ville."}), (provision.parent, {"heading": "Un"})):
        make_text(each, language="fr", state="approved", translated_from_version=1, **words)
    publish(first, None)
    comment = make_comment(
        make_round(first),
        make_user(),
        provision_key="para_1",
        anchor=AnchorInput(exact="ville", language="fr"),
    )
    second = begin_draft(actor=drafter, base=first, label="Next")
    publish(second, ["en"])
    outbox.drain()
    second.refresh_from_db()
    assert not AnchorMapping.objects.exists()
    assert found(comment, second) == ("orphaned", "para_1", "")
    asked = ask_for_status(actor=drafter, draft=second, target="released", language="fr")
    confirm_status(actor=make_user("staff"), request=asked)
    outbox.drain()
    assert AnchorMapping.objects.get().state == "exact"
    assert found(comment, second) == ("exact", "para_1", "ville")


def test_other_words_are_quoted_and_the_place_of_the_old_ones_is_forgotten(round_, second):
    comment = quoting(round_, "publish their data")
    come_out(second)
    edit_comment(
        actor=comment.author,
        comment=comment,
        version=comment.version,
        anchor=AnchorInput(exact="left behind"),
    )
    assert found(comment, second) == ("exact", "para_1", "left behind")


class TestApi:
    def url(self, comment: Comment, draft: Draft | int | str) -> str:
        return f"/api/v1/comments/{comment.uuid}/anchor/?draft={getattr(draft, 'pk', draft)}"

    def test_tells_the_place_in_a_draft(self, round_, second, drafter):
        comment = quoting(round_, "should consult residents early")
        revise(drafter, second, "para_1", "early", "in good time")
        answer = client_of(drafter).get(self.url(comment, second))
        start = TEXT.index("should")
        words = "should consult residents in good time"
        assert answer.json() == {
            "state": "mapped",
            "provision": "para_1",
            "exact": words,
            "start": start,
            "end": start + len(words),
            "proposal": None,
        }
        come_out(second)
        assert client_of().get(self.url(comment, second)).json() == answer.json()
        assert client_of().get(self.url(comment, round_.draft)).json()["state"] == "exact"

    def test_a_place_that_nobody_confirmed_is_only_proposed(self, round_, second, drafter):
        comment = quoting(round_, "Nobody is left behind")
        revise(drafter, second, "para_1", " Nobody is left behind.", "")
        revise(drafter, second, "para_1", "Cities", "Nobody is left behind. Cities")
        found = client_of(drafter).get(self.url(comment, second)).json()
        assert (found["state"], found["provision"], found["start"]) == ("orphaned", "para_1", None)
        assert found["proposal"] == {
            "provision": "para_1",
            "exact": "Nobody is left behind",
            "start": 0,
            "end": 21,
        }

    def test_what_the_caller_may_not_see_is_not_there(self, round_, first, second, drafter):
        comment = quoting(round_, "publish their data")
        assert client_of().get(self.url(comment, second)).status_code == 404
        assert client_of(comment.author).get(self.url(comment, second)).status_code == 404
        assert client_of(drafter).get(self.url(comment, make_draft(status="published"))).status_code == 404
        assert client_of(drafter).get(self.url(comment, 10**30)).status_code == 404
        Round.objects.update(visibility="secretariat")
        assert client_of().get(self.url(comment, first)).status_code == 404
        assert client_of(comment.author).get(self.url(comment, first)).status_code == 200
        assert client_of(drafter).get(f"/api/v1/comments/{uuid4()}/anchor/?draft=1").status_code == 404

    @pytest.mark.parametrize("draft", ["", "x", "-1", "1.5", "²"])
    def test_a_draft_must_be_named(self, round_, draft):
        comment = quoting(round_, "publish their data")
        assert client_of().get(self.url(comment, draft)).status_code == 400


def test_what_is_said_after_the_next_draft_came_out_goes_on_too(
    round_: Round, second: Draft, drafter: Any
) -> None:
    quoting(round_, "publish their data")
    come_out(second)
    late = quoting(Round.objects.get(pk=round_.pk), "publish their data")
    assert not AnchorMapping.objects.filter(comment=late).exists()
    outbox.drain()
    assert AnchorMapping.objects.get(comment=late).state == "exact"
    Outbox.objects.filter(event="comment.on_earlier_draft").update(done_at=None)
    outbox.drain()
    assert AnchorMapping.objects.filter(comment=late).count() == 1
