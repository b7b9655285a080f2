"""What a nominee chooses from."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Gender(models.TextChoices):
    WOMAN = "woman", _("Woman")
    MAN = "man", _("Man")
    OTHER = "other", _("Other")
    UNDISCLOSED = "undisclosed", _("Prefer not to say")


class Level(models.TextChoices):
    """Where somebody works, as the call asks it: a level of government, or the sector outside government."""

    NATIONAL = "national", _("National government")
    REGIONAL = "regional", _("Regional or provincial government")
    LOCAL = "local", _("Local government")
    ACADEMIA = "academia", _("Academia")
    CIVIL_SOCIETY = "civil_society", _("Civil society")
    PRIVATE_SECTOR = "private_sector", _("Private sector")
    INTERNATIONAL = "international", _("International organization")
    OTHER = "other", _("Other")
