"""People, organisations, countries, groups and roles. Every audience in the portal is a group."""

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.facts import Facts, load_facts
from accounts.pseudonyms import shown_name


class Role(models.TextChoices):
    STAFF = "staff", _("Secretariat staff")
    DRAFTER = "drafter", _("Drafter")
    COORDINATOR = "coordinator", _("Regional coordinator")
    EXPERT = "expert", _("Expert")
    FOCAL_POINT = "focal_point", _("Focal point")
    PARTICIPANT = "participant", _("Participant")
    ADMIN = "admin", _("Administrator")


class StakeholderGroup(models.TextChoices):
    """Kinds of organisation; a comment counts under the kind of its author's organisation."""

    MEMBER_STATE = "member_state", _("Member State")
    LOCAL_GOVERNMENT = "local_government", _("Local or regional government")
    CIVIL_SOCIETY = "civil_society", _("Civil society organization")
    ACADEMIA = "academia", _("Academia")
    PRIVATE_SECTOR = "private_sector", _("Private sector")
    INTERNATIONAL_ORGANISATION = "international_organisation", _("International organization")
    DEVELOPMENT_BANK = "development_bank", _("Development bank")
    UN_HABITAT = "un_habitat", _("UN-Habitat")
    INDIVIDUAL = "individual", _("Individual")


class Region(models.Model):
    """A region of one scheme: ``un_group`` (the five regional groups) or ``habitat_region``."""

    scheme = models.CharField(max_length=20)
    code = models.CharField(max_length=40)
    name = models.CharField(max_length=120)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["scheme", "code"], name="region_once")]

    def __str__(self) -> str:
        return self.name


class Country(models.Model):
    iso3 = models.CharField(max_length=3, primary_key=True)
    iso2 = models.CharField(max_length=2, unique=True)
    name = models.CharField(max_length=120)

    class Meta:
        verbose_name_plural = "countries"

    def __str__(self) -> str:
        return self.name


class RegionMembershipQuerySet(models.QuerySet["RegionMembership"]):
    def in_un_groups(self) -> "RegionMembershipQuerySet":
        """The places that countries have now in the UN regional groups."""
        return self.filter(region__scheme="un_group", until__isnull=True)


class RegionMembership(models.Model):
    """A country's place in a region; dated, for countries change groups."""

    country = models.ForeignKey(Country, on_delete=models.CASCADE, related_name="region_memberships")
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="memberships")
    since = models.DateField(null=True, blank=True)
    until = models.DateField(null=True, blank=True)

    objects = RegionMembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["country", "region"],
                condition=Q(until__isnull=True),
                name="region_membership_current_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.country_id} {self.region}"


class UserQuerySet(models.QuerySet["User"]):
    def active(self) -> "UserQuerySet":
        return self.filter(is_active=True, erased_at__isnull=True)


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """A person who may sign in; without a password only by e-mailed code or reset."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, email: str | None) -> "User":
        return self.get(email=(email or "").strip().lower())


class User(AbstractBaseUser):
    """A person. Erasure leaves a tombstone: the row stays for what refers to it, the person's words go."""

    email = models.EmailField(_("e-mail"), unique=True)
    name = models.CharField(_("name"), max_length=150)
    language = models.CharField(_("language"), max_length=10, default="en")
    time_zone = models.CharField(_("time zone"), max_length=50, blank=True)
    country = models.ForeignKey(
        Country, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("country")
    )
    is_active = models.BooleanField(default=True)
    date_joined = models.DateTimeField(default=timezone.now)
    erased_at = models.DateTimeField(null=True, blank=True)
    # The password is one that is long enough only beside a second factor, which therefore can't be given up.
    short_password = models.BooleanField(default=False)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(email=Lower("email")), name="user_email_lower_case"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def shown_name(self) -> str:
        """The name for people to read; where there was one, its pseudonym in their language."""
        return shown_name(self.name) if self.erased_at else self.name

    @cached_property
    def facts(self) -> Facts:
        """Roles, groups and organisations, read once per request (this instance lives that long)."""
        return load_facts(self)


class RoleGrant(models.Model):
    """A role, everywhere (empty scope) or for one thing: ``scope_type`` ``round``, ``scope_id`` its id."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="role_grants")
    role = models.CharField(max_length=20, choices=Role.choices)
    scope_type = models.CharField(max_length=20, blank=True)
    scope_id = models.CharField(max_length=40, blank=True)
    granted_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    granted_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            # Empty text rather than null: both databases then see two everywhere-grants as the same.
            models.UniqueConstraint(
                fields=["user", "role", "scope_type", "scope_id"], name="role_grant_once"
            ),
            models.CheckConstraint(
                condition=Q(scope_type="", scope_id="") | (~Q(scope_type="") & ~Q(scope_id="")),
                name="role_grant_scope_whole",
            ),
            models.CheckConstraint(condition=~Q(granted_by=models.F("user")), name="role_grant_not_to_self"),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.role}"


class Organisation(models.Model):
    kind = models.CharField(max_length=30, choices=StakeholderGroup.choices)
    country = models.ForeignKey(Country, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    name = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["country"], condition=Q(kind="member_state"), name="organisation_one_per_member_state"
            ),
            models.CheckConstraint(
                condition=~Q(kind="member_state") | Q(country__isnull=False), name="member_state_has_country"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def shown_name(self) -> str:
        """What it is called for people: a member state by its country (read it with the row)."""
        return str(self.country) if self.kind == StakeholderGroup.MEMBER_STATE else self.name


class Affiliation(models.Model):
    """A person's place in an organisation; the contact speaks for it."""

    class Position(models.TextChoices):
        MEMBER = "member", _("Member")
        DEPUTY = "deputy", _("Deputy")
        CONTACT = "contact", _("Contact point")

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="affiliations")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="affiliations")
    role = models.CharField(max_length=10, choices=Position.choices, default=Position.MEMBER)
    confirmed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "organisation"], name="affiliation_once"),
            models.UniqueConstraint(
                fields=["organisation"], condition=Q(role="contact"), name="affiliation_one_contact"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} ({self.organisation})"


class ConsentText(models.Model):
    """One version of a text that people agree to, in one language; never changed once agreed to."""

    kind = models.CharField(max_length=40)
    version = models.PositiveIntegerField()
    language = models.CharField(max_length=10)
    text = models.TextField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "version", "language"], name="consent_text_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.version} ({self.language})"


class Consent(models.Model):
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="consents")
    text = models.ForeignKey(ConsentText, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "text"], condition=Q(withdrawn_at__isnull=True), name="consent_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.text}"
