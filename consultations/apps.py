from django.apps import AppConfig


class ConsultationsConfig(AppConfig):
    name = "consultations"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from consultations import tasks  # noqa: F401 registers the handlers of events
        from consultations.queries import origins_of_revisions
        from consultations.views.reading import voices_beside
        from drafts.slots import register_origins, register_reading_room

        register_origins(origins_of_revisions)
        register_reading_room("consultations/read.html", voices_beside)
