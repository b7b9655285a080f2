"""A quote is found where people copied or marked it: across footnote marks and whatever spaces were between."""

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from consultations.actions.anchoring import AnchorInput, check_anchor
from drafts.models import Provision
from tests.factories import make_comment, make_draft, make_round, make_text, make_user

pytestmark = pytest.mark.django_db

TEXT = "Shared prosperity[^b] means\u00a0: residents of every neighbourhood[^c], take part."


@pytest.fixture
def provision() -> Provision:
    draft = make_draft()
    notes = [{"label": "b", "number": "5", "key": "note_5"}, {"label": "c", "number": "6", "key": "note_6"}]
    provision = Provision.objects.create(draft=draft, key="para_1", kind="paragraph", number="1", position=9)
    make_text(provision, language="en", text=TEXT, footnotes=notes)
    return provision


@pytest.mark.parametrize(
    "copied",
    [
        "prosperity[^b] means\u00a0: residents",  # as it is kept
        "prosperity means : residents",  # as it is read
        "prosperity5 means : residents",  # as a browser copies it
        "prosperity means\u202f: residents",
    ],
)
def test_copied_words_are_found_and_the_text_s_own_characters_kept(provision: Provision, copied: str) -> None:
    anchor = check_anchor(AnchorInput(exact=copied), provision)
    assert anchor.exact == "prosperity[^b] means\u00a0: residents" == TEXT[anchor.start : anchor.end]


@pytest.mark.parametrize("exact", ["prosperity means : residents", "prosperity[^b] means\u00a0: residents"])
def test_marked_words_come_with_their_place(provision: Provision, exact: str) -> None:
    start = TEXT.index("prosperity")
    end = TEXT.index(" of every")
    anchor = check_anchor(AnchorInput(exact=exact, start=start, end=end, prefix="Shared "), provision)
    assert (anchor.exact, anchor.start) == (TEXT[start:end], start)
    for wrong in (exact.upper(), exact + " of", exact.replace("means", "mean")):
        with pytest.raises(ValidationError):
            check_anchor(AnchorInput(exact=wrong, start=start, end=end), provision)


@pytest.mark.parametrize("exact", ["[^b]", " [^b] ", "neighbourhood7", "prosperity means: residents"])
def test_what_does_not_stand_there_is_refused(provision: Provision, exact: str) -> None:
    with pytest.raises(ValidationError):
        check_anchor(AnchorInput(exact=exact), provision)


def test_a_quote_is_shown_without_marks_and_survives_an_edit(provision: Provision) -> None:
    round = make_round(provision.draft)
    author = make_user("staff")
    comment = make_comment(
        round, author, provision_key="para_1", anchor=AnchorInput(exact="prosperity means : residents")
    )
    client = Client()
    client.force_login(author)
    address = f"/en/rounds/{round.pk}/comments/{comment.uuid}/"
    assert ">prosperity means\u00a0: residents</blockquote>" in client.get(address).content.decode()
    form = client.get(f"{address}edit/").context["form"].initial
    assert form["quote"] == "prosperity means\u00a0: residents"
    sent = {"kind": "general", "quote": form["quote"], "body": "Changed.", "version": comment.version}
    sent |= {"attribution": "named", "language": "en", "provision": "para_1"}
    assert client.post(f"{address}edit/", sent).status_code == 302
    comment.refresh_from_db()
    assert (comment.body, comment.anchor.start) == ("Changed.", TEXT.index("prosperity"))
