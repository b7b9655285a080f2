"""Findings as they are read: with their sentences, the provisions they name, and who waived them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.conf import settings
from django.utils import timezone
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from core.punctuation import comma, listed, semicolon
from drafts.checks.registry import Check, check_of
from drafts.models import (
    CheckRun,
    Draft,
    Finding,
    Provision,
    ProvisionText,
    Revision,
    StructureChange,
    Waiver,
)
from drafts.places import place_in_a_list
from drafts.redline import Piece, redline

LANGUAGES = dict(settings.LANGUAGES)


@dataclass(frozen=True)
class Place:
    """A provision that a finding is about or names, and what people call it."""

    key: str
    name: str


@dataclass
class Listed:
    """One finding for a reader. ``place`` is None where it is about the whole draft."""

    finding: Finding
    check: Check
    place: Place | None
    others: list[Place]
    waiver: Waiver | None

    @property
    def title(self) -> str:
        return str(self.check.title)

    @property
    def language_name(self) -> str:
        return LANGUAGES.get(self.finding.language, "")

    @property
    def message(self) -> str:
        """The sentence as plain text, with the names of the other provisions concerned."""
        sentence = self._sentence() % self._values()
        names = semicolon().join(other.name for other in self.others)
        return f"{sentence} ({names})" if names else sentence

    @property
    def message_set(self) -> SafeString:
        """The sentence as HTML: the draft's own words carry their language."""
        language = self.finding.language
        element = format_html('<bdi lang="{}">{{}}</bdi>', language) if language else "<bdi>{}</bdi>"
        values = {name: format_html(element, value) for name, value in self._values().items()}
        if "languages" in values:  # each by itself: a sign beside the Arabic name would go to its other side
            values["languages"] = format_html_join(comma(), '<bdi lang="{}">{}</bdi>', self._languages())
        return mark_safe(conditional_escape(self._sentence()) % values)  # noqa: S308  # both escaped

    @property
    def pieces(self) -> list[Piece]:
        """The redline between two wordings, where the check gave them."""
        before, after = self.finding.params.get("before", ""), self.finding.params.get("after", "")
        return redline(before, after) if before or after else []

    def _sentence(self) -> str:
        messages = self.check.messages
        variant = self.finding.params.get("variant", "")
        return str(messages[variant] if variant in messages else next(iter(messages.values())))

    def _values(self) -> dict[str, str]:
        values: dict[str, str] = dict(self.finding.params.get("values", {}))
        if "seems" in values:
            values["seems"] = LANGUAGES.get(values["seems"], values["seems"])
        if "languages" in values:
            values["languages"] = listed(name for _code, name in self._languages())
        return values

    def _languages(self) -> list[tuple[str, str]]:
        """Codes and names of the languages that the check named."""
        codes = self.finding.params.get("values", {}).get("languages", "").split()
        return [(code, LANGUAGES.get(code, code)) for code in codes]


@dataclass
class Counts:
    """Of the findings of one sort, how many stand and how many are waived."""

    open: int = 0
    waived: int = 0


@dataclass
class Findings:
    """All findings of a draft in document order, and how many of each sort there are."""

    rows: list[Listed]
    by_code: dict[str, Counts] = field(default_factory=dict)
    by_severity: dict[str, Counts] = field(default_factory=dict)

    def chosen(self, *, waived: str = "", **wanted: str) -> list[Listed]:
        """Those of one ``code``, ``severity`` or ``language``; ``waived``: "" for those that stand, ``only``,
        ``all``."""
        return [
            row
            for row in self.rows
            if waived == "all" or (row.waiver is not None) == (waived == "only")
            if all(getattr(row.finding, name) == value for name, value in wanted.items() if value)
        ]


def findings_of(draft: Draft) -> Findings:
    """What the last run found, with waivers (four queries)."""
    rows = [row for row in draft.findings.all() if check_of(row.code)]
    waivers = {
        waiver.fingerprint: waiver
        for waiver in Waiver.objects.filter(guidelines=draft.guidelines_id).select_related("by")
    }
    places = _places(draft, {key for row in rows for key in (row.key, *row.params.get("others", ()))})
    result = Findings([])
    for row in rows:
        check = check_of(row.code)
        assert check is not None
        others = [places[key] for key in row.params.get("others", ()) if key in places]
        waiver = waivers.get(row.fingerprint)
        result.rows.append(Listed(row, check, places.get(row.key), others, waiver))
        for counts, name in ((result.by_code, row.code), (result.by_severity, row.severity)):
            sort = counts.setdefault(name, Counts())
            if waiver:
                sort.waived += 1
            else:
                sort.open += 1
    return result


def _places(draft: Draft, keys: Iterable[str]) -> Mapping[str, Place]:
    wanted = set(keys)
    rows = (
        Provision.objects.filter(draft=draft, key__in=wanted) if len(wanted) < 500 else draft.provisions.all()
    )
    found = list(rows)
    headings = dict(
        ProvisionText.objects.of_draft(draft)
        .filter(language=draft.source_language)
        .exclude(heading="")
        .values_list("provision_id", "heading")
    )
    return {row.key: Place(row.key, place_in_a_list(row, headings.get(row.pk, ""))) for row in found}


@dataclass(frozen=True)
class Freshness:
    """How old a run is: ``minutes`` since it, and ``changes`` of the draft after it."""

    run: CheckRun
    is_current: bool
    changes: int
    minutes: int


def freshness_of(draft: Draft, run: CheckRun, *, is_current: bool) -> Freshness:
    """With the number of revisions and changes of structure since (two queries, none where it is current)."""
    changes = 0
    if not is_current:
        changes = (
            Revision.objects.filter(provision_text__provision__draft=draft, at__gt=run.at).count()
            + StructureChange.objects.filter(draft=draft, at__gt=run.at).count()
        )
    minutes = int((timezone.now() - run.at).total_seconds() // 60)
    return Freshness(run, is_current, changes, max(minutes, 0))
