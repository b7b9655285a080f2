"""Glossary terms found where they occur, in every script, once."""

import pytest
from django.test import Client

from drafts.terms import Term, Terms
from tests.factories import make_draft, make_provision

pytestmark = pytest.mark.django_db


def found(language: str, headings: list[str], text: str) -> list[str]:
    terms = Terms(language, [Term(f"term_{n}", heading, "") for n, heading in enumerate(headings, 1)])
    return [f"{text[o.start : o.end]}={o.key}" for o in terms.occurrences(text)]


@pytest.mark.parametrize(
    ("language", "headings", "text", "expected"),
    [
        ("en", ["Digital divide"], "the digital divide, the digital divide", ["digital divide=term_1"]),
        ("en", ["Data steward"], "Name data stewards.", ["data stewards=term_1"]),
        ("en", ["Data"], "Metadata and database", []),
        (
            "en",
            ["Digital public infrastructure", "Digital public goods", "Infrastructure"],
            "digital public infrastructure and goods",
            ["digital public infrastructure=term_1"],
        ),
        ("en", ["Vendor lock-in"], "avoid vendor lock-in", ["vendor lock-in=term_1"]),
        ("zh-hans", ["数字鸿沟"], "缩小数字鸿沟。", ["数字鸿沟=term_1"]),
        ("ar", ["الفجوة الرقمية"], "تضييق الفجوة الرقمية بين المدن", ["الفجوة الرقمية=term_1"]),
        ("ru", ["Цифровой двойник"], "«цифровой двойник» города", ["цифровой двойник=term_1"]),
        ("en", [], "nothing", []),
        ("en", ["A+ (b)"], "grade A+ (b) ", []),
    ],
)
def test_where_terms_occur(language: str, headings: list[str], text: str, expected: list[str]) -> None:
    assert found(language, headings, text) == expected


def test_the_page_leads_to_the_definition_and_carries_it(client: Client) -> None:
    draft = make_draft()
    make_provision(draft, "para_9", number="9", text="Narrow the digital divide now.")
    make_provision(draft, "term_1", kind="term", heading="Digital divide", text="Differences in access.")
    type(draft).objects.update(status="published", published_at="2026-01-01T00:00:00Z")
    slug = draft.guidelines.slug
    page = client.get(f"/en/guidelines/{slug}/{draft.number}/chp_1/").content.decode()
    assert (
        '<span data-start="0">Narrow the </span><span data-start="11">'
        f'<a class="term" href="/en/guidelines/{slug}/{draft.number}/term_1/" data-term="term_1">digital divide</a>'
        '</span><span data-start="25"> now.</span>'
    ) in page
    assert "<strong>Digital divide</strong> Differences in access." in page
