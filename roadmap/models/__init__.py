"""Milestones, reminders, meetings, funding, resolutions and the reports to the Board."""

from roadmap.models.meeting_parts import (
    AgendaItem,
    AgendaSpeaker,
    Attendance,
    MeetingInvitation,
    MeetingPaper,
)
from roadmap.models.meeting_records import CalendarLink, MeetingDecision, MeetingRecord, MeetingTask
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
from roadmap.models.reminders import ReminderHold, ReminderPreference, ReminderRule

__all__ = [
    "ABOUT",
    "DATED",
    "Cause",
    "DateChange",
    "Dependency",
    "Kind",
    "Milestone",
    "AgendaItem",
    "AgendaSpeaker",
    "Attendance",
    "CalendarLink",
    "Meeting",
    "MeetingDecision",
    "MeetingInvitation",
    "MeetingPaper",
    "MeetingRecord",
    "MeetingTask",
    "ReminderHold",
    "ReminderPreference",
    "ReminderRule",
]
