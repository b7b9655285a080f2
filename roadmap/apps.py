from django.apps import AppConfig


class RoadmapConfig(AppConfig):
    name = "roadmap"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from accounts.slots import register_personal_records
        from core import audit
        from roadmap import occasions
        from roadmap.acts import ACTS
        from roadmap.occasions import calls, panels, rounds
        from roadmap.reminder_records import RECORDS

        audit.register_acts(ACTS)
        for records in RECORDS:
            register_personal_records(records)
        # Before the tasks, which make their notices known.
        for known in (rounds, calls, panels):
            for occasion in known.OCCASIONS:
                occasions.register(occasion)
        from roadmap import tasks  # noqa: F401 registers notices and ticks
