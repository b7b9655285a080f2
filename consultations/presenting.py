"""A comment as a page shows it to one reader: what they may know of its author, voices and answer."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language

from accounts.facts import facts_of
from accounts.models import Organisation
from consultations.mails import response_in
from consultations.mentions import Words, words_of
from consultations.models import Comment, Disposition, Evidence, Position, Reply, Round
from consultations.naming import author_name, origin_of, reply_shown_as, shown_to_others_as, speaker_name
from consultations.proposals import proposal_pieces
from consultations.queries import share_evidence, share_mentions, share_rounds, share_words
from consultations.rules import (
    is_secretariat,
    may_comment,
    may_edit_comment,
    may_see_account,
    may_take_back,
    may_take_position,
    minutes_to_take_back,
    seen_number,
)
from core.verdicts import Verdict
from drafts.languages import language_of
from drafts.queries import ReadProvision
from drafts.redline import Piece


@dataclass
class Reason:
    """Why somebody took a position; ``who`` is empty where their name isn't shown."""

    who: str
    position: str
    words: str
    language: str


@dataclass
class ShownReply:
    """``author`` is empty where their name isn't shown; ``shown_as`` tells whoever wrote it what others see instead."""

    reply: Reply
    author: str
    words: list[Words]
    shown_as: str = ""


@dataclass
class ShownComment:
    """What the template needs; nothing the reader may not know is in it. ``shown_as``, for its author alone: what
    others see beside it."""

    comment: Comment
    number: int | None
    author: str
    origin: str
    mine: bool
    voices: Counter[str]
    own_position: str
    replies: list[ShownReply]
    disposition: Disposition | None
    response: str = ""
    response_language: str = ""
    may_edit: Verdict | None = None
    may_undo: Verdict | None = None
    may_support: Verdict | None = None
    late: bool = False
    flags: list[tuple[str, str]] = field(default_factory=list)
    reasons: list[Reason] = field(default_factory=list)
    own_reason: str = ""
    evidence: list[Evidence] = field(default_factory=list)
    proposal: list[Piece] = field(default_factory=list)
    shown_as: str = ""
    undo_minutes: int = 0
    account_given: bool = False  # whether the account of its round is public to the reader

    @property
    def taken_up(self) -> bool:
        """Whether its answer says that the text took it up, or a part of it."""
        taken = self.disposition and self.disposition.outcome in Disposition.TAKEN_UP
        return bool(taken and self.comment.provision_id)

    @property
    def waits(self) -> bool:
        """Whether it was begun and not sent."""
        return self.comment.status == Comment.Status.DRAFT


def present_comments(
    comments: Iterable[Comment], user: Any, *, round: Round | None = None, row: ReadProvision | None = None
) -> list[ShownComment]:
    """Comments fetched by ``queries.with_discussion``, for one reader, in a constant number of queries.

    ``round`` and ``row`` (their provision) save a query each where all of them share it.
    """
    shown = share_rounds(comments, *([round] if round else []))
    share_words(shown, row)
    share_evidence(shown)
    share_mentions(shown)
    return [present_comment(comment, user) for comment in shown]


def present_comment(comment: Comment, user: Any) -> ShownComment:
    """Uses what was fetched before, and the caller's facts: no query of its own."""
    secretariat = is_secretariat(user, comment.round)
    mine = bool(user.is_authenticated and comment.author_id == user.pk)
    positions: list[Position] = list(comment.positions.all())
    disposition = getattr(comment, "disposition", None)
    if disposition and not disposition.published_at and not secretariat:
        disposition = None
    language, response = ("", "")
    if disposition:
        language, response = response_in(
            disposition.answer.responses, get_language() or "en", comment.language
        )
    now = timezone.now()
    facts = facts_of(user)
    own = next(
        (
            p
            for p in positions
            if (user.is_authenticated and p.user_id == user.pk)
            or (p.organisation_id and p.organisation_id == facts.speaks_for)
        ),
        None,
    )
    return ShownComment(
        comment=comment,
        number=seen_number(user, comment),
        author=author_name(comment, user),
        origin=origin_of(comment, user),
        mine=mine,
        voices=Counter(p.position for p in positions),
        own_position=own.position if own else "",
        own_reason=own.reason if own else "",
        reasons=[_reason(p, comment, user) for p in positions if p.reason],
        evidence=list(comment.evidence.all()) if getattr(comment, "has_evidence", True) else [],
        replies=[present_reply(reply, comment, user) for reply in comment.replies.all()],
        disposition=disposition,
        response=response,
        response_language=language,
        may_edit=may_edit_comment(user, comment, at=now) if mine else None,
        may_undo=may_take_back(user, comment, at=now) if mine else None,
        may_support=may_take_position(user, comment, "support", at=now) if user.is_authenticated else None,
        late=mine
        and comment.status == Comment.Status.DRAFT
        and may_comment(user, comment.round, at=now).code == "closed",
        proposal=proposal_pieces(comment),
        shown_as=shown_to_others_as(comment) if mine else "",
        undo_minutes=minutes_to_take_back(comment, at=now) if mine else 0,
        account_given=bool(comment.round.published_at and may_see_account(user, comment.round)),
        flags=[(_name(p.organisation), p.get_position_display()) for p in positions if p.organisation],
    )


def _name(organisation: Organisation) -> str:
    """A member state by its country, others by their own name."""
    return str(organisation.country or organisation.name)


def _reason(position: Position, comment: Comment, user: Any) -> Reason:
    """A state speaks under its name; a person as repliers do."""
    if position.organisation:
        who = _name(position.organisation)
    else:
        who = speaker_name(position, comment, user)
    language = language_of(position.reason, default=comment.language)
    return Reason(who, position.get_position_display(), position.reason, language)


def present_reply(reply: Reply, comment: Comment, user: Any) -> ShownReply:
    """A reply to ``comment`` (whose round knows its audience) for one reader."""
    author = speaker_name(reply, comment, user)
    own = bool(user.is_authenticated and reply.author_id == user.pk)
    others_see = reply_shown_as(reply.author, comment) if own else ""
    return ShownReply(
        reply, author, words_of(reply, comment), shown_as=others_see if others_see != author else ""
    )
