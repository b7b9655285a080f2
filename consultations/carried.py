"""What was carried to a draft, as the secretariat looks at it: by state, with the words before and now."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet

from consultations.actions.carrying import KIND
from consultations.models import AnchorMapping, Comment
from core.models import Job
from drafts.marks import without_marks
from drafts.models import Draft, ProvisionText

State = AnchorMapping.State


@dataclass(frozen=True)
class Marked:
    """A wording with the words that matter in it; those may be empty."""

    head: str
    words: str
    tail: str


@dataclass(frozen=True)
class CarriedRow:
    """A comment with its quote's wording, and that of the provision it belongs to in the draft."""

    mapping: AnchorMapping
    comment: Comment
    language: str
    quote: str
    old: Marked | None
    new: Marked | None


def carried_to(draft: Draft, user: Any) -> "QuerySet[AnchorMapping]":
    """The comments carried to ``draft`` that the caller may read and that stand."""
    readable = Comment.objects.visible_to(user).filter(status=Comment.Status.SUBMITTED)
    return AnchorMapping.objects.filter(draft=draft, comment__in=readable)


def standing_in(draft: Draft, user: Any) -> "QuerySet[AnchorMapping]":
    """Of these, what readers of the draft are shown: places that wait for a person are not known yet."""
    return carried_to(draft, user).exclude(state=State.PROPOSED)


def carried_beside(draft: Draft, user: Any, provisions: Iterable[int]) -> dict[int, int]:
    """How many comments were carried to each of ``provisions`` (ids) of a draft that is out (one query; none
    for a first draft)."""
    if not draft.is_open_to_all or draft.base_id is None:
        return {}
    found = standing_in(draft, user).filter(provision__in=list(provisions)).order_by()
    return dict(found.values_list("provision").annotate(n=Count("pk")))


def counts_of(found: "QuerySet[AnchorMapping]") -> Counter[str]:
    return Counter(dict(found.order_by().values_list("state").annotate(n=Count("pk"))))


def rows_of(mappings: Iterable[AnchorMapping], draft: Draft) -> list[CarriedRow]:
    """One query for the words of the draft; the rest comes with ``mappings`` (``with_words``)."""
    listed = list(mappings)
    places = {row.provision_id for row in listed if row.provision_id}
    texts = ProvisionText.objects.of_draft(draft).filter(provision__in=places)
    words = {(pk, code): text for pk, code, text in texts.values_list("provision", "language", "text")}
    return [_row(mapping, words) for mapping in listed]


def with_words(found: "QuerySet[AnchorMapping]") -> "QuerySet[AnchorMapping]":
    more = ("comment__round", "comment__anchor__revision", "comment__provision", "provision", "confirmed_by")
    return found.select_related(*more)


def latest_job(draft: Draft) -> Job | None:
    """The last time that comments were carried to ``draft``."""
    return Job.objects.filter(kind=KIND, params__draft=draft.pk).order_by("-pk").first()


def _row(mapping: AnchorMapping, words: dict[tuple[int, str], str]) -> CarriedRow:
    comment = mapping.comment
    anchor = getattr(comment, "anchor", None)
    if anchor is None:
        return CarriedRow(mapping, comment, comment.language, "", None, None)
    old = _marked(anchor.revision.content["text"], anchor.start, anchor.end)
    text = words.get((mapping.provision_id or 0, anchor.language))
    new = None if text is None else _marked(text, mapping.start, mapping.end)
    return CarriedRow(mapping, comment, anchor.language, without_marks(anchor.exact), old, new)


def _marked(text: str, start: int | None, end: int | None) -> Marked:
    if start is None or end is None:
        return Marked(without_marks(text), "", "")
    return Marked(*map(without_marks, (text[:start], text[start:end], text[end:])))
