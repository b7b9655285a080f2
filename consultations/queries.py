"""What pages and the API read of rounds, comments and tallies. Rights are part of every query."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet, Subquery, prefetch_related_objects
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import get_language
from modeltranslation.utils import build_localized_fieldname

from accounts.models import Consent, Country, User
from consultations.models import (
    AppliedChange,
    Comment,
    Disposition,
    EarlierAnswer,
    Evidence,
    Mention,
    Position,
    Question,
    Reply,
    Round,
    SentBack,
    Tally,
)
from consultations.rules import is_secretariat, is_staff, may_read_voices
from consultations.search import containing
from drafts.models import Draft, Provision, ProvisionText
from drafts.queries import ReadProvision

SMALLEST_SHOWN = 3
SECOND_READER = "second_reader"  # a filter by answer: those that wait for their second reader
COUNTS = ("comments", "participants", "proposals", "support", "oppose")  # the fields of Voices
TALLY_DIMENSIONS = (
    *("provision", "pillar", "kind", "region", "stakeholder", "disposition"),
    *("language", "day"),
)
# What could tell who spoke, where few did (docs/decisions/0006-small-cells.md).
TELLING_DIMENSIONS = ("region", "stakeholder", "language", "day")


@dataclass
class Voices:
    """What has been said on one provision, as far as the caller may know."""

    comments: int = 0
    participants: int = 0
    proposals: int = 0
    support: int = 0
    oppose: int = 0


def rounds_on(draft: Draft, user: Any) -> "QuerySet[Round]":
    return Round.objects.visible_to(user).filter(draft=draft).order_by("-opens_at", "-pk")


def reading_round(draft: Draft, user: Any, round_id: int | None = None) -> tuple[Round | None, list[Round]]:
    """The round whose voices stand beside the text, and all it could be.

    The one asked for, else the running one that closes first, else the latest that has opened.
    """
    rounds = list(rounds_on(draft, user).prefetch_related("deadlines", "audience"))
    if round_id is not None:
        return next((r for r in rounds if r.pk == round_id), None), rounds
    now = timezone.now()
    running = sorted((r for r in rounds if r.state_at(now) == Round.State.OPEN), key=lambda r: r.closes_at)
    opened = [r for r in rounds if r.opens_at <= now]
    best = running or opened or rounds
    return (best[0] if best else None), rounds


def tally_cells(round: Round, user: Any, dimension: str) -> "QuerySet[Tally]":
    """The tally of one dimension as the caller may see it; see ``seen_cells``."""
    return seen_cells(round, user).filter(dimension=dimension)


def seen_cells(round: Round, user: Any) -> "QuerySet[Tally]":
    """A round's tallies as the caller may see them.

    In anonymous rounds, cells of fewer than three people by region, stakeholder group, language or day are for
    staff alone: a count of one would name somebody.
    """
    if not may_read_voices(user, round):
        return Tally.objects.none()
    secretariat = is_secretariat(user, round)
    cells = Tally.objects.filter(
        round=round,
        audience=Tally.Audience.STAFF if secretariat else Tally.Audience.READERS,
        comments__gt=0,
    ).order_by("key")
    # Drafters see what is hidden and unpublished, but no more of who spoke than others do.
    if round.anonymous and not is_staff(user, round):
        cells = cells.exclude(dimension__in=TELLING_DIMENSIONS, participants__lt=SMALLEST_SHOWN)
    return cells


def cells_by_dimension(round: Round, user: Any, dimensions: Iterable[str]) -> dict[str, list[Tally]]:
    """The tallies of several dimensions as the caller may see them (one query)."""
    found: dict[str, list[Tally]] = {}
    for cell in seen_cells(round, user).filter(dimension__in=list(dimensions)):
        found.setdefault(cell.dimension, []).append(cell)
    return found


def total_voices(round: Round, user: Any) -> Voices:
    counts = tally_cells(round, user, Tally.Dimension.TOTAL).values_list(*COUNTS).first()
    return Voices(*counts) if counts else Voices()


def with_people(rounds: "QuerySet[Round]") -> "QuerySet[Round]":
    """Rounds with what rules ask of them: draft, audience and deadlines; ``asks``: whether they have questions."""
    asks = Exists(Question.objects.filter(round=OuterRef("pk")))
    rounds = rounds.annotate(asks=asks).select_related("draft__guidelines")
    return rounds.prefetch_related("deadlines", "audience")


def share_rounds(comments: Iterable[Comment], *known: Round) -> list[Comment]:
    """Let comments of one round share one instance of it, so that rules ask for its audience once."""
    shown = list(comments)
    rounds = {round.pk: round for round in known}
    missing = {comment.round_id for comment in shown} - set(rounds)
    if missing:
        rounds |= {round.pk: round for round in with_people(Round.objects.filter(pk__in=missing))}
    for comment in shown:
        comment.round = rounds[comment.round_id]
    return shown


def share_words(comments: Iterable[Comment], row: ReadProvision | None = None) -> None:
    """Give comments with a proposal the words of their provision in every language (one query, or none where
    ``row`` is the provision of all of them): ``words_beside``, what a proposal is set against."""
    proposing = [comment for comment in comments if comment.proposed_text and comment.provision_id]
    if row is not None:
        texts = {row.provision.pk: row.translations}
    elif proposing:
        texts = defaultdict(list)
        wanted = {comment.provision_id for comment in proposing}
        for text in ProvisionText.objects.filter(provision__in=wanted).defer("heading"):
            texts[text.provision_id].append(text)
    for comment in proposing:
        comment.words_beside = texts.get(comment.provision_id or 0, [])  # type: ignore[attr-defined]


def share_evidence(comments: Iterable[Comment]) -> None:
    """Fetch evidence where there is some (most comments have none): one query, or none at all."""
    having = [comment for comment in comments if getattr(comment, "has_evidence", True)]
    if having:
        prefetch_related_objects(having, Prefetch("evidence", Evidence.objects.select_related("file")))


def share_reactions(comments: Iterable[Comment]) -> None:
    """Fetch what commenters replied to published answers: one query, or none where nothing is published."""
    answers = [each.disposition for each in comments if hasattr(each, "disposition")]
    published = [answer for answer in answers if answer.published_at]
    if published:
        prefetch_related_objects(published, "reactions")


def share_mentions(comments: Iterable[Comment]) -> None:
    """Fetch whom replies address, where one has the sign for it: one query, or none at all."""
    calling = [reply for comment in comments for reply in comment.replies.all() if "@" in reply.body]
    if calling:
        prefetch_related_objects(
            calling, Prefetch("mentions", Mention.objects.select_related("addressed__author"))
        )


def with_discussion(comments: "QuerySet[Comment]") -> "QuerySet[Comment]":
    """Everything a comment is shown with, in a constant number of queries."""
    name = build_localized_fieldname("name", get_language() or "en")
    country = Country.objects.filter(iso3=OuterRef("country")).values(name)
    return (
        comments.annotate(
            country_name=Subquery(country[:1]),
            has_evidence=Exists(Evidence.objects.filter(comment=OuterRef("pk"))),
        )
        .select_related(
            "round", "provision", "author", "entered_by", "entry", "anchor", "disposition__answer"
        )
        .prefetch_related(
            Prefetch("replies", Reply.objects.filter(status=Reply.Status.VISIBLE).select_related("author")),
            Prefetch("positions", Position.objects.select_related("user", "organisation__country")),
        )
    )


def with_applied_changes(comments: "QuerySet[Comment]") -> "QuerySet[Comment]":
    """With the discussion, and with the revisions in which each answer took effect."""
    return with_discussion(comments).prefetch_related(
        "disposition__applied_changes", "disposition__reactions"
    )


def comments_of(
    round: Round,
    user: Any,
    *,
    provision: str | None = None,
    pillar: int | None = None,
    kind: str = "",
    status: str = "",
    region: str = "",
    stakeholder: str = "",
    disposition: str = "",
    search: str = "",
) -> "QuerySet[Comment]":
    """A round's comments that the caller may read, filtered.

    ``provision`` is a key ("" for the draft as a whole, None for all). Filters by answer see only what the
    caller may: an unpublished one doesn't tell outsiders what it is.
    """
    found: QuerySet[Comment] = Comment.objects.visible_to(user).filter(round=round)
    if provision is not None:
        found = found.filter(provision__key=provision) if provision else found.filter(provision__isnull=True)
    if pillar:
        found = found.filter(provision__pillar=pillar)
    if kind:
        found = found.filter(kind=kind)
    if status:
        found = found.filter(status=status)
    if region or stakeholder:
        asked = {"region": region, "stakeholder_group": stakeholder}
        found = of_known_origin(found, user, round).filter(
            **{name: value for name, value in asked.items() if value}
        )
    if disposition == SECOND_READER:
        found = waiting_for_second_reader(found) if is_secretariat(user, round) else found.none()
    elif disposition:
        known = Disposition.objects.all()
        if not is_secretariat(user, round):
            known = known.filter(published_at__isnull=False)
        if disposition == "none":
            found = found.exclude(disposition__in=known)
        else:
            found = found.filter(disposition__in=known.filter(outcome=disposition))
    return containing(found, search).order_by("number", "pk")


def of_known_origin(comments: "QuerySet[Comment]", user: Any, round: Round) -> "QuerySet[Comment]":
    """Those of a round's comments whose region and stakeholder group the caller may know; the query behind
    ``rules.may_see_origin``. A filter that let others through would tell what is kept back."""
    if is_staff(user, round):
        return comments
    known = Q(author=user.pk) if user.is_authenticated else Q(pk__in=[])
    if not round.anonymous:
        known |= ~Q(attribution=Comment.Attribution.ANONYMOUS)
    return comments.filter(known)


def waiting_for_second_reader(comments: "QuerySet[Comment]") -> "QuerySet[Comment]":
    """Those of ``comments`` whose answer, or a change to it, nobody has agreed to nor sent back, though their round
    asks for a second reader."""
    unread = Q(disposition__published_at__isnull=True, disposition__agreed_at__isnull=True)
    answered = comments.filter(round__second_reader=True, disposition__isnull=False)
    return answered.filter(unread | Q(disposition__held__isnull=False)).exclude(Exists(_sent_back()))


def _sent_back() -> "QuerySet[SentBack]":
    """What was sent back and has not been written anew."""
    standing = Coalesce(OuterRef("disposition__held__version"), OuterRef("disposition__version"))
    return SentBack.objects.filter(disposition=OuterRef("disposition"), version=standing)


def publishable(round: Round) -> "QuerySet[Disposition]":
    """The answers of a round that publishing would publish now."""
    waiting = Disposition.objects.filter(comment__round=round, published_at__isnull=True)
    return waiting.filter(agreed_at__isnull=False) if round.second_reader else waiting


def unagreed(round: Round) -> "QuerySet[Disposition]":
    """The answers of a round that aren't published for want of a second reader's agreement, those sent back too."""
    if not round.second_reader:
        return Disposition.objects.none()
    return Disposition.objects.filter(comment__round=round, published_at__isnull=True, agreed_at__isnull=True)


def told_of_answers(round: Round) -> "QuerySet[User]":
    """Who gets a mail, each one, when all answers of the round that can be are published: their comments' authors, as
    far as they are still here and haven't withdrawn their consent. Of what was entered for others nobody is told."""
    waiting = publishable(round).exclude(comment__entered_by=F("comment__author"))
    consents = Consent.objects.filter(user=OuterRef("pk"))
    given, withdrawn = consents.filter(withdrawn_at=None), consents.exclude(withdrawn_at=None)
    people = User.objects.active().filter(pk__in=waiting.values("comment__author"))
    return people.exclude(Exists(withdrawn) & ~Exists(given))


def earlier_answers(comment: Comment, user: Any) -> list[EarlierAnswer]:
    """What was answered to a comment before the present answer, the latest first; ``reaction`` is what the commenter
    replied then. The public record has what was published; the secretariat sees all."""
    disposition = getattr(comment, "disposition", None)
    if disposition is None:
        return []
    found = EarlierAnswer.objects.filter(disposition=disposition).select_related("answer", "decided_by")
    if not is_secretariat(user, comment.round):
        found = found.filter(published=True)
    earlier = list(found.order_by("-version"))
    if earlier:
        said = {reaction.version: reaction for reaction in disposition.reactions.all()}
        for each in earlier:
            each.reaction = said.get(each.version)  # type: ignore[attr-defined]
    return earlier


def origins_of_revisions(user: Any, revisions: list[int]) -> dict[int, str]:
    """The comments whose published answers took effect in these revisions, where the caller may read them."""
    applied = AppliedChange.objects.filter(
        revision__in=revisions,
        disposition__published_at__isnull=False,
        disposition__comment__in=Comment.objects.visible_to(user).values("pk"),
    )
    return {pk: str(uuid) for pk, uuid in applied.values_list("revision_id", "disposition__comment__uuid")}


def own_drafts(round: Round, user: Any, provision: Provision | None = None) -> "QuerySet[Comment]":
    """What the caller has begun and not sent."""
    if not user.is_authenticated:
        return Comment.objects.none()
    drafts = Comment.objects.filter(round=round, author=user, status=Comment.Status.DRAFT)
    return drafts.filter(provision=provision) if provision else drafts
