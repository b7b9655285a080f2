from django.apps import AppConfig


class ExpertsConfig(AppConfig):
    name = "experts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from accounts.slots import register_personal_records
        from core import audit, files
        from experts import nominating_tasks, retention, tasks  # noqa: F401 registers the handlers of events and the ticks
        from experts.actions.papers import PURPOSE, may_read_paper, note_reading
        from experts.acts import ACTS
        from experts.nominee_records import RECORDS, SUBJECTS, withheld
        from experts.trail_subjects import SUBJECTS as CALL_SUBJECTS

        audit.register_acts(ACTS)
        for label, find in {**CALL_SUBJECTS, **SUBJECTS}.items():
            audit.register_subjects(label, find)
        audit.register_withheld(withheld)
        for records in RECORDS:
            register_personal_records(records)
        # The record's own rules say how long a paper stays, not its uploader's account.
        files.register_purpose(PURPOSE, may_read_paper, record=True, note=note_reading)
