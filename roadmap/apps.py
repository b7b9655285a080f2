from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RoadmapConfig(AppConfig):
    name = "roadmap"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.db.models.signals import post_migrate

        from accounts.slots import GroupSection, register_group_section, register_personal_records
        from consultations.slots import register_due, register_reminder_choices
        from core import audit, files
        from experts.meeting_pages import register_meeting_pages
        from roadmap import (
            meeting_trail,
            occasions,
            protection,
            reminder_records,
            report_protection,
            report_trail,
            round_slots,
            trail_subjects,
        )
        from roadmap.actions import meeting_papers
        from roadmap.acts import ACTS
        from roadmap.links import pages_of_slots
        from roadmap.meeting_queries import meetings_of_group
        from roadmap.meeting_rules import may_read_meeting_file
        from roadmap.occasions import calls, meetings, milestones, panels, rounds
        from roadmap.resolution_rules import DOCUMENT, may_read_report_file

        post_migrate.connect(protection.protect_after_migrate, sender=self, dispatch_uid="roadmap.protection")
        post_migrate.connect(
            report_protection.protect_after_migrate, sender=self, dispatch_uid="roadmap.report_protection"
        )
        files.register_purpose(DOCUMENT, may_read_report_file, record=True)
        audit.register_acts(ACTS)
        for known in (trail_subjects, meeting_trail, report_trail):
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
        register_meeting_pages(pages_of_slots)
        register_due(round_slots.due_after)
        register_reminder_choices(round_slots.CHOICES)
        # Before the tasks, which make their notices known.
        for source in (rounds, calls, panels, meetings, milestones):
            for occasion in source.OCCASIONS:
                occasions.register(occasion)
        from roadmap import meeting_tasks, milestone_tasks, report_tasks, tasks  # noqa: F401 they register handlers and ticks
