"""What is done to many comments of a round: in short transactions, each safe to repeat."""

from collections.abc import Iterable, Iterator

from consultations.models import Comment, Round

CHUNK = 500


def chunks_of(keys: Iterable[int]) -> Iterator[list[int]]:
    """In one order everywhere: two who are at the same comments wait for each other, but never in a ring."""
    ordered = sorted(set(keys))
    for start in range(0, len(ordered), CHUNK):
        yield ordered[start : start + CHUNK]


def lock_keys(round: Round, keys: Iterable[int]) -> list[int]:
    """Those of ``keys`` that are comments of the round and no drafts (any more), locked against the like."""
    comments = Comment.objects.select_for_update(no_key=True).filter(pk__in=list(keys), round=round)
    found = comments.exclude(status=Comment.Status.DRAFT).order_by("pk")
    return list(found.values_list("pk", flat=True))
