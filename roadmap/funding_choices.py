"""What forms of the funding offer to choose from."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.models import Organisation
from core.collation import sort_key
from drafts.models import Guidelines
from roadmap.models import FundingTransaction

Kind = FundingTransaction.Kind


def organisation_choices() -> list[tuple[Any, str]]:
    """Every organisation by its name in the reader's language."""
    language = get_language() or "en"
    known = Organisation.objects.select_related("country")
    named = sorted(((row.pk, row.shown_name) for row in known), key=lambda pair: sort_key(pair[1], language))
    return [("", _("None of these")), *named]


def promises(guidelines: Guidelines) -> QuerySet[FundingTransaction]:
    """Pledges and commitments as they stand now."""
    standing = FundingTransaction.objects.filter(
        guidelines=guidelines, kind__in=(Kind.PLEDGE, Kind.COMMITMENT), replaced_by__isnull=True, amount__gt=0
    )
    return standing.select_related("organisation__country", "country").order_by("-on", "-pk")
