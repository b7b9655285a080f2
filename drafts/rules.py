"""Who may read and change a draft."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.facts import facts_of
from accounts.models import Role
from core.models import StoredFile
from core.verdicts import Allowed, Refused, Verdict
from drafts.models import Draft, Rendering

DOCUMENT = "draft_document"  # the purpose of the files that documents are kept in

HIDDEN = Refused(_("There is no such draft."), "hidden")


def may_read_draft(user: Any, draft: Draft) -> Verdict:
    """The rule behind ``Draft.objects.visible_to``: asked of the same query, so the two cannot differ."""
    if draft.is_open_to_all:
        return Allowed
    return Allowed if Draft.objects.visible_to(user).filter(pk=draft.pk).exists() else HIDDEN


def may_read_document(user: Any, stored: StoredFile) -> Verdict:
    """A document is read by whoever reads its draft at this moment."""
    made = Rendering.objects.filter(file=stored).select_related("draft").first()
    return may_read_draft(user, made.draft) if made else HIDDEN


def may_import_drafts(user: Any) -> Verdict:
    """Bringing in a text that was written elsewhere: the secretariat and drafters."""
    facts = facts_of(user)
    if facts.has(Role.STAFF) or facts.has(Role.DRAFTER):
        return Allowed
    return Refused(_("Only the secretariat and drafters import a draft."), "not_staff")


def may_create_draft(user: Any) -> Verdict:
    """Beginning the next draft from an earlier one."""
    if facts_of(user).has(Role.DRAFTER):
        return Allowed
    return Refused(_("Only drafters begin a new draft."), "not_drafter")


def may_edit_draft(user: Any, draft: Draft) -> Verdict:
    """Changing words: a drafter, in a draft that is not published."""
    if not facts_of(user).has(Role.DRAFTER, scope=("draft", draft.pk)):
        return Refused(_("Only drafters change the text."), "not_drafter")
    if draft.is_open_to_all:
        return Refused(_("A published draft cannot be changed."), "published")
    return Allowed


def may_translate(user: Any, draft: Draft) -> Verdict:
    """Writing and approving translations: drafters and the secretariat, in a draft that is not published."""
    verdict = may_follow_translations(user, draft)
    if verdict and draft.is_open_to_all:
        return Refused(_("A published draft cannot be changed."), "published")
    return verdict


def may_follow_translations(user: Any, draft: Draft) -> Verdict:
    """Seeing how far the translations of a draft are: its drafters and the secretariat."""
    if _is_drafter_or_staff(user, draft):
        return Allowed
    return Refused(_("Only drafters and the secretariat translate a draft."), "not_drafter")


def may_change_words(user: Any, draft: Draft, language: str) -> Verdict:
    """Changing words in one language: those of the original, or a translation."""
    is_source = language == draft.source_language
    return may_edit_draft(user, draft) if is_source else may_translate(user, draft)


def _is_drafter_or_staff(user: Any, draft: Draft) -> bool:
    facts, scope = facts_of(user), ("draft", draft.pk)
    return facts.has(Role.DRAFTER, scope=scope) or facts.has(Role.STAFF, scope=scope)


def may_publish_draft(user: Any, draft: Draft) -> Verdict:
    """Asking for publication and confirming it: drafters and the secretariat."""
    if _is_drafter_or_staff(user, draft):
        return Allowed
    return Refused(_("Only drafters and the secretariat publish a draft."), "not_drafter")


def may_check_draft(user: Any, draft: Draft) -> Verdict:
    """Reading what the checks of a draft found, and waiving it: its drafters and the secretariat."""
    if _is_drafter_or_staff(user, draft):
        return Allowed
    return Refused(_("Only drafters and the secretariat see the checks of a draft."), "not_drafter")
