"""Milestones, reminders, meetings, funding, resolutions and the reports to the Board."""

from roadmap.models.funding import (
    BASE,
    RATE_HOLDS,
    CostChange,
    CostLine,
    ExchangeRate,
    FundingTransaction,
)
from roadmap.models.funding_plans import FundingScenario, FundingSnapshot, ScenarioChoice
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
from roadmap.models.reporting import (
    BoardReport,
    BoardReportDocument,
    BoardReportText,
    EntryLine,
    ReportingPeriod,
    ResolutionEntry,
)
from roadmap.models.resolutions import (
    OperativeParagraph,
    ReportedParagraph,
    Resolution,
    SourceDocument,
)

__all__ = [
    "BASE",
    "RATE_HOLDS",
    "CostChange",
    "CostLine",
    "ExchangeRate",
    "FundingScenario",
    "FundingSnapshot",
    "FundingTransaction",
    "ScenarioChoice",
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
    "BoardReport",
    "BoardReportDocument",
    "BoardReportText",
    "EntryLine",
    "OperativeParagraph",
    "ReportedParagraph",
    "ReportingPeriod",
    "Resolution",
    "ResolutionEntry",
    "SourceDocument",
]
