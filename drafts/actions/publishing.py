"""Publishing and adopting a draft and releasing a language take two people: one asks, another confirms, now or for a
time."""

import logging
from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit, outbox
from core.punctuation import listed
from core.verdicts import Conflict, require
from drafts.actions.editions import (
    languages_with_words,
    release_draft,
    release_language,
    state_of_language,
    state_of_words,
)
from drafts.actions.moving import check_move, lock_to_move, move_draft
from drafts.models import Draft, StatusRequest
from drafts.rules import may_confirm, may_decline, may_publish_draft, may_withdraw, takes_translation
from drafts.translating import translation_progress

logger = logging.getLogger(__name__)

LONGEST_NOTE = 1000
YEARS = range(2000, 2200)  # a year outside is a slip of the hand
Target, Ending = StatusRequest.Target, StatusRequest.Ending


def change_status(
    *,
    actor: Any,
    draft: Draft,
    target: str = Target.PUBLISHED,
    note: str = "",
    due_at: datetime | None = None,
    languages: Collection[str] | None = None,
    language: str = "",
    seen: str = "",
) -> StatusRequest:
    """Ask for publication, adoption or the release of a language, or confirm what somebody else asked for.

    Returns the request: ``confirmed_at`` says whether both have spoken, ``carried_out_at`` whether it is done.
    """
    with transaction.atomic():
        draft = lock_to_move(draft)
        require(may_publish_draft(actor, draft))
        request = _open_request(draft)
        if request is None or (request.target, request.language) != (target, language):
            return ask_for_status(
                actor=actor,
                draft=draft,
                target=target,
                note=note,
                due_at=due_at,
                languages=languages,
                language=language,
                seen=seen,
            )
        if due_at is not None and due_at != request.due_at:
            raise ValidationError({"due_at": _("Another time was asked for. Decline that, and ask anew.")})
        if languages is not None and set(languages) | {draft.source_language} != set(coming_out(request)):
            raise ValidationError(
                {"languages": _("Other languages were asked for. Decline that, and ask anew.")}
            )
        return confirm_status(actor=actor, request=request, seen=seen)


def publish_draft(*, actor: Any, draft: Draft) -> StatusRequest:
    """Ask for publication, or confirm what somebody else asked for; the second one releases the draft."""
    return change_status(actor=actor, draft=draft)


def ask_for_status(
    *,
    actor: Any,
    draft: Draft,
    target: str = Target.PUBLISHED,
    note: str = "",
    due_at: datetime | None = None,
    languages: Collection[str] | None = None,
    language: str = "",
    seen: str = "",
) -> StatusRequest:
    """Ask for a draft to be published (at ``due_at``, where given) or adopted, or for a ``language`` of one that is
    out to be released; ``note`` says why.

    ``languages`` are those in which the draft is published, besides the original; the others come out later. None:
    every one that has words. ``seen`` is the state of the words that the actor had before them (``state_of_words``, of
    a language to be released ``state_of_language``), where they say so. ``Refusal`` unless a drafter or the
    secretariat; ``Conflict`` where the status can't follow, the language isn't ready, something is asked for already,
    or the words are others by now; ``ValidationError`` by field.
    """
    note = _clean(note, "note")
    with transaction.atomic():
        draft = lock_to_move(draft)
        require(may_publish_draft(actor, draft))
        if target == Target.PUBLISHED and draft.is_open_to_all:
            raise Conflict(_("This draft is published already."), current={"status": draft.status})
        if target == Target.RELEASED:
            check_release(draft, language)
        else:
            check_move(draft, Draft.Status(target))
        _check_time(target, due_at)
        chosen = _chosen(draft, target, languages)
        standing = _open_request(draft)
        if standing is not None:
            raise Conflict(
                _("Something is asked for already: decline or withdraw that first."),
                current={"status": draft.status, "requested": standing.target},
            )
        request = StatusRequest.objects.create(
            draft=draft,
            target=target,
            due_at=due_at,
            languages=chosen,
            language=language if target == Target.RELEASED else "",
            requested_by=actor,
            note=note,
            asked_sha256=_same_words(draft, seen, language),
        )
        changes = _of(request)
        if target == Target.PUBLISHED:
            audit.record("draft.ask_to_publish", draft, actor=actor, changes=changes)
        elif target == Target.RELEASED:
            audit.record("draft.ask_to_release_language", draft, actor=actor, changes=changes)
        else:
            audit.record("draft.ask_to_adopt", draft, actor=actor, changes=changes)
        outbox.record("draft.status_requested", request)
    return request


def confirm_status(*, actor: Any, request: StatusRequest, seen: str = "") -> StatusRequest:
    """The second person's word: the draft changes its status, at once or when its time comes.

    ``Refusal`` for the one who asked, naming who may; ``Conflict`` where it was confirmed or ended meanwhile, or the
    words are others than the actor had before them (``seen``).
    """
    with transaction.atomic():
        draft, request = _locked(request)
        require(may_confirm(actor, request))
        if request.confirmed_at:
            raise Conflict(
                _("Two people have spoken already: it happens at the time set."),
                current={"status": draft.status, "due_at": request.due_at and request.due_at.isoformat()},
            )
        now = timezone.now()
        request.confirmed_by, request.confirmed_at = actor, now
        request.confirmed_sha256 = _same_words(draft, seen, request.language)
        request.save()
        if request.due_at and request.due_at > now:
            audit.record("draft.confirm", draft, actor=actor, changes=_of(request))
            outbox.record("draft.status_settled", request)
        else:
            _carry_out(request, draft, actor=actor, at=now)
    return request


def withdraw_request(*, actor: Any, request: StatusRequest) -> StatusRequest:
    """Take back what one asked for, also after it was confirmed, until it is carried out."""
    with transaction.atomic():
        draft, request = _locked(request)
        require(may_withdraw(actor, request))
        audit.record("draft.request_withdrawn", draft, actor=actor, changes=_of(request))
        return _end(request, Ending.WITHDRAWN, actor=actor)


def decline_request(*, actor: Any, request: StatusRequest, reason: str) -> StatusRequest:
    """Say no to what somebody else asked for, with a reason; also stops what waits for its time."""
    reason = _clean(reason, "reason")
    with transaction.atomic():
        draft, request = _locked(request)
        require(may_decline(actor, request))
        if not reason:
            raise ValidationError({"reason": _("Say why: the one who asked will read it.")})
        audit.record("draft.request_declined", draft, actor=actor, changes=_of(request))
        return _end(request, Ending.DECLINED, actor=actor, reason=reason)


def carry_out_due(now: datetime) -> list[int]:
    """Do what two people confirmed for a time that has come; the ids of the requests carried out.

    Each in a transaction of its own and once, however late and by however many workers at the same time.
    """
    done = []
    for pk in StatusRequest.objects.due(now).order_by("due_at", "pk").values_list("pk", flat=True):
        try:
            if _carry_out_one(pk, now):
                done.append(pk)
        except Exception:
            # The others don't wait for it; it is tried again with the next tick.
            logger.exception("What was asked in request %s could not be carried out.", pk)
    return done


def _carry_out_one(pk: int, now: datetime) -> bool:
    with transaction.atomic():
        draft = lock_to_move(Draft.objects.get(status_requests=pk))
        request = StatusRequest.objects.due(now).select_related("draft").filter(pk=pk).first()
        if request is None:
            return False  # another worker was first, or it was stopped a moment ago
        if state_of_words(draft) != request.confirmed_sha256:
            audit.record("draft.request_lapsed", draft, actor=None, changes=_of(request))
            _end(request, Ending.LAPSED, actor=None)
            return False
        _carry_out(request, draft, actor=None, at=timezone.now())
    return True


def _carry_out(request: StatusRequest, draft: Draft, *, actor: Any, at: datetime) -> None:
    request.carried_out_at = at
    request.save(update_fields=["carried_out_at"])
    if request.target == Target.PUBLISHED:
        release_draft(draft, actor=actor, at=at, only=request.languages)
    elif request.target == Target.RELEASED:
        check_release(draft, request.language)
        release_language(draft, request.language, actor=actor, at=at)
    else:
        move_draft(draft, Draft.Status.ADOPTED, at=at)
        audit.record("draft.adopt", draft, actor=actor, changes=_of(request))
    outbox.record("draft.status_settled", request)


def _end(request: StatusRequest, ending: str, *, actor: Any, reason: str = "") -> StatusRequest:
    request.ended_by, request.ended_at = actor, timezone.now()
    request.ending, request.reason = ending, reason
    request.save()
    outbox.record("draft.status_settled", request)
    return request


def _locked(request: StatusRequest) -> tuple[Draft, StatusRequest]:
    draft = lock_to_move(request.draft)
    request = StatusRequest.objects.select_for_update(of=("self",)).select_related("draft").get(pk=request.pk)
    if not request.is_open:
        raise Conflict(
            _("This request is settled already: nothing waits any more."), current={"status": draft.status}
        )
    return draft, request


def open_request_of(draft: Draft) -> StatusRequest:
    """What waits on ``draft``. ``Conflict`` where nothing does."""
    request = _open_request(draft)
    if request is None:
        raise Conflict(_("Nothing is asked for: nothing waits."), current={"status": draft.status})
    return request


def _open_request(draft: Draft) -> StatusRequest | None:
    return StatusRequest.objects.open().select_related("draft").filter(draft=draft).first()


def coming_out(request: StatusRequest) -> list[str]:
    """The languages in which a draft comes out with this request, in their order."""
    return sorted(request.languages or languages_with_words(request.draft))


def words_meant(draft: Draft, language: str = "") -> str:
    """The state of the words that a request is about: of one ``language`` to be released, else of all."""
    return state_of_language(draft, language) if language else state_of_words(draft)


def check_release(draft: Draft, language: str) -> None:
    """``Conflict`` unless ``language`` of ``draft`` may come out now: the draft is out and stands, the language is
    not, and all of it is translated, of today's original, and approved. ``ValidationError`` for an unknown one."""
    others = {code: name for code, name in settings.LANGUAGES if code != draft.source_language}
    if language not in others:
        raise ValidationError({"language": _("Choose one of: %(choices)s.") % {"choices": listed(others)}})
    if not draft.is_open_to_all:
        raise Conflict(
            _("A language is released by itself only once the draft is published."),
            current={"status": draft.status},
        )
    if not (open_to_change := takes_translation(draft, language)):
        raise Conflict(open_to_change.reason, current={"status": draft.status})
    part = next(each for each in translation_progress(draft) if each.code == language)
    if not part.is_complete:
        raise Conflict(
            _("This language is not complete: every provision must be translated, up to date and approved."),
            current={"status": draft.status, "to_do": part.to_do},
        )


def _chosen(draft: Draft, target: str, languages: Collection[str] | None) -> list[str]:
    """The languages to come out as the request keeps them; the original always does."""
    if languages is None:
        return []
    if target != Target.PUBLISHED:
        raise ValidationError({"languages": _("Only publishing chooses languages.")})
    known = languages_with_words(draft)
    if not set(languages) <= set(known):
        raise ValidationError({"languages": _("Choose one of: %(choices)s.") % {"choices": listed(known)}})
    return sorted({*languages, draft.source_language})


def _same_words(draft: Draft, seen: str, language: str) -> str:
    """The state of the words meant; ``Conflict`` where the actor saw others."""
    state = words_meant(draft, language)
    if seen and seen != state:
        raise Conflict(
            _("The text has changed since you opened the page. Look at it again before you go on."),
            current={"status": draft.status, "words": state},
        )
    return state


def _check_time(target: str, due_at: datetime | None) -> None:
    if due_at is None:
        return
    if target != Target.PUBLISHED:
        raise ValidationError({"due_at": _("Only publishing can wait for a time.")})
    if due_at.year not in YEARS:
        raise ValidationError(
            {"due_at": _("Give a year from %(first)d to %(last)d.") % {"first": YEARS[0], "last": YEARS[-1]}}
        )
    if due_at <= timezone.now():
        raise ValidationError({"due_at": _("This time has passed. Leave it empty to publish at once.")})


def _clean(text: str, name: str) -> str:
    text = text.replace("\r\n", "\n").strip()
    if len(text) > LONGEST_NOTE or "\x00" in text:
        raise ValidationError({name: _("At most %(limit)d characters.") % {"limit": LONGEST_NOTE}})
    return text


def _of(request: StatusRequest) -> dict[str, Any]:
    """What the trail says of a request: ids and states, not the words of people."""
    return {
        "request": request.pk,
        "target": request.target,
        **({"due_at": request.due_at.isoformat()} if request.due_at else {}),
        **({"languages": request.languages} if request.languages else {}),
        **({"language": request.language} if request.language else {}),
    }
