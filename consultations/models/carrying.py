"""Where a comment's words stand in a later draft."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import pgettext_lazy

from consultations.models.comments import Comment
from drafts.models import Draft, Provision


class AnchorMapping(models.Model):
    """A comment carried to a later draft: the provision it belongs to there, and the place of its quote.

    Offsets count as those of ``Anchor``, in the text in the anchor's language. Without ``start`` the comment
    stands on the provision as a whole: it quoted nothing, or what it quoted was taken out (``orphaned``). Without
    ``provision`` it stands on the draft as a whole. ``proposed`` places count only once a person has confirmed them:
    they are ``exact`` or ``mapped`` then, as any place that a person set.
    """

    class State(models.TextChoices):
        EXACT = "exact", pgettext_lazy("place of a quote", "Unchanged")
        MAPPED = "mapped", pgettext_lazy("place of a quote", "Edited in place")
        PROPOSED = "proposed", pgettext_lazy("place of a quote", "To be confirmed")
        ORPHANED = "orphaned", pgettext_lazy("place of a quote", "Taken out")

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="mappings")
    draft = models.ForeignKey(Draft, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=8, choices=State.choices)
    provision = models.ForeignKey(
        Provision, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    start = models.PositiveIntegerField(null=True, blank=True)
    end = models.PositiveIntegerField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    carried_at = models.DateTimeField(default=timezone.now)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    confirmed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["comment", "draft"], name="anchor_mapping_once"),
            models.CheckConstraint(
                condition=Q(start__isnull=True, end__isnull=True)
                | Q(start__lt=F("end"), provision__isnull=False),
                name="anchor_mapping_place",
            ),
            models.CheckConstraint(
                condition=~Q(state="orphaned") | Q(start__isnull=True),
                name="anchor_mapping_orphan_has_no_place",
            ),
            models.CheckConstraint(
                condition=~Q(state="proposed") | Q(start__isnull=False, confirmed_at__isnull=True),
                name="anchor_mapping_proposal_waits",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True, confirmed_at__isnull=True)
                | Q(confirmed_by__isnull=False, confirmed_at__isnull=False),
                name="anchor_mapping_confirmed_by_one",
            ),
        ]
        indexes = [models.Index(fields=["draft", "state", "provision"], name="anchor_mapping_by_state")]

    def __str__(self) -> str:
        return f"{self.comment} → {self.draft}: {self.state}"
