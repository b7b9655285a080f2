"""Counts kept by the tally job, so that no page counts comments."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from consultations.models.rounds import Round


class Tally(models.Model):
    """How many comments, people, proposals and voices stand under one key of one dimension.

    Two audiences are kept: ``readers`` (whomever the round's visibility admits: submitted comments, published
    answers) and ``staff`` (hidden comments and unpublished answers too). See docs/decisions.
    """

    class Audience(models.TextChoices):
        READERS = "readers", _("Readers")
        STAFF = "staff", _("Secretariat")

    class Dimension(models.TextChoices):
        TOTAL = "total", _("Total")
        PROVISION = "provision", _("Provision")
        PILLAR = "pillar", _("Pillar")
        KIND = "kind", _("Kind")
        REGION = "region", _("Region")
        STAKEHOLDER = "stakeholder", _("Stakeholder group")
        DISPOSITION = "disposition", _("Answer")
        LANGUAGE = "language", _("Language")
        DAY = "day", _("Day")  # of submission, in the secretariat's zone: 2026-11-17
        PART = "part", _("Part and answer")  # 3:accepted; "whole" of the draft, "other" outside the pillars
        WAIT = "wait", _("Days to the answer")  # whole days from submission to the published answer

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="tallies")
    audience = models.CharField(max_length=10, choices=Audience.choices)
    dimension = models.CharField(max_length=12, choices=Dimension.choices)
    key = models.CharField(max_length=120, blank=True)
    comments = models.IntegerField(default=0)
    participants = models.IntegerField(default=0)
    proposals = models.IntegerField(default=0)
    support = models.IntegerField(default=0)
    oppose = models.IntegerField(default=0)

    class Meta:
        verbose_name_plural = "tallies"
        constraints = [
            models.UniqueConstraint(fields=["round", "audience", "dimension", "key"], name="tally_cell_once"),
        ]

    def __str__(self) -> str:
        return f"{self.dimension} {self.key}: {self.comments}"


class TallyParticipant(models.Model):
    """How many comments one person has in a cell: a person is counted once, however much they say."""

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="+")
    audience = models.CharField(max_length=10)
    dimension = models.CharField(max_length=12)
    key = models.CharField(max_length=120, blank=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    comments = models.IntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["round", "audience", "dimension", "key", "author"], name="tally_participant_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.author} {self.dimension} {self.key}: {self.comments}"
