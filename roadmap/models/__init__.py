"""Milestones, reminders, meetings, funding, resolutions and the reports to the Board."""

from roadmap.models.meetings import Meeting
from roadmap.models.milestones import (
    ABOUT,
    DATED,
    Cause,
    DateChange,
    Dependency,
    Kind,
    Milestone,
)

__all__ = ["ABOUT", "DATED", "Cause", "DateChange", "Dependency", "Kind", "Meeting", "Milestone"]
