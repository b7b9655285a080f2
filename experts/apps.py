from django.apps import AppConfig


class ExpertsConfig(AppConfig):
    name = "experts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from accounts.slots import register_personal_records
        from core import audit, files
        from experts import hosting_tasks, tasks  # noqa: F401 they register the handlers of events
        from experts.actions import offer_papers
        from experts.acts import ACTS
        from experts.hosting_records import RECORDS as OF_HOSTING
        from experts.hosting_records import SUBJECTS as OFFERS
        from experts.trail_subjects import SUBJECTS

        audit.register_acts(ACTS)
        for label, find in {**SUBJECTS, **OFFERS}.items():
            audit.register_subjects(label, find)
        for records in OF_HOSTING:
            register_personal_records(records)
        # What a host handed in is on record, whoever uploaded it; how long it stays follows the call.
        files.register_purpose(
            offer_papers.PURPOSE,
            offer_papers.may_read_offer_paper,
            record=True,
            note=offer_papers.note_reading_of_offer,
        )
