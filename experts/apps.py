from django.apps import AppConfig


class ExpertsConfig(AppConfig):
    name = "experts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from core import audit
        from experts import tasks  # noqa: F401 registers the tick
        from experts.acts import ACTS

        audit.register_acts(ACTS)
