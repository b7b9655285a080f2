"""Milestones, reminders, meetings, funding, resolutions and the reports to the Board."""

from roadmap.models.meetings import Meeting
from roadmap.models.reminders import ReminderHold, ReminderPreference, ReminderRule

__all__ = ["Meeting", "ReminderHold", "ReminderPreference", "ReminderRule"]
