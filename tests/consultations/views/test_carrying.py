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


def read(path: str, user: Any = None) -> str:
    draft = Draft.objects.get(label="Next")
    client = Client()
    if user:
        client.force_login(user)
    page = client.get(f"/en/{path}".format(slug=draft.guidelines.slug, number=draft.number))
    assert page.status_code == 200, page.status_code
    return page.content.decode()


def test_readers_of_the_new_draft_see_what_goes_on_with_it(comments: dict[str, Comment]) -> None:
    page = read("guidelines/{slug}/{number}/chp_1/")
    standing = AnchorMapping.objects.exclude(state="proposed")
    assert f"{standing.count()} from earlier drafts" in page
    carried = read("rounds/carried/{slug}/{number}/on/para_1/")
    for comment in comments.values():
        waits = not standing.filter(comment=comment).exists()
        assert waits or f"comment-{comment.uuid}" in carried
    assert "<mark>publish their data</mark>" in carried


def test_only_what_a_reader_may_read_goes_on(comments: dict[str, Comment]) -> None:
    Comment.objects.filter(pk=comments["same"].pk).update(status="hidden")
    AnchorMapping.objects.filter(comment=comments["moved"]).update(state="proposed")
    assert "2 from earlier drafts" in read("guidelines/{slug}/{number}/chp_1/")
    round = comments["bare"].round
    round.visibility = "secretariat"
    round.save()
    assert "from earlier drafts" not in read("guidelines/{slug}/{number}/chp_1/")
    assert "No comment is here." in read("rounds/carried/{slug}/{number}/on/para_1/")
    assert "2 from earlier drafts" in read("guidelines/{slug}/{number}/chp_1/", make_user("drafter"))


def test_a_draft_that_is_not_out_has_no_such_page(comments: dict[str, Comment]) -> None:
    draft = Draft.objects.get(label="Next")
    third = begin_draft(actor=make_user("drafter"), base=draft, label="Third")
    for key, number in (("para_1", third.number), ("nowhere", draft.number)):
        page = Client().get(f"/en/rounds/carried/{draft.guidelines.slug}/{number}/on/{key}/")
        assert page.status_code == 404


def test_a_person_finds_the_words_in_another_provision(staff: Any, comments: dict[str, Comment]) -> None:
    gone = mapping_of(comments["gone"])
    draft = Draft.objects.get(label="Next")
    AnchorMapping.objects.filter(pk=gone.pk).update(provision=draft.provisions.get(key="chp_1"))
    said = place(staff, comments["gone"], exact="Nobody is left behind", place="99").content.decode()
    assert "No provision, or more than one, is called “99”" in said
    assert mapping_of(comments["gone"]).confirmed_by is None
    place(staff, comments["gone"], exact="Nobody is left behind", place="1")
    gone = mapping_of(comments["gone"])
    assert gone.provision is not None
    assert (gone.provision.key, gone.state, gone.confirmed_by) == ("para_1", "mapped", staff)


def test_while_comments_are_carried_the_page_asks_how_far_it_is(
    staff: Any, comments: dict[str, Comment]
) -> None:
    draft = Draft.objects.get(label="Next")
    job = Job.objects.create(
        kind="carry_comments", params={"draft": draft.pk}, state="running", done=3, total=9
    )
    client = Client()
    client.force_login(staff)
    address = f"/en/rounds/carried/{draft.guidelines.slug}/{draft.number}/?state=exact"
    assert 'data-hx-trigger="every 2s"' in client.get(address).content.decode()
    part = client.get(address, HTTP_HX_REQUEST="true")
    assert part.status_code == 200
    assert "3 of 9" in part.content.decode()
    Job.objects.filter(pk=job.pk).update(state="done")
    assert client.get(address, HTTP_HX_REQUEST="true").status_code == 286
