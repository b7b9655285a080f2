from django.apps import AppConfig


class ExpertsConfig(AppConfig):
    name = "experts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from core import audit, files
        from experts import panel_tasks  # noqa: F401 registers jobs and handlers
        from experts.actions import recording
        from experts.acts import ACTS

        audit.register_acts(ACTS)
        files.register_purpose(recording.PURPOSE, recording.may_read_record, record=True)
