"""The pages of what changed between two drafts, and of a provision's wordings."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from drafts.actions.drafting import begin_draft, revise_provision
from drafts.actions.joining import merge_provisions, split_provision
from drafts.actions.structure import move_provision
from drafts.models import Draft, Provision, ProvisionText
from tests.factories import make_draft, make_provision, make_text, make_user, set_status

pytestmark = pytest.mark.django_db
CANARY = "zebra-crossing"


def make_pair(french: str = "", prepare: Callable[[Draft], None] | None = None) -> tuple[Draft, Draft]:
    """A published draft and a working one in which one paragraph changed and one went; ``french`` are the words that
    the changed one has in both; ``prepare`` does something to the first before it is published."""
    first = make_draft(paragraphs=3)
    make_provision(first, "pillar_1", kind="pillar", number="1", pillar=1, heading="Prosperity")
    make_provision(first, "para_9", kind="paragraph", number="9", pillar=1, text="Cities pay.")
    if french:
        changed = Provision.objects.get(draft=first, key="para_9")
        make_text(changed, language="fr", text=french, translated_from_version=1, state="approved")
    if prepare:
        prepare(first)
    Draft.objects.filter(pk=first.pk).update(status="published", published_at="2026-01-01T00:00Z")
    first.refresh_from_db()
    second = begin_draft(actor=make_user("drafter"), base=first, label="Next draft")
    revise(second, "para_9", "Cities always pay.", reason="Asked for by Kenya.")
    Provision.objects.filter(draft=second, key="para_2").update(removed_at="2026-02-01T00:00Z")
    Draft.objects.filter(pk=second.pk).update(structure_version=2)
    return first, second


def revise(draft: Draft, key: str, text: str, reason: str = "") -> None:
    words = ProvisionText.objects.get(provision__draft=draft, provision__key=key, language="en")
    revise_provision(
        actor=make_user("drafter", name="Lucas"),
        provision=words.provision,
        language="en",
        version=words.version,
        text=text,
        reason=reason,
    )


def page(client: Client, draft: Draft, rest: str, **query: Any) -> str:
    answer = client.get(f"/en/guidelines/{draft.guidelines.slug}/{rest}", query, follow=True)
    assert answer.status_code == 200, (answer.status_code, rest)
    return answer.content.decode()


@pytest.fixture
def drafter(client: Client) -> Client:
    client.force_login(make_user("drafter"))
    return client


def test_the_overview_counts_by_chapter_and_pillar(drafter: Client) -> None:
    first, second = make_pair()
    html = page(drafter, second, f"{second.number}/changes/{first.number}/")
    assert "2 of 6 provisions are not as they were." in html
    assert f'/changes/{first.number}/pillar_1/"' in html
    assert "Most changes:" in html


def test_the_words_the_reason_and_the_author(drafter: Client) -> None:
    first, second = make_pair()
    html = page(drafter, second, f"{second.number}/changes/{first.number}/pillar_1/")
    assert "<ins>always </ins>" in html or "<ins> always</ins>" in html
    assert "Asked for by Kenya." in html
    assert "Lucas" in html
    chapter = page(drafter, second, f"{second.number}/changes/{first.number}/chp_1/", show="changes")
    assert 'id="para_2"' in chapter
    assert 'id="para_1"' not in chapter
    assert "<del>" in chapter


def test_side_by_side_shows_each_draft_by_itself(drafter: Client) -> None:
    first, second = make_pair()
    html = page(drafter, second, f"{second.number}/changes/{first.number}/pillar_1/", view="sides")
    old = html.split('class="sides__old"')[1].split("</div>")[0]
    new = html.split('class="sides__new"')[1].split("</div>")[0]
    assert "<ins>" not in old
    assert "<del>" not in new
    assert "<ins>" in new


def test_side_by_side_sets_the_parts_of_a_split_one_against_their_shares_of_it(drafter: Client) -> None:
    first, _second = make_pair()
    third = begin_draft(actor=make_user("drafter"), base=first, label="Third draft")
    revise(third, "para_9", "Cities. Always pay.")
    split(third, "para_9", " Always")
    here = f"/en/guidelines/{third.guidelines.slug}/{third.number}/changes/{first.number}/para_9/?view=sides"
    html = drafter.get(here, follow=True).content.decode()
    cells = [cell.split("</div>")[0] for cell in html.split('class="sides__old"')[1:]]
    assert ["Cities" in cell for cell in cells] == [True, False]
    assert "pay." in cells[1]


def test_a_provision_leads_to_its_page_and_a_choice_to_its_draft(drafter: Client) -> None:
    first, second = make_pair()
    here = f"/en/guidelines/{second.guidelines.slug}/{second.number}/changes/{first.number}/"
    assert drafter.get(f"{here}para_9/?view=sides")["Location"] == f"{here}pillar_1/?view=sides#para_9"
    assert drafter.get(here, {"against": "77"})["Location"].endswith(f"/{second.number}/changes/77/")
    for nonsense in ("x", "²", "9" * 40, "-1"):
        assert drafter.get(here, {"against": nonsense}).status_code == 200
    assert drafter.get(f"{here}nothing/").status_code == 404
    for number in (77, second.number):
        address = f"/en/guidelines/{second.guidelines.slug}/{second.number}/changes/{number}/"
        assert drafter.get(address).status_code == 404


def test_a_working_draft_is_in_no_page_of_whoever_may_not_read_it(client: Client) -> None:
    first, second = make_pair()
    revise(second, "para_9", f"Cities {CANARY} pay.", reason=CANARY)
    slug = first.guidelines.slug
    for rest in (
        f"{second.number}/changes/{first.number}/",
        f"{first.number}/changes/{second.number}/",
        f"{first.number}/changes/{second.number}/pillar_1/",
        f"{second.number}/history/para_9/",
    ):
        assert client.get(f"/en/guidelines/{slug}/{rest}").status_code == 404
    for rest in ("wordings/para_9/", f"{first.number}/history/para_9/"):
        assert CANARY not in page(client, first, rest)


def test_where_only_numbers_followed_nobody_gave_a_reason_and_letters_stand_alone(drafter: Client) -> None:
    first = make_draft(paragraphs=2)
    above = Provision.objects.get(draft=first, key="para_2")
    for i, letter in enumerate("ab"):
        key, number = f"para_2__{letter}", f"2 ({letter})"
        make_provision(first, key, kind="action", number=number, text=f"Pay {i}.", parent=above)
    Draft.objects.filter(pk=first.pk).update(status="published", published_at="2026-01-01T00:00Z")
    first.refresh_from_db()
    second = begin_draft(actor=make_user("drafter"), base=first, label="Next draft")
    move_provision(
        actor=make_user("drafter"),
        draft=second,
        key="para_2__b",
        parent="para_2",
        behind=None,
        structure_version=second.structure_version,
        reason="The second first.",
    )
    html = page(drafter, second, f"{second.number}/changes/{first.number}/chp_1/")
    assert "<del>(b)</del> <ins>(a)</ins>" in html
    assert "The second first." in html
    assert "Numbers follow" not in html


def test_reasons_of_a_draft_in_between_that_one_may_not_read_are_kept_back(client: Client) -> None:
    first, second = make_pair()
    revise(second, "para_9", "Cities always pay more.", reason=CANARY)
    third = begin_draft(actor=make_user("drafter"), base=second, label="Last draft")
    set_status(third, "published")
    html = page(client, first, f"{third.number}/changes/{first.number}/pillar_1/")
    assert "more</ins>" in html
    assert CANARY not in html
    client.force_login(make_user("staff"))
    assert CANARY in page(client, first, f"{third.number}/changes/{first.number}/pillar_1/")


def test_a_provision_in_every_draft(drafter: Client) -> None:
    first, second = make_pair()
    html = page(drafter, second, "wordings/para_9/")
    assert html.index("Next draft") < html.index(first.label)
    assert "<ins>" in html
    removed = page(drafter, second, "wordings/para_2/")
    assert first.label in removed
    assert drafter.get(f"/en/guidelines/{first.guidelines.slug}/wordings/nothing/").status_code == 404


def test_what_was_taken_over_keeps_who_wrote_it_and_gives_no_reason_anew(drafter: Client) -> None:
    _first, second = make_pair()
    third = begin_draft(actor=make_user("drafter", name="Olga"), base=second, label="Third draft")
    history = page(drafter, third, f"{third.number}/history/para_9/")
    assert "Lucas" in history and "Asked for by Kenya." in history and "Olga" not in history
    assert "Taken over from the draft before" in history
    revise(third, "para_9", "Towns always pay.", reason="Towns too.")
    redline = page(drafter, third, f"{third.number}/changes/{second.number}/para_9/")
    assert "Towns too." in redline and "Asked for by Kenya." not in redline


def test_a_reason_whose_change_no_longer_stands_is_left_out(drafter: Client) -> None:
    first, second = make_pair()
    revise(second, "para_9", "Towns always pay.", reason="Towns too.")
    revise(second, "para_9", "Cities always pay.", reason="After all not.")
    redline = page(drafter, second, f"{second.number}/changes/{first.number}/para_9/")
    assert "Asked for by Kenya." in redline
    assert "Towns too." not in redline and "After all not." not in redline


def split(draft: Draft, key: str, at: str) -> Provision:
    words = ProvisionText.objects.get(provision__draft=draft, provision__key=key, language="en")
    draft.refresh_from_db()
    return split_provision(
        actor=make_user("drafter"),
        provision=words.provision,
        at=words.text.index(at),
        version=words.version,
        structure_version=draft.structure_version,
    )


def test_the_wordings_tell_of_a_split_and_of_a_merge(drafter: Client) -> None:
    first, second = make_pair()
    revise(second, "para_9", "Cities pay. Towns pay too.")
    part = split(second, "para_9", " Towns")
    one, other = (Provision.objects.get(draft=second, key=key).number for key in ("para_9", part.key))
    assert f"A part of it is {other} now." in page(drafter, second, "wordings/para_9/")
    assert f"Split from {one}." in page(drafter, second, f"wordings/{part.key}/")
    second.refresh_from_db()
    merge_provisions(
        actor=make_user("drafter"),
        provision=second.provisions.get(key="para_1"),
        other_key="para_3",
        structure_version=second.structure_version,
    )
    assert "Merged with 3." in page(drafter, second, "wordings/para_1/")
    gone = page(drafter, second, "wordings/para_3/")
    assert "It is part of 1 now." in gone and gone.index("Next draft") < gone.index(first.label)


def test_any_two_revisions(drafter: Client) -> None:
    _first, second = make_pair()
    revise(second, "para_9", "Towns always pay.")
    html = page(drafter, second, f"{second.number}/history/para_9/", **{"from": "1", "to": "3"})
    chosen = html.split('id="chosen"')[1].split("</section>")[0]
    assert "<del>Cities</del><ins>Towns always</ins>" in chosen
    for nonsense in ("x", "9" * 30, "0"):
        page(drafter, second, f"{second.number}/history/para_9/", **{"from": nonsense, "to": "2"})


def test_another_language_falls_back_and_says_so(drafter: Client) -> None:
    first, second = make_pair()
    html = page(drafter, second, f"{second.number}/changes/{first.number}/pillar_1/", text="fr")
    assert 'lang="en" dir="ltr"' in html
    make_text(second.provisions.get(key="para_9"), language="fr", text="Les villes paient.")
    html = page(drafter, second, f"{second.number}/changes/{first.number}/pillar_1/", text="fr")
    assert "<ins>" in html
    assert "Les villes" not in html  # the earlier draft hasn't got it in French
    assert "Not yet translated" in page(drafter, second, f"{second.number}/history/para_1/", text="fr")


@pytest.mark.parametrize("paragraphs", [3, 30])
def test_queries_do_not_grow_with_the_draft(drafter: Client, paragraphs: int) -> None:
    first = make_draft(paragraphs=paragraphs, status="published")
    second = begin_draft(actor=make_user("drafter"), base=first, label="Next draft")
    for n in range(1, paragraphs + 1):
        revise(second, f"para_{n}", f"Other words {n}.", reason="Why.")
    address = f"{second.number}/changes/{first.number}/chp_1/"
    page(drafter, second, address)
    with CaptureQueriesContext(connection) as captured:
        page(drafter, second, address)
    assert len(captured) <= 14


def test_a_redline_in_a_translation_says_what_it_cannot_show(drafter: Client) -> None:
    first, second = make_pair(french="Les villes paient.")
    here = f"{second.number}/changes/{first.number}/"
    pillar = page(drafter, second, f"{here}pillar_1/", text="fr", view="sides")
    assert "1 translation is of an earlier original" in pillar
    assert "Changed in the original, not in this translation yet." in pillar
    assert 'href="?text=en&amp;view=sides#para_9"' in pillar
    whole = page(drafter, second, here, text="fr")
    assert "1 translation is of an earlier original" in whole
    assert "provisions are not translated yet" in whole
    original = page(drafter, second, here)
    assert "not translated yet" not in original
    assert "earlier original" not in original


def test_changes_only_shows_what_an_outdated_translation_does_not_tell(drafter: Client) -> None:
    def translate(draft: Draft) -> None:
        for key, words in (("para_9", "Les villes paient."), ("pillar_1", "")):
            provision = Provision.objects.get(draft=draft, key=key)
            heading = "" if words else "Prosperité"
            make_text(provision, language="fr", text=words, heading=heading, translated_from_version=1)

    first, second = make_pair(prepare=translate)
    here = f"{second.number}/changes/{first.number}/pillar_1/"
    only = page(drafter, second, here, text="fr", show="changes")
    assert 'id="para_9"' in only and 'id="pillar_1"' not in only
    assert "Changed in the original, not in this translation yet." in only and "Asked for by Kenya." in only
    assert "Les villes paient." in only and "<ins>always" not in only
    assert 'href="#para_9"' in only, "the first change leads there"
    original = page(drafter, second, here, show="changes")
    assert "Changed in the original" not in original and "<ins>always" in original
    # Outdated before the earlier draft already: nothing changed between the two.
    revise(second, "para_9", "Cities pay.")
    assert 'id="para_9"' not in page(drafter, second, here, text="fr", show="changes")


def test_a_printed_redline_names_its_drafts_and_the_embargo(drafter: Client) -> None:
    first, second = make_pair()
    here = f"{second.number}/changes/{first.number}/pillar_1/"
    head = page(drafter, second, here).split('class="print-only"')[1].split("</p>")[0]
    assert second.guidelines.title in head
    assert "What changed: Next draft against" in head
    assert "embargoed" in head
    set_status(second, "published")
    head = page(drafter, second, here).split('class="print-only"')[1].split("</p>")[0]
    assert "embargoed" not in head


def test_a_number_that_only_the_earlier_draft_has_is_told_as_its_own(drafter: Client) -> None:
    first = make_draft(paragraphs=3, status="published")
    second = begin_draft(actor=make_user("drafter"), base=first, label="Next draft")
    merge_provisions(
        actor=make_user("drafter"),
        provision=second.provisions.get(key="para_1"),
        other_key="para_2",
        structure_version=second.structure_version,
        reason="They belong together.",
    )
    html = page(drafter, second, f"{second.number}/changes/{first.number}/")
    merged = html.split('id="split"')[1].split("</ul>")[0]
    assert f">2, {first.label}</a> It is part of 1 now." in merged
