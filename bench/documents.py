"""Documents of a draft: the real size (90,000 characters, 35,000 in Chinese) in each script, and ten times that."""

import hashlib
import resource
import time

from django.utils import timezone, translation

from bench.table import Measure
from drafts.actions.editions import canonical_bytes
from drafts.documents.content import content_of
from drafts.documents.frame import frame_of
from drafts.documents.html import make_html
from drafts.documents.pdf import make_pdf
from drafts.models import Draft, Guidelines, Provision, ProvisionText

PILLARS, PARAGRAPHS, TIMES = 8, 60, 10
# A sentence of about 190 characters (75 in Chinese), so that 480 of them are as long as the real document.
WORDS = {
    "ar": "تُشجَّع الحكومات المحلية والإقليمية على استخدام التكنولوجيا الرقمية لصالح الناس، وعلى نشر ما تعلّمته من ذلك. ",
    "en": "Local and regional governments are encouraged to use digital technology for people, and to publish it. ",
    "es": "Se alienta a los gobiernos locales y regionales a usar la tecnología digital para las personas. ",
    "fr": "Les administrations locales et régionales sont encouragées à utiliser le numérique pour les personnes. ",
    "ru": "Местным и региональным органам власти предлагается использовать цифровые технологии для людей. ",
    "zh-hans": "鼓励地方和区域政府为人民使用数字技术，并公布由此取得的经验教训，",
}
SECONDS = 3.0
MEMORY_GROWTH = 6.0


def documents() -> list[Measure]:
    """Reading, setting and writing one document, in a process as the worker starts it."""
    measures = []
    for language in WORDS:
        seconds, kilobytes = _pdf(_draft(language, 1), language)
        holds = seconds <= SECONDS
        measures.append(
            Measure(f"PDF, {language}: {kilobytes:,} kB", f"{seconds:.2f} s", f"at most {SECONDS:g} s", holds)
        )
    return [*measures, *_ten_times_as_long()]


def _ten_times_as_long() -> list[Measure]:
    short, long = _draft("en", 1), _draft("en", TIMES)
    once, _size = _pdf(short, "en")
    before = _most_memory()
    many, _size = _pdf(long, "en")
    memory = _most_memory()
    started = time.perf_counter()
    with translation.override("en"):
        make_html(*_of(long, "en"))
    html = time.perf_counter() - started
    growth, more = many / once, memory / before
    return [
        Measure(f"PDF, en, {TIMES} x as long", f"{many:.2f} s"),
        Measure(
            "PDF: growth of time", f"{growth:.1f} x", f"at most {1.5 * TIMES:g} x", growth <= 1.5 * TIMES
        ),
        Measure("PDF: most memory of typesetting, real size", f"{before:,.0f} MB"),
        Measure(f"PDF: most memory of typesetting, {TIMES} x", f"{memory:,.0f} MB"),
        Measure(
            "PDF: growth of memory", f"{more:.1f} x", f"at most {MEMORY_GROWTH:g} x", more <= MEMORY_GROWTH
        ),
        Measure(f"HTML, en, {TIMES} x as long", f"{html:.2f} s"),
    ]


def _pdf(draft: Draft, language: str) -> tuple[float, int]:
    """Seconds (the best of three) and size in kB."""
    best, size = float("inf"), 0
    with translation.override(language):
        for _ in range(3):
            started = time.perf_counter()
            size = len(make_pdf(*_of(draft, language)))
            best = min(best, time.perf_counter() - started)
    return best, size // 1000


def _of(draft: Draft, language: str):  # type: ignore[no-untyped-def]
    content = content_of(draft, language)
    sha256 = hashlib.sha256(canonical_bytes(draft, language)).hexdigest()
    return frame_of(draft, language, content, sha256, timezone.now()), content


def _most_memory() -> float:
    """MB of the largest process that was started and has ended."""
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


def _draft(language: str, times: int) -> Draft:
    """Eight pillars of sixty paragraphs, ``times`` over, every fourth with a footnote."""
    slug = f"documents-{language}-{times}"
    guidelines, new = Guidelines.objects.get_or_create(slug=slug, defaults={"title": slug})
    if not new:
        return guidelines.drafts.get()
    draft = Draft.objects.create(guidelines=guidelines, number=1, label="Draft", source_language=language)
    chapter = Provision.objects.create(draft=draft, key="chp_1", kind="chapter", position=1, number="I")
    _say(chapter, language, "", heading=WORDS[language][:20])
    for n in range(1, PILLARS * PARAGRAPHS * times + 1):
        row = Provision(draft=draft, key=f"para_{n}", position=2 * n, number=str(n), parent=chapter)
        if n % PARAGRAPHS == 1:
            row.kind = Provision.Kind.SECTION
        row.save()
        noted = n % 4 == 0
        _say(
            row,
            language,
            WORDS[language] * 2 + ("[^1]" if noted else ""),
            heading="I" if row.kind == "section" else "",
        )
        if noted:
            note = Provision.objects.create(
                draft=draft, key=f"fn_{n}", kind="footnote", position=2 * n + 1, number=str(n), parent=row
            )
            _say(note, language, WORDS[language])
            row.texts.update(footnotes=[{"label": "1", "number": str(n), "key": note.key}])
    return draft


def _say(row: Provision, language: str, words: str, heading: str = "") -> None:
    ProvisionText.objects.create(provision=row, language=language, text=words, heading=heading)
