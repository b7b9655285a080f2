"""The reading room: marks, languages, margins, and what it costs."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from consultations.actions.tallying import recount_round
from consultations.models import Round
from drafts.models import ProvisionText
from tests.factories import make_comment, make_draft, make_group, make_provision, make_round, make_user

pytestmark = pytest.mark.django_db


def address(round: Round, query: str = "") -> str:
    return f"/en/guidelines/{round.draft.guidelines.slug}/{round.draft.number}/chp_1/{query}"


def client_of(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_marks_lead_to_their_notes_and_back_and_keep_their_place_in_the_plain_text() -> None:
    draft = make_draft()
    words = make_provision(draft, "para_1", text="Cities[^a] and towns.[^gone]")
    make_provision(draft, "fn_7", kind="footnote", parent=words, number="7", text="Of every size.")
    ProvisionText.objects.filter(provision=words).update(
        footnotes=[{"label": "a", "number": "7", "key": "fn_7"}]
    )
    page = client_of(make_user("staff")).get(address(make_round(draft))).content.decode()
    assert '<sup id="mark-fn_7" data-start="6" data-mark="[^a]"><a href="#fn_7"' in page
    assert '<span data-start="10"> and towns.</span>' in page
    assert "[^gone]</span>" in page
    assert 'id="fn_7"' in page and 'href="#mark-fn_7"' in page


def test_choices_of_text_and_round_are_kept_by_the_links() -> None:
    round = make_round(make_draft(status="published", paragraphs=1))
    page = Client().get(address(round, f"?text=fr&round={round.pk}")).content.decode()
    assert f"?text=en&amp;round={round.pk}" in page
    assert f'<link rel="canonical" href="{address(round)}?text=fr">' in page


def test_who_may_not_comment_reads_why_and_gets_no_link_to_an_empty_form() -> None:
    draft = make_draft(status="published", paragraphs=1)
    round = make_round(draft, groups=(make_group(),), visibility="public")
    page = client_of(make_user()).get(address(round)).content.decode()
    assert "invited groups only" in page
    assert "data-voices=" not in page and "selection.js" not in page


def test_a_page_costs_the_same_at_3_and_at_60_provisions() -> None:
    member, counts = make_user(), []
    for paragraphs, comments in ((3, 1), (60, 12)):
        round = make_round(make_draft(status="published", paragraphs=paragraphs))
        for n in range(1, comments + 1):
            make_comment(round, make_user(), provision_key=f"para_{min(n, paragraphs)}")
        recount_round(round_id=round.pk)
        client = client_of(member)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address(round)).status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[1] <= 15


def test_nobody_is_asked_to_sign_in_for_a_round_that_is_over() -> None:
    round = make_round(make_draft(status="published", paragraphs=1))
    assert "Sign in to take part." in Client().get(address(round)).content.decode()
    round.closes_at = round.opens_at + timedelta(hours=1)
    round.save()
    page = Client().get(address(round)).content.decode()
    assert "This round has closed." in page and "Sign in to take part." not in page


def contents(round: Round) -> str:
    return f"/en/guidelines/{round.draft.guidelines.slug}/{round.draft.number}/"


def test_the_contents_of_a_draft_say_what_is_open_on_it_and_what_to_do() -> None:
    round = make_round(make_draft(status="published"), title="Public round")
    stranger = Client().get(contents(round)).content.decode()
    assert f'href="/en/rounds/{round.pk}/">Public round</a>' in stranger and "Closes:" in stranger
    assert "/en/account/signup/?next=" in stranger and "select the words you mean" not in stranger
    participant = client_of(make_user()).get(contents(round)).content.decode()
    assert "select the words you mean" in participant and f'href="/en/rounds/{round.pk}/on/"' in participant


def test_the_contents_of_a_draft_name_no_round_that_is_over_or_that_the_reader_may_not_see() -> None:
    draft, group = make_draft(status="published"), make_group()
    hidden = make_round(draft, groups=(group,), title="Closed circle", visibility="participants")
    past = timezone.now() - timedelta(days=3)
    make_round(draft, title="Last month", opens_at=past, closes_at=past + timedelta(days=1))
    page = client_of(make_user()).get(contents(hidden)).content.decode()
    assert "Closed circle" not in page and "Last month" not in page


def test_the_contents_of_a_draft_cost_the_same_with_one_round_and_with_five() -> None:
    draft, counts = make_draft(status="published"), []
    for rounds in (1, 4):
        for _n in range(rounds):
            round = make_round(draft)
        client = client_of(make_user())
        client.get(contents(round))
        with CaptureQueriesContext(connection) as queries:
            client.get(contents(round))
        counts.append(len(queries))
    assert counts[0] == counts[1]
