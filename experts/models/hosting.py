"""Meetings that look for a host, and who offers to host them."""

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.facts import facts_of
from accounts.models import Affiliation, Country, Organisation, Region
from core.models import StoredFile
from experts.models.calls import Call, CallPaper, Criterion
from experts.standing import is_staff

SPEAKING = (Affiliation.Position.CONTACT, Affiliation.Position.DEPUTY)


class HostingSlot(models.Model):
    """A meeting to be hosted. What became of it in the end stands beside what was planned."""

    class Kind(models.TextChoices):
        EXPERT_GROUP_MEETING = "expert_group_meeting", _("Expert group meeting")
        REGIONAL_CONSULTATION = "regional_consultation", _("Regional consultation")

    class Outcome(models.TextChoices):
        HELD = "held", _("Held as decided")
        ONLINE = "online", _("Held online instead")
        ELSEWHERE = "elsewhere", _("Held elsewhere")
        CANCELLED = "cancelled", _("Not held")

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="slots")
    kind = models.CharField(max_length=24, choices=Kind.choices)
    title = models.CharField(max_length=200)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    starts_on = models.DateField()
    ends_on = models.DateField()
    participants = models.PositiveIntegerField(null=True, blank=True)
    position = models.PositiveIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True)
    outcome_note = models.TextField(blank=True)
    held_from = models.DateField(null=True, blank=True)
    held_to = models.DateField(null=True, blank=True)
    outcome_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    outcome_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["position", "starts_on", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(starts_on__lte=F("ends_on")), name="slot_starts_before_end"),
        ]

    def __str__(self) -> str:
        return self.title


class HostingOfferQuerySet(models.QuerySet["HostingOffer"]):
    def of_hosts(self, user: Any) -> "HostingOfferQuerySet":
        """Offers that the caller has in hand: their own, and those of an organisation for which they speak.

        Whoever left an organisation leaves its offers, and a former focal point those of the state.
        """
        if not user.is_authenticated or not user.is_active:
            return self.none()
        places = facts_of(user).organisations
        spoken_for = [pk for pk, position in places.items() if position in SPEAKING]
        confirmed = [pk for pk, position in places.items() if position in Affiliation.Position.values]
        written = Q(created_by=user.pk) & ~Q(host_kind=HostingOffer.HostKind.MEMBER_STATE)
        in_person = written & (Q(organisation=None) | Q(organisation__in=confirmed))
        return self.filter(in_person | Q(organisation__in=spoken_for))

    def handed_in(self) -> "HostingOfferQuerySet":
        """Offers that were submitted once, whatever became of them."""
        return self.filter(submitted_at__isnull=False)

    def visible_to(self, user: Any) -> "HostingOfferQuerySet":
        """Offers that the caller may know of: those in their hands, and what was handed in for the secretariat.

        A member of the secretariat who would host a meeting sees nothing of the other offers for it. The query behind
        ``hosting_rules.may_see_offer``. Nobody else learns even how many there are.
        """
        mine = self.of_hosts(user)
        if not is_staff(user):
            return mine
        return mine | self.handed_in().filter(~Q(slot__in=self.model.objects.meetings_hosted(user)))

    def meetings_hosted(self, user: Any) -> "models.QuerySet[HostingOffer, Any]":
        """The keys of the meetings that the caller offers to host, be it in a draft."""
        return self.of_hosts(user).exclude(state=HostingOffer.State.WITHDRAWN).values("slot")


class HostingOffer(models.Model):
    """An offer to host one meeting."""

    class HostKind(models.TextChoices):
        MEMBER_STATE = "member_state", _("Member State")
        NATIONAL_GOVERNMENT = "national_government", _("National government body")
        LOCAL_GOVERNMENT = "local_government", _("Local or regional government")
        ACADEMIA = "academia", _("Academia")

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("not handed in", "Draft")
        SUBMITTED = "submitted", _("Submitted")
        CHOSEN = "chosen", _("Chosen")
        RESERVE = "reserve", _("In reserve")
        NOT_CHOSEN = "not_chosen", _("Not chosen")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    slot = models.ForeignKey(HostingSlot, on_delete=models.PROTECT, related_name="offers")
    host_kind = models.CharField(max_length=20, choices=HostKind.choices)
    host_name = models.CharField(max_length=200)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    country = models.ForeignKey(Country, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=12, choices=State.choices, default=State.DRAFT)
    version = models.PositiveIntegerField(default=1)
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    place = models.CharField(max_length=120, blank=True)
    venue = models.TextField(blank=True)
    capacity = models.PositiveIntegerField(null=True, blank=True)
    accessibility = models.TextField(blank=True)
    # Codes of the languages into which the host has speakers interpreted.
    interpretation = models.JSONField(default=list, blank=True)
    visas = models.TextField(blank=True)
    contribution_in_kind = models.TextField(blank=True)
    contribution_amount = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    contribution_currency = models.CharField(max_length=3, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)
    submitted_at = models.DateTimeField(null=True, blank=True)
    receipt = models.CharField(max_length=64, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    decision_reason = models.TextField(blank=True)

    objects = HostingOfferQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["slot"], condition=Q(state="chosen"), name="hosting_offer_one_chosen"
            ),
            models.CheckConstraint(
                condition=Q(starts_on__isnull=True)
                | Q(ends_on__isnull=True)
                | Q(starts_on__lte=F("ends_on")),
                name="hosting_offer_starts_before_end",
            ),
            models.CheckConstraint(
                condition=Q(contribution_amount__isnull=True) | ~Q(contribution_currency=""),
                name="hosting_offer_money_has_currency",
            ),
        ]

    def __str__(self) -> str:
        return str(self.uuid)

    @property
    def host(self) -> str:
        """Who would host, for the reader: a Member State by its name in their language, others as they call
        themselves (``host_name``, which for a state is only what stood there when it offered)."""
        return self.country.name if self.host_kind == self.HostKind.MEMBER_STATE else self.host_name


class OfferMove(models.Model):
    """A change of an offer's state, with its reason. Rows are only ever added."""

    offer = models.ForeignKey(HostingOffer, on_delete=models.CASCADE, related_name="moves")
    before = models.CharField(max_length=12, choices=HostingOffer.State.choices)
    after = models.CharField(max_length=12, choices=HostingOffer.State.choices)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    reason = models.TextField(blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.offer}: {self.before} to {self.after}"


class OfferPaper(models.Model):
    """A paper uploaded with an offer."""

    offer = models.ForeignKey(HostingOffer, on_delete=models.CASCADE, related_name="papers")
    kind = models.CharField(max_length=20, choices=CallPaper.Kind.choices)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    pages = models.PositiveIntegerField()
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["offer", "kind"], name="offer_paper_once")]

    def __str__(self) -> str:
        return f"{self.offer}: {self.kind}"


class OfferScore(models.Model):
    """One person's score of an offer by one of the call's published criteria."""

    offer = models.ForeignKey(HostingOffer, on_delete=models.CASCADE, related_name="scores")
    criterion = models.ForeignKey(Criterion, on_delete=models.PROTECT, related_name="+")
    scored_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    value = models.PositiveSmallIntegerField()
    comment = models.TextField(blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["offer", "criterion", "scored_by"], name="offer_score_once"),
            models.CheckConstraint(condition=Q(value__lte=Criterion.SCALE), name="offer_score_within_scale"),
        ]

    def __str__(self) -> str:
        return f"{self.offer}: {self.value}"


class HostAgreementStep(models.Model):
    """A step on the way to the signed host agreement, and after it."""

    class Kind(models.TextChoices):
        DRAFT_SENT = "draft_sent", _("Draft agreement sent")
        COMMENTS = "comments", _("Comments of the host received")
        AGREED = "agreed", _("Text agreed")
        SIGNED = "signed", _("Signed")
        RECEIVED = "received", _("Contribution received")
        VISIT = "visit", _("Visit of the venue")

    offer = models.ForeignKey(HostingOffer, on_delete=models.CASCADE, related_name="agreement_steps")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    due_on = models.DateField(null=True, blank=True)
    done_on = models.DateField(null=True, blank=True)
    note = models.TextField(blank=True)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["due_on", "id"]
        constraints = [models.UniqueConstraint(fields=["offer", "kind"], name="agreement_step_once")]

    def __str__(self) -> str:
        return f"{self.offer}: {self.kind}"
