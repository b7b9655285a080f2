"""Comments on anything that can be commented on, by plain forms: where they show, and how their place is called."""

import pytest
from django.test import Client
from django.utils import translation

from consultations.actions.tallying import recount_round
from consultations.models import Comment, Round
from drafts.places import place_name
from tests.factories import make_draft, make_provision, make_round, make_user

pytestmark = pytest.mark.django_db

PLACES = {  # key -> what it is called, and the page on which it stands
    "pillar_1": ("Pillar 1", "pillar_1"),
    "pillar_1__principle_a": ("Principle 1 (a)", "pillar_1"),
    "pillar_1__actions": ("Heading (b), Pillar 1", "pillar_1"),
    "para_1": ("1", "chp_1"),
    "fn_1": ("Footnote 1", "chp_1"),
    "fig_1": ("Figure 1", "chp_1"),
    "term_1": ("Term 1", "chp_1"),
    "step_action_1_1": ("Action of a step 1.1", "chp_1"),
}


@pytest.fixture
def round_() -> Round:
    draft = make_draft(paragraphs=0)
    paragraph = make_provision(draft, "para_1", number="1", text="Words that matter.")
    make_provision(draft, "fn_1", kind="footnote", number="1", parent=paragraph, text="A note that matters.")
    make_provision(draft, "fig_1", kind="figure", number="1", heading="The eight pillars", text="As drawn.")
    make_provision(draft, "term_1", kind="term", number="1", heading="City", text="A place that matters.")
    make_provision(draft, "step_action_1_1", kind="step_action", number="1.1", text="Begin.")
    pillar = make_provision(draft, "pillar_1", kind="pillar", number="1", pillar=1, heading="Prosperity")
    for key, kind, number in (
        ("pillar_1__principle_a", "principle", "Principle 1 (a)"),
        ("pillar_1__actions", "heading", "(b)"),
    ):
        make_provision(draft, key, kind=kind, number=number, pillar=1, parent=pillar, text="Fairly.")
    return make_round(draft)


def comment_on(client: Client, round: Round, key: str) -> Comment:
    address = f"/en/rounds/{round.pk}/on/{key}/" if key else f"/en/rounds/{round.pk}/on/"
    initial = client.get(address).context["form"].initial
    sent = {name: value for name, value in initial.items() if value is not None}
    sent |= {"kind": "substantive", "body": f"On {key or 'it all'}.", "attribution": "named"}
    assert client.post(f"/en/rounds/{round.pk}/comments/new/", sent).status_code == 302
    return Comment.objects.get(body=sent["body"])


@pytest.mark.parametrize("key", [*PLACES, ""])
def test_a_comment_shows_where_it_belongs_and_leads_back_there(round_: Round, key: str) -> None:
    name, page_key = PLACES.get(key, ("whole", ""))
    client = Client()
    client.force_login(make_user("staff"))
    reading = f"/en/guidelines/{round_.draft.guidelines.slug}/1/"
    on = f"/en/rounds/{round_.pk}/on/{key}/" if key else f"/en/rounds/{round_.pk}/on/"
    # The way there stands on the page where people read, before anything was said.
    assert f'href="{on}"' in client.get(f"{reading}{page_key or 'chp_1'}/").content.decode()
    comment = comment_on(client, round_, key)
    recount_round(round_id=round_.pk)
    own = f"/en/rounds/{round_.pk}/comments/{comment.uuid}/"
    for address in (
        on,
        own,
        f"/en/rounds/{round_.pk}/comments/",
        "/en/my/comments/",
        f"/en/rounds/{round_.pk}/desk/",
    ):
        shown = client.get(address).content.decode()
        assert comment.body in shown, address
        assert name.lower() in shown.lower(), address
    if key:
        assert "1 comment" in client.get(f"{reading}{page_key}/").content.decode()
        back = client.get(f"{reading}{key}/", follow=True)
        assert back.status_code == 200 and f'id="{key}"' in back.content.decode()
        if key != page_key:
            assert client.get(f"{reading}{key}/")["Location"] == f"{reading}{page_key}/#{key}"


def test_places_are_called_in_the_reader_s_language(round_: Round) -> None:
    provisions = {provision.key: provision for provision in round_.draft.provisions.all()}
    with translation.override("fr"):
        assert place_name(provisions["pillar_1__principle_a"]) == "Principe 1 (a)"
        assert place_name(provisions["para_1"]) == "1"
    with translation.override("zh-hans"):
        assert "，" in place_name(provisions["pillar_1__actions"])
    assert {key: place_name(provisions[key]) for key in PLACES} == {
        key: name for key, (name, _) in PLACES.items()
    }
