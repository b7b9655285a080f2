"""Each check on a few provisions made for it: what it finds, and what it leaves alone."""

from typing import Any

import pytest

from drafts.checks import find_all, read_draft
from drafts.checks.registry import all_checks, check, fingerprint_of
from drafts.models import Draft, Finding, Provision, ProvisionText
from tests.factories import make_draft, make_provision, make_text

pytestmark = pytest.mark.django_db

LONG = "Cities keep a public inventory of the data that they hold and share it with residents."


def found(draft: Draft, code: str) -> list[tuple[str, str]]:
    """Key and variant of what the check of that code finds."""
    return [(one.key, one.variant) for known, one in find_all(read_draft(draft)) if known.code == code]


def params(draft: Draft, code: str) -> list[dict[str, str]]:
    return [dict(one.params) for known, one in find_all(read_draft(draft)) if known.code == code]


def paragraph(draft: Draft, number: str, text: str, **fields: Any) -> Provision:
    return make_provision(draft, f"para_{number}", number=number, text=text, **fields)


def test_a_clean_draft_gives_nothing() -> None:
    draft = make_draft(paragraphs=2)
    make_text(draft.provisions.get(key="para_1"), language="fr", text="Le paragraphe parle des villes.")
    assert find_all(read_draft(draft)) == []


def test_repeated_sentences_but_not_the_words_that_open_lists() -> None:
    draft = make_draft()
    paragraph(draft, "1", f"Something first. {LONG}")
    paragraph(draft, "2", f"{LONG.upper()} Something last.")
    for number in ("3", "4"):
        head = paragraph(
            draft, number, "National governments, with all other levels of government, are encouraged to:"
        )
        make_provision(
            draft,
            f"para_{number}__a",
            kind="action",
            number=f"{number} (a)",
            parent=head,
            actor="national_government",
            text=f"Do thing number {number}.",
        )
    assert found(draft, "repeated_sentence") == [("para_2", "")]


def test_nearly_repeated_sentences_are_found_by_their_words() -> None:
    draft = make_draft()
    paragraph(draft, "1", LONG)
    paragraph(draft, "2", LONG.replace("a public inventory", "a full inventory"))
    paragraph(draft, "3", "Cities keep something else, which they do not share with anybody at all, ever.")
    [(known, one)] = [
        each for each in find_all(read_draft(draft)) if each[0].code == "nearly_repeated_sentence"
    ]
    assert (one.key, one.others) == ("para_2", ("para_1",))
    assert one.params == {"percent": "93"}  # 15 of 16 words on either side
    assert (one.before, one.after) == (LONG, LONG.replace("a public inventory", "a full inventory"))


def test_references_to_nothing() -> None:
    draft = make_draft(paragraphs=2)
    paragraph(draft, "3", "See paragraph 2, paragraph 9, chapter I and resolution 2/1, paragraph 40.")
    assert params(draft, "reference_to_nothing") == [{"reference": "paragraph 9"}]


def test_a_translation_is_told_of_its_own_wrong_references_only() -> None:
    draft = make_draft(paragraphs=1)
    wrong = paragraph(draft, "2", "See paragraph 9.")
    make_text(wrong, language="fr", text="Voir le paragraphe 9 et le paragraphe 8.")
    assert params(draft, "reference_to_nothing") == [
        {"reference": "paragraph 9"},
        {"reference": "paragraphe 8"},
    ]


def test_links_to_what_was_taken_out_and_marks_without_notes() -> None:
    draft = make_draft(paragraphs=1)
    linked = paragraph(draft, "2", "See paragraph 1 for more.[^x]")
    link = {"start": 14, "end": 15, "key": "para_1"}
    ProvisionText.objects.filter(provision=linked).update(references=[link])
    Provision.objects.filter(draft=draft, key="para_1").update(removed_at="2026-01-01T00:00Z")
    make_provision(draft, "fn_1", kind="footnote", number="1", parent=linked, text="A note.")
    assert found(draft, "reference_to_nothing") == [
        ("para_2", "removed"),
        ("para_2", "mark"),
        ("fn_1", "unmarked"),
    ]


def test_same_as_above() -> None:
    draft = make_draft()
    for n, (text, pillar) in enumerate(
        [("Ibid.", 1), ("A source.", 1), ("Ibid.", 1), ("Ibid.", 2), ("Ibid.", 2)], 1
    ):
        make_provision(draft, f"fn_{n}", kind="footnote", number=str(n), pillar=pillar, text=text)
    assert found(draft, "same_as_above") == [
        ("fn_1", "nothing"),
        ("fn_3", ""),
        ("fn_4", "elsewhere"),
        ("fn_5", "elsewhere"),
    ]


def test_gaps_in_the_numbering() -> None:
    draft = make_draft(paragraphs=2)
    head = paragraph(draft, "4", "The objectives are:")
    for letter in "acc":
        make_provision(
            draft,
            f"x_{letter}_{draft.provisions.count()}",
            kind="item",
            number=f"4 ({letter})",
            parent=head,
            text="An objective.",
        )
    paragraph(draft, "5", "More.")
    assert params(draft, "numbering_gap") == [
        {"number": "4", "expected": "3"},
        {"number": "4 (c)", "expected": "4 (b)"},
        {"number": "4 (c)"},
    ]


def test_pillars_named_otherwise_in_a_list_of_them() -> None:
    draft = make_draft()
    paragraph(
        draft,
        "1",
        "The pillars are (i) shared prosperity, (ii) resilience and sustainability and (iii) participation.",
    )
    paragraph(draft, "2", "Three other things are (i) apples, (ii) pears and (iii) plums.")
    for n, heading in enumerate(("Shared prosperity", "Sustainability and resilience", "Participation"), 1):
        make_provision(draft, f"pillar_{n}", kind="pillar", number=str(n), pillar=n, heading=heading)
    assert [one["number"] for one in params(draft, "pillar_named_differently")] == ["2"]


def test_a_chapter_called_by_another_name() -> None:
    draft = make_draft(paragraphs=1)
    paragraph(draft, "2", "Foreword (chapter I) and more.")
    paragraph(draft, "3", "The introduction (chapter I) and more.")
    assert found(draft, "chapter_named_differently") == [("para_2", "")]


def test_terms() -> None:
    draft = make_draft()
    paragraph(draft, "1", "Data stewards care for digital infrastructure. “Commons” means what is shared.")
    paragraph(draft, "2", "Media & information literacy helps.")
    for n in range(3, 7):
        paragraph(draft, str(n), f"Digital public infrastructure serves purpose number {n}.")
    for heading in (
        "Data steward",
        "Digital infrastructure",
        "Media and information literacy",
        "Digital twin",
    ):
        make_provision(
            draft, f"term_{draft.provisions.count()}", kind="term", heading=heading, text="A thing."
        )
    assert found(draft, "term_not_in_glossary") == [
        ("para_1", "defined"),
        ("para_3", "qualified"),
        ("para_2", "worded"),
    ]
    assert params(draft, "term_never_used") == [
        {"term": "Media and information literacy"},
        {"term": "Digital twin"},
    ]


@pytest.mark.parametrize(
    ("language", "term", "text"),
    [
        ("fr", "Jumeau numérique", "Les jumeaux numériques aident."),
        ("es", "Gemelo digital", "Los gemelos digitales ayudan."),
        ("ru", "Цифровой двойник", "Города пользуются цифровыми двойниками."),
        ("ar", "التوأم الرقمي", "تستخدم المدن التوأم الرقمي وبالتوأم الرقمي."),
        ("zh-hans", "数字孪生", "城市使用数字孪生。"),
    ],
)
def test_a_term_is_used_in_its_plural_and_its_cases_too(language: str, term: str, text: str) -> None:
    draft = make_draft(source_language=language)
    paragraph(draft, "1", text)
    make_provision(draft, "term_1", kind="term", heading=term, text="…")
    assert found(draft, "term_never_used") == []


def test_empty_translations() -> None:
    draft = make_draft(paragraphs=9)
    rows = list(draft.provisions.order_by("position"))
    for row in rows[1:-1]:
        make_text(row, language="fr", text="" if row.key == "para_3" else "Du texte.")
    make_text(rows[0], language="fr", heading="")
    make_text(rows[2], language="es", text="El texto.")
    assert found(draft, "empty_translation") == [
        ("chp_1", "heading"),
        ("para_3", "text"),
        ("para_9", "missing"),
    ]


def test_what_nobody_has_translated_is_one_gap() -> None:
    draft = make_draft(paragraphs=9)
    for row in draft.provisions.order_by("position")[1:9]:
        for language in ("ar", "fr"):
            make_text(row, language=language, text="…")
    assert found(draft, "empty_translation") == [("chp_1", "several"), ("para_9", "several")]
    assert params(draft, "empty_translation") == [{"languages": "ar fr"}] * 2


def test_sentences_in_another_language() -> None:
    draft = make_draft(paragraphs=1)
    words = draft.provisions.get(key="para_1")
    make_text(
        words,
        language="ru",
        text="Города служат людям. The cities of the world serve the people that live in them.",
    )
    make_text(
        words,
        language="fr",
        text="La ville est à nous, voir « The cities of the world for all people » (WeGO).",
    )
    assert params(draft, "other_language") == [
        {"seems": "en", "sentence": "The cities of the world serve the people that live in them."}
    ]


def test_actions_without_an_actor() -> None:
    draft = make_draft()
    actions = make_provision(
        draft, "pillar_1__actions", kind="heading", number="(b)", pillar=1, heading="Actions"
    )
    paragraph(draft, "1", "Measures online and offline are key.", parent=actions)
    paragraph(draft, "2", "National governments lead.", parent=actions)
    paragraph(draft, "3", "Skills matter, by means of: training for local governments.", parent=actions)
    lost = make_provision(
        draft,
        "para_3__a",
        kind="action",
        number="3 (a)",
        text="Train.",
        parent=draft.provisions.get(key="para_3"),
    )
    assert found(draft, "action_without_actor") == [("para_1", ""), ("para_3", ""), (lost.key, "action")]


def test_the_fingerprint_stays_while_the_words_stay() -> None:
    def first(text: str) -> str:
        draft = make_draft(paragraphs=1)
        paragraph(draft, "2", text)
        [(known, one)] = find_all(read_draft(draft))
        return fingerprint_of(known.code, one)

    assert first("See paragraph 9.") == first("Please  see paragraph 9 at once.")
    assert first("See paragraph 9.") != first("See paragraph 8.")


def test_two_queries_and_well_under_a_second_however_long(django_assert_num_queries: Any) -> None:
    draft = make_draft(paragraphs=60)
    with django_assert_num_queries(2):
        find_all(read_draft(draft))


def test_every_check_explains_itself_and_codes_stand_once() -> None:
    for known in all_checks():
        assert str(known.title) and str(known.looks_for) and str(known.why)
        assert known.severity in Finding.Severity.values
    taken = all_checks()[0].code
    with pytest.raises(ValueError, match="Two checks"):
        check(taken, "note", title="", looks_for="", why="", messages="")(lambda read: [])
