from django.apps import AppConfig
from django.db.models.signals import post_migrate


class AccountsConfig(AppConfig):
    name = "accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from accounts.reference_tables import keep_reference_tables

        post_migrate.connect(keep_reference_tables, sender=self, dispatch_uid="accounts.reference_tables")
