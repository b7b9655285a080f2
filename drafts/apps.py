from django.apps import AppConfig
from django.db.models.signals import post_migrate


class DraftsConfig(AppConfig):
    name = "drafts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from core import files
        from core.audit import register_acts, register_subjects
        from drafts import (
            checking_tasks,  # noqa: F401 registers the handlers of events
            protection,
            status_tasks,  # noqa: F401 registers notices and the tick
            tasks,  # noqa: F401 registers the kind of job and the tick
        )
        from drafts.acts import ACTS
        from drafts.rules import DOCUMENT, may_read_document
        from drafts.trail_subjects import SUBJECTS

        files.register_purpose(DOCUMENT, may_read_document, record=True)
        register_acts(ACTS)
        for label, find in SUBJECTS.items():
            register_subjects(label, find)
        post_migrate.connect(protection.protect_after_migrate, sender=self, dispatch_uid="drafts.protection")
