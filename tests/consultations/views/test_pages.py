"""Reading, commenting, answering through the pages, without JavaScript."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from consultations.actions.answering import answer_comment
from consultations.actions.discussing import reply_to_comment, take_position
from consultations.actions.tallying import recount_round
from consultations.models import Comment, Round
from core import outbox
from tests.factories import make_comment, make_draft, make_group, make_round, make_text, make_user

pytestmark = pytest.mark.django_db


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def round_() -> Round:
    return make_round(make_draft(status="published", paragraphs=3))


def reading(round: Round, language: str = "en", query: str = "") -> str:
    draft = round.draft
    return f"/{language}/guidelines/{draft.guidelines.slug}/{draft.number}/chp_1/{query}"


def form_of(**fields: Any) -> dict[str, Any]:
    return {
        "kind": "substantive",
        "quote": "",
        "body": "Say who pays.",
        "proposed_text": "",
        "rationale": "",
        "attribution": "named",
        "language": "en",
        "provision": "para_1",
        **fields,
    }


def test_everyone_reads_a_published_draft_with_its_voices(round_: Round) -> None:
    make_comment(round_, make_user(), provision_key="para_2", proposed_text="Better.")
    recount_round(round_id=round_.pk)
    page = Client().get(reading(round_)).content.decode()
    assert "Paragraph 2 speaks of smart cities." in page
    assert "1 comment" in page and "1 proposal" in page


def test_a_working_draft_is_hidden_and_its_round_too() -> None:
    round = make_round(make_draft(paragraphs=1))
    for user in (None, make_user("expert")):
        client = signed_in(user) if user else Client()
        assert client.get(reading(round)).status_code == 404
        assert client.get(f"/en/rounds/{round.pk}/").status_code == 404
        assert client.get(f"/en/rounds/{round.pk}/on/para_1/").status_code == 404
    assert signed_in(make_user("staff")).get(reading(round)).status_code == 200


def test_arabic_pages_run_right_to_left_and_untranslated_words_say_so(round_: Round) -> None:
    page = Client().get(reading(round_, "ar")).content.decode()
    assert '<html lang="ar" dir="rtl">' in page
    assert 'lang="en" dir="ltr"' in page
    translated = Client().get(reading(round_, "ar", "?text=en")).content.decode()
    assert "Paragraph 1 speaks" in translated


def test_a_translation_is_read_and_its_source_where_there_is_none() -> None:
    draft = make_draft(paragraphs=2)
    make_text(draft.provisions.get(key="para_1"), language="fr", text="Le paragraphe premier.")
    round = make_round(draft)
    page = signed_in(make_user("staff")).get(reading(round, "fr")).content.decode()
    assert "Le paragraphe premier." in page
    assert "Paragraph 2 speaks of smart cities." in page


def test_a_permalink_leads_to_the_provision_in_the_reader_s_language(round_: Round) -> None:
    response = Client().get(
        f"/p/{round_.draft.guidelines.slug}/para_2/", headers={"Accept-Language": "zh-hans"}
    )
    assert response.status_code == 302
    assert response["Location"] == f"{reading(round_, 'zh-hans')}?linked=1#para_2"
    assert Client().get(f"/p/{round_.draft.guidelines.slug}/para_99/").status_code == 404


def test_a_comment_by_plain_form_with_pasted_words(round_: Round) -> None:
    expert = make_user("expert", name="Ana Expert")
    client = signed_in(expert)
    form = client.get(f"/en/rounds/{round_.pk}/on/para_1/")
    key = form.context["form"].initial["idempotency_key"]
    sent = form_of(quote=" smart cities ", proposed_text="Other words.", idempotency_key=str(key))
    first = client.post(f"/en/rounds/{round_.pk}/comments/new/", sent)
    again = client.post(f"/en/rounds/{round_.pk}/comments/new/", sent)
    comment = Comment.objects.get()
    assert first["Location"] == again["Location"] == f"/en/rounds/{round_.pk}/comments/{comment.uuid}/?sent"
    assert comment.anchor.exact == "smart cities"
    page = Client().get(f"/en/rounds/{round_.pk}/on/para_1/").content.decode()
    assert "Say who pays." in page and "Ana Expert" in page


def test_unchanged_words_are_no_proposal(round_: Round) -> None:
    client = signed_in(make_user())
    sent = form_of(proposed_text="Paragraph 1 speaks of smart cities.")
    client.post(f"/en/rounds/{round_.pk}/comments/new/", sent)
    assert Comment.objects.get().proposed_text == ""


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"body": ""}, "Write a comment or propose other words."),
        ({"quote": "words that are not there"}, "do not stand at this place"),
        ({"kind": "angry"}, "error-summary"),
        ({"anchor_start": "-1", "anchor_end": "x"}, "error-summary"),
    ],
)
def test_a_wrong_form_comes_back_with_what_was_typed(
    round_: Round, fields: dict[str, Any], said: str
) -> None:
    client = signed_in(make_user())
    response = client.post(
        f"/en/rounds/{round_.pk}/comments/new/", form_of(rationale="My long reason", **fields)
    )
    assert response.status_code == 400
    assert said in response.content.decode()
    assert "My long reason" in response.content.decode()
    assert not Comment.objects.exists()


def test_strangers_are_refused_with_the_reason_and_anonymous_people_sent_to_sign_in() -> None:
    round = make_round(
        make_draft(status="published", paragraphs=1), groups=(make_group(),), visibility="public"
    )
    response = signed_in(make_user()).post(f"/en/rounds/{round.pk}/comments/new/", form_of())
    assert response.status_code == 403
    assert "invited groups only" in response.content.decode()
    assert Client().post(f"/en/rounds/{round.pk}/comments/new/", form_of()).status_code == 302


def test_late_words_are_kept_and_can_be_handed_in(round_: Round) -> None:
    round_.closes_at = timezone.now() - timedelta(minutes=1)
    round_.save()
    client = signed_in(make_user())
    response = client.post(f"/en/rounds/{round_.pk}/comments/new/", form_of(), follow=True)
    comment = Comment.objects.get()
    assert comment.status == "draft"
    assert "kept as a draft" in response.content.decode()
    client.post(f"/en/rounds/{round_.pk}/comments/{comment.uuid}/hand-in/", {"version": 1})
    comment.refresh_from_db()
    assert comment.status == "late"


def test_editing_in_two_windows_shows_both_wordings(round_: Round) -> None:
    author = make_user()
    comment = make_comment(round_, author, provision_key="para_1")
    client, path = signed_in(author), f"/en/rounds/{round_.pk}/comments/{comment.uuid}/edit/"
    assert client.post(path, form_of(body="From window one", version=1)).status_code == 302
    response = client.post(path, form_of(body="From window two", version=1))
    assert response.status_code == 409
    page = response.content.decode()
    assert "From window one" in page and "From window two" in page
    assert client.post(path, form_of(body="From window two", version=2)).status_code == 302


def test_another_s_comment_is_read_but_not_changed(round_: Round) -> None:
    comment = make_comment(round_, make_user())
    other = signed_in(make_user())
    base = f"/en/rounds/{round_.pk}/comments/{comment.uuid}/"
    assert other.get(base).status_code == 200
    assert other.post(f"{base}edit/", form_of(version=1)).status_code == 403
    for act in ("withdraw", "submit", "hand-in", "delete"):
        assert other.post(f"{base}{act}/", {"version": 1}).status_code == 403
    assert other.get(f"{base}withdraw/").status_code == 405
    hidden = make_comment(round_, make_user(), submit=False)
    assert other.get(f"/en/rounds/{round_.pk}/comments/{hidden.uuid}/").status_code == 404


def test_from_the_desk_to_the_mail_and_the_page(round_: Round) -> None:
    author, staff = make_user(language="fr"), make_user("staff")
    comment = make_comment(round_, author, provision_key="para_1", language="fr")
    desk = signed_in(staff)
    assert desk.get(f"/en/rounds/{round_.pk}/desk/").status_code == 200
    answer = {
        "comment": str(comment.uuid),
        "outcome": "partly_accepted",
        "response": "Merci, c'est repris en partie.",
        "language": "fr",
    }
    assert desk.post(f"/en/rounds/{round_.pk}/desk/answer/", answer).status_code == 302
    seen = Client().get(f"/en/rounds/{round_.pk}/comments/{comment.uuid}/").content.decode()
    assert "repris en partie" not in seen
    desk.post(f"/en/rounds/{round_.pk}/desk/publish/", {"all": "1"})
    outbox.drain()
    seen = Client().get(f"/en/rounds/{round_.pk}/comments/{comment.uuid}/").content.decode()
    assert "repris en partie" in seen
    (message,) = mail.outbox
    assert message.to == [author.email]
    assert "repris en partie" in str(message.body)
    assert "Votre commentaire" in message.subject


def test_the_desk_is_the_secretariat_s(round_: Round) -> None:
    assert Client().get(f"/en/rounds/{round_.pk}/desk/").status_code == 302
    assert signed_in(make_user("expert")).get(f"/en/rounds/{round_.pk}/desk/").status_code == 403
    assert signed_in(make_user("drafter")).get(f"/en/rounds/{round_.pk}/desk/").status_code == 200
    assert (
        signed_in(make_user("drafter")).post(f"/en/rounds/{round_.pk}/desk/publish/", {"all": 1}).status_code
        == 403
    )


def test_a_stale_answer_is_shown_beside_the_standing_one(round_: Round) -> None:
    staff = make_user("staff")
    comment = make_comment(round_, make_user(), provision_key="para_1")
    answer_comment(actor=staff, comment=comment, outcome="noted", responses={"en": "The first answer."})
    sent = {
        "comment": str(comment.uuid),
        "outcome": "accepted",
        "response": "My words",
        "language": "en",
        "version": 7,
    }
    response = signed_in(staff).post(f"/en/rounds/{round_.pk}/desk/answer/", sent)
    assert response.status_code == 409
    assert "The first answer." in response.content.decode() and "My words" in response.content.decode()


def test_a_round_is_planned_in_the_secretariat_s_time(settings: Any) -> None:
    settings.SECRETARIAT_TIME_ZONE = "Africa/Nairobi"
    draft = make_draft(status="published", paragraphs=1)
    staff = signed_in(make_user("staff"))
    form = {
        "draft": draft.pk,
        "kind": "open",
        "title_en": "A new round",
        "title_ar": "جولة جديدة",
        "opens_at": "2027-01-10T09:00",
        "closes_at": "2027-02-10T23:59",
        "visibility": "public",
    }
    assert staff.post("/en/rounds/new/", {**form, "title_en": ""}).status_code == 400
    assert staff.post("/en/rounds/new/", {**form, "closes_at": "2026-01-01T00:00"}).status_code == 400
    assert staff.post("/en/rounds/new/", form).status_code == 302
    round = Round.objects.get()
    assert round.closes_at.isoformat() == "2027-02-10T20:59:00+00:00"
    assert "جولة جديدة" in staff.get(f"/ar/rounds/{round.pk}/").content.decode()
    settings.SECRETARIAT_TIME_ZONE = "Europe/Paris"
    assert staff.post("/en/rounds/new/", {**form, "opens_at": "2027-03-28T02:30"}).status_code == 400
    assert signed_in(make_user("expert")).get("/en/rounds/new/").status_code == 403


def test_moving_a_round_where_it_cannot_go_says_where_it_is(round_: Round) -> None:
    staff = signed_in(make_user("staff"))
    assert staff.post(f"/en/rounds/{round_.pk}/move/", {"state": "published"}).status_code == 409
    for state in ("closed", "answered", "published"):
        assert staff.post(f"/en/rounds/{round_.pk}/move/", {"state": state}).status_code == 302
    round_.refresh_from_db()
    assert round_.state == "published"


def queries(client: Client, path: str, **headers: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path, headers=headers).status_code == 200
    return len(captured)


def test_pages_cost_the_same_however_much_was_said(round_: Round) -> None:
    member, staff = make_user(), make_user("staff")
    paths = {
        reading(round_): 15,
        f"/en/rounds/{round_.pk}/on/para_1/": 15,
        f"/en/rounds/{round_.pk}/comments/": 15,
        f"/en/rounds/{round_.pk}/": 22,
        "/en/my/comments/": 15,
        "/en/": 15,
    }
    first, second = {}, {}
    for counts, more in ((first, 2), (second, 12)):
        for _ in range(more):
            comment = make_comment(round_, member, provision_key="para_1")
            reply_to_comment(author=make_user(), comment=comment, body="Yes.")
            take_position(user=make_user(), comment=comment, position="support")
            answer_comment(actor=staff, comment=comment, outcome="noted", responses={"en": "Noted."})
        recount_round(round_id=round_.pk)
        for path in paths:
            counts[path] = queries(signed_in(member), path)
        counts["desk"] = queries(signed_in(staff), f"/en/rounds/{round_.pk}/desk/")
        margin = f"/en/rounds/{round_.pk}/on/para_1/"
        counts["margin"] = queries(signed_in(member), margin, HX_Request="true")
        counts["anonymous list"] = queries(Client(), f"/en/rounds/{round_.pk}/on/para_1/")
    assert first == second
    assert all(first[path] <= most for path, most in paths.items()), first
    assert first["margin"] <= 12 and first["anonymous list"] <= 12


def test_whoever_came_by_a_link_is_told_what_they_read_and_how_to_take_part(round_: Round) -> None:
    slug = round_.draft.guidelines.slug
    to = Client().get(f"/p/{slug}/para_2/", headers={"Accept-Language": "en"})["Location"]
    page = Client().get(to.partition("#")[0]).content.decode()
    assert f"You are reading one provision of a draft: {round_.draft.label}." in page
    assert f'href="/p/{slug}/para_2/" rel="bookmark"' in page
    plain = Client().get(to.partition("?")[0]).content.decode()
    assert "You are reading one provision" not in plain


def test_lists_say_how_many_comments_a_filter_leaves_and_lead_there(round_: Round) -> None:
    for kind in ("technical", "technical", "editorial"):
        make_comment(round_, make_user(), provision_key="para_1", kind=kind)
    recount_round(round_id=round_.pk)
    staff = signed_in(make_user("staff"))
    pages = (
        (reading(round_), "voices-shown", "{n} comment{s} shown beside this page."),
        (f"/en/rounds/{round_.pk}/comments/", "shown", "{n} comment{p}"),
        (f"/en/rounds/{round_.pk}/desk/", "shown", "{n} comment{p}"),
    )
    for address, place, said in pages:
        for query, n in (("", 3), ("?kind=technical", 2), ("?kind=editorial", 1), ("?kind=general", 0)):
            page = staff.get(address + query).content.decode()
            words = said.format(n=n, s=" is" if n == 1 else "s are", p="" if n == 1 else "s")
            line = page.partition(f'id="{place}" role="status" tabindex="-1">')[2].partition("</p>")[0]
            assert line.strip() == words, (address, query)
            assert f'method="get" action="#{place}"' in page
