"""Columns that name people of the secretariat and stay, as a tombstone, when an account is erased."""

KEPT_IN_CONSULTATIONS = {
    "consultations.AnchorMapping.confirmed_by",
    "consultations.AnswerTemplate.written_by",
    "consultations.Comment.author",
    "consultations.Comment.entered_by",
    "consultations.Disposition.agreed_by",
    "consultations.Disposition.decided_by",
    "consultations.EarlierAnswer.decided_by",
    "consultations.HeldChange.decided_by",
    "consultations.Note.author",
    "consultations.Position.user",
    "consultations.QuestionAnswer.author",
    "consultations.Reply.author",
    "consultations.Round.created_by",
    "consultations.RoundReminder.sent_by",
    "consultations.SentBack.by",
    "consultations.SentBack.to",
}
