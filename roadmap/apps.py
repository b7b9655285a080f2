from django.apps import AppConfig


class RoadmapConfig(AppConfig):
    name = "roadmap"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from core import audit
        from roadmap import milestone_tasks, trail_subjects  # noqa: F401 it registers handlers and a tick
        from roadmap.acts import ACTS

        audit.register_acts(ACTS)
        for label, find in trail_subjects.SUBJECTS.items():
            audit.register_subjects(label, find)
