"""Templates for answers: their places, filled for each comment and in each language, and the pages that keep them."""

import re
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from consultations.actions.anchoring import AnchorInput
from consultations.actions.answer_templates import create_template, retire_template, update_template
from consultations.actions.answering import answer_comments
from consultations.filling import PLACES, filled
from consultations.models import Answer, AnswerTemplate, Comment, Disposition, Round
from core.verdicts import Conflict, Refusal
from drafts.actions.drafting import begin_draft
from drafts.models import ProvisionText
from tests.consultations.answered import make_template
from tests.factories import make_comment, make_draft, make_round, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def round_() -> Round:
    return make_round(make_draft(status="published", paragraphs=2), title="Spring round")


@pytest.fixture
def drafter() -> Any:
    return make_user("drafter")


def signed_in(person: Any) -> Client:
    client = Client()
    client.force_login(person)
    return client


def test_every_place_is_filled_for_the_comment_in_each_language(round_: Round, drafter: Any) -> None:
    working = begin_draft(actor=drafter, base=round_.draft, label="Next")
    ProvisionText.objects.filter(provision__draft=working, provision__key="para_1").update(text="New words.")
    comment = make_comment(
        round_,
        make_user(name="Ana Sol"),
        provision_key="para_1",
        proposed_text="towns",
        anchor=AnchorInput(exact="smart cities"),
    )
    every = " | ".join(f"{{{place}}}" for place in PLACES)
    words = filled(comment, {"en": every, "fr": "{provision}"}, drafter)
    assert words["en"] == "1 | paragraph 1 | smart cities | towns | Spring round | New words. | Ana Sol"
    assert words["fr"] == "paragraphe 1"


def test_what_is_filled_in_is_not_filled_again(round_: Round, drafter: Any) -> None:
    comment = make_comment(round_, make_user(), proposed_text="Write {number} here.")
    assert filled(comment, {"en": "{ proposal } {number"}, drafter) == {"en": "Write {number} here. {number"}


def test_an_unknown_place_is_named(round_: Round, drafter: Any) -> None:
    comment = make_comment(round_, make_user())
    with pytest.raises(ValidationError) as error:
        filled(comment, {"en": "Dear {name}, {numer}"}, drafter)
    (told,) = error.value.message_dict["response_en"]
    assert "{name}, {numer}" in told and "{number}" in told


def test_a_place_without_anything_to_fill_it_is_said(round_: Round, drafter: Any) -> None:
    comment = make_comment(round_, make_user())
    with pytest.raises(ValidationError) as error:
        filled(comment, {"en": "{quote}, {new_text}"}, drafter)
    assert "no. 1" in error.value.messages[0] and "{new_text}, {quote}" in error.value.messages[0]


@pytest.mark.parametrize(
    ("attribution", "anonymous", "named"),
    [("named", False, True), ("named", True, False), ("anonymous", False, False)],
)
def test_a_name_that_is_kept_is_not_filled_in_even_by_staff(
    attribution: str, anonymous: bool, named: bool
) -> None:
    round = make_round(make_draft(status="published"), anonymous=anonymous)
    comment = make_comment(round, make_user(name="Zqcanary"), attribution=attribution)
    if named:
        assert filled(comment, {"en": "{author}"}, make_user("staff")) == {"en": "Zqcanary"}
    else:
        with pytest.raises(ValidationError, match="author"):
            filled(comment, {"en": "{author}"}, make_user("staff"))


def test_where_the_secretariat_alone_reads_no_number_is_filled_in(drafter: Any) -> None:
    round = make_round(make_draft(status="published"), visibility="secretariat")
    with pytest.raises(ValidationError, match="number"):
        filled(make_comment(round, make_user()), {"en": "{number}"}, drafter)


def test_of_many_each_gets_its_own_words_and_equal_words_are_one_answer(round_: Round, drafter: Any) -> None:
    comments = [make_comment(round_, make_user(), provision_key=f"para_{n}") for n in (1, 1, 2)]
    answer_comments(
        actor=drafter, comments=comments, outcome="noted", responses={"en": "On {provision}."}, fill=True
    )
    assert Answer.objects.count() == 2
    first, second, third = (Disposition.objects.get(comment=c).answer_id for c in comments)
    assert first == second != third
    more = [make_comment(round_, make_user()) for _ in range(2)]
    with pytest.raises(ValidationError):  # one lacks a quote: nobody is answered
        answer_comments(actor=drafter, comments=more, outcome="noted", responses={"en": "{quote}"}, fill=True)
    assert Disposition.objects.count() == 3


def test_keeping_templates(drafter: Any) -> None:
    fields: dict[str, Any] = {
        "name": "Thanks",
        "guidelines": None,
        "outcome": "",
        "responses": {"en": "Hi {number}"},
    }
    with pytest.raises(Refusal):
        create_template(actor=make_user("expert"), **fields)
    for wrong, field in (
        ({"name": " "}, "name"),
        ({"name": "x" * 121}, "name"),
        ({"outcome": "maybe"}, "outcome"),
        ({"responses": {"en": " "}}, "response"),
        ({"responses": {"fr": "{nombre}"}}, "response_fr"),
    ):
        with pytest.raises(ValidationError) as error:
            create_template(actor=drafter, **{**fields, **wrong})
        assert set(error.value.message_dict) == {field}
    template = create_template(actor=drafter, **fields)
    with pytest.raises(ValidationError, match="name already"):
        create_template(actor=drafter, **fields)
    changed = update_template(actor=drafter, template=template, version=1, **{**fields, "outcome": "noted"})
    assert (changed.version, changed.outcome) == (2, "noted")
    with pytest.raises(Conflict) as conflict:
        update_template(actor=drafter, template=template, version=1, **fields)
    assert conflict.value.current == {"version": 2}
    for _ in range(2):
        retire_template(actor=drafter, template=template)
    with pytest.raises(Conflict):
        update_template(actor=drafter, template=template, version=2, **fields)
    create_template(actor=drafter, **fields)  # its name is free again


def test_the_pages(drafter: Any) -> None:
    client = signed_in(drafter)
    address = "/en/rounds/answer-templates/"
    assert "There is no template yet" in client.get(address).content.decode()
    sent = {"name": "Thanks", "response_en": "No. {numer}", "response_zh-hans": "谢谢"}
    refused = client.post(f"{address}new/", sent)
    assert refused.status_code == 400 and "{numer}" in refused.content.decode()
    assert client.post(f"{address}new/", {**sent, "response_en": "No. {number}"}).status_code == 302
    template = AnswerTemplate.objects.get()
    assert template.responses == {"en": "No. {number}", "zh-hans": "谢谢"}
    one = f"{address}{template.pk}/"
    assert "谢谢" in client.get(one).content.decode()
    changed = {"name": "Thank you", "response_en": "Other.", "version": "1"}
    assert client.post(one, changed).status_code == 302
    stale = client.post(one, {**changed, "response_en": "Mine."})
    page = stale.content.decode()
    assert stale.status_code == 409 and "Mine." in page and "Other." in page
    again = re.search(r'name="version" value="(\d+)"', page)
    assert again and again[1] == "2"
    assert client.post(f"{one}retire/").status_code == 302
    assert client.get(one).status_code == 404
    assert signed_in(make_user("expert")).get(address).status_code == 403


def test_taking_a_template_at_the_desk_fills_the_form_and_can_be_changed(round_: Round, drafter: Any) -> None:
    template = make_template(
        drafter, outcome="noted", responses={"en": "No. {number}: {round}.", "fr": "Merci."}
    )
    comment = make_comment(round_, make_user(), language="fr")
    client, desk = signed_in(drafter), f"/en/rounds/{round_.pk}/desk/"
    sent = {"comment": str(comment.uuid), "template": str(template.pk), "response_ru": "Своё"}
    page = client.post(f"{desk}template/", sent)
    form = page.context["form"]
    assert (form["language"].value(), form["response"].value()) == ("fr", "Merci.")
    assert form["response_en"].value() == "No. 1: Spring round." and form["response_ru"].value() == "Своё"
    assert form["outcome"].value() == "noted" and not form["fill"].value()
    assert not Disposition.objects.exists()
    lacking = make_template(drafter, name="Quote", responses={"en": "As you quote: {quote}"})
    page = client.post(f"{desk}template/", {**sent, "template": str(lacking.pk)})
    assert "nothing to fill in for {quote}" in page.content.decode()
    left = {"comment": str(comment.uuid), "outcome": "noted", "language": "en", "response": "As: {quote}"}
    refused = client.post(f"{desk}answer/", left)
    assert refused.status_code == 400 and "Not filled in yet: {quote}" in refused.content.decode()
    for nothing in ("", "x", "999999", "9" * 30):
        assert client.post(f"{desk}template/", {**sent, "template": nothing}).status_code == 302


def test_of_ticked_comments_the_places_stay_until_the_answers_are_sent(round_: Round, drafter: Any) -> None:
    template = make_template(drafter, outcome="noted", responses={"en": "No. {number}."})
    comments = [make_comment(round_, make_user()) for _ in range(2)]
    client, desk = signed_in(drafter), f"/en/rounds/{round_.pk}/desk/"
    ticked = {"comment": str(comments[0].uuid), "chosen": [str(c.uuid) for c in comments]}
    page = client.post(f"{desk}template/", {**ticked, "template": str(template.pk)})
    assert (
        page.context["form"]["response"].value() == "No. {number}." and page.context["form"]["fill"].value()
    )
    sent = {**ticked, "outcome": "noted", "language": "en", "response": "No. {number}.", "fill": "True"}
    assert client.post(f"{desk}answer/", sent).status_code == 302
    said = [Disposition.objects.get(comment=c).answer.responses["en"] for c in comments]
    assert said == ["No. 1.", "No. 2."]


def test_templates_of_other_guidelines_and_retired_ones_are_not_offered(round_: Round, drafter: Any) -> None:
    own = make_template(drafter, name="Own", guidelines=round_.draft.guidelines)
    make_template(drafter, name="Elsewhere", guidelines=make_draft().guidelines)
    retire_template(actor=drafter, template=make_template(drafter, name="Retired"))
    make_comment(round_, make_user())
    page = signed_in(drafter).get(f"/en/rounds/{round_.pk}/desk/")
    assert page.context["templates"] == [own]


def test_the_form_says_which_languages_are_there_and_that_the_commenter_s_is_missing(
    round_: Round, drafter: Any
) -> None:
    comment = make_comment(round_, make_user(), language="ar")
    answer_comments(actor=drafter, comments=[comment], outcome="noted", responses={"en": "x", "fr": "y"})
    page = signed_in(drafter).get(f"/en/rounds/{round_.pk}/desk/?comment={comment.uuid}")
    languages = page.context["form"].languages
    assert languages["there"] == ["English", "French"] and languages["spoken"] == ["Arabic"]
    assert "The commenter’s language is missing: Arabic." in page.content.decode()
    assert Comment.objects.get().disposition.answer.responses == {"en": "x", "fr": "y"}
