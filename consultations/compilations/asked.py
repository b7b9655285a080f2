"""What somebody wants compiled: the kind, the format, the language of the headings, and which comments."""

from dataclasses import asdict, dataclass, field
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from consultations.models import Comment, Disposition, Round
from consultations.queries import comments_of

LANGUAGES = [code for code, _name in settings.LANGUAGES]
PILLARS = range(1, 9)
# What the answer may be asked to be, besides the outcomes.
UNANSWERED = "none"
OUTCOMES = [*Disposition.Outcome.values, UNANSWERED]
# A comment that was begun and not sent is nobody's but its author's.
STATUSES = [status for status in Comment.Status.values if status != Comment.Status.DRAFT]


class Kind(models.TextChoices):
    MATRIX = "matrix", _("Response matrix")
    ISO = "iso", _("By provision, in the columns of ISO")
    DELEGATIONS = "delegations", _("Delegation by delegation")


class Format(models.TextChoices):
    XLSX = "xlsx", _("Spreadsheet (XLSX)")
    CSV = "csv", _("Table (CSV)")
    JSON = "json", _("For programs (JSON)")
    PDF = "pdf", _("To print (PDF)")


@dataclass(frozen=True)
class Filters:
    """Which comments of the round; empty asks for all. ``provision`` is a key, "-" for the draft as a whole."""

    pillar: int | None = None
    provision: str = ""
    kind: str = ""
    outcome: str = ""
    status: str = ""
    search: str = ""

    def narrow(self, round: Round, reader: Any) -> "QuerySet[Comment]":
        """The comments that were sent, that the reader may read now, and that these let through."""
        found = comments_of(
            round,
            reader,
            provision={"": None, "-": ""}.get(self.provision, self.provision),
            pillar=self.pillar,
            kind=self.kind,
            status=self.status,
            disposition=self.outcome,
            search=self.search,
        )
        return found.exclude(status=Comment.Status.DRAFT)


@dataclass(frozen=True)
class Asked:
    """A compilation as it is asked for; kept with its job as JSON."""

    round: int
    kind: str = Kind.MATRIX
    form: str = Format.XLSX
    language: str = "en"
    filters: Filters = field(default_factory=Filters)

    def to_json(self) -> dict[str, Any]:
        return asdict(self) | {"kind": str(self.kind), "form": str(self.form)}

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> "Asked":
        """Of the parameters of a job, which may hold more."""
        names = ("round", "kind", "form", "language")
        return cls(**{name: value[name] for name in names}, filters=Filters(**value["filters"]))
