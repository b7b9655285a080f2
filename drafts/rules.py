"""Who may read and change a draft."""

from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.facts import facts_of
from accounts.models import Role, RoleGrant, User
from core.models import StoredFile
from core.punctuation import listed
from core.verdicts import Allowed, Refused, Verdict
from drafts.models import Draft, ProvisionText, Rendering, StatusRequest

NAMED = 5  # of those who may confirm
DOCUMENT = "draft_document"  # the purpose of the files that documents are kept in

HIDDEN = Refused(_("There is no such draft."), "hidden")


def may_read_draft(user: Any, draft: Draft) -> Verdict:
    """The rule behind ``Draft.objects.visible_to``: asked of the same query, so the two cannot differ."""
    if draft.is_open_to_all:
        return Allowed
    return Allowed if Draft.objects.visible_to(user).filter(pk=draft.pk).exists() else HIDDEN


def may_read_document(user: Any, stored: StoredFile) -> Verdict:
    """A document is read by whoever reads its draft at this moment; one of a language that is still to come, made
    before the draft was out, only by those who translate it."""
    made = Rendering.objects.filter(file=stored).select_related("draft").first()
    if made is None:
        return HIDDEN
    draft = made.draft
    if draft.is_open_to_all and is_to_come(draft, made.language):
        return Allowed if may_follow_translations(user, draft) else HIDDEN
    return may_read_draft(user, draft)


def is_to_come(draft: Draft, language: str) -> bool:
    """Whether somebody has begun words in ``language`` that readers of a published draft don't see yet."""
    hidden = ProvisionText.with_unreleased.of_draft(draft).filter(language=language, unreleased=True)
    return hidden.exists()


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
    return takes_changes(draft)


def takes_changes(draft: Draft) -> Verdict:
    """Whether a draft takes changes at all, whoever makes them: not once it is out, nor once two people have
    confirmed the words that come out at a time."""
    if draft.is_open_to_all:
        return Refused(_("A published draft cannot be changed."), "published")
    if draft.status_requests.open().filter(confirmed_at__isnull=False).exists():
        return Refused(
            _(
                "Two people have confirmed these words, and they will be published at the time set. To change them,"
                " stop the publication first."
            ),
            "scheduled",
        )
    return Allowed


def takes_translation(draft: Draft, language: str) -> Verdict:
    """Whether a draft takes changes of its words in ``language``, whoever makes them.

    Once it is out, only in a language that is still to come: one that isn't the original and has no edition. A
    superseded draft gets no further languages: its readers are led to the newer one, which is the one to translate.
    """
    if not draft.is_open_to_all:
        return takes_changes(draft)
    if language == draft.source_language:
        return takes_changes(draft)
    if draft.status == Draft.Status.SUPERSEDED:
        return Refused(_("A newer draft has taken the place of this one: translate that."), "published")
    if draft.editions.filter(language=language).exists():
        return Refused(_("This language is published and cannot be changed."), "published")
    return Allowed


def may_translate(user: Any, draft: Draft, language: str) -> Verdict:
    """Writing and approving a translation: drafters and the secretariat, in a language that takes changes."""
    verdict = may_follow_translations(user, draft)
    return takes_translation(draft, language) if verdict else verdict


def may_follow_translations(user: Any, draft: Draft) -> Verdict:
    """Seeing how far the translations of a draft are: its drafters and the secretariat."""
    if _works_on(user, draft):
        return Allowed
    return Refused(_("Only drafters and the secretariat translate a draft."), "not_drafter")


def may_change_words(user: Any, draft: Draft, language: str) -> Verdict:
    """Changing words in one language: those of the original, or a translation."""
    is_source = language == draft.source_language
    return may_edit_draft(user, draft) if is_source else may_translate(user, draft, language)


def may_name_draft(user: Any, draft: Draft) -> Verdict:
    """Giving a draft its label in every language: its drafters and the secretariat, also once it is out.

    What readers know it by then stays (``may_rename_draft``); a language that has no label yet gets one.
    """
    if _works_on(user, draft):
        return Allowed
    return Refused(_("Only drafters and the secretariat give a draft its label."), "not_drafter")


def may_rename_draft(draft: Draft) -> Verdict:
    """Whether a label that a draft has may give way to another one, whoever asks."""
    if draft.is_open_to_all:
        return Refused(_("Readers know the draft by this label: it stays."), "published")
    return takes_changes(draft)


def may_name_guidelines(user: Any) -> Verdict:
    """Giving guidelines their title, which stands over every draft of them: whoever works on all drafts."""
    facts = facts_of(user)
    if facts.has(Role.STAFF) or facts.has(Role.DRAFTER):
        return Allowed
    return Refused(
        _("The title stands over every draft: only those who work on all of them change it."),
        "not_all_drafts",
    )


def may_publish_draft(user: Any, draft: Draft) -> Verdict:
    """Asking for publication or adoption and confirming it: drafters and the secretariat."""
    if _works_on(user, draft):
        return Allowed
    return Refused(_("Only drafters and the secretariat publish a draft."), "not_drafter")


def may_confirm(user: Any, request: StatusRequest) -> Verdict:
    """Whoever may ask, but the one who did, as long as that one still may: of two people's words both must count
    when it is settled. The reason names those who may confirm, as far as there are any."""
    draft = request.draft
    allowed = may_publish_draft(user, draft)
    if not allowed:
        return allowed
    if request.requested_by_id != user.pk:
        if people_who_publish(draft).filter(pk=request.requested_by_id).exists():
            return Allowed
        return Refused(
            _("Whoever asked may publish this draft no longer. Decline it, and ask anew."), "asker_left"
        )
    others = [person.shown_name for person in people_who_publish(draft, but=user)[: NAMED + 1]]
    if not others:
        return Refused(
            _(
                "Another person must confirm: publishing and adopting take two. Nobody else may do so yet; an"
                " administrator can make somebody a drafter or staff."
            ),
            "second_person",
        )
    names = listed(others[:NAMED]) + ("…" if len(others) > NAMED else "")
    return Refused(
        _("Another person must confirm: publishing and adopting take two. These may: %(names)s.")
        % {"names": names},
        "second_person",
    )


def may_withdraw(user: Any, request: StatusRequest) -> Verdict:
    """The one who asked, as long as they may publish."""
    if request.requested_by_id != user.pk:
        return Refused(_("Only the one who asked withdraws it. You may decline it."), "not_yours")
    return may_publish_draft(user, request.draft)


def may_decline(user: Any, request: StatusRequest) -> Verdict:
    """Everyone who may publish, but the one who asked; also after it was confirmed, until its time has come."""
    if request.requested_by_id == user.pk:
        return Refused(_("You asked for this yourself: withdraw it instead."), "yours")
    return may_publish_draft(user, request.draft)


def may_circulate(user: Any, draft: Draft) -> Verdict:
    """Giving a draft to named groups, changing which, taking it back: drafters and the secretariat."""
    if _works_on(user, draft):
        return Allowed
    return Refused(_("Only drafters and the secretariat circulate a draft."), "not_drafter")


def may_follow_draft(user: Any, draft: Draft) -> Verdict:
    """Where a draft stands and who did what: drafters, the secretariat, and administrators of what they read."""
    if _works_on(user, draft) or facts_of(user).has(Role.ADMIN):
        return Allowed
    return Refused(_("Only drafters and the secretariat see this."), "not_drafter")


def may_see_drafting(user: Any) -> Verdict:
    """The list of drafts in the making: for whoever works on at least one, and administrators."""
    facts = facts_of(user)
    if any(facts.has(role) for role in (Role.DRAFTER, Role.STAFF, Role.ADMIN)) or drafts_worked_on(user):
        return Allowed
    return Refused(_("Only drafters and the secretariat see this."), "not_drafter")


def drafts_worked_on(user: Any) -> frozenset[str]:
    """The ids of drafts for which the caller is drafter or staff by a grant of its own."""
    facts = facts_of(user)
    return facts.scoped(Role.DRAFTER, "draft") | facts.scoped(Role.STAFF, "draft")


def people_who_publish(draft: Draft, *, but: Any = None) -> "QuerySet[User]":
    """Who may ask and confirm for ``draft``: the people behind ``may_publish_draft``, by name."""
    here = Q(scope_type="") | Q(scope_type="draft", scope_id=str(draft.pk))
    grants = RoleGrant.objects.filter(here, role__in=(Role.DRAFTER, Role.STAFF))
    people = User.objects.active().filter(pk__in=grants.values("user"))
    return people.exclude(pk=but.pk if but else None).order_by("name", "pk")


def _works_on(user: Any, draft: Draft) -> bool:
    facts, scope = facts_of(user), ("draft", draft.pk)
    return facts.has(Role.DRAFTER, scope=scope) or facts.has(Role.STAFF, scope=scope)


def may_check_draft(user: Any, draft: Draft) -> Verdict:
    """Reading what the checks of a draft found, and waiving it: its drafters and the secretariat."""
    if _works_on(user, draft):
        return Allowed
    return Refused(_("Only drafters and the secretariat see the checks of a draft."), "not_drafter")
