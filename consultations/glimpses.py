"""What was said on each provision, in a few words: what stands in the margin before it is opened."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Aggregate, Count, F, OuterRef, QuerySet, Subquery, TextField, Value, Window
from django.db.models.functions import Coalesce, Concat, RowNumber
from django.utils.translation import gettext as _

from accounts.models import StakeholderGroup
from consultations.filters import VoiceFilter
from consultations.models import Comment, Position, Round
from consultations.naming import author_name, organisation_name
from consultations.proposals import proposal_pieces
from consultations.queries import comments_of
from consultations.rules import may_read_voices, may_see_origin
from drafts.marks import MARK
from drafts.queries import ReadProvision
from drafts.redline import Piece

MOST = 2  # comments shown beside one provision
CONTEXT = 20  # characters before a change
LONGEST = 90  # characters of what somebody said; of a change, half for each side


@dataclass(frozen=True)
class Glimpse:
    """One comment at a glance; nothing the reader may not know is in it.

    A proposal has the words of its longest change (``removed``, ``added``; in ``words`` those before it where
    only one of the two is there), any other comment its first words (``words``). States are codes of member
    states, whose positions are public everywhere.
    """

    removed: str
    added: str
    words: str
    language: str
    who: str
    kind: str
    support: int
    oppose: int
    supporting: tuple[str, ...] = ()
    differing: tuple[tuple[str, str], ...] = ()  # code and position of states that oppose or reserve


def glimpses_beside(
    round: Round, user: Any, rows: Sequence[ReadProvision], *, chosen: VoiceFilter, pillar: int | None
) -> dict[str, list[Glimpse]]:
    """At most two comments on each of a page's provisions, the most supported first (one query).

    Only where the round shows the reader what others said.
    """
    shown = {row.provision.pk: row for row in rows}
    if not shown or not may_read_voices(user, round):
        return {}
    positions = [row.provision.position for row in rows]
    found = comments_of(round, user).filter(
        status=Comment.Status.SUBMITTED,
        provision__position__range=(min(positions), max(positions)),
        provision__pillar=pillar,
    )
    first = _first_of_each(chosen.narrow(found, user, round))
    glimpses: dict[str, list[Glimpse]] = defaultdict(list)
    for comment in _with_voices(first):
        if row := shown.get(comment.provision_id or 0):
            comment.round = round
            glimpses[row.key].append(_glimpse(comment, user, row))
    return glimpses


def _voices(position: str) -> Coalesce:
    of_comment = Position.objects.filter(comment=OuterRef("pk"), position=position).order_by()
    return Coalesce(Subquery(of_comment.values("comment").annotate(n=Count("pk")).values("n")), 0)


def _first_of_each(comments: "QuerySet[Comment]") -> "QuerySet[Comment]":
    place = Window(
        RowNumber(), partition_by=[F("provision")], order_by=[F("backing").desc(), F("number").asc()]
    )
    ranked = comments.annotate(backing=_voices("support")).annotate(place=place)
    return ranked.filter(place__lte=MOST).order_by()


class _Joined(Aggregate):
    """Texts of a group in one, with commas between them; in no order."""

    function = "STRING_AGG"
    template = "%(function)s(%(expressions)s, ',')"
    output_field = TextField()

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        return self.as_sql(compiler, connection, function="GROUP_CONCAT", **extra)


def _with_voices(comments: "QuerySet[Comment]") -> "QuerySet[Comment]":
    """With the number of voices and, as ``KEN:support,FRA:oppose``, those of member states."""
    states = Position.objects.filter(comment=OuterRef("pk"), organisation__country__isnull=False).order_by()
    stance = Concat("organisation__country", Value(":"), "position", output_field=TextField())
    return (
        Comment.objects.filter(pk__in=comments.values("pk"))
        .annotate(support=_voices("support"), oppose=_voices("oppose"))
        .annotate(states=Subquery(states.values("comment").annotate(all=_Joined(stance)).values("all")))
        .select_related("author", "anchor")
        .only(
            *("provision", "number", "kind", "body", "proposed_text", "language", "attribution"),
            *("author_name", "organisation_name", "country", "stakeholder_group", "entered_by"),
            *("author__name", "anchor__exact", "anchor__language"),
        )
        .order_by("-support", "number", "pk")
    )


def _glimpse(comment: Comment, user: Any, row: ReadProvision) -> Glimpse:
    removed = added = words = ""
    language = comment.language
    if comment.proposed_text:
        comment.words_beside = row.translations  # type: ignore[attr-defined]
        words, removed, added = _main_change(comment)
        language = comment.proposed_language
    else:
        words = _excerpt(comment.body, LONGEST)
    joined: str = comment.states or ""  # type: ignore[attr-defined]
    stances = [each.split(":") for each in sorted(filter(None, joined.split(",")))]
    labels = dict(Position.Value.choices)
    return Glimpse(
        removed,
        added,
        words,
        language,
        who=_who(comment, user),
        kind=comment.get_kind_display(),
        support=comment.support,  # type: ignore[attr-defined]
        oppose=comment.oppose,  # type: ignore[attr-defined]
        supporting=tuple(code for code, position in stances if position == Position.Value.SUPPORT),
        differing=tuple(
            (code, str(labels[position])) for code, position in stances if position != Position.Value.SUPPORT
        ),
    )


def _who(comment: Comment, user: Any) -> str:
    """As beside the comment itself, but short: a member state by its code."""
    state = comment.country and comment.stakeholder_group == StakeholderGroup.MEMBER_STATE
    if state and may_see_origin(user, comment):
        return comment.country
    return author_name(comment, user) or organisation_name(comment, user) or _("Without name")


def _main_change(comment: Comment) -> tuple[str, str, str]:
    """The longest change of a proposal: the words before it, what it takes away, what it puts there."""
    changes = _changes(comment)
    if not changes:
        return _excerpt(comment.proposed_text, LONGEST), "", ""
    before, removed, added = max(changes, key=lambda change: len(change[1]) + len(change[2]))
    if removed and added:
        return "", _excerpt(removed, LONGEST // 2), _excerpt(added, LONGEST // 2)
    return _last_words(before), _excerpt(removed, LONGEST), _excerpt(added, LONGEST)


def _changes(comment: Comment) -> list[tuple[str, str, str]]:
    """Each change of a proposal, in reading order: the stretch before it, what goes, what comes."""
    changes: list[tuple[str, str, str]] = []
    before, removed = "", ""
    for piece in [*proposal_pieces(comment), Piece("same", "")]:
        if piece.kind == "added":
            changes.append((before, removed, piece.text))
            before, removed = "", ""
        elif piece.kind == "removed":
            removed = piece.text
        else:
            changes += [(before, removed, "")] if removed else []
            before, removed = piece.text, ""
    return changes


def _last_words(text: str) -> str:
    """One or two words at the end of ``text``, or a few characters where words aren't parted by spaces."""
    line = " ".join(MARK.sub("", text).split())
    if len(line) <= CONTEXT:
        return line
    cut = line[-CONTEXT:]
    return f"…{cut[cut.find(' ') + 1 :] if ' ' in cut else cut[-CONTEXT // 3 :]}"


def _excerpt(text: str, most: int) -> str:
    """The first words, in one line and without footnote marks; "…" where there are more."""
    line = " ".join(MARK.sub("", text).split()).lstrip(",;:،؛、，；： ")
    if len(line) <= most:
        return line
    cut = line[:most]
    return f"{cut[: cut.rfind(' ')] if ' ' in cut[most // 2 :] else cut}…"
