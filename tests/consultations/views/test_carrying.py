"""The page of what was carried to a draft."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from consultations.actions.anchoring import AnchorInput
from consultations.actions.carrying import carry_comments
from consultations.models import AnchorMapping, Comment
from core.models import AuditEntry, Job, subject_of
from drafts.actions.drafting import begin_draft
from drafts.models import Draft
from tests.consultations.test_carrying import TEXT, publish, revise
from tests.factories import make_comment, make_draft, make_provision, make_round, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff() -> Any:
    return make_user("staff", name="Sami")


@pytest.fixture
def comments() -> dict[str, Comment]:
    """One that stays, one whose words moved, one whose words went, one without words; carried to a second draft."""
    drafter = make_user("drafter")
    first = make_draft(paragraphs=0)
    make_provision(first, "para_1", number="1", parent=first.provisions.get(), text=TEXT)
    publish(first, None)
    round = make_round(first, visibility="public")
    quotes = {"same": "publish their data", "moved": "Nobody is left behind", "gone": "residents early"}
    made = {
        name: make_comment(round, make_user(), provision_key="para_1", anchor=AnchorInput(exact=words))
        for name, words in quotes.items()
    }
    made["bare"] = make_comment(round, make_user(), provision_key="para_1")
    second = begin_draft(actor=drafter, base=first, label="Next")
    revise(drafter, second, "para_1", " Nobody is left behind.", "")
    revise(drafter, second, "para_1", "Cities", "Nobody is left behind. Cities")
    revise(drafter, second, "para_1", " Local governments should consult residents early.", "")
    publish(second, None)
    carry_comments(draft=Draft.objects.get(pk=second.pk))
    return made


def page_of(user: Any, state: str = "") -> Any:
    draft = Draft.objects.get(label="Next")
    client = Client()
    client.force_login(user)
    return client.get(f"/en/rounds/carried/{draft.guidelines.slug}/{draft.number}/?state={state}")


def place(user: Any, comment: Comment, *, version: int = 1, **sent: Any) -> Any:
    draft = Draft.objects.get(label="Next")
    client = Client()
    client.force_login(user)
    address = f"/en/rounds/carried/{draft.guidelines.slug}/{draft.number}/comments/{comment.uuid}/"
    return client.post(address, {"version": version, **sent}, follow=True)


def mapping_of(comment: Comment) -> AnchorMapping:
    return AnchorMapping.objects.get(comment=comment)


def test_what_waits_for_a_person_comes_first(comments, staff):
    shown = page_of(staff).content.decode()
    assert "To be confirmed (1)" in shown and "Taken out (1)" in shown and "Unchanged (2)" in shown
    assert f"No. {comments['moved'].number}" in shown
    assert "<mark>Nobody is left behind</mark>. Cities publish their data." in shown


def test_orphans_stand_with_their_quote_and_both_texts(comments, staff):
    shown = page_of(staff, "orphaned").content.decode()
    assert "should consult <mark>residents early</mark>. Nobody" in shown
    assert "Nobody is left behind. Cities publish their data." in shown


def test_a_comment_without_a_quote_asks_for_no_place(comments, staff):
    shown = page_of(staff, "exact").content.decode()
    assert "The comment is on the provision as a whole." in shown
    assert "This comment quotes no words." in place(staff, comments["bare"], exact="Cities").content.decode()


def test_a_proposal_is_confirmed_on_the_record(comments, staff):
    place(staff, comments["moved"], exact="Nobody is left behind")
    row = mapping_of(comments["moved"])
    assert (row.state, row.start, row.end, row.confirmed_by) == ("exact", 0, 21, staff)
    entry = AuditEntry.objects.get(action="comment.set_place")
    assert (entry.actor, entry.subject) == (staff, subject_of(comments["moved"]))
    carry_comments(draft=row.draft)
    assert mapping_of(comments["moved"]).state == "exact"


def test_an_orphan_is_given_a_place_and_a_place_is_taken_away(comments, staff):
    place(staff, comments["gone"], exact="Cities publish")
    row = mapping_of(comments["gone"])
    assert (row.state, row.start, row.end) == ("mapped", 23, 37)
    place(staff, comments["gone"], version=2, exact="ignored", nowhere="1")
    row = mapping_of(comments["gone"])
    assert (row.state, row.start, row.confirmed_by) == ("orphaned", None, staff)


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"exact": "words that are nowhere"}, "do not stand at this place"),
        ({"exact": "  "}, "Quote the words that stand for it."),
        ({"exact": "Cities", "version": 7}, "Somebody has set this place meanwhile."),
        ({"exact": "Cities", "version": "²"}, "Somebody has set this place meanwhile."),
    ],
)
def test_what_is_refused_changes_nothing(comments, staff, sent, said):
    assert said in place(staff, comments["moved"], **sent).content.decode()
    assert mapping_of(comments["moved"]).state == "proposed"


def test_it_is_the_secretariats(comments, staff):
    for role in ("participant", "expert", "admin"):
        person = make_user(role)
        assert page_of(person).status_code == 403
        assert place(person, comments["moved"], exact="Cities").status_code == 403
    assert mapping_of(comments["moved"]).state == "proposed"


def test_carrying_again_starts_one_job(comments, staff):
    draft = Draft.objects.get(label="Next")
    client = Client()
    client.force_login(staff)
    Job.objects.all().delete()
    address = f"/en/rounds/carried/{draft.guidelines.slug}/{draft.number}/again/"
    for _ in range(2):
        shown = client.post(address, follow=True).content.decode()
    assert "Comments are being carried" in shown
    assert Job.objects.filter(kind="carry_comments").count() == 1


def test_the_desk_leads_there_once_the_draft_is_superseded(comments, staff):
    client = Client()
    client.force_login(staff)
    shown = client.get(f"/en/rounds/{comments['same'].round_id}/desk/").content.decode()
    assert "Carried to “Next”" in shown


def test_queries_do_not_grow_with_the_rows(comments, staff):

    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as captured:
            page_of(staff, "exact")
        counts.append(len(captured))
        round = comments["same"].round
        for _n in range(5):
            make_comment(
                round, make_user(), provision_key="para_1", anchor=AnchorInput(exact="publish their data")
            )
        carry_comments(draft=Draft.objects.get(label="Next"))
    assert counts[0] == counts[1]
