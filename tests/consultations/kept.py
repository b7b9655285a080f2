"""Columns that name people of the secretariat and stay, as a tombstone, when an account is erased."""

KEPT_IN_ANSWERS = {
    "consultations.AnswerTemplate.written_by",
    "consultations.Disposition.agreed_by",
    "consultations.EarlierAnswer.decided_by",
    "consultations.HeldChange.decided_by",
    "consultations.SentBack.by",
    "consultations.SentBack.to",
}
