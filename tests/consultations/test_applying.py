"""Taking proposals into the working draft: on words that moved on, beside others, and answered in the same step."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from accounts.models import User
from consultations.actions.anchoring import AnchorInput
from consultations.actions.answering import answer_comment
from consultations.actions.applying import apply_proposals
from consultations.applying import Fate, fate_of, joined, proposal_of, proposals_beside, target_of
from consultations.models import AppliedChange, Comment, Disposition, Round
from core.models import AuditEntry
from core.verdicts import Conflict, Refusal
from drafts.actions.drafting import begin_draft
from drafts.actions.revising import revise_provision
from drafts.models import Draft, ProvisionText
from tests.factories import make_comment, make_draft, make_provision, make_round, make_user, set_status

pytestmark = pytest.mark.django_db
TEXT = "Cities protect personal data and publish what they know about their streets."


@pytest.fixture
def drafter() -> User:
    return make_user("drafter")


@pytest.fixture
def round_() -> Round:
    draft = make_draft()
    make_provision(draft, "para_1", number="1", text=TEXT)
    set_status(draft, "published")
    return make_round(draft)


@pytest.fixture
def working(round_: Round, drafter: User) -> Draft:
    return begin_draft(actor=drafter, base=round_.draft, label="Second draft")


def proposing(round: Round, words: str, **fields: Any) -> Comment:
    return make_comment(round, make_user(), provision_key="para_1", proposed_text=words, **fields)


def quoting(round: Round, quote: str, words: str) -> Comment:
    start = TEXT.index(quote)
    anchor = AnchorInput(exact=quote, prefix="", suffix="", start=start, end=start + len(quote))
    return proposing(round, words, anchor=anchor)


def words_of(draft: Draft) -> ProvisionText:
    return ProvisionText.objects.get(provision__draft=draft, provision__key="para_1")


def apply(comment: Comment, actor: Any, *more: Comment, **fields: Any) -> Any:
    target = target_of(comment, actor)
    assert target
    proposals = [proposal for each in (comment, *more) if (proposal := proposal_of(each))]
    given: dict[str, Any] = {
        "text": joined(proposals, target.words.text),
        "version": target.words.version,
        "outcome": "accepted",
        "responses": {"en": "Taken up."},
    }
    return apply_proposals(
        actor=actor,
        comments=[comment, *more],
        provision=target.provision,
        language="en",
        **given | fields,
    )


class TestWhatIsAskedFor:
    def test_a_whole_wording_stands_for_the_whole_text(self, round_: Round) -> None:
        proposal = proposal_of(proposing(round_, TEXT.replace("streets", "squares")))
        assert proposal and proposal.base == TEXT and proposal.words == TEXT.replace("streets", "squares")

    def test_words_for_a_quote_stand_in_its_place(self, round_: Round) -> None:
        proposal = proposal_of(quoting(round_, "personal data", "privacy"))
        assert proposal and proposal.words == TEXT.replace("personal data", "privacy")

    def test_a_whole_wording_beside_a_quote_is_known_by_its_likeness(self, round_: Round) -> None:
        proposal = proposal_of(quoting(round_, "streets", TEXT.replace("streets", "squares")))
        assert proposal and proposal.words == TEXT.replace("streets", "squares")

    def test_a_comment_without_words_proposes_nothing(self, round_: Round) -> None:
        assert proposal_of(make_comment(round_, make_user(), provision_key="para_1")) is None


class TestOnTheTextAsItStands:
    def test_what_was_changed_elsewhere_stays(self, round_: Round, working: Draft, drafter: User) -> None:
        comment = quoting(round_, "personal data", "privacy")
        moved = TEXT.replace("streets", "squares")
        words = words_of(working)
        revise_provision(actor=drafter, provision=words.provision, language="en", version=1, text=moved)
        revision = apply(comment, drafter)
        assert revision.content["text"] == moved.replace("personal data", "privacy")
        assert words_of(working).text == revision.content["text"]

    def test_where_both_touch_the_same_words_a_person_decides(
        self, round_: Round, working: Draft, drafter: User
    ) -> None:
        comment = quoting(round_, "personal data", "privacy")
        words = words_of(working)
        other = TEXT.replace("personal data", "health records")
        revise_provision(actor=drafter, provision=words.provision, language="en", version=1, text=other)
        proposal = proposal_of(comment)
        assert proposal and joined([proposal], other) is None

    def test_alternatives_and_what_becomes_of_them(
        self, round_: Round, working: Draft, drafter: User
    ) -> None:
        one = quoting(round_, "personal data", "privacy")
        rival = quoting(round_, "personal data", "all records")
        apart = quoting(round_, "their streets", "their streets and parks")
        assert proposals_beside(one, drafter) == [rival, apart]
        apply(one, drafter)
        now = words_of(working).text
        fates = [fate_of(proposal, now) for c in (one, rival, apart) if (proposal := proposal_of(c))]
        assert fates == [Fate.DONE, Fate.TOUCHED, Fate.FITS]

    def test_two_are_combined(self, round_: Round, working: Draft, drafter: User) -> None:
        one = quoting(round_, "personal data", "privacy")
        other = quoting(round_, "their streets", "their streets and parks")
        revision = apply(one, drafter, other)
        assert revision.content["text"] == TEXT.replace("personal data", "privacy").replace(
            "their streets", "their streets and parks"
        )
        assert AppliedChange.objects.filter(revision=revision).count() == 2

    def test_without_a_draft_being_written_there_is_no_place(self, round_: Round, drafter: User) -> None:
        assert target_of(quoting(round_, "personal data", "privacy"), drafter) is None


class TestTheStep:
    def test_revision_and_answer_name_each_other(self, round_: Round, working: Draft, drafter: User) -> None:
        comment = quoting(round_, "personal data", "privacy")
        revision = apply(comment, drafter)
        disposition = Disposition.objects.get(comment=comment)
        assert (disposition.outcome, disposition.published_at) == ("accepted", None)
        assert AppliedChange.objects.get().disposition == disposition
        assert AppliedChange.objects.get().revision == revision
        assert AuditEntry.objects.filter(action="answer.apply").count() == 1

    def test_twice_is_once(self, round_: Round, working: Draft, drafter: User) -> None:
        comment = quoting(round_, "personal data", "privacy")
        text = TEXT.replace("personal data", "privacy")
        first = apply(comment, drafter)
        again = apply(Comment.objects.get(pk=comment.pk), drafter, text=text, version=1)
        assert first == again and AppliedChange.objects.count() == 1
        assert words_of(working).version == 2

    def test_a_text_that_moved_on_is_not_overwritten(
        self, round_: Round, working: Draft, drafter: User
    ) -> None:
        comment = quoting(round_, "personal data", "privacy")
        words = words_of(working)
        other = make_user("drafter")
        revise_provision(
            actor=other, provision=words.provision, language="en", version=1, text="Other words."
        )
        with pytest.raises(Conflict):
            apply(comment, drafter, version=1, text=TEXT.replace("personal data", "privacy"))
        assert words_of(working).text == "Other words." and not Disposition.objects.exists()

    def test_an_answer_that_says_no_is_changed_first(
        self, round_: Round, working: Draft, drafter: User
    ) -> None:
        comment = quoting(round_, "personal data", "privacy")
        answer_comment(actor=drafter, comment=comment, outcome="not_accepted", responses={"en": "No."})
        with pytest.raises(Conflict, match="says that it isn’t taken up"):
            apply(Comment.objects.get(pk=comment.pk), drafter)
        assert words_of(working).text == TEXT

    def test_an_answer_that_says_yes_keeps_its_words(
        self, round_: Round, working: Draft, drafter: User
    ) -> None:
        comment = quoting(round_, "personal data", "privacy")
        answer_comment(
            actor=drafter, comment=comment, outcome="partly_accepted", responses={"en": "In part."}
        )
        apply(Comment.objects.get(pk=comment.pk), drafter, outcome="", responses=None)
        standing = Disposition.objects.get()
        assert (standing.outcome, standing.answer.responses) == ("partly_accepted", {"en": "In part."})

    @pytest.mark.parametrize("outcome", ["noted", "not_accepted", ""])
    def test_what_is_taken_in_is_accepted(
        self, round_: Round, working: Draft, drafter: User, outcome: str
    ) -> None:
        with pytest.raises(ValidationError, match="accepted"):
            apply(quoting(round_, "personal data", "privacy"), drafter, outcome=outcome)
        assert words_of(working).version == 1

    def test_who_may_not_write_the_text_changes_nothing(self, round_: Round, working: Draft) -> None:
        comment = quoting(round_, "personal data", "privacy")
        with pytest.raises(Refusal):
            apply(comment, make_user("staff"))
        assert words_of(working).version == 1 and not Disposition.objects.exists()


class TestThePage:
    def page(self, comment: Comment, query: str = "") -> str:
        return f"/en/rounds/{comment.round_id}/comments/{comment.uuid}/apply/{query}"

    def client(self, user: Any) -> Client:
        client = Client()
        client.force_login(user)
        return client

    def test_from_the_desk_into_the_text(self, round_: Round, working: Draft, drafter: User) -> None:
        comment, client = quoting(round_, "personal data", "privacy"), self.client(drafter)
        desk = client.get(f"/en/rounds/{round_.pk}/desk/?comment={comment.uuid}").content.decode()
        assert self.page(comment) in desk
        html = client.get(self.page(comment)).content.decode()
        assert "<del>personal data</del><ins>privacy</ins>" in html and "Second draft" in html
        sent = {
            "text": TEXT.replace("personal data", "privacy"),
            "words_version": "1",
            "outcome": "accepted",
            "language": "en",
            "response": "Taken up.",
        }
        seen = client.post(self.page(comment), {**sent, "text": TEXT + " More.", "see": "1"}).content.decode()
        assert "<ins> More.</ins>" in seen and words_of(working).version == 1
        assert client.post(self.page(comment), sent).status_code == 302
        assert words_of(working).text == sent["text"]
        assert (
            "Already in the text of “Second draft”, revision 2."
            in client.get(self.page(comment)).content.decode()
        )

    def test_words_that_stand_there_already_are_told(
        self, round_: Round, working: Draft, drafter: User
    ) -> None:
        comment, words = quoting(round_, "personal data", "privacy"), words_of(working)
        revise_provision(
            actor=drafter,
            provision=words.provision,
            language="en",
            version=1,
            text=TEXT.replace("personal data", "privacy"),
        )
        assert "The text says so already." in self.client(drafter).get(self.page(comment)).content.decode()

    def test_a_ticked_one_is_combined(self, round_: Round, working: Draft, drafter: User) -> None:
        one = quoting(round_, "personal data", "privacy")
        other = quoting(round_, "their streets", "their streets and parks")
        html = self.client(drafter).get(self.page(one, f"?with={other.uuid}")).content.decode()
        assert "<ins>privacy</ins>" in html and "<ins> and parks</ins>" in html and "In the text" in html

    def test_what_changed_meanwhile_is_shown(self, round_: Round, working: Draft, drafter: User) -> None:
        comment, client = quoting(round_, "personal data", "privacy"), self.client(drafter)
        words = words_of(working)
        revise_provision(
            actor=make_user("drafter"),
            provision=words.provision,
            language="en",
            version=1,
            text="Other words.",
        )
        sent = {
            "text": "Mine.",
            "words_version": "1",
            "outcome": "accepted",
            "language": "en",
            "response": "Yes.",
        }
        answer = client.post(self.page(comment), sent)
        assert answer.status_code == 409 and "Other" in answer.content.decode()
        assert 'name="words_version" value="2"' in answer.content.decode()

    def test_staff_read_it_and_drafters_change_it(self, round_: Round, working: Draft) -> None:
        comment, staff = quoting(round_, "personal data", "privacy"), self.client(make_user("staff"))
        page = staff.get(self.page(comment))
        assert "Only drafters change the text." in page.content.decode()
        assert staff.post(self.page(comment), {"text": "x"}).status_code == 403
        assert self.client(make_user()).get(self.page(comment)).status_code == 403

    def test_a_comment_that_proposes_nothing_has_no_such_page(self, round_: Round, drafter: User) -> None:
        comment = make_comment(round_, make_user(), provision_key="para_1")
        assert self.client(drafter).get(self.page(comment)).status_code == 404
