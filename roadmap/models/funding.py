"""Money: what the process costs, what was pledged, committed and received, and the rates between currencies.

What people entered stays: estimates change by new entries, transactions are corrected and cancelled by new entries, and
the database refuses anything else (`roadmap.protection`). Amounts are decimals; each keeps what it came to in US
dollars on its day, and by which rate.
"""

import uuid
from datetime import timedelta
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Country, Organisation
from drafts.models import Guidelines
from experts.standing import is_staff
from roadmap.models.milestones import Milestone

# All sums are told in it (HSP/EB.2023/16, para. 11 (a)).
BASE = "USD"
# A rate holds until the next one, for so long at most: official rates are set every month.
RATE_HOLDS = timedelta(days=31)


def _by(null: bool = False) -> Any:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=null, blank=null, related_name="+"
    )


def _money() -> Any:
    return models.DecimalField(max_digits=16, decimal_places=2)


def _rate() -> Any:
    return models.ForeignKey(
        "roadmap.ExchangeRate", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )


class ExchangeRate(models.Model):
    """So many units of a currency for one US dollar, from a day on, as ``source`` says.

    A wrong one is withdrawn, not changed: what was converted with it keeps saying so.
    """

    currency = models.CharField(max_length=3)
    on = models.DateField()
    per_usd = models.DecimalField(max_digits=18, decimal_places=8)
    source = models.CharField(max_length=300)
    entered_by = _by()
    entered_at = models.DateTimeField(default=timezone.now)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = _by(null=True)
    withdrawn_reason = models.TextField(blank=True)

    class Meta:
        ordering = ["-on", "currency", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["currency", "on"], condition=Q(withdrawn_at__isnull=True), name="rate_of_a_day_once"
            ),
            models.CheckConstraint(condition=Q(per_usd__gt=0), name="rate_is_positive"),
            models.CheckConstraint(condition=~Q(currency=BASE), name="rate_not_of_the_base"),
        ]

    def __str__(self) -> str:
        return f"{self.currency} {self.on}"


class CostLine(models.Model):
    """A line of the cost estimate of some guidelines: so many of something, at so much each, perhaps for a milestone.

    The columns say what its last change says, for order and for pages; ``priority`` is the order in which money is to
    be spent, first 1.
    """

    class Kind(models.TextChoices):
        CONSULTATION = "consultation", _("Consultation")
        RESEARCH = "research", _("Research and assessment")
        DRAFTING = "drafting", _("Drafting and editing")
        TRANSLATION = "translation", _("Translation")
        COORDINATION = "coordination", _("Coordination and staff")
        OTHER = "other", _("Other")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    guidelines = models.ForeignKey(Guidelines, on_delete=models.PROTECT, related_name="cost_lines")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    title = models.CharField(max_length=200)
    unit = models.CharField(max_length=80, blank=True)
    priority = models.PositiveIntegerField()
    milestone = models.ForeignKey(
        Milestone, on_delete=models.SET_NULL, null=True, blank=True, related_name="cost_lines"
    )
    quantity = models.DecimalField(max_digits=10, decimal_places=2)
    unit_cost = _money()
    currency = models.CharField(max_length=3, default=BASE)
    amount_usd = _money()
    rate = _rate()
    # Taken out of the estimate.
    dropped = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)
    created_by = _by()
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["priority", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(quantity__gt=0, unit_cost__gte=0), name="cost_line_of_something"
            ),
            models.CheckConstraint(
                condition=Q(currency=BASE, rate__isnull=True) | (~Q(currency=BASE) & Q(rate__isnull=False)),
                name="cost_line_rate_told",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class CostChange(models.Model):
    """What a line was estimated at from a day (``on``) on: by whom, when and why. Append-only: the estimate as of any
    earlier day follows from them."""

    line = models.ForeignKey(CostLine, on_delete=models.PROTECT, related_name="changes")
    on = models.DateField()
    quantity = models.DecimalField(max_digits=10, decimal_places=2)
    unit_cost = _money()
    currency = models.CharField(max_length=3)
    amount_usd = _money()
    rate = _rate()
    dropped = models.BooleanField(default=False)
    reason = models.TextField(blank=True)
    by = _by()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["on", "id"]
        indexes = [models.Index(fields=["line", "on", "id"], name="cost_change_history")]
        constraints = [
            models.CheckConstraint(
                condition=Q(currency=BASE, rate__isnull=True) | (~Q(currency=BASE) & Q(rate__isnull=False)),
                name="cost_change_rate_told",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.line_id} {self.on} {self.amount_usd}"


class TransactionQuerySet(models.QuerySet["FundingTransaction"]):
    def visible_to(self, user: Any) -> "TransactionQuerySet":
        """Public ones for everyone, all for the secretariat. The query behind
        ``funding_rules.may_see_transaction``."""
        return self.all() if is_staff(user) else self.public()

    def public(self) -> "TransactionQuerySet":
        """Entries that are public, and still are as they stand now: whoever asks later not to be named isn't."""
        standing = self.model._default_manager.filter(
            thread=models.OuterRef("thread"), replaced_by__isnull=True, public=True
        )
        return self.filter(models.Exists(standing), public=True)


class FundingTransaction(models.Model):
    """A pledge, a commitment, or money received: from whom, when, how much. Append-only.

    ``fulfils``: what was promised before and is now committed or received, so that it counts once. ``replaces``: an
    earlier entry in whose stead this one stands; ``replacement`` says from when on.
    """

    class Kind(models.TextChoices):
        PLEDGE = "pledge", _("Pledge")
        COMMITMENT = "commitment", _("Commitment")
        RECEIPT = "receipt", pgettext_lazy("money", "Receipt")

    class Replacement(models.TextChoices):
        CORRECTION = "correction", _("Correction: the earlier entry was wrong from its day on")
        CHANGE = "change", _("Change: another amount from this day on")
        CANCELLATION = "cancellation", _("Cancellation: nothing from this day on")

    # IATI codelist TransactionType: incoming pledge, incoming commitment, incoming funds.
    IATI: ClassVar[dict[str, int]] = {Kind.PLEDGE: 13, Kind.COMMITMENT: 11, Kind.RECEIPT: 1}
    # What may fulfil what.
    FULFILS: ClassVar[dict[str, frozenset[str]]] = {
        Kind.PLEDGE: frozenset(),
        Kind.COMMITMENT: frozenset({Kind.PLEDGE}),
        Kind.RECEIPT: frozenset({Kind.PLEDGE, Kind.COMMITMENT}),
    }

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    # The uuid of the first entry that this one stands in the stead of; its own where it replaces none.
    thread = models.UUIDField(editable=False)
    guidelines = models.ForeignKey(Guidelines, on_delete=models.PROTECT, related_name="funding")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    on = models.DateField()
    amount = _money()
    currency = models.CharField(max_length=3, default=BASE)
    amount_usd = _money()
    rate = _rate()
    in_kind = models.BooleanField(default=False)
    # From whom: a member state or an organisation that the portal knows, or by name.
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    source = models.CharField(max_length=200, blank=True)
    country = models.ForeignKey(Country, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    line = models.ForeignKey(
        CostLine, on_delete=models.PROTECT, null=True, blank=True, related_name="funding"
    )
    note = models.TextField(blank=True)
    public = models.BooleanField(default=True)
    fulfils = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="fulfilled_by"
    )
    replaces = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="replaced_by"
    )
    replacement = models.CharField(max_length=12, choices=Replacement.choices, blank=True)
    reason = models.TextField(blank=True)
    entered_by = _by()
    entered_at = models.DateTimeField(default=timezone.now)

    objects = TransactionQuerySet.as_manager()

    class Meta:
        ordering = ["-on", "-id"]
        indexes = [models.Index(fields=["thread"], name="funding_thread")]
        constraints = [
            models.CheckConstraint(
                condition=Q(replaces__isnull=False) | Q(thread=F("uuid")), name="funding_first_of_its_thread"
            ),
            models.CheckConstraint(
                condition=Q(amount__gt=0, replacement="") | (Q(amount__gte=0) & ~Q(replacement="")),
                name="funding_of_something",
            ),
            models.CheckConstraint(
                condition=~Q(replacement="cancellation") | Q(amount=0), name="funding_cancelled_is_nothing"
            ),
            models.CheckConstraint(
                condition=Q(replaces__isnull=True, replacement="")
                | (Q(replaces__isnull=False) & ~Q(replacement="") & ~Q(reason="")),
                name="funding_replaced_with_reason",
            ),
            models.CheckConstraint(
                condition=Q(organisation__isnull=False) | ~Q(source="") | Q(country__isnull=False),
                name="funding_from_somebody",
            ),
            models.CheckConstraint(
                condition=Q(currency=BASE, rate__isnull=True, amount_usd=F("amount"))
                | (~Q(currency=BASE) & Q(rate__isnull=False)),
                name="funding_rate_told",
            ),
            models.CheckConstraint(
                condition=Q(fulfils__isnull=True) | ~Q(kind="pledge"), name="funding_pledge_fulfils_nothing"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.on} {self.amount} {self.currency}"

    @property
    def iati_type(self) -> int:
        return self.IATI[self.kind]

    @property
    def giver(self) -> str:
        """From whom, for people: an organisation, else the name that was written, else the country (read them with
        the row)."""
        if self.organisation is not None:
            return self.organisation.shown_name
        return self.source or str(self.country)
