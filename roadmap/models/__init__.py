"""Milestones, reminders, meetings, funding, resolutions and the reports to the Board."""

from roadmap.models.meetings import Meeting

__all__ = ["Meeting"]
