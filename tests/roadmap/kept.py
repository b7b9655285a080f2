"""What the road map keeps of people whose accounts are erased: its record names them by their pseudonym."""

KEPT_IN_ROADMAP = {
    "roadmap.AgendaSpeaker.person",
    "roadmap.Attendance.noted_by",
    "roadmap.DateChange.by",
    "roadmap.Meeting.created_by",
    "roadmap.MeetingDecision.noted_by",
    "roadmap.MeetingInvitation.answered_by",
    "roadmap.MeetingInvitation.invited_by",
    "roadmap.MeetingInvitation.person",
    "roadmap.MeetingPaper.added_by",
    "roadmap.MeetingRecord.changed_by",
    "roadmap.MeetingTask.done_by",
    "roadmap.MeetingTask.given_by",
    "roadmap.MeetingTask.owner",
    "roadmap.Milestone.created_by",
    "roadmap.Milestone.overruled_by",
    "roadmap.Milestone.owner",
    "roadmap.ReminderHold.held_by",
    "roadmap.ReminderHold.released_by",
    "roadmap.ReminderRule.changed_by",
}
