from django.apps import AppConfig


class ConsultationsConfig(AppConfig):
    name = "consultations"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from accounts.slots import (
            keep_after_erasure,
            register_occasions,
            register_personal_records,
            register_scope,
        )
        from consultations import tasks  # noqa: F401 registers the handlers of events
        from consultations.actions.compiling import PURPOSE as COMPILATION
        from consultations.actions.compiling import may_read_compilation
        from consultations.actions.evidence import PURPOSE
        from consultations.acts import ACTS
        from consultations.biography import asked_for
        from consultations.occasions import OCCASIONS
        from consultations.queries import origins_of_revisions
        from consultations.records import RECORDS, ROUNDS
        from consultations.rules import may_hide_draft, may_read_evidence
        from consultations.trail_subjects import SUBJECTS
        from consultations.views.beside_editing import comments_beside
        from consultations.views.reading import asked_about, voices_beside
        from core import audit, files
        from drafts.slots import (
            register_contents_part,
            register_hold,
            register_origins,
            register_reading_room,
            register_wording_part,
            register_workspace_part,
        )

        audit.register_acts(ACTS)
        for label, find in SUBJECTS.items():
            audit.register_subjects(label, find)
        register_hold(may_hide_draft)
        register_origins(origins_of_revisions)
        register_reading_room("consultations/read.html", voices_beside)
        register_contents_part("consultations/_asked_about.html", asked_about)
        register_wording_part("consultations/_asked_for.html", asked_for)
        register_workspace_part("consultations/_beside_editing.html", comments_beside)
        for records in RECORDS:
            register_personal_records(records)
        register_scope(ROUNDS)
        register_occasions(OCCASIONS)
        # Whoever reads the comment reads its evidence; what was given into the record stays with it.
        files.register_purpose(PURPOSE, may_read_evidence, record=True)
        files.register_purpose(COMPILATION, may_read_compilation)
        # Counts: a person counted in a tally stays counted.
        keep_after_erasure("consultations.TallyParticipant")
