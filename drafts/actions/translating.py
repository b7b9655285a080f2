"""Translating a provision: writing it, saying that it still holds, approving it."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit, outbox
from core.punctuation import listed
from core.verdicts import Conflict
from drafts.actions.revising import revise_provision
from drafts.actions.settling import lock_draft
from drafts.actions.writing import moved_on
from drafts.models import Draft, Provision, ProvisionText, Revision
from drafts.translating import TranslationState, state_of
from drafts.writing import says_the_same, with_keys

APPROVED = ProvisionText.State.APPROVED


@dataclass(frozen=True)
class Saved:
    """What became of a translation that was saved: its words, its state, whether the words changed."""

    words: ProvisionText
    state: TranslationState
    changed: bool


def translate_provision(
    *,
    actor: Any,
    provision: Provision,
    language: str,
    version: int,
    source_version: int,
    text: str,
    heading: str = "",
    reason: str = "",
    approve: bool = False,
    pressed_again: bool = False,
) -> Saved:
    """Write the translation of what the source said in ``source_version``, the version that the actor saw.

    ``version`` is that of the translation, 0 where there was none. Words that are as they were are no revision;
    with ``approve`` they are then said to hold. Approved is only what translates the source as it stands now: where
    that has moved on meanwhile, the words are saved and stay outdated. Raises as ``revise_provision``, and
    ``ValidationError`` for the source's own language or words that nobody wrote.
    """
    with transaction.atomic():
        _draft, source = _opened(actor, provision, language)
        translated = _settled(source, source_version)
        words = ProvisionText.with_unreleased.filter(provision=provision, language=language).first()
        if not text.strip() and not heading.strip():
            raise ValidationError({"text": _("Write the translation.")})
        # Everything that is kept from before is decided by the action; here only whether there is anything to do.
        changed = words is None or words.version != version or _differs(words, text, heading)
        if changed:
            revise_provision(
                actor=actor,
                provision=provision,
                language=language,
                version=version,
                text=text,
                heading=heading,
                reason=reason,
                carry=False,
                more={"translated_from_version": translated},
                pressed_again=pressed_again,
            )
        elif approve and words is not None:
            _confirm(words, translated)
        words = ProvisionText.with_unreleased.get(provision=provision, language=language)
        if approve and translated == source.version and (words.state != APPROVED or not changed):
            _approve(words, source, actor)
    return Saved(words, state_of(words, source), changed)


def confirm_translation(
    *, actor: Any, provision: Provision, language: str, version: int, source_version: int
) -> ProvisionText:
    """Say that the translation holds for the source as it stands: what changed there changes nothing here.

    One that was approved stays so, on the word of ``actor``. ``Conflict`` where either text has moved on since the
    versions that the actor saw, or there is nothing to confirm.
    """
    with transaction.atomic():
        _draft, source = _opened(actor, provision, language)
        words = _seen(provision, language, version)
        if _settled(source, source_version) != source.version:
            raise _source_moved_on(source)
        if state_of(words, source) != TranslationState.OUTDATED:
            raise Conflict(_("This translation is not outdated."))
        _confirm(words, source.version)
        if words.state == APPROVED:
            words.approved_by, words.approved_at = actor, timezone.now()
            words.save(update_fields=["approved_by", "approved_at"])
        changes = {"language": language, "source_version": source.version}
        audit.record("translation.confirm", provision, actor=actor, changes=changes)
    return words


def approve_translation(*, actor: Any, provision: Provision, language: str, version: int) -> ProvisionText:
    """Approve the translation as it stands. ``Conflict`` where it has moved on since the version that the actor
    saw, is outdated, or is approved already."""
    with transaction.atomic():
        _draft, source = _opened(actor, provision, language)
        words = _seen(provision, language, version)
        state = state_of(words, source)
        if state == TranslationState.OUTDATED:
            raise _source_moved_on(source)
        if state != TranslationState.IN_WORK:
            raise Conflict(_("Only a translation in work is approved."))
        _approve(words, source, actor)
    return words


def take_back_approval(*, actor: Any, provision: Provision, language: str, version: int) -> ProvisionText:
    """Let the translation be in work again. ``Conflict`` where it has moved on or isn't approved."""
    with transaction.atomic():
        _opened(actor, provision, language)
        words = _seen(provision, language, version)
        if words.state != APPROVED:
            raise Conflict(_("This translation is not approved."))
        words.state = ProvisionText.State.IN_WORK
        words.approved_by = words.approved_at = None
        words.save(update_fields=["state", "approved_by", "approved_at"])
        changes = {"language": language, "version": words.version}
        audit.record("translation.take_back", provision, actor=actor, changes=changes)
    return words


def _opened(actor: Any, provision: Provision, language: str) -> tuple[Draft, ProvisionText]:
    """The draft, locked, and the words to be translated."""
    draft = lock_draft(actor, provision.draft_id, language)
    others = {code: name for code, name in settings.LANGUAGES if code != draft.source_language}
    if language not in others:
        raise ValidationError({"language": _("Choose one of: %(choices)s.") % {"choices": listed(others)}})
    source = ProvisionText.objects.filter(provision=provision, language=draft.source_language).first()
    if source is None or not (source.heading.strip() or source.text.strip()):
        raise ValidationError({"text": _("The original has no words here yet.")})
    return draft, source


def _seen(provision: Provision, language: str, version: int) -> ProvisionText:
    found = ProvisionText.with_unreleased.select_for_update()
    words = found.filter(provision=provision, language=language).first()
    if words is None:
        raise ValidationError({"text": _("Write the translation.")})
    if words.version != version:
        raise moved_on(words)
    return words


def _confirm(words: ProvisionText, source_version: int) -> None:
    """Write down what the words translate; what is checked of them follows."""
    if words.translated_from_version != source_version:
        words.translated_from_version = source_version
        words.save(update_fields=["translated_from_version"])
        outbox.record("translation.confirmed", words)


def _settled(source: ProvisionText, version: int) -> int:
    """``version``, or today's where the source still says the same."""
    if version == source.version:
        return version
    seen = Revision.objects.filter(provision_text=source, version=version).first()
    if seen is None:
        raise ValidationError({"text": _("The original has no such version. Open the page again.")})
    return source.version if says_the_same(seen.content, source.content) else version


def _differs(words: ProvisionText, text: str, heading: str) -> bool:
    """Whether ``text`` and ``heading``, as they were edited, aren't the words as they stand."""
    kept = with_keys(words.text, words.references)
    return [text.replace("\r\n", "\n").strip(), heading.strip()] != [kept.strip(), words.heading.strip()]


def _approve(words: ProvisionText, source: ProvisionText, actor: Any) -> None:
    if source.heading.strip() and not words.heading.strip():
        raise ValidationError({"heading": _("The heading is not translated yet.")})
    if source.text.strip() and not words.text.strip():
        raise ValidationError({"text": _("The text is not translated yet.")})
    words.state, words.approved_by, words.approved_at = APPROVED, actor, timezone.now()
    words.save(update_fields=["state", "approved_by", "approved_at"])
    changes = {"language": words.language, "version": words.version}
    audit.record("translation.approve", words.provision, actor=actor, changes=changes)


def _source_moved_on(source: ProvisionText) -> Conflict:
    return Conflict(
        _("The original has changed since: look at the change first."),
        current={"source_version": source.version},
    )
