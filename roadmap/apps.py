from django.apps import AppConfig


class RoadmapConfig(AppConfig):
    name = "roadmap"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from accounts.slots import register_personal_records
        from core import audit, files
        from roadmap import meeting_tasks, meeting_trail  # noqa: F401 they register handlers
        from roadmap.actions import meeting_papers
        from roadmap.acts import ACTS
        from roadmap.meeting_rules import may_read_meeting_file

        audit.register_acts(ACTS)
        for label, find in meeting_trail.SUBJECTS.items():
            audit.register_subjects(label, find)
        for records in meeting_trail.RECORDS:
            register_personal_records(records)
        # Papers of a meeting belong to its record, whoever uploaded them.
        files.register_purpose(meeting_papers.PURPOSE, may_read_meeting_file, record=True)
