from django.apps import AppConfig
from django.db.models.signals import post_migrate


class AccountsConfig(AppConfig):
    name = "accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from accounts import (
            factor_acts,  # noqa: F401 hears when a second factor comes or goes
            invitation_tasks,  # noqa: F401 registers the handler of its event
            tasks,  # noqa: F401 registers the handlers of events
        )
        from accounts.acts import ACTS
        from accounts.records import RECORDS
        from accounts.reference_tables import keep_reference_tables
        from accounts.slots import keep_after_erasure, register_personal_records
        from accounts.trail_subjects import SUBJECTS
        from core.audit import register_acts, register_subjects

        post_migrate.connect(keep_reference_tables, sender=self, dispatch_uid="accounts.reference_tables")
        register_acts(ACTS)
        for label, find in SUBJECTS.items():
            register_subjects(label, find)
        for records in RECORDS:
            register_personal_records(records)
        # That and when somebody agreed stays on record; it names nobody but the tombstone.
        keep_after_erasure("accounts.Consent")
