"""People of a pool who look like one person while nobody has decided whether they are: until then they count as two,
and neither is offered in the other's place."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db.models import Q

from experts.likeness import Candidate, look_alike
from experts.models import Call, DuplicateVerdict, Nomination
from experts.selection_pool import same_people


@dataclass(frozen=True)
class Twins:
    """``pairs`` of uuids. Those known for one person (an account, an address) aren't among them: they count as one."""

    pairs: list[tuple[str, str]] = field(default_factory=list)

    def is_like(self, uuid: str, others: Iterable[str]) -> bool:
        """Whether somebody looks like one of the others."""
        among = set(others)
        return any(
            (first == uuid and second in among) or (second == uuid and first in among)
            for first, second in self.pairs
        )


def twins_of(call: Call, uuids: Sequence[str]) -> Twins:
    """Those among ``uuids`` who look alike, undecided. Three queries, however many."""
    rows = list(
        Nomination.objects.filter(call=call, uuid__in=uuids)
        .only("pk", "uuid", "name", "email", "nominee")
        .order_by("pk")
    )
    found = look_alike(Candidate(row.pk, row.name, row.email) for row in rows)
    if not found:
        return Twins()
    by_pk = {row.pk: row for row in rows}
    keys = {pk for pair in found for pk in pair}
    marks = same_people([by_pk[pk] for pk in keys])
    verdicts = DuplicateVerdict.objects.filter(Q(first__in=keys) & Q(second__in=keys))
    decided = set(verdicts.values_list("first", "second"))
    return Twins(
        [
            (str(by_pk[first].uuid), str(by_pk[second].uuid))
            for first, second in found
            if (first, second) not in decided and not (first in marks and marks[first] == marks.get(second))
        ]
    )
