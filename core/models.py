"""What every app stands on: the record of acts, the outbox, jobs, files, notices and mail.

Subjects are written as text, ``app_label.model:pk``, so that these tables know no app above them.
"""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


def subject_of(instance: models.Model) -> str:
    """The name under which other tables refer to ``instance``: ``app_label.model:pk``."""
    return f"{instance._meta.label_lower}:{instance.pk}"


def pk_of(subject: str, model: type[models.Model]) -> str:
    """The key in ``subject``, which must name a ``model``; ValueError otherwise."""
    label, _colon, pk = subject.partition(":")
    if label != model._meta.label_lower or not pk:
        raise ValueError(f"{subject!r} does not name a {model._meta.label_lower}.")
    return pk


class AuditEntry(models.Model):
    """One act, written by the action that did it. Append-only; holds no personal text."""

    at = models.DateTimeField(default=timezone.now)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    on_behalf_of = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    action = models.CharField(max_length=60)
    subject = models.CharField(max_length=120)
    changes = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["subject", "-id"]), models.Index(fields=["-at"])]

    def __str__(self) -> str:
        return f"{self.action} {self.subject}"


class Outbox(models.Model):
    """One row per event and handler, written in the transaction of the event; ids only."""

    event = models.CharField(max_length=80)
    subject = models.CharField(max_length=120)
    handler = models.CharField(max_length=120)
    available_at = models.DateTimeField(default=timezone.now)
    lease_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveIntegerField(default=0)
    last_error = models.TextField(blank=True)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            # Only what is still to do: the index stays small however many events have gone by.
            models.Index(fields=["available_at", "id"], condition=Q(done_at__isnull=True), name="outbox_due"),
            models.Index(fields=["done_at"], condition=Q(done_at__isnull=False), name="outbox_done"),
        ]

    def __str__(self) -> str:
        return f"{self.event} {self.subject} → {self.handler}"


class ScheduledTick(models.Model):
    """When a named tick of the schedule is due next; claimed by compare-and-set, so that it runs once."""

    name = models.CharField(max_length=80, primary_key=True)
    due_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name


class IdempotencyKey(models.Model):
    """A write already answered. A replay is rendered anew under today's rights; another body is refused."""

    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    key = models.UUIDField()
    request_sha256 = models.CharField(max_length=64)
    object = models.CharField(max_length=120)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["actor", "key"], name="idempotency_key_once")]

    def __str__(self) -> str:
        return str(self.key)


class StoredFile(models.Model):
    """A file kept outside the web root and served only after a permission check."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    # None: made by the portal for whoever may read it.
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="stored_files"
    )
    subject = models.CharField(max_length=120, blank=True)
    purpose = models.CharField(max_length=40)
    name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    media_type = models.CharField(max_length=120)
    size = models.PositiveBigIntegerField()
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["expires_at"]), models.Index(fields=["subject"])]

    def __str__(self) -> str:
        return self.name


class Job(models.Model):
    """Long work with visible progress; it survives leaving the page and a killed worker."""

    class State(models.TextChoices):
        QUEUED = "queued", _("Waiting")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    # None: work that is nobody's own; where it is seen, its progress is shown.
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, blank=True, related_name="jobs"
    )
    kind = models.CharField(max_length=60)
    params = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    message = models.CharField(max_length=300, blank=True)
    # Counts the takings-up; whoever holds an earlier number has lost the job to another worker.
    attempts = models.PositiveIntegerField(default=0)
    file = models.ForeignKey(StoredFile, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    heartbeat_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(total=0) | Q(done__lte=F("total")), name="job_done_within_total"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.uuid}"

    @property
    def finished(self) -> bool:
        return self.state in {self.State.DONE, self.State.FAILED}


class Message(models.Model):
    """What is sent to one person over one channel; notices are what it tells."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        SENDING = "sending", _("Being sent")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Failed")
        UNNEEDED = "unneeded", _("Not needed any more")

    # None: somebody without an account; what the message is about says who.
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, blank=True, related_name="messages"
    )
    channel = models.CharField(max_length=20, default="email")
    digest_key = models.CharField(max_length=80, blank=True)
    language = models.CharField(max_length=10)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveIntegerField(default=0)
    last_error = models.TextField(blank=True)
    # Fixed before the first attempt, so that a mail sent twice after a crash is recognised as one.
    message_id = models.CharField(max_length=120, unique=True)
    created_at = models.DateTimeField(default=timezone.now)
    claimed_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    # It came back, as somebody noted; with what the other mail server said.
    bounced_at = models.DateTimeField(null=True, blank=True)
    bounce_note = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [models.Index(fields=["state", "created_at"])]

    def __str__(self) -> str:
        return self.message_id


class Notice(models.Model):
    """Who is told what, once. Without a recipient the subject stands for one: somebody who has no account."""

    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, blank=True, related_name="notices"
    )
    kind = models.CharField(max_length=60)
    subject = models.CharField(max_length=120)
    occurrence = models.CharField(max_length=60, default="once")
    message = models.ForeignKey(
        Message, on_delete=models.SET_NULL, null=True, blank=True, related_name="notices"
    )
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["recipient", "kind", "subject", "occurrence"], name="notice_once"
            ),
            # A missing recipient equals no other missing one.
            models.UniqueConstraint(
                fields=["kind", "subject", "occurrence"],
                condition=Q(recipient__isnull=True),
                name="notice_once_without_account",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}"


class CacheEntry(models.Model):
    """The shared cache where no Redis is: limits hold across processes, and ``migrate`` makes the table."""

    cache_key = models.CharField(max_length=255, primary_key=True)
    value = models.TextField()
    expires = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "core_cacheentry"

    def __str__(self) -> str:
        return self.cache_key
