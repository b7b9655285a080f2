from django.apps import AppConfig
from django.db.models.signals import post_migrate


class DraftsConfig(AppConfig):
    name = "drafts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from core.audit import register_acts
        from drafts import protection
        from drafts.acts import ACTS

        register_acts(ACTS)
        post_migrate.connect(protection.protect_after_migrate, sender=self, dispatch_uid="drafts.protection")
