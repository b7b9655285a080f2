"""What one should know of drafts before they come out: doubts of the checks, gaps in the translations.

It warns and never refuses: a draft may well be published in one language, or with a doubt that its drafters share.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.conf import settings
from django.db.models import Count, Exists, F, OuterRef, Q, Subquery

from drafts.models import CheckRun, Draft, Finding, ProvisionText, Waiver


@dataclass(frozen=True)
class Translation:
    """How far one language of a draft is: ``missing`` has no words yet, ``outdated`` is of earlier words."""

    language: str
    name: str
    total: int
    made: int
    outdated: int

    @property
    def missing(self) -> int:
        return max(self.total - self.made, 0)

    @property
    def current_percent(self) -> int:
        """Rounded down, so that only what is whole is 100."""
        return 100 * max(self.made - self.outdated, 0) // self.total if self.total else 0

    @property
    def is_whole(self) -> bool:
        return not self.missing and not self.outdated


@dataclass
class Readiness:
    """``errors`` and ``warnings`` are open findings by weight; ``checked`` says whether the checks ever ran."""

    errors: int = 0
    warnings: int = 0
    notes: int = 0
    checked: bool = False
    translations: list[Translation] = field(default_factory=list)

    @property
    def findings(self) -> int:
        return self.errors + self.warnings + self.notes

    @property
    def begun(self) -> list[Translation]:
        """Translations that somebody has begun and that aren't whole."""
        return [each for each in self.translations if each.made and not each.is_whole]

    @property
    def not_begun(self) -> list[Translation]:
        return [each for each in self.translations if not each.made]

    @property
    def is_translated(self) -> bool:
        """Whole and up to date in every language."""
        return all(each.is_whole for each in self.translations)

    @property
    def is_clear(self) -> bool:
        """Nothing to warn of."""
        return self.checked and not self.errors and self.is_translated


def readiness_of(drafts: Iterable[Draft]) -> dict[int, Readiness]:
    """draft id → what to know of it (four queries, however many drafts)."""
    rows = {draft.pk: draft for draft in drafts}
    found = {pk: Readiness() for pk in rows}
    waived = Waiver.objects.filter(
        guidelines=OuterRef("draft__guidelines"), fingerprint=OuterRef("fingerprint")
    )
    findings = Finding.objects.filter(~Exists(waived), draft__in=rows).order_by()
    for pk, severity, n in findings.values_list("draft", "severity").annotate(n=Count("pk")):
        setattr(found[pk], f"{severity}s", n)
    for pk in CheckRun.objects.filter(draft__in=rows).values_list("draft", flat=True):
        found[pk].checked = True
    made, outdated = _counts(rows)
    for pk, draft in rows.items():
        found[pk].translations = [
            Translation(
                code,
                str(name),
                made[pk, draft.source_language],
                min(made[pk, code], made[pk, draft.source_language]),
                outdated[pk, code],
            )
            for code, name in settings.LANGUAGES
            if code != draft.source_language
        ]
    return found


def _counts(rows: dict[int, Draft]) -> tuple[dict[tuple[int, str], int], dict[tuple[int, str], int]]:
    """(draft, language) → provisions with words, and among them those of earlier words than the source has."""
    source = ProvisionText.objects.filter(
        provision=OuterRef("provision"), language=OuterRef("provision__draft__source_language")
    )
    standing = ProvisionText.with_unreleased.filter(
        provision__draft__in=rows, provision__removed_at=None
    ).order_by()
    made: dict[tuple[int, str], int] = defaultdict(int)
    outdated: dict[tuple[int, str], int] = defaultdict(int)
    for pk, code, n in standing.values_list("provision__draft", "language").annotate(n=Count("pk")):
        made[pk, code] = n
    late = standing.exclude(language=F("provision__draft__source_language")).annotate(
        now=Subquery(source.values("version")[:1])
    )
    late = late.filter(Q(translated_from_version__lt=F("now")))
    for pk, code, n in late.values_list("provision__draft", "language").annotate(n=Count("pk")):
        outdated[pk, code] = n
    return made, outdated
