"""What consultations keep of a person, for their own eyes; and the rounds for which a role may be held."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from accounts.slots import PersonalRecords, ScopeKind
from consultations.mentions import called, text_of
from consultations.models import (
    Comment,
    Mention,
    Note,
    Position,
    QuestionAnswer,
    Reply,
    ReplyMails,
    Round,
    RoundFollower,
    SavedFilter,
)
from consultations.replies import with_mentions

Rows = list[dict[str, Any]]


def comments(person: User) -> Rows:
    """Their own words; what they entered as staff for others is not about them."""
    found = Comment.objects.filter(author=person, entry=None).order_by("pk")
    related = found.select_related("round", "provision", "anchor", "disposition__answer")
    return [
        _comment(comment)
        for comment in related.prefetch_related("revisions", "evidence", "disposition__reactions")
    ]


def _comment(comment: Comment) -> dict[str, Any]:
    disposition = getattr(comment, "disposition", None)
    anchor = getattr(comment, "anchor", None)
    shown = disposition if disposition and disposition.published_at else None
    return {
        "id": comment.uuid,
        "round": comment.round.title,
        "provision": comment.provision.number or comment.provision.key if comment.provision else None,
        "quote": anchor.exact if anchor else None,
        "status": str(comment.get_status_display()),
        **comment.content,
        "written_at": comment.created_at,
        "submitted_at": comment.submitted_at,
        "receipt": comment.receipt,
        "as_submitted": {
            "name": comment.author_name,
            "organisation": comment.organisation_name,
            "country": comment.country,
            "region": comment.region,
            "stakeholder_group": comment.stakeholder_group,
        },
        "hidden_reason": comment.hidden_reason,
        "evidence": [evidence.url or evidence.title for evidence in comment.evidence.all()],
        "wordings": [
            {"version": revision.version, "at": revision.at, **revision.content}
            for revision in comment.revisions.all()
        ],
        "outcome": str(shown.get_outcome_display()) if shown else None,
        "answer": shown.answer.responses if shown else None,
        "replies_to_answers": [
            {"content": reaction.content, "why": reaction.why, "at": reaction.at}
            for reaction in (disposition.reactions.all() if disposition else ())
        ],
    }


def replies(person: User) -> Rows:
    found = with_mentions(Reply.objects.filter(author=person).order_by("pk"))
    return [
        {
            "id": reply.uuid,
            "comment": reply.comment.uuid,
            "round": reply.comment.round.title,
            "name": reply.author_name,
            "body": text_of(reply, reply.comment),
            "language": reply.language,
            "status": str(reply.get_status_display()),
            "at": reply.created_at,
        }
        for reply in found.select_related("author", "comment__round", "comment__author")
    ]


def mentions(person: User) -> Rows:
    """Where others called the person, and by which name; what they wrote there is theirs."""
    of_theirs = Q(addressed__author=person) | Q(whom=Mention.Whom.COMMENTER, reply__comment__author=person)
    found = Mention.objects.filter(of_theirs, reply__status=Reply.Status.VISIBLE).order_by("pk")
    related = found.select_related("reply__comment__round", "reply__comment__author", "addressed__author")
    return [
        {
            "reply": mention.reply.uuid,
            "comment": mention.reply.comment.uuid,
            "round": mention.reply.comment.round.title,
            "name": called(mention, mention.reply.comment),
            "at": mention.reply.created_at,
        }
        for mention in related
    ]


def reply_mails(person: User) -> Rows:
    return [
        {"choice": str(row.get_choice_display())}
        for row in ReplyMails.objects.filter(user=person).order_by("pk")
    ]


def positions(person: User) -> Rows:
    found = Position.objects.filter(user=person).order_by("pk").select_related("comment__round")
    return [
        {
            "comment": position.comment.uuid,
            "round": position.comment.round.title,
            "name": position.author_name,
            "position": str(position.get_position_display()),
            "reason": position.reason,
            "at": position.at,
        }
        for position in found
    ]


def question_answers(person: User) -> Rows:
    found = QuestionAnswer.objects.filter(author=person).order_by("pk").select_related("question__round")
    return [
        {
            "round": answer.question.round.title,
            "question": answer.question.wording,
            "name": answer.author_name,
            "value": answer.value,
            "came_too_late": answer.late,
            "language": answer.language,
            "hidden_reason": answer.hidden_reason,
            "at": answer.at,
        }
        for answer in found
    ]


def round_news(person: User) -> Rows:
    return [
        {"round": row.round.title, "since": row.since}
        for row in RoundFollower.objects.filter(user=person).order_by("pk").select_related("round")
    ]


def notes(person: User) -> Rows:
    """Their own internal notes; those that others wrote on their comments are of the secretariat's work
    (docs/decisions/0021-notes-stay-inside.md)."""
    found = Note.objects.filter(author=person).order_by("pk").select_related("comment__round")
    return [
        {
            "comment": note.comment.uuid,
            "round": note.comment.round.title,
            "body": note.body,
            "at": note.at,
            "changed_at": note.changed_at,
        }
        for note in found
    ]


def saved_filters(person: User) -> Rows:
    return [
        {
            "round": row.round.title,
            "name": row.name,
            "filter": row.query,
            "shared": row.shared,
            "at": row.at,
        }
        for row in SavedFilter.objects.filter(owner=person).order_by("pk").select_related("round")
    ]


def rounds() -> list[tuple[str, str]]:
    return [(str(round.pk), round.title) for round in Round.objects.order_by("-opens_at", "-pk")]


RECORDS = [
    PersonalRecords(
        "comments",
        _("Comments"),
        comments,
        {
            "round": _("Round"),
            "provision": _("Provision"),
            "quote": _("Words meant"),
            "status": _("State"),
            "body": _("Comment"),
            "proposed_text": _("Proposed words"),
            "rationale": _("Reason"),
            "submitted_at": _("Submitted"),
            "outcome": _("Answer"),
        },
    ),
    PersonalRecords(
        "replies",
        _("Replies"),
        replies,
        {"round": _("Round"), "body": _("Reply"), "status": _("State"), "at": _("When")},
    ),
    PersonalRecords(
        "mentions",
        _("Where you are mentioned"),
        mentions,
        {"round": _("Round"), "name": _("As"), "at": _("When")},
    ),
    PersonalRecords("reply_mails", _("Mails about replies"), reply_mails, {"choice": _("Wanted")}),
    PersonalRecords(
        "round_news",
        _("Rounds of whose new closing time you are told"),
        round_news,
        {"round": _("Round"), "since": _("Since")},
    ),
    PersonalRecords(
        "question_answers",
        _("Questions of the round"),
        question_answers,
        {"round": _("Round"), "question": _("Question"), "value": _("Answer"), "at": _("When")},
    ),
    PersonalRecords(
        "positions",
        _("Positions"),
        positions,
        {"round": _("Round"), "position": pgettext_lazy("on a proposal", "Position"), "at": _("When")},
    ),
    PersonalRecords(
        "notes",
        _("Internal notes"),
        notes,
        {"round": _("Round"), "body": pgettext_lazy("on a comment", "Note"), "at": _("When")},
    ),
    PersonalRecords(
        "desk_filters",
        _("Saved filters"),
        saved_filters,
        {"round": _("Round"), "name": pgettext_lazy("of a thing", "Name"), "at": _("When")},
    ),
]
ROUNDS = ScopeKind("round", _("Rounds"), rounds)
