"""What the acts on drafts are called in the audit trail."""

from django.utils.translation import gettext_lazy as _

ACTS = {
    "draft.ask_to_publish": _("Asked for a draft to be published"),
    "draft.begin": _("Began a draft"),
    "draft.import": _("Imported a draft"),
    "draft.make_document": _("Had a document of a draft made"),
    "draft.publish": _("Published a draft"),
    "draft.take_back_waiver": _("Took the waiver of a finding back"),
    "draft.restructure": _("Changed the structure of a draft"),
    "draft.translate": _("Imported a translation of a draft"),
    "draft.waive_finding": _("Waived a finding"),
    "translation.approve": _("Approved a translation"),
    "translation.confirm": _("Said that a translation still holds"),
    "translation.take_back": _("Took the approval of a translation back"),
    "provision.revise": _("Revised a provision"),
}
