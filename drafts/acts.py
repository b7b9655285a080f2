"""What the acts on drafts are called in the audit trail."""

from django.utils.translation import gettext_lazy as _

ACTS = {
    "draft.adopt": _("Marked a draft as adopted"),
    "draft.ask_to_adopt": _("Asked for a draft to be marked as adopted"),
    "draft.ask_to_publish": _("Asked for a draft to be published"),
    "draft.ask_to_release_language": _("Asked for a language of a draft to be released"),
    "draft.begin": _("Began a draft"),
    "draft.change_readers": _("Changed the groups that read a draft"),
    "draft.circulate": _("Circulated a draft"),
    "draft.confirm": _("Confirmed that a draft is published at a time"),
    "draft.import": _("Imported a draft"),
    "draft.make_document": _("Had a document of a draft made"),
    "draft.name": _("Changed the label of a draft"),
    "draft.publish": _("Published a draft"),
    "draft.release_language": _("Released a language of a draft"),
    "draft.request_declined": _("Declined what was asked for a draft"),
    "draft.request_lapsed": _("Did not publish a draft whose words had changed"),
    "draft.request_withdrawn": _("Withdrew what was asked for a draft"),
    "draft.supersede": _("Superseded a draft"),
    "draft.take_back": _("Took a circulated draft back"),
    "draft.take_back_waiver": _("Took the waiver of a finding back"),
    "draft.restructure": _("Changed the structure of a draft"),
    "draft.translate": _("Imported a translation of a draft"),
    "draft.waive_finding": _("Waived a finding"),
    "guidelines.name": _("Changed the title of guidelines"),
    "translation.approve": _("Approved a translation"),
    "translation.confirm": _("Said that a translation still holds"),
    "translation.take_back": _("Took the approval of a translation back"),
    "provision.revise": _("Revised a provision"),
}
