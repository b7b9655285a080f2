"""Why a nomination isn't eligible: from a short list, with own words. Kept as ``code`` or ``code: words``."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.punctuation import colon


class Ground(models.TextChoices):
    INCOMPLETE = "incomplete", _("Incomplete")
    NO_LETTER = "no_letter", _("No signed letter of the government")
    LATE = "late", _("Handed in too late")
    LIMIT = "limit", _("More nominees than a country may have")
    EXPERTISE = "expertise", _("No expertise in what the call asks")
    DUPLICATE = "duplicate", _("The same person was nominated twice")
    CONDITIONS = "conditions", _("Doesn’t meet another condition of the call")
    OTHER = "other", _("Another reason")


# What only words can explain.
NEEDS_WORDS = frozenset({Ground.CONDITIONS, Ground.OTHER})


def reason_kept(ground: str, words: str = "") -> str:
    """What is stored of a reason."""
    return f"{ground}: {words}" if words else ground


def reason_shown(kept: str) -> str:
    """A stored reason in the reader's language; one of another origin as it was written."""
    ground, _colon, words = kept.partition(": ")
    if ground not in Ground.values:
        return kept
    label = str(Ground(ground).label)
    return f"{label}{colon()}{words}" if words else label
