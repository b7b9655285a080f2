from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RoadmapConfig(AppConfig):
    name = "roadmap"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from accounts.slots import GroupSection, register_group_section, register_personal_records
        from core import audit, files
        from roadmap import meeting_trail, occasions, reminder_records, trail_subjects
        from roadmap.actions import meeting_papers
        from roadmap.acts import ACTS
        from roadmap.meeting_queries import meetings_of_group
        from roadmap.meeting_rules import may_read_meeting_file
        from roadmap.occasions import calls, panels, rounds

        audit.register_acts(ACTS)
        for known in (trail_subjects, meeting_trail):
            for label, find in known.SUBJECTS.items():
                audit.register_subjects(label, find)
        for records in (*meeting_trail.RECORDS, *reminder_records.RECORDS):
            register_personal_records(records)
        attended = GroupSection(
            "attendance", _("Attendance"), "roadmap/_group_attendance.html", meetings_of_group
        )
        register_group_section(attended)
        # Papers of a meeting belong to its record, whoever uploaded them.
        files.register_purpose(meeting_papers.PURPOSE, may_read_meeting_file, record=True)
        # Before the tasks, which make their notices known.
        for source in (rounds, calls, panels):
            for occasion in source.OCCASIONS:
                occasions.register(occasion)
        from roadmap import meeting_tasks, milestone_tasks, tasks  # noqa: F401 they register handlers and ticks
