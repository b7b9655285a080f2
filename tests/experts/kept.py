"""Who did what in calls stays when they erase their account: their row is a tombstone by then."""

_FIELDS = {
    "Appointment": "answered_by offered_by",
    "Call": "created_by",
    "CallReopening": "given_by",
    "ConflictOfInterest": "declared_by lifted_by user",
    "Decision": "announced_by decided_by",
    "DecisionItem": "departed_by",
    "DiscussionNote": "author",
    "DuplicateVerdict": "decided_by",
    "HostAgreementStep": "changed_by",
    "HostingOffer": "created_by decided_by",
    "HostingSlot": "outcome_by",
    "Nomination": "attested_by created_by endorsed_by nominee",
    "NominationMove": "by",
    "NominationPaper": "uploaded_by",
    "OfferMove": "by",
    "OfferPaper": "uploaded_by",
    "OfferScore": "scored_by",
    "PaperReading": "reader",
    "Review": "assigned_by",
    "Reviewer": "added_by user",
    "Selection": "created_by",
}
KEPT_IN_EXPERTS = {
    f"experts.{model}.{field}" for model, fields in _FIELDS.items() for field in fields.split()
}
