"""Nominations: one record, whichever way it began."""

import uuid
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import ConsentText, Country, RegionMembership
from core.models import StoredFile
from experts.models.calls import Call, CallPaper, CallQuestion
from experts.models.choices import Gender, Level
from experts.standing import country_spoken_for, is_staff, regions_coordinated


class NominationQuerySet(models.QuerySet["Nomination"]):
    def visible_to(self, user: Any, *, at: datetime | None = None) -> "NominationQuerySet":
        """Nominations that the caller may know of; the query behind ``rules.may_see_nomination``.

        The nominee sees their own; the focal point what the country has in hand and what applicants laid before it.
        The others see nothing with which they have a conflict of interest: the secretariat what was handed on to it,
        a coordinator what was submitted from the region, a reviewer what was assigned, while scoring or discussion
        runs and is not blind (a blind reviewer has the pages of ``reviewing``, which know a code alone).
        """
        from experts.models.reviewing import ConflictOfInterest, Review

        if not user.is_authenticated or not user.is_active:
            return self.none()
        State, Way = Nomination.State, Nomination.Way
        own = Q(nominee=user.pk)
        never_handed_in = Q(state=State.DRAFT) | Q(state=State.WITHDRAWN, submitted_at=None)
        if country := country_spoken_for(user):
            # An applicant's draft is the applicant's alone until it is laid before the focal point; also when it is
            # given up.
            own |= Q(country=country) & ~(Q(way=Way.APPLIED) & never_handed_in)
        if is_staff(user):
            # What a reviewer meets is no draft (``reviewing.WEIGHED``), so reviews add nothing here.
            official = ~never_handed_in | Q(way=Way.ENTERED)
            official |= Q(state=State.WITHDRAWN, attested_at__isnull=False)  # its nominee was told of it
        else:
            reviewed = Review.objects.running_for(user, at=at or timezone.now()).named(at or timezone.now())
            official = Q(pk__in=reviewed.values("nomination"))
        if regions := regions_coordinated(user):
            current = RegionMembership.objects.in_un_groups()
            theirs = current.filter(region__code__in=regions).values("country")
            official |= Nomination.reached_secretariat() & Q(country__in=theirs)
        barred = ConflictOfInterest.objects.standing().filter(user=user.pk, nomination=OuterRef("pk"))
        # Their own, named by their address alone, they don't meet in office.
        return self.filter(own | (official & ~Exists(barred) & ~Q(email=user.email)))

    def keeping_from_panel(self, user: Any) -> "NominationQuerySet":
        """Those for which the caller takes no part in the panel of the call: their own, once handed in, unless
        withdrawn; and where a conflict of interest stands."""
        from experts.models.reviewing import ConflictOfInterest

        in_hand = self.exclude(state__in=(*Nomination.UNFINISHED, Nomination.State.WITHDRAWN))
        own = in_hand.filter(Q(nominee=user.pk) | Q(email=user.email))
        barred = ConflictOfInterest.objects.standing().filter(user=user.pk)
        return own | self.filter(pk__in=barred.values("nomination"))

    def unbarred_for(self, user: Any) -> "NominationQuerySet":
        """Without those that the caller has nothing to do with: their own, and where a conflict of interest stands.

        Whatever is counted, averaged or listed for somebody in office begins here.
        """
        from experts.models.reviewing import ConflictOfInterest

        barred = ConflictOfInterest.objects.standing().filter(user=user.pk, nomination=OuterRef("pk"))
        return self.exclude(nominee=user.pk).exclude(email=user.email).filter(~Exists(barred))

    def weighed_by(self, user: Any) -> "NominationQuerySet":
        """What the secretariat has before it to screen and weigh: handed in, or entered by itself; none for others."""
        if not is_staff(user):
            return self.none()
        return self.unbarred_for(user).filter(
            Nomination.reached_secretariat() | Q(way=Nomination.Way.ENTERED)
        )


class Nomination(models.Model):
    """One person, nominated by one country in one call.

    ``version`` counts the changes of what the nomination says; ``state`` moves by ``experts.lifecycle`` alone.
    ``merit`` (0 to 100) follows from the scores; where no review counts it is the one that came with an import
    (``merit_imported``), if one did. That one is kept beside it for good (``imported_merit``).
    """

    class Way(models.TextChoices):
        NOMINATED = "nominated", _("Nominated by the focal point")
        APPLIED = "applied", _("Applied, to be endorsed")
        ENTERED = "entered", _("Entered by the secretariat")

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("not handed in", "Draft")
        AWAITING_NOMINEE = "awaiting_nominee", _("With the nominee")
        AWAITING_ENDORSEMENT = "awaiting_endorsement", _("Waiting for endorsement")
        SUBMITTED = "submitted", _("Submitted")
        ELIGIBLE = "eligible", _("Eligible")
        INELIGIBLE = "ineligible", _("Not eligible")
        SCORED = "scored", _("Scored")
        PROPOSED = "proposed", _("Proposed")
        ALTERNATE = "alternate", _("Alternate")
        NOT_SELECTED = "not_selected", _("Not selected")
        INVITED = "invited", _("Invited")
        ACCEPTED = "accepted", _("Accepted")
        DECLINED = "declined", _("Declined")
        RESIGNED = "resigned", _("Resigned")
        LAPSED = "lapsed", _("Invitation lapsed")
        PUBLISHED = "published", _("Published")
        INVITED_TO_GROUP = "invited_to_group", _("Invited to the regional group")
        JOINED_GROUP = "joined_group", _("In the regional group")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    # What the country and the nominee still have in hand.
    UNFINISHED = frozenset({State.DRAFT, State.AWAITING_NOMINEE, State.AWAITING_ENDORSEMENT})

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="nominations")
    way = models.CharField(max_length=10, choices=Way.choices)
    state = models.CharField(max_length=20, choices=State.choices, default=State.DRAFT)
    version = models.PositiveIntegerField(default=1)

    country = models.ForeignKey(Country, on_delete=models.PROTECT, related_name="+")
    # The nominee's account, once they have one that confirmed this address.
    nominee = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="nominations"
    )
    # A draft may still be without it.
    email = models.EmailField(blank=True)
    language = models.CharField(max_length=10, default="en")
    # As it is to be published.
    name = models.CharField(max_length=150)
    gender = models.CharField(max_length=12, choices=Gender.choices, blank=True)
    workplace = models.CharField(max_length=200, blank=True)
    position = models.CharField(max_length=200, blank=True)
    level_of_government = models.CharField(max_length=20, choices=Level.choices, blank=True)
    experience = models.TextField(blank=True)
    years_of_experience = models.PositiveSmallIntegerField(null=True, blank=True)
    # Took part in work of this kind before; null: not said.
    experienced_in_processes = models.BooleanField(null=True, blank=True)
    motivation = models.TextField(blank=True)

    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)
    # The focal point says that the nominee agreed to be named; the nominee agrees in person.
    attested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    attested_at = models.DateTimeField(null=True, blank=True)
    consent_text = models.ForeignKey(
        ConsentText, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    consented_at = models.DateTimeField(null=True, blank=True)
    declared_at = models.DateTimeField(null=True, blank=True)
    endorsed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    endorsed_at = models.DateTimeField(null=True, blank=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    receipt = models.CharField(max_length=64, blank=True)

    eligibility_reason = models.TextField(blank=True)
    merit = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    merit_imported = models.BooleanField(default=False)
    imported_merit = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    # Highest minus lowest of the reviews behind the merit, in its points; kept with it.
    spread = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    # "Candidate 7" towards reviewers: drawn at random, so that it tells nothing of when it was handed in.
    candidate_number = models.PositiveIntegerField(null=True, blank=True)
    # Staff ask the reviewers to talk about it.
    discussed_since = models.DateTimeField(null=True, blank=True)

    # How the person appears in the public list, once they have agreed to it.
    listed_at = models.DateTimeField(null=True, blank=True)
    listed_name = models.CharField(max_length=150, blank=True)
    listed_country = models.BooleanField(default=True)
    # When the papers were removed under the retention rule, or the person was erased.
    papers_removed_at = models.DateTimeField(null=True, blank=True)

    objects = NominationQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(email=Lower("email")), name="nomination_email_lower_case"),
            # The same person twice from one country is a slip; from two countries it is for staff to see. A draft
            # isn't counted: whoever tries addresses would learn who has begun one.
            models.UniqueConstraint(
                fields=["call", "country", "email"],
                condition=~Q(state__in=["draft", "withdrawn"]),
                name="nomination_once",
            ),
            models.UniqueConstraint(
                fields=["call", "candidate_number"],
                condition=Q(candidate_number__isnull=False),
                name="nomination_candidate_number_once",
            ),
            models.CheckConstraint(
                condition=Q(merit__isnull=True) | Q(merit__gte=0, merit__lte=100), name="nomination_merit"
            ),
            models.CheckConstraint(
                condition=Q(imported_merit__isnull=True) | Q(imported_merit__gte=0, imported_merit__lte=100),
                name="nomination_imported_merit",
            ),
            models.CheckConstraint(
                condition=Q(consented_at__isnull=True) | Q(consent_text__isnull=False),
                name="nomination_consent_names_its_text",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "withdrawn"]) | ~Q(email=""),
                name="nomination_email_once_told",
            ),
        ]
        indexes = [
            models.Index(fields=["call", "state"]),
            models.Index(fields=["call", "country"]),
            models.Index(fields=["nominee"]),
        ]

    def __str__(self) -> str:
        return str(self.uuid)

    @property
    def way_in_words(self) -> str:
        """By which way it came, and whether an application was endorsed."""
        before = {*self.UNFINISHED, self.State.WITHDRAWN}
        if self.way == self.Way.APPLIED and (self.endorsed_at or self.state not in before):
            return str(_("Applied, endorsed"))
        return str(self.Way(self.way).label)

    @classmethod
    def reached_secretariat(cls) -> Q:
        """What was handed on to it. Of those withdrawn: what had been endorsed, or was entered by itself."""
        ended = Q(state=cls.State.WITHDRAWN)
        before = Q(endorsed_at__isnull=False) | Q(way=cls.Way.ENTERED, submitted_at__isnull=False)
        return ~Q(state__in=(*cls.UNFINISHED, cls.State.WITHDRAWN)) | (ended & before)


class NominationTrait(models.Model):
    """One value of what a nominee may have several of."""

    class Kind(models.TextChoices):
        EXPERTISE = "expertise", _("Expertise")
        LANGUAGE = "language", _("Languages")
        NATIONALITY = "nationality", _("Nationality")

    nomination = models.ForeignKey(Nomination, on_delete=models.CASCADE, related_name="traits")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    value = models.CharField(max_length=40)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["nomination", "kind", "value"], name="nomination_trait_once")
        ]
        indexes = [models.Index(fields=["kind", "value"])]

    def __str__(self) -> str:
        return f"{self.kind} {self.value}"


class NominationPaper(models.Model):
    """An uploaded paper; a new one of its kind takes the place of the earlier one."""

    nomination = models.ForeignKey(Nomination, on_delete=models.CASCADE, related_name="papers")
    kind = models.CharField(max_length=20, choices=CallPaper.Kind.choices)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    pages = models.PositiveIntegerField()
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["nomination", "kind"], name="nomination_paper_once")]

    def __str__(self) -> str:
        return f"{self.nomination}: {self.kind}"


class PaperReading(models.Model):
    """Somebody opened a paper: whoever it is about may ask who did."""

    class As(models.TextChoices):
        NOMINEE = "nominee", _("The nominee")
        COUNTRY = "country", _("The focal point of the country")
        SECRETARIAT = "secretariat", _("The secretariat")
        REVIEWER = "reviewer", _("A reviewer")

    paper = models.ForeignKey(
        NominationPaper, on_delete=models.SET_NULL, null=True, blank=True, related_name="readings"
    )
    nomination = models.ForeignKey(Nomination, on_delete=models.CASCADE, related_name="readings")
    kind = models.CharField(max_length=20, choices=CallPaper.Kind.choices)
    reader = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    # What the reader was then: people change their roles.
    reader_as = models.CharField(max_length=12, choices=As.choices)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["nomination", "-at"])]

    def __str__(self) -> str:
        return f"{self.nomination}: {self.kind}"


class DeclaredInterest(models.Model):
    """One topic of the declaration of interests. Topics: WHO's declaration of interests for experts."""

    class Topic(models.TextChoices):
        EMPLOYMENT = "employment", _("Employment and consulting")
        RESEARCH = "research", _("Research support")
        INVESTMENT = "investment", _("Investments")
        INTELLECTUAL_PROPERTY = "intellectual_property", _("Intellectual property")
        PUBLIC_POSITION = "public_position", _("Public statements and positions")
        FAMILY = "family", _("Interests of close family")

    nomination = models.ForeignKey(Nomination, on_delete=models.CASCADE, related_name="interests")
    topic = models.CharField(max_length=24, choices=Topic.choices)
    exists = models.BooleanField()
    detail = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["nomination", "topic"], name="declared_interest_once")]

    def __str__(self) -> str:
        return f"{self.nomination}: {self.topic}"


class Referee(models.Model):
    """Somebody who can speak for the nominee."""

    nomination = models.ForeignKey(Nomination, on_delete=models.CASCADE, related_name="referees")
    name = models.CharField(max_length=150)
    position = models.CharField(max_length=200, blank=True)
    email = models.EmailField(blank=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.nomination}: {self.pk}"


class NominationAnswer(models.Model):
    """The nominee's answer to a question of the call."""

    nomination = models.ForeignKey(Nomination, on_delete=models.CASCADE, related_name="answers")
    question = models.ForeignKey(CallQuestion, on_delete=models.PROTECT, related_name="+")
    text = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["nomination", "question"], name="nomination_answer_once")
        ]

    def __str__(self) -> str:
        return f"{self.nomination}: {self.question_id}"


class NominationMove(models.Model):
    """One change of a nomination's state. Append-only."""

    nomination = models.ForeignKey(Nomination, on_delete=models.CASCADE, related_name="moves")
    before = models.CharField(max_length=20, choices=Nomination.State.choices, blank=True)
    after = models.CharField(max_length=20, choices=Nomination.State.choices)
    # None: the clock.
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    on_behalf = models.BooleanField(default=False)
    reason = models.TextField(blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.nomination}: {self.before} → {self.after}"
