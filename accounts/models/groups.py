"""Groups and who is in them, since when, until when, and as what. Every audience in the portal is a group."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.people import Organisation, User


class Group(models.Model):
    class Kind(models.TextChoices):
        EXPERT_WORKING_GROUP = "expert_working_group", _("Expert Working Group")
        REGIONAL = "regional", _("Regional group")
        THEMATIC = "thematic", _("Thematic group")
        STAKEHOLDER = "stakeholder", _("Stakeholder group")
        MEMBER_STATES = "member_states", _("Member States")

    slug = models.SlugField(unique=True)
    kind = models.CharField(max_length=30, choices=Kind.choices)
    name = models.CharField(max_length=150)
    # Markdown.
    terms = models.TextField(blank=True, default="")
    # Of the terms of reference; counts their changes.
    version = models.PositiveIntegerField(default=1)

    def __str__(self) -> str:
        return self.name


def day_of(at: datetime) -> date:
    """The day on which terms are counted: that of the secretariat's zone."""
    return at.astimezone(ZoneInfo(settings.SECRETARIAT_TIME_ZONE)).date()


class MembershipQuerySet(models.QuerySet["Membership"]):
    def current(self, at: datetime | None = None) -> "MembershipQuerySet":
        """Who is a member at a moment, by default now: begun, not ended, and the agreed term not over.

        This is the one rule. What a person may see, a round's audience, a draft's readers and every count ask it.
        """
        at = at or timezone.now()
        return self.filter(since__lte=at).exclude(until__lte=at).exclude(ends_on__lt=day_of(at))

    def former(self, at: datetime | None = None) -> "MembershipQuerySet":
        """Who was a member and isn't any more."""
        at = at or timezone.now()
        return self.filter(Q(until__lte=at) | Q(ends_on__lt=day_of(at)))


class Membership(models.Model):
    """A person's or an organisation's time in a group; an organisation brings all its people.

    Two things end it, whichever comes first: ``until``, the moment at which somebody ended it, and ``ends_on``, the
    last day of the term that was agreed, which may lie ahead. Once that day is over, nobody needs to do anything.
    """

    class Role(models.TextChoices):
        MEMBER = "member", _("Member")
        CHAIR = "chair", _("Chair")
        CO_CHAIR = "co_chair", _("Co-chair")
        RAPPORTEUR = "rapporteur", _("Rapporteur")

    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(
        User, on_delete=models.CASCADE, null=True, blank=True, related_name="memberships"
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, null=True, blank=True, related_name="memberships"
    )
    since = models.DateTimeField(default=timezone.now)
    until = models.DateTimeField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    role = models.CharField(max_length=12, choices=Role.choices, default=Role.MEMBER)
    # Whose place in the group this one has taken.
    replaces = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="replaced_by"
    )

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(user__isnull=False, organisation__isnull=True)
                | Q(user__isnull=True, organisation__isnull=False),
                name="membership_user_or_organisation",
            ),
            models.UniqueConstraint(
                fields=["group", "user"],
                condition=Q(until__isnull=True, user__isnull=False),
                name="membership_user_current_once",
            ),
            models.UniqueConstraint(
                fields=["group", "organisation"],
                condition=Q(until__isnull=True, organisation__isnull=False),
                name="membership_organisation_current_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user or self.organisation} in {self.group}"

    @property
    def shown_name(self) -> str:
        """Who it is, for the secretariat (read it with ``user`` and ``organisation__country``)."""
        return (
            self.user.shown_name if self.user else self.organisation.shown_name if self.organisation else ""
        )

    @property
    def last_day(self) -> date | None:
        """The last day as a member, passed or agreed; None where none is known."""
        days = [day for day in (self.until and day_of(self.until), self.ends_on) if day]
        return min(days, default=None)

    def is_current(self, at: datetime | None = None) -> bool:
        """As ``MembershipQuerySet.current``, of a row that was read."""
        at = at or timezone.now()
        ended = self.until is not None and self.until <= at
        over = self.ends_on is not None and self.ends_on < day_of(at)
        return self.since <= at and not ended and not over


class MembershipChange(models.Model):
    """What was done to a membership, by whom and why. Rows are only ever added; they go with the membership.

    ``value`` is what holds after it: the last day (ISO 8601) of a term, a role, the membership that was replaced.
    """

    class Kind(models.TextChoices):
        JOINED = "joined", _("Joined")
        TERM = "term", _("Term")
        ROLE = "role", _("Role")
        REPLACED = "replaced", _("In place of")
        ENDED = "ended", _("Ended")

    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="changes")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    before = models.CharField(max_length=20, blank=True)
    value = models.CharField(max_length=20, blank=True)
    reason = models.TextField(blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.membership}: {self.kind}"

    @property
    def last_day(self) -> date | None:
        """Of a term: the last day that was agreed; None for no end."""
        return (
            date.fromisoformat(self.value)
            if self.kind in (self.Kind.TERM, self.Kind.JOINED) and self.value
            else None
        )

    @property
    def role_label(self) -> str:
        """Of a role: what it is called."""
        return str(Membership.Role(self.value).label) if self.kind == self.Kind.ROLE else ""
