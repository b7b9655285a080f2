from django.apps import AppConfig
from django.db.models.signals import post_migrate


class DraftsConfig(AppConfig):
    name = "drafts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from drafts import protection

        post_migrate.connect(protection.protect_after_migrate, sender=self, dispatch_uid="drafts.protection")
