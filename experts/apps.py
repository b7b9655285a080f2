from django.apps import AppConfig


class ExpertsConfig(AppConfig):
    name = "experts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from core import audit
        from experts import tasks  # noqa: F401 registers the handlers of events
        from experts.acts import ACTS
        from experts.trail_subjects import SUBJECTS

        audit.register_acts(ACTS)
        for label, find in SUBJECTS.items():
            audit.register_subjects(label, find)
