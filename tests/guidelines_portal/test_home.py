"""The front page: what is open, the draft, and what became of what was said."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from consultations.actions.answering import answer_comment, publish_answers
from consultations.actions.tallying import recount_round
from drafts.actions.publishing import ask_for_status
from drafts.models import Draft
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


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page_of(client: Client) -> str:
    response = client.get("/en/")
    assert response.status_code == 200
    return response.content.decode()


def published_draft() -> Draft:
    draft = make_draft(label="Second draft")
    for n in range(1, 9):
        make_provision(draft, f"pillar_{n}", kind="pillar", pillar=n, number=str(n), heading=f"Heading {n}")
    draft.status, draft.published_at = Draft.Status.PUBLISHED, timezone.now()
    draft.save()
    return draft


@pytest.mark.parametrize(
    ("accepted", "language"), [("fr-CH, en;q=0.5", "fr"), ("zh-CN", "zh-hans"), ("sw", "en"), ("", "en")]
)
def test_the_bare_address_leads_to_the_reader_s_language(accepted: str, language: str) -> None:
    response = Client().get("/", headers={"Accept-Language": accepted})
    assert (response.status_code, response["Location"]) == (302, f"/{language}/")
    assert "Accept-Language" in response["Vary"]


def test_an_empty_portal_says_what_will_be_here_and_how_to_begin() -> None:
    page = page_of(Client())
    assert "Drafting guidelines together" in page
    assert "No round is open at present" in page
    assert "/en/account/signup/" in page and "/en/account/login/" in page
    assert "You said, we did" not in page


def test_what_is_open_has_one_button_and_what_is_hidden_is_not_there() -> None:
    draft, group, now = published_draft(), make_group(), timezone.now()
    make_round(draft, title="Open to all")
    make_round(draft, title="Experts only", groups=(group,), visibility="participants")
    make_round(draft, title="Later", opens_at=now + timedelta(days=2), closes_at=now + timedelta(days=4))
    make_round(make_draft(paragraphs=1, label="Working draft"), title="On a working draft")
    seen = page_of(Client())
    assert "Open to all" in seen and "Later" in seen
    assert "Experts only" not in seen and "On a working draft" not in seen
    assert seen.count("Take part") == 1
    expert = page_of(signed_in(make_user("expert", groups=(group,))))
    assert expert.count("Take part") == 2 and "On a working draft" not in expert
    assert page_of(signed_in(make_user("staff"))).count("Take part") == 3


def test_the_eight_pillars_lead_to_their_pages_in_two_rows_of_four() -> None:
    draft = published_draft()
    make_draft(guidelines=draft.guidelines, label="Not out yet")
    page = page_of(Client())
    rows = page.split('<ul class="grid grid--4')[1:]
    base = f"/en/guidelines/{draft.guidelines.slug}/{draft.number}"
    assert [[n for n in range(1, 9) if f'{base}/pillar_{n}/"' in row] for row in rows] == [
        [1, 2, 3, 4],
        [5, 6, 7, 8],
    ]
    assert "Second draft" in page and "Not out yet" not in page
    assert Client().get(f"{base}/pillar_8/").status_code == 200


def test_you_said_we_did_counts_what_everyone_may_know() -> None:
    draft, staff = published_draft(), make_user("staff")
    shown = make_round(draft)
    kept = make_round(draft, visibility="secretariat")
    outcomes = ("accepted", "partly_accepted", "not_accepted")
    for round in (shown, kept):
        comments = [make_comment(round, make_user()) for _ in range(5)]
        for comment, outcome in zip(comments, outcomes, strict=False):
            answer_comment(actor=staff, comment=comment, outcome=outcome, responses={"en": "Thanks."})
        publish_answers(actor=staff, round=round)
        answer_comment(actor=staff, comment=comments[3], outcome="accepted", responses={"en": "Soon."})
        recount_round(round_id=round.pk)
    response = Client().get("/en/")
    # The fourth answer isn't published: nobody outside learns of it.
    account = response.context["account"]
    assert (account.comments, account.answered, account.accepted) == (5, 3, 2)
    assert account.address == f"/en/rounds/{shown.pk}/comments/"
    figures = response.content.decode().split('class="figure-number">')[1:]
    assert [figure[0] for figure in figures] == ["5", "3", "2"]


def test_an_open_round_says_for_whom_it_is_and_leads_to_them() -> None:
    draft, group = published_draft(), make_group(slug="the-group", name="The group")
    make_round(draft, title="For all")
    make_round(draft, title="For the group", groups=(group,))
    page = page_of(Client())
    assert "Everyone with an account" in page
    assert '<a href="/en/groups/#the-group">The group</a>' in page


def test_when_nothing_is_open_the_next_round_is_told() -> None:
    now = timezone.now()
    days = timedelta(days=1)
    make_round(published_draft(), title="In spring", opens_at=now + 9 * days, closes_at=now + 20 * days)
    page = page_of(Client()).partition('aria-labelledby="open-now"')[2].partition("</section>")[0]
    assert "No round is open at present" in page and "In spring" in page


def test_the_text_that_was_adopted_is_the_one_to_read() -> None:
    draft = published_draft()
    make_draft(guidelines=draft.guidelines, label="The adopted text", status="adopted")
    assert "The adopted text" in page_of(Client())


def test_every_pillar_has_its_number_its_name_and_its_sign() -> None:
    published_draft()
    cards = page_of(Client()).split('class="pillar"')[1:]
    assert len(cards) == 8
    for n, card in enumerate(cards, 1):
        assert f">{n}</span>" in card and f"Heading {n}" in card and '<svg class="icon"' in card


def test_home_costs_at_most_16_queries_however_much_is_open() -> None:
    draft, expert = published_draft(), make_user("expert", groups=(make_group(),))
    counts = []
    for more in (2, 10):
        for _ in range(more):
            round = make_round(draft)
            make_comment(round, expert, provision_key="pillar_1")
            recount_round(round_id=round.pk)
        for client in (Client(), signed_in(expert)):
            with CaptureQueriesContext(connection) as captured:
                page_of(client)
            counts.append(len(captured))
    assert counts[:2] == counts[2:]
    assert max(counts) <= 16


def test_what_waits_is_told_to_whom_it_waits_for() -> None:
    draft = published_draft()
    round = make_round(draft, title="Open to all")
    author, staff = make_user(), make_user("staff")
    make_comment(round, author=author)
    answered = make_comment(round, author=author)
    make_comment(round, author=author, submit=False)
    answer_comment(actor=staff, comment=answered, outcome="noted", responses={"en": "Read."})
    for client, told, untold in (
        (signed_in(staff), ["comment to answer", "answer to publish"], ["begun and not sent"]),
        (signed_in(make_user("drafter")), ["comment to answer"], ["answer to publish"]),
        (signed_in(author), ["comment begun and not sent"], ["comment to answer", "answer to publish"]),
        (Client(), [], ["Waiting for you"]),
    ):
        page = page_of(client)
        assert all(words in page for words in told)
        assert not any(words in page for words in untold)


def test_a_draft_circulated_to_one_and_a_publication_to_confirm_wait_too() -> None:
    group, staff, drafter = make_group(), make_user("staff"), make_user("drafter")
    circulated = make_draft(label="Zero draft", paragraphs=1)
    set_status(circulated, "circulated")
    circulated.access.create(group=group)
    ask_for_status(actor=drafter, draft=make_draft(label="First draft", paragraphs=1))
    for client, told, untold in (
        (signed_in(make_user(groups=(group,))), ["draft circulated to you", "Zero draft"], ["to confirm"]),
        (signed_in(make_user(groups=(make_group(),))), [], ["Waiting for you", "Zero draft"]),
        (signed_in(staff), ["publication to confirm", "First draft"], ["circulated to you"]),
        (signed_in(drafter), [], ["to confirm"]),
    ):
        page = page_of(client)
        assert all(words in page for words in told)
        assert not any(words in page for words in untold)


def test_what_waits_costs_the_same_for_many_rounds() -> None:
    draft, staff = published_draft(), make_user("staff")
    counts = []
    for _more in range(2):
        for _round in range(1 + 3 * len(counts)):
            make_comment(make_round(draft), author=make_user())
        client = signed_in(staff)
        page_of(client)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            page_of(client)
        counts.append(len(queries))
    assert counts[0] == counts[1]
