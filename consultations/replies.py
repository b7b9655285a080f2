"""Whom a reply concerns: who is told of it, and what stands on a person's page of replies."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.facts import facts_of
from accounts.models import Role, RoleGrant, User
from consultations.mentions import mentioned_people
from consultations.models import Comment, Mention, Reply, ReplyMails, Round
from consultations.rules import may_read_comment

# Why somebody is told, the best reason first.
MENTIONED, OWN, TAKES_PART = "mentioned", "own", "takes_part"
REASONS = {
    MENTIONED: _("You are mentioned"),
    OWN: _("On your comment"),
    TAKES_PART: _("You replied here, too"),
}


def with_mentions(replies: "QuerySet[Reply]") -> "QuerySet[Reply]":
    """Replies with what their words need to be read (one more query)."""
    mentions = Mention.objects.select_related("addressed__author")
    return replies.select_related("author").prefetch_related(Prefetch("mentions", mentions))


def concerned(reply: Reply) -> dict[int, str]:
    """Ids of those whom a reply concerns, with the best reason; never its own author."""
    earlier = Reply.objects.filter(comment=reply.comment_id, status=Reply.Status.VISIBLE, pk__lt=reply.pk)
    repliers = list(earlier.values_list("author", flat=True))
    found = dict.fromkeys(repliers, TAKES_PART)
    found[reply.comment.author_id] = OWN
    mentioned = mentioned_people(reply)
    if any(mention.whom == Mention.Whom.SECRETARIAT for mention in reply.mentions.all()):
        staff = set(staff_of(reply.comment.round))
        # Those of them who speak in this discussion; all where nobody does yet.
        mentioned |= staff.intersection(repliers) or staff
    found.update(dict.fromkeys(mentioned, MENTIONED))
    found.pop(reply.author_id, None)
    return found


def staff_of(round: Round) -> Iterable[int]:
    """Ids of the secretariat's staff, everywhere or for this round."""
    everywhere, here = Q(scope_type=""), Q(scope_type="round", scope_id=str(round.pk))
    return RoleGrant.objects.filter(everywhere | here, role=Role.STAFF).values_list("user", flat=True)


def to_mail(reply: Reply) -> list[User]:
    """Who is told of a reply by mail: whom it concerns, who may read it, and who wants to."""
    reasons = concerned(reply)
    wants = dict(ReplyMails.objects.filter(user__in=reasons).values_list("user", "choice"))
    people = User.objects.active().filter(pk__in=reasons).order_by("pk")
    return [
        person
        for person in people
        if wanted(wants.get(person.pk, ReplyMails.Choice.MINE), reasons[person.pk])
        and may_be_told(person, reply)
    ]


def wanted(choice: str, reason: str) -> bool:
    return choice == ReplyMails.Choice.ALL or (choice == ReplyMails.Choice.MINE and reason != TAKES_PART)


def may_be_told(person: User, reply: Reply) -> bool:
    """Whether the person is still here and reads what the reply stands on."""
    if reply.status != Reply.Status.VISIBLE or facts_of(person).consent == "withdrawn":
        return False
    return bool(may_read_comment(person, reply.comment))


def replies_to(user: Any) -> "QuerySet[Reply]":
    """Replies of others that concern a person and that they may read, newest first."""
    own = Q(comment__author=user) | Q(mentions__addressed__author=user)
    own |= Q(comment__in=Reply.objects.filter(author=user, status=Reply.Status.VISIBLE).values("comment"))
    facts, called = facts_of(user), Q(mentions__whom=Mention.Whom.SECRETARIAT)
    if facts.has(Role.STAFF):
        own |= called
    elif rounds := facts.scoped(Role.STAFF, "round"):
        own |= called & Q(comment__round__in=rounds)
    found = Reply.objects.filter(own, status=Reply.Status.VISIBLE).exclude(author=user)
    replies = Reply.objects.filter(
        pk__in=found.values("pk"), comment__in=Comment.objects.visible_to(user).values("pk")
    )
    return with_mentions(replies.select_related("comment__provision", "comment__author")).order_by(
        "-created_at", "-pk"
    )


def reason_for(user: Any, reply: Reply) -> str:
    """Why a reply stands on the person's page; asks for nothing that ``replies_to`` hasn't fetched."""
    called = any(mention.whom == Mention.Whom.SECRETARIAT for mention in reply.mentions.all())
    staff = facts_of(user).has(Role.STAFF, scope=("round", reply.comment.round_id))
    if user.pk in mentioned_people(reply) or (called and staff):
        return MENTIONED
    return OWN if reply.comment.author_id == user.pk else TAKES_PART
