"""What a draft's documents say: every provision's words, in every language and script, and nothing as markup."""

import hashlib
import json
import re
import unicodedata
from collections import Counter
from io import BytesIO
from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone, translation
from pypdf import PdfReader

from drafts.actions.editions import canonical_bytes, release_draft
from drafts.documents.content import Content, content_of
from drafts.documents.frame import Frame, frame_of, state_of
from drafts.documents.html import make_html
from drafts.documents.pdf import make_pdf
from drafts.models import Draft, Guidelines, ProvisionText
from guidelines_portal.demonstration.loader import _load_drafts
from tests.factories import make_draft, make_provision, make_text, make_user

pytestmark = pytest.mark.django_db
LANGUAGES = [code for code, _name in settings.LANGUAGES]
HOSTILE = (
    r'#panic("x") $x^2$ *bold* _it_ `raw` <label> @ref \u{41} [[#]] "quotes" // no comment /* none */ '
    "</style><script>alert(1)</script> {{ 7|add:7 }} {% now %} & = - + 1. ~ \u202egnp\u202c 🙂 \u0627\u0628"
)


def frame_and_content(draft: Draft, language: str) -> tuple[Frame, Content]:
    content = content_of(draft, language)
    sha256 = hashlib.sha256(canonical_bytes(draft, language)).hexdigest()
    return frame_of(draft, language, content, sha256, state_of(draft, language)), content


def pdf_of(draft: Draft, language: str) -> PdfReader:
    with translation.override(language):
        return PdfReader(BytesIO(make_pdf(*frame_and_content(draft, language))))


def html_of(draft: Draft, language: str) -> str:
    with translation.override(language):
        return make_html(*frame_and_content(draft, language)).decode()


def printed(pdf: PdfReader) -> str:
    return squeezed("".join(page.extract_text() for page in pdf.pages))


def squeezed(words: str) -> str:
    """Without what setting changes: blanks, hyphens at the ends of lines, ligatures, marks above letters."""
    plain = unicodedata.normalize("NFKD", words)
    return "".join(c for c in plain if c.isalnum() and not unicodedata.combining(c))


def clauses(words: str) -> list[str]:
    """Stretches without footnote marks and punctuation, which extraction moves about."""
    return [s for part in re.split(r"\[\^[^\]]+\]|[^\w\s-]", words) if (s := squeezed(part))]


def stands_in(clause: str, text: str) -> bool:
    """Whole, or in two parts where a page ended between them."""
    return clause in text or any(clause[:i] in text and clause[i:] in text for i in range(1, len(clause)))


@pytest.fixture
def demonstration() -> Draft:
    people = {"drafter": make_user("drafter"), "staff": make_user("staff")}
    _load_drafts(people, timezone.now())
    return Draft.objects.select_related("guidelines").get(number=1)


def test_a_pdf_of_each_language_has_every_provision_s_words(demonstration: Draft) -> None:
    for language in LANGUAGES:
        pdf = pdf_of(demonstration, language)
        root: Any = pdf.trailer["/Root"]
        assert root["/Lang"].startswith(language[:2]) and root["/MarkInfo"]["/Marked"], "read aloud rightly"
        text = printed(pdf)
        words = ProvisionText.objects.of_draft(demonstration).filter(language=language)
        if language == "ar":  # what is extracted of Arabic has its letters, not their order
            letters = Counter("".join(s for w in words for s in clauses(f"{w.heading} {w.text}")))
            assert not letters - Counter(text)
            continue
        missing = [c for w in words for c in clauses(w.heading) + clauses(w.text) if not stands_in(c, text)]
        assert missing == [], language


def test_a_document_says_what_it_is(demonstration: Draft) -> None:
    pdf = pdf_of(demonstration, "fr")
    with translation.override("fr"):
        title, label = demonstration.guidelines.title, demonstration.label
    assert pdf.metadata is not None and pdf.metadata.title == title
    first, contents = (pdf.pages[i].extract_text() for i in (0, 1))
    sha256 = hashlib.sha256(canonical_bytes(demonstration, "fr")).hexdigest()
    assert squeezed(label) in squeezed(first) and sha256 in first.replace("\n", "")
    assert squeezed("Introduction") in squeezed(contents) and re.search(r"\b3\b", contents), "with its page"
    assert f"3 / {len(pdf.pages)}" in pdf.pages[2].extract_text()
    assert any("Introduction" in str(entry.title) for entry in pdf.outline if not isinstance(entry, list))


def test_footnotes_stand_at_the_foot_of_their_page_with_their_printed_numbers() -> None:
    draft = make_draft()
    for page in (1, 2):
        words = f"Said here[^n{page}]. " + "More words. " * 400
        row = make_provision(draft, f"para_{page}", number=str(page), text=words)
        make_provision(
            draft, f"fn_{page}", kind="footnote", parent=row, number=f"{page}7", text=f"Note of {page}."
        )
        row.texts.update(footnotes=[{"label": f"n{page}", "number": f"{page}7", "key": f"fn_{page}"}])
    pages = [page.extract_text() for page in pdf_of(draft, "en").pages]
    said = next(i for i, words in enumerate(pages) if "Said here" in words)
    assert re.search(r"17\s*Note of 1\.", pages[said]), "the number is the printed one"
    assert pages[said].index("Note of 1.") > pages[said].index("More words."), "below the words"
    assert sum("Note of 2." in words for words in pages) == 1


def test_a_note_that_no_mark_names_is_not_lost_and_a_mark_named_twice_is_one_note() -> None:
    draft = make_draft()
    row = make_provision(
        draft, "para_1", number="1", text="Twice[^1] marked[^1], and once without a note[^9]."
    )
    make_provision(draft, "fn_1", kind="footnote", parent=row, number="1", text="The note.")
    row.texts.update(footnotes=[{"label": "1", "number": "1", "key": "fn_1"}])
    make_provision(draft, "fn_2", kind="footnote", parent=row, number="2", text="Named by nothing.")
    text = printed(pdf_of(draft, "en"))
    assert text.count("Thenote") == 1 and "Namedbynothing" in text and "withoutanote9" in text
    page = html_of(draft, "en")
    assert page.count("The note.") == 1 and "Named by nothing." in page and "[^9]" in page


def test_what_is_not_translated_stands_in_its_own_language_and_says_so() -> None:
    draft = make_draft(paragraphs=2)
    make_text(
        draft.provisions.get(key="para_1"), language="ar", text="الفقرة الأولى.", translated_from_version=1
    )
    content = content_of(draft, "ar")
    rows = {row.key: row for row in content.rows}
    assert (content.missing, content.provisions) == (2, 3)
    assert rows["para_2"].foreign and rows["para_2"].language == "en" and rows["para_2"].notice
    assert not rows["para_1"].foreign and not rows["para_1"].notice
    page = html_of(draft, "ar")
    assert '<html lang="ar" dir="rtl">' in page
    assert 'id="para_2" class="foreign" lang="en" dir="ltr"' in page
    assert "Paragraph2speaksofsmartcities" in printed(pdf_of(draft, "ar"))
    ProvisionText.objects.filter(provision__key="para_1", language="en").update(version=2)
    assert content_of(draft, "ar").outdated == 1


def test_a_draft_that_is_not_public_is_marked_and_a_public_one_is_not() -> None:
    draft = make_draft(paragraphs=1)
    assert "embargoed" in html_of(draft, "en") and "Workingdraftembargoed" in printed(pdf_of(draft, "en"))
    release_draft(draft, actor=make_user("staff"))
    assert "embargoed" not in html_of(draft, "en") and "embargoed" not in printed(pdf_of(draft, "en"))


def test_hostile_words_are_only_words() -> None:
    guidelines = Guidelines.objects.create(slug="hostile", title=HOSTILE[:200])
    draft = make_draft(guidelines=guidelines, label=HOSTILE[:100])
    row = make_provision(draft, "para_1", number='#1"\\', heading=HOSTILE, text=f"• {HOSTILE}\n{HOSTILE}[^1]")
    make_provision(draft, "fn_1", kind="footnote", parent=row, number="1", text=HOSTILE)
    row.texts.update(footnotes=[{"label": "1", "number": "#n", "key": "fn_1"}])
    text = printed(pdf_of(draft, "en"))
    assert text.count("nocommentnone") >= 4 and "panicx" in text and "alert1" in text
    page = html_of(draft, "en")
    assert "<script" not in page and page.count("</style>") == 1
    assert "{{ 7|add:7 }}" in page


def test_levels_of_headings_leave_none_out() -> None:
    draft = make_draft()
    chapter = draft.provisions.get(key="chp_1")
    named = {"number": "1", "heading": "Prosperity"}
    pillar = make_provision(draft, "pillar_1", kind="pillar", pillar=1, parent=chapter, **named)
    make_provision(draft, "pillar_1__actions", kind="heading", parent=pillar, number="(b)", heading="Actions")
    levels = [row.level for row in content_of(draft, "en").rows if row.set == "title"]
    assert levels == [1, 2, 3]
    assert "<h4>" in html_of(draft, "en") and "<h5" not in html_of(draft, "en")


def test_the_same_words_give_the_same_bytes() -> None:
    draft = make_draft(status="published", paragraphs=2)
    with translation.override("en"):
        made = [make_pdf(*frame_and_content(draft, "en")) for _ in range(2)]
    assert made[0] == made[1]


def test_the_recipe_of_the_documentation_verifies_a_released_language() -> None:
    draft = make_draft(paragraphs=2)
    release_draft(draft, actor=make_user("staff"))
    edition = draft.editions.get(language="en")
    downloaded = bytes(edition.canonical)
    assert hashlib.sha256(downloaded).hexdigest() == edition.sha256
    document = json.loads(downloaded)
    again = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    assert again == downloaded
