"""Whom a reply addresses, and which mails about replies a person wants."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from consultations.models.comments import Reply


class Mention(models.Model):
    """Somebody addressed in a reply, at the ``@`` that stands at ``position`` of its body.

    No name is kept, here or in the body: it is read from what the mention points at, under the rules of whoever
    reads. What is renamed, hidden or erased there is so in every mention of it.
    """

    class Whom(models.TextChoices):
        COMMENTER = "commenter", _("Author of the comment")
        REPLIER = "replier", _("Author of a reply")
        SECRETARIAT = "secretariat", _("Secretariat")

    reply = models.ForeignKey(Reply, on_delete=models.CASCADE, related_name="mentions")
    position = models.PositiveIntegerField()
    whom = models.CharField(max_length=11, choices=Whom.choices)
    # The reply under whose name a replier was addressed.
    addressed = models.ForeignKey(
        Reply, on_delete=models.PROTECT, null=True, blank=True, related_name="mentioned_in"
    )

    class Meta:
        ordering = ["reply", "position"]
        constraints = [
            models.UniqueConstraint(fields=["reply", "position"], name="mention_position_once"),
            models.CheckConstraint(
                condition=Q(whom="replier", addressed__isnull=False)
                | Q(whom__in=["commenter", "secretariat"], addressed__isnull=True),
                name="mention_of_replier_has_reply",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reply} @{self.whom}"


class ReplyMails(models.Model):
    """Which mails about replies a person wants; without a row, those about what concerns them."""

    class Choice(models.TextChoices):
        ALL = "all", _("When somebody replies to me, mentions me, or writes where I have replied")
        MINE = "mine", _("When somebody replies to my comment or mentions me")
        NONE = "none", _("Never: I look here")

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    choice = models.CharField(max_length=4, choices=Choice.choices, default=Choice.MINE)

    class Meta:
        verbose_name_plural = "reply mails"

    def __str__(self) -> str:
        return f"{self.user_id}: {self.choice}"
