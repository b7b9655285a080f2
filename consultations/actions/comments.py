"""Writing, submitting, changing and taking back comments."""

import secrets
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Case, F, When
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.facts import VOUCHED_KINDS, facts_of, region_of
from accounts.models import Affiliation
from consultations.actions.anchoring import AnchorInput, check_anchor, replace_anchor
from consultations.actions.numbering import RoundNoLongerAccepts, receipt_of, take_number
from consultations.models import Anchor, Comment, CommentRevision, Round
from consultations.rules import (
    CLOSED,
    in_audience,
    may_comment,
    may_delete_draft,
    may_edit_comment,
    may_moderate,
    may_withdraw_comment,
)
from consultations.search import token_column
from core import audit, files, outbox
from core.punctuation import listed
from core.verdicts import Conflict, Refusal, Refused, Vanished, require
from core.words import clean_words
from drafts.models import Draft, Provision

MAX_LENGTH = 20_000
CONTENT_FIELDS = ("kind", "body", "proposed_text", "rationale", "language", "attribution")


def write_comment(
    *,
    author: Any,
    round: Round,
    provision_key: str | None = None,
    submit: bool,
    anchor: AnchorInput | None = None,
    kind: str = Comment.Kind.SUBSTANTIVE,
    body: str = "",
    proposed_text: str = "",
    rationale: str = "",
    language: str = "",
    attribution: str = Comment.Attribution.NAMED,
) -> Comment:
    """Record a comment, as a draft or (``submit``) as submitted.

    After the deadline what was to be submitted is kept as a draft, so that nothing typed is lost: the caller
    sees ``status == "draft"`` and may hand it in as late input. Refused (``Refusal``): not signed in, not in
    the audience, not open yet. ``ValidationError``: what is wrong, by field.
    """
    verdict = may_comment(author, round, at=timezone.now())
    if not verdict and verdict.code != CLOSED.code:
        require(verdict)
    provision = find_provision(round, provision_key)
    comment = Comment(
        round=round,
        provision=provision,
        author=author,
        kind=kind,
        body=clean_words(body),
        proposed_text=clean_words(proposed_text),
        rationale=clean_words(rationale),
        language=language or author.language,
        attribution=attribution,
        receipt_salt=secrets.token_hex(16),
    )
    check_content(comment)
    if anchor is not None and provision is None:
        raise ValidationError({"anchor": _("Only words of a provision can be quoted.")})
    bound = check_anchor(anchor, provision) if anchor and provision else None
    if submit and verdict:
        try:
            return _insert(comment, bound, submit=True)
        except RoundNoLongerAccepts:
            comment.pk, comment.number, comment.status = None, None, Comment.Status.DRAFT
            comment.submitted_at = None
            if bound is not None:
                bound.pk = None
    return _insert(comment, bound, submit=False)


def edit_comment(
    *, actor: Any, comment: Comment, version: int, anchor: AnchorInput | None | Any = ..., **changes: str
) -> Comment:
    """Change one's own comment; ``version`` is the one the actor saw.

    ``anchor``: a new quote, None for none, left out to keep it. ``Conflict`` (409) when the comment has moved
    on; ``Refusal`` after the deadline; ``ValidationError`` by field.
    """
    unknown = set(changes) - set(CONTENT_FIELDS)
    if unknown:
        raise TypeError(f"not a comment's words: {sorted(unknown)}")
    with transaction.atomic():
        comment = lock_comment(comment)
        require(may_edit_comment(actor, comment, at=timezone.now()))
        _check_version(comment, version)
        for name, value in changes.items():
            setattr(comment, name, clean_words(value))
        check_content(comment)
        bound: Anchor | None = getattr(comment, "anchor", None)
        if anchor is not ...:
            bound = None
            if anchor is not None:
                if comment.provision is None:
                    raise ValidationError({"anchor": _("Only words of a provision can be quoted.")})
                bound = check_anchor(anchor, comment.provision)
            replace_anchor(comment, bound)
        comment.version += 1
        comment.updated_at = timezone.now()
        comment.search_tokens = _tokens(comment)
        if comment.status == Comment.Status.SUBMITTED and comment.number and comment.submitted_at:
            comment.receipt = receipt_of(comment, bound, number=comment.number, at=comment.submitted_at)
        comment.save()
        # A draft is saved as it is typed: what was sent is on the record, not the way to it.
        if comment.status == Comment.Status.SUBMITTED:
            CommentRevision.objects.create(comment=comment, version=comment.version, content=comment.content)
            audit.record("comment.edit", comment, actor=actor, changes={"version": comment.version})
            outbox.record("comment.changed", comment)
            _still_accepted(comment, actor)
    return comment


def submit_comment(*, actor: Any, comment: Comment, version: int) -> Comment:
    """Send a draft. After the deadline it stays a draft (``status == "draft"``), as in ``write_comment``."""
    verdict = may_comment(actor, comment.round, at=timezone.now())
    if not verdict and verdict.code != CLOSED.code:
        require(verdict)
    try:
        with transaction.atomic():
            comment = lock_comment(comment)
            require(may_edit_comment(actor, comment, at=timezone.now()))
            _check_version(comment, version)
            if comment.status != Comment.Status.DRAFT:
                raise Conflict(
                    _("This comment has been submitted already."), current={"status": comment.status}
                )
            check_content(comment)
            if verdict:
                _submit(comment, getattr(comment, "anchor", None))
    except RoundNoLongerAccepts:
        comment.refresh_from_db()
    return comment


def hand_in_late(*, actor: Any, comment: Comment, version: int) -> Comment:
    """Put a draft on the closed round's list of late input: kept and read, but not counted."""
    with transaction.atomic():
        comment = lock_comment(comment)
        require(may_edit_comment(actor, comment, at=timezone.now()))
        _check_version(comment, version)
        if comment.status != Comment.Status.DRAFT:
            raise Conflict(_("Only a draft can be handed in."), current={"status": comment.status})
        if not in_audience(actor, comment.round):
            require(may_comment(actor, comment.round, at=timezone.now()))
        if may_comment(actor, comment.round, at=timezone.now()):
            raise Conflict(
                _("The round is still open: submit the comment."), current={"status": comment.status}
            )
        check_content(comment)
        _take_snapshots(comment)
        comment.status = Comment.Status.LATE
        comment.submitted_at = comment.updated_at = timezone.now()
        comment.version += 1
        comment.save()
        audit.record("comment.hand_in_late", comment, actor=actor)
        outbox.record("comment.changed", comment)
    return comment


def withdraw_comment(*, actor: Any, comment: Comment, version: int | None = None) -> Comment:
    """Take back what was submitted, until the round closes. Its number stays taken; its author sees it."""
    with transaction.atomic():
        comment = lock_comment(comment)
        if comment.author_id == getattr(actor, "pk", None) and comment.status == Comment.Status.WITHDRAWN:
            return comment
        require(may_withdraw_comment(actor, comment, at=timezone.now()))
        _check_version(comment, version)
        comment.status = Comment.Status.WITHDRAWN
        comment.version += 1
        comment.updated_at = timezone.now()
        comment.save()
        audit.record("comment.withdraw", comment, actor=actor)
        outbox.record("comment.changed", comment)
        _still_accepted(comment, actor)
    return comment


def delete_draft_comment(*, actor: Any, comment: Comment) -> None:
    """Throw away a draft that was never sent."""
    with transaction.atomic():
        comment = lock_comment(comment)
        require(may_delete_draft(actor, comment, at=timezone.now()))
        if comment.status != Comment.Status.DRAFT:
            raise Conflict(
                _("Only a draft can be deleted; withdraw what was submitted."),
                current={"status": comment.status},
            )
        audit.record("comment.delete_draft", comment, actor=actor)
        kept = [evidence.file for evidence in comment.evidence.select_related("file") if evidence.file]
        comment.delete()
        for stored in kept:
            files.remove(stored)


def hide_comment(*, actor: Any, comment: Comment, reason: str, hidden: bool = True) -> Comment:
    """Moderate: hide a submitted comment from readers, with a reason its author reads; or show it again."""
    with transaction.atomic():
        comment = lock_comment(comment)
        require(may_moderate(actor, comment.round))
        before = Comment.Status.SUBMITTED if hidden else Comment.Status.HIDDEN
        if comment.status != before:
            raise Conflict(_("This comment is not in a state for that."), current={"status": comment.status})
        if hidden and not reason.strip():
            raise ValidationError({"reason": _("Say why, for the author will read it.")})
        comment.status = Comment.Status.HIDDEN if hidden else Comment.Status.SUBMITTED
        comment.hidden_reason = clean_words(reason) if hidden else ""
        comment.version += 1
        comment.updated_at = timezone.now()
        comment.save()
        audit.record("comment.hide" if hidden else "comment.show", comment, actor=actor)
        outbox.record("comment.changed", comment)
    return comment


def find_provision(round: Round, key: str | None) -> Provision | None:
    """The provision of the round's draft under ``key``; None for the draft as a whole."""
    if not key:
        return None
    provision = Provision.objects.filter(draft=round.draft_id, key=key).select_related("draft").first()
    if provision is None:
        raise ValidationError({"provision": _("This draft has no provision “%(key)s”.") % {"key": key}})
    scope = {part.key for part in round.scope.all()}
    if scope and not _within(provision, scope):
        raise ValidationError({"provision": _("This round does not ask about this part of the draft.")})
    return provision


def check_content(comment: Comment) -> None:
    """Raise ``ValidationError`` by field where a comment's words cannot stand."""
    errors: dict[str, str] = {}
    if not comment.body and not comment.proposed_text:
        errors["body"] = _("Write a comment or propose other words.")
    for name in ("body", "proposed_text", "rationale"):
        if len(getattr(comment, name)) > MAX_LENGTH:
            errors[name] = _("At most %(limit)d characters.") % {"limit": MAX_LENGTH}
    if comment.kind not in Comment.Kind.values:
        errors["kind"] = _("Choose one of: %(choices)s.") % {"choices": listed(Comment.Kind.values)}
    if comment.attribution not in Comment.Attribution.values:
        errors["attribution"] = _("Choose one of: %(choices)s.") % {
            "choices": listed(Comment.Attribution.values)
        }
    languages = [code for code, _name in settings.LANGUAGES]
    if comment.language not in languages:
        errors["language"] = _("Choose one of: %(choices)s.") % {"choices": listed(languages)}
    if errors:
        raise ValidationError(errors)


def lock_comment(comment: Comment) -> Comment:
    """The comment as it stands, its row locked until the transaction ends. ``Vanished`` where it was deleted."""
    locked = Comment.objects.select_for_update(of=("self",)).select_related(
        "round", "provision__draft", "author"
    )
    try:
        return locked.get(pk=comment.pk)
    except Comment.DoesNotExist:
        raise Vanished from None


def _within(provision: Provision, scope: set[str]) -> bool:
    if f"pillar_{provision.pillar}" in scope:
        return True
    step: Provision | None = provision
    while step is not None:
        if step.key in scope:
            return True
        step = step.parent
    return False


def _check_version(comment: Comment, version: int | None) -> None:
    if version is not None and comment.version != version:
        raise Conflict(
            _("This comment has changed since you opened it."),
            current={"version": comment.version, "status": comment.status},
        )


def _tokens(comment: Comment) -> str:
    return token_column(comment.body, comment.proposed_text, comment.rationale)


def _insert(comment: Comment, anchor: Anchor | None, *, submit: bool) -> Comment:
    with transaction.atomic():
        comment.search_tokens = _tokens(comment)
        comment.save(force_insert=True)
        if anchor is not None:
            anchor.comment = comment
            anchor.save(force_insert=True)
        if submit:
            _submit(comment, anchor, new=True)
        else:
            CommentRevision.objects.create(comment=comment, version=1, content=comment.content)
            audit.record("comment.draft", comment, actor=comment.author)
    return comment


def _submit(comment: Comment, anchor: Anchor | None, *, new: bool = False) -> None:
    """Everything but the number first; the counter's lock is held for two statements only."""
    _take_snapshots(comment)
    if not new:
        comment.version += 1
    CommentRevision.objects.create(comment=comment, version=comment.version, content=comment.content)
    audit.record("comment.submit", comment, actor=comment.author)
    outbox.record("comment.changed", comment)
    take_place(comment, anchor, counts=lambda at: bool(may_comment(comment.author, comment.round, at=at)))


def take_place(comment: Comment, anchor: Anchor | None, *, counts: Callable[[datetime], bool]) -> None:
    """Number a comment and save it as submitted: the last statements of its transaction. ``RoundNoLongerAccepts``
    where the round was closed meanwhile, or ``counts`` says so of the time."""
    number = take_number(comment.round)
    at = timezone.now()
    # The clock is read again under the lock: a submission that waited past the deadline is late.
    if not counts(at):
        raise RoundNoLongerAccepts
    comment.status, comment.number = Comment.Status.SUBMITTED, number
    comment.submitted_at = comment.updated_at = at
    comment.receipt = receipt_of(comment, anchor, number=number, at=at)
    comment.save()
    if comment.round.draft.status == Draft.Status.SUPERSEDED:
        outbox.record("comment.on_earlier_draft", comment)


def _still_accepted(comment: Comment, actor: Any) -> None:
    """Refuse a change that met the round's closing on its way (the counter's row decides)."""
    round = Round.objects.only("closed_at", "closes_at", "grace", "opens_at", "kind").get(pk=comment.round_id)
    if round.closed_at:
        raise Refusal(Refused(CLOSED.reason, CLOSED.code))


def _take_snapshots(comment: Comment) -> None:
    author = comment.author
    facts = facts_of(author)
    comment.region = region_of(author)
    comment.stakeholder_group = facts.stakeholder_group
    comment.author_name = author.name
    comment.country = author.country_id or ""
    organisation = (
        Affiliation.objects.filter(user=author, organisation__in=facts.organisations)
        # A claim to be of a member state or of UN-Habitat counts once it is confirmed.
        .exclude(confirmed_at=None, organisation__kind__in=VOUCHED_KINDS)
        .select_related("organisation")
        # As in the facts: of the kind that counts, and what is confirmed before what is only claimed.
        .order_by(
            Case(When(organisation__kind=facts.stakeholder_group, then=0), default=1),
            F("confirmed_at").asc(nulls_last=True),
            "pk",
        )
        .first()
        if facts.organisations
        else None
    )
    comment.organisation_name = organisation.organisation.name if organisation else ""
