from django.apps import AppConfig


class ExpertsConfig(AppConfig):
    name = "experts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.utils.translation import gettext_lazy as _

        from accounts.slots import (
            GroupSection,
            register_group_section,
            register_occasions,
            register_personal_records,
        )
        from core import audit, files
        from experts import (  # noqa: F401 they register handlers and ticks
            deadline_tasks,
            hosting_records,
            hosting_tasks,
            nominating_tasks,
            nominee_records,
            panel_tasks,
            retention,
            tasks,
            telling_tasks,
            trail_subjects,
        )
        from experts.actions import offer_papers, papers, recording
        from experts.acts import ACTS
        from experts.member_counts import balance_of_group
        from experts.occasions import OCCASIONS

        audit.register_acts(ACTS)
        register_occasions(OCCASIONS)
        for known in (trail_subjects, nominee_records, hosting_records):
            for label, find in known.SUBJECTS.items():
                audit.register_subjects(label, find)
        audit.register_withheld(nominee_records.withheld)
        audit.register_withheld(hosting_records.withheld)
        for records in (*nominee_records.RECORDS, *hosting_records.RECORDS):
            register_personal_records(records)
        balance = GroupSection("balance", _("Balance"), "experts/_group_balance.html", balance_of_group)
        register_group_section(balance)
        # What was handed in is on record, whoever uploaded it; how long it stays follows the call.
        files.register_purpose(papers.PURPOSE, papers.may_read_paper, record=True, note=papers.note_reading)
        files.register_purpose(
            offer_papers.PURPOSE,
            offer_papers.may_read_offer_paper,
            record=True,
            note=offer_papers.note_reading_of_offer,
        )
        files.register_purpose(recording.PURPOSE, recording.may_read_record, record=True)
