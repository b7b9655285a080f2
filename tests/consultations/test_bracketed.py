"""A round's proposals in brackets: what the secretariat reads, and what it enters from a pasted text."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Country, User
from consultations.actions.anchoring import AnchorInput
from consultations.actions.discussing import take_position
from consultations.actions.entering import Entry, enter_proposals
from consultations.actions.tallying import recount_round
from consultations.bracketed import bracketed
from consultations.models import Comment, Position, Round, RoundScope, Tally
from consultations.negotiating import Proposal, Sign, understand
from core.models import AuditEntry
from core.verdicts import Conflict, Refusal
from drafts.queries import find_provision
from tests.factories import (
    make_comment,
    make_draft,
    make_member_state,
    make_provision,
    make_round,
    make_user,
    set_status,
)

pytestmark = pytest.mark.django_db

TEXT = "The towns shall name a focal point[^1] within two years."


@pytest.fixture
def round_() -> Round:
    draft = make_draft(paragraphs=1)
    make_provision(draft, "para_9", number="9", text=TEXT)
    set_status(draft, "published")
    return make_round(draft, title="Spring round", title_en="Spring round")


def speaker(code: str) -> User:
    country = Country.objects.get(pk=code)
    contact = make_user("focal_point", country=country)
    make_member_state(code, contact=contact)
    return contact


def propose(round_: Round, old: str, new: str, author: User | None = None, **more: Any) -> Comment:
    return make_comment(
        round_, author or make_user(), provision_key="para_9", proposed_text=TEXT.replace(old, new), **more
    )


def text_of(round_: Round, user: Any) -> str:
    row = find_provision(round_.draft, "para_9", "en")
    assert row is not None
    return bracketed([row], round_, user).rows[0].text


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def address(round_: Round, page: str = "brackets", key: str = "para_9") -> str:
    return reverse(f"consultations:{page}", args=[round_.pk, *([key] if key else [])])


def test_proposals_stand_with_the_positions_of_member_states(round_: Round) -> None:
    comment = propose(round_, "shall", "should", speaker("GHA"))
    take_position(user=speaker("FRA"), comment=comment, position="oppose")
    take_position(user=speaker("JPN"), comment=comment, position="reserve")
    take_position(user=make_user(), comment=comment, position="support")
    propose(round_, " within two years", "")
    row = find_provision(round_.draft, "para_9", "en")
    assert row is not None
    part = bracketed([row], round_, make_user("staff"))
    assert part.rows[0].text == (
        "The towns [shall][should]{GHA+ FRA-}{JPN reserve} name a focal point[^1] [within two years]."
    )
    assert (part.proposals, part.others) == (2, 1)


def test_a_proposal_for_quoted_words_stands_at_those(round_: Round) -> None:
    anchor = AnchorInput(exact="two years")
    comment = make_comment(
        round_, make_user(), provision_key="para_9", proposed_text="the next 36 months", anchor=anchor
    )
    assert comment.status == "submitted"
    assert "within [two years][the next 36 months]." in text_of(round_, make_user("staff"))


def test_what_is_no_longer_submitted_is_left_out(round_: Round) -> None:
    comment = propose(round_, "shall", "should")
    Comment.objects.filter(pk=comment.pk).update(status="withdrawn")
    assert text_of(round_, make_user("staff")) == TEXT


def test_an_anonymous_authors_country_is_not_told(round_: Round) -> None:
    propose(round_, "shall", "should", speaker("GHA"), attribution="anonymous")
    assert "GHA" not in text_of(round_, make_user("drafter"))
    assert "GHA+" in text_of(round_, make_user("staff"))


@pytest.mark.parametrize("key", ["para_9", "chp_1", ""])
def test_the_page_and_the_file_have_it(round_: Round, key: str) -> None:
    propose(round_, "shall", "should")
    client = signed_in(make_user("drafter"))
    where = address(round_, "brackets" if key else "brackets_whole", key)
    page = client.get(where)
    assert "1 proposal stands in brackets." in page.content.decode()
    assert 'class="bracket__sign">[</b>should' in page.content.decode()
    file = client.get(f"{where}?as=text")
    assert "The towns [shall][should] name" in file.content.decode()
    assert file["Content-Type"].startswith("text/plain")


def test_pages_are_the_secretariats(round_: Round) -> None:
    hidden = make_round(make_draft(paragraphs=1))
    for page in ("brackets", "brackets_paste"):
        assert signed_in(make_user("expert")).get(address(round_, page)).status_code == 403
        assert signed_in(make_user("expert")).get(address(hidden, page, "para_1")).status_code == 404
        assert signed_in(make_user("staff")).get(address(round_, page, "nowhere")).status_code == 404
        assert Client().get(address(round_, page)).status_code == 302


def test_more_proposals_ask_the_database_no_more(round_: Round) -> None:
    propose(round_, "shall", "should")
    client = signed_in(make_user("staff"))
    client.get(address(round_, key="chp_1"))

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            client.get(address(round_, key="chp_1"))
        return len(asked)

    before = queries()
    for word in ("must", "may", "will"):
        propose(round_, "shall", word, speaker({"must": "GHA", "may": "FRA", "will": "KEN"}[word]))
    assert queries() == before


PASTED = """This version represents the discussions of Monday 3 March 2025
The towns [shall]{FRA-} [should]{GHA+, KEN+} name a focal point within [two years][36 months] {JPN reserve} ."""


def paste(client: Client, round_: Round, notation: str, **more: str) -> Any:
    return client.post(address(round_, "brackets_paste"), {"notation": notation, "version": "1", **more})


def test_pasted_text_is_shown_before_anything_is_written(round_: Round) -> None:
    page = paste(signed_in(make_user("staff")), round_, PASTED)
    said = page.content.decode()
    assert page.status_code == 200
    assert "Monday 3 March 2025" in said
    for words in ("Supported by", "Ghana", "Position reserved by", "Japan", "Enter these proposals"):
        assert words in said
    assert not Comment.objects.exists()


def test_a_text_that_cannot_be_read_is_marked_where(round_: Round) -> None:
    page = paste(signed_in(make_user("staff")), round_, "The towns [shall]{FRA-\nname")
    assert page.status_code == 400
    assert "Line 1, column 18" in page.content.decode()
    assert "<mark>{FRA-</mark>" in page.content.decode()


def test_confirmed_they_are_comments_on_behalf_with_positions(round_: Round) -> None:
    staff = make_user("staff")
    page = paste(signed_in(staff), round_, PASTED, confirm="1")
    assert page.status_code == 302
    made = {c.proposed_text: c for c in Comment.objects.all()}
    should = made[TEXT.replace("shall", "should")]
    assert (should.status, should.entered_by, should.number is not None) == ("submitted", staff, True)
    assert "Monday 3 March" in should.rationale
    assert dict(should.positions.values_list("organisation__country", "position")) == {
        "GHA": "support",
        "KEN": "support",
    }
    assert sorted(c.number or 0 for c in made.values()) == [1, 2, 3]
    assert AuditEntry.objects.filter(action="comment.enter").count() == 3
    deleted = made[TEXT.replace("shall ", "")]
    assert dict(deleted.positions.values_list("organisation__country", "position")) == {"FRA": "support"}
    assert "[shall]{FRA-}[should]{GHA+ KEN+}" in text_of(round_, staff)


def test_sent_twice_they_are_entered_once_and_new_positions_are_added(round_: Round) -> None:
    client = signed_in(make_user("staff"))
    for notation in (PASTED, PASTED, PASTED.replace("KEN+", "KEN+ PER+").replace("GHA+", "GHA-")):
        paste(client, round_, notation, confirm="1")
    assert Comment.objects.count() == 3
    should = Comment.objects.get(proposed_text=TEXT.replace("shall", "should"))
    # Peru is new; what Ghana says in the portal stays.
    assert dict(should.positions.values_list("organisation__country", "position")) == {
        "GHA": "support",
        "KEN": "support",
        "PER": "support",
    }


def test_what_the_portal_wrote_enters_nothing_new(round_: Round) -> None:
    staff = make_user("staff")
    take_position(user=speaker("FRA"), comment=propose(round_, "shall", "should"), position="oppose")
    propose(round_, "two", "three")
    before = Comment.objects.count(), Position.objects.count()
    page = paste(signed_in(staff), round_, text_of(round_, staff), confirm="1")
    assert page.status_code == 302
    assert (Comment.objects.count(), Position.objects.count()) == before


def entering(round_: Round, actor: Any, **more: Any) -> list[Comment]:
    proposals = understand(
        "The towns [shall][should]{GHA+} name a focal point[^1] within two years.", TEXT
    ).proposals
    given = {"provision_key": "para_9", "language": "en", "version": 1, "proposals": proposals, **more}
    return enter_proposals(actor=actor, round=round_, entries=[Entry(**given)])


def test_in_a_closed_round_they_are_late_input(round_: Round) -> None:
    Round.objects.filter(pk=round_.pk).update(closes_at=timezone.now() - timedelta(minutes=1))
    round_.refresh_from_db()
    page = paste(signed_in(make_user("staff")), round_, PASTED)
    assert "goes to the list of late input" in page.content.decode()
    (comment,) = entering(round_, make_user("staff"))
    assert (comment.status, comment.number, comment.positions.count()) == ("late", None, 1)
    assert entering(round_, make_user("staff")) == []


def test_who_may_not_and_when_is_refused(round_: Round) -> None:
    with pytest.raises(Refusal):
        entering(round_, make_user("expert"))
    with pytest.raises(Conflict):
        entering(round_, make_user("staff"), version=2)
    Round.objects.filter(pk=round_.pk).update(opens_at=timezone.now() + timedelta(hours=1))
    round_.refresh_from_db()
    with pytest.raises(Refusal):
        entering(round_, make_user("staff"))
    assert not Comment.objects.exists()


def test_a_part_that_the_round_does_not_ask_about_is_refused(round_: Round) -> None:
    RoundScope.objects.create(round=round_, key="para_1")
    page = paste(signed_in(make_user("staff")), round_, PASTED, confirm="1")
    assert page.status_code == 400
    assert "does not ask about this part" in page.content.decode()
    assert not Comment.objects.exists()


def test_to_delete_the_whole_provision_is_not_entered(round_: Round) -> None:
    proposals = [Proposal(0, len(TEXT), "", {"FRA": Sign.SUPPORT})]
    assert entering(round_, make_user("staff"), proposals=proposals) == []


def test_what_is_entered_is_tallied_with_its_positions(round_: Round) -> None:
    entering(round_, make_user("staff"))
    recount_round(round_id=round_.pk)
    total = Tally.objects.get(round=round_, audience="readers", dimension="total")
    assert (total.comments, total.proposals, total.support) == (1, 1, 1)
    assert total.participants == 0, "who enters what others said takes no part by it"
    assert recount_round(round_id=round_.pk) == 0
    figures = signed_in(make_user("staff")).get(reverse("consultations:dashboard", args=[round_.pk]))
    assert figures.status_code == 200


@pytest.fixture
def several() -> Round:
    draft = make_draft(paragraphs=1)
    make_provision(draft, "para_9", number="9", text=TEXT)
    make_provision(draft, "para_10", number="10", text="Towns [of all sizes] report.\n\nEvery year.")
    make_provision(draft, "para_11", number="11", text="The council answers within a month.")
    set_status(draft, "published")
    return make_round(draft, title="Spring round", title_en="Spring round")


def paste_part(client: Client, round_: Round, notation: str, key: str = "chp_1", **more: str) -> Any:
    page = "brackets_paste" if key else "brackets_paste_whole"
    return client.post(address(round_, page, key), {"notation": notation, **more})


PART = """Towns draft
Spring round

Paragraph 9: The towns [shall][should]{GHA+ FRA-} name a focal point within two years.

11. The council answers within [a month]{KEN-}."""


@pytest.mark.parametrize("key", ["chp_1", ""])
def test_a_text_of_several_provisions_is_entered_at_once(several: Round, key: str) -> None:
    client = signed_in(make_user("staff"))
    page = paste_part(client, several, PART, key)
    said = page.content.decode()
    assert page.status_code == 200
    assert "2 provisions have brackets." in said
    assert "1 paragraph belongs to no provision" in said
    assert not Comment.objects.exists()
    answer = paste_part(client, several, PART, key, confirm="1", seen=page.context["state"])
    assert answer.status_code == 302
    entered = Comment.objects.order_by("number")
    assert [(c.provision.key, c.number) for c in entered if c.provision] == [("para_9", 1), ("para_11", 2)]
    paste_part(client, several, PART, key, confirm="1", seen=page.context["state"])
    assert Comment.objects.count() == 2


def test_the_file_of_a_part_enters_nothing_new(several: Round) -> None:
    staff = make_user("staff")
    propose(several, "shall", "should", speaker("GHA"))
    comment = make_comment(
        several,
        make_user(),
        provision_key="para_10",
        proposed_text="Towns [of all sizes] report.\n\nEvery other year.",
    )
    take_position(user=speaker("FRA"), comment=comment, position="oppose")
    client = signed_in(staff)
    file = client.get(f"{address(several, 'brackets_whole', '')}?as=text").content.decode()
    page = paste_part(client, several, file, "")
    assert page.status_code == 200, page.content.decode()
    assert [each.row.key for _shown, each in page.context["known"]] == ["para_9", "para_10"]
    assert not page.context["new"]


def test_a_fault_in_one_provision_keeps_all_of_them_out(several: Round) -> None:
    broken = PART.replace("[a month]{KEN-}", "[a month]{KEN?}")
    page = paste_part(signed_in(make_user("staff")), several, broken, confirm="1", seen="x")
    assert page.status_code == 400
    ((_row, fault),) = page.context["faults"]
    assert (fault.error.line, fault.error.column) == (6, 45)
    assert "Line 6, column 45" in page.content.decode()
    assert not Comment.objects.exists()


def test_words_that_changed_since_are_shown_again(several: Round) -> None:
    page = paste_part(signed_in(make_user("staff")), several, PART, confirm="1", seen="of another day")
    assert page.status_code == 409
    assert "Words have changed since you looked." in page.content.decode()
    assert not Comment.objects.exists()


def test_provisions_that_the_round_does_not_ask_about_are_refused(several: Round) -> None:
    RoundScope.objects.create(round=several, key="para_9")
    page = paste_part(signed_in(make_user("staff")), several, PART)
    assert page.status_code == 400
    assert "Nothing is entered until all of it can be read." in page.content.decode()


def test_words_that_would_go_are_struck(round_: Round) -> None:
    propose(round_, " within two years", "")
    page = signed_in(make_user("staff")).get(address(round_)).content.decode()
    assert '<del class="bracket__words">within two years</del>' in page


def test_chinese_words_are_not_cut_into_crumbs() -> None:
    draft = make_draft(paragraphs=1, source_language="zh-hans")
    words = "整体的可持续数字解决方案可解决城市的差异问题。"
    make_provision(draft, "para_9", number="9", language="zh-hans", text=words)
    set_status(draft, "published")
    round_ = make_round(draft)
    other = words.replace("方案可解决", "方以可核查的方式解决")
    make_comment(round_, make_user(), provision_key="para_9", proposed_text=other, language="zh-hans")
    row = find_provision(draft, "para_9", "zh-hans")
    assert row is not None
    text = bracketed([row], round_, make_user("staff")).rows[0].text
    assert text == "整体的可持续数字解决方[案可][以可核查的方式]解决城市的差异问题。"
