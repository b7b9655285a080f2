"""From a text and proposals to bracketed text."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from consultations.negotiating.aligning import Understanding, deleted, understand
from consultations.negotiating.notation import NotationError, Proposal, Sign, braces, escaped, flipped


@dataclass(frozen=True)
class Written:
    """Bracketed text; ``others`` counts positions that are no member state's and so don't stand in it; ``going``:
    where the brackets begin whose standing words somebody would delete."""

    text: str
    others: int = 0
    going: frozenset[int] = frozenset()


def write(base: str, proposals: Iterable[Proposal]) -> Written:
    """``base`` with every proposal in brackets, in an order that doesn't depend on theirs.

    A proposal of the same wording stands once, with the positions of all; of two by one member state the later one
    given holds. Words that would go are a bracket with who wants it as ``-`` (a space beside
    them goes too); replaced words and those proposed
    for them follow each other, the standing ones first. A proposal inside the words of another is a bracket inside
    its bracket; proposals that overlap otherwise, or touch, are alternatives of all the words together. Where that
    could be read in two ways, ``[]`` says where nothing stands now, or that nothing shall. ``ValueError``: a
    proposal outside of the text, or of the same words.
    """
    given = list(proposals)
    merged = _merged(base, given)
    meant = {each.wording(base): dict(each.positions) for each in merged}
    bare = [_bare(base, each) for each in merged]
    text = _sequence(base, 0, len(base), bare, explicit=False)
    for explicit in (False, True):
        if _said(_read_back(text, base), base) != meant:
            text = _sequence(base, 0, len(base), merged, explicit=explicit)
    return Written(text, sum(each.others for each in given), _going(_read_back(text, base)))


def _read_back(text: str, base: str) -> Understanding:
    try:
        return understand(text, base, exact=True)
    except NotationError:
        return Understanding("")


def _said(understood: Understanding, base: str) -> dict[str, dict[str, Sign]]:
    return {each.wording(base): dict(each.positions) for each in understood.proposals}


def _going(understood: Understanding) -> frozenset[int]:
    return frozenset(each.offset for each in understood.brackets if each.kind == "stands" and each.wording)


def _bare(base: str, proposal: Proposal) -> Proposal:
    """A deletion as that of its words alone, where the space that goes with them follows from it; other words
    without the spaces at their ends that stay."""
    start, end = proposal.start, proposal.end
    if proposal.words:
        return _without_shared_spaces(base, proposal)
    words = base[start:end].strip()
    if not words:
        return proposal
    start += len(base[start:end]) - len(base[start:end].lstrip())
    bare = replace(proposal, start=start, end=start + len(words))
    goes = deleted(base, bare.start, bare.end)
    same = base[: goes[0]] + base[goes[1] :] == proposal.wording(base)
    return bare if same else proposal


def _without_shared_spaces(base: str, proposal: Proposal) -> Proposal:
    start, end, words = proposal.start, proposal.end, proposal.words
    while start < end and words and base[end - 1].isspace() and words[-1] == base[end - 1]:
        end, words = end - 1, words[:-1]
    while start < end and words and base[start].isspace() and words[0] == base[start]:
        start, words = start + 1, words[1:]
    return replace(proposal, start=start, end=end, words=words) if words else proposal


def _merged(base: str, proposals: list[Proposal]) -> list[Proposal]:
    found: dict[str, Proposal] = {}
    for each in proposals:
        if not 0 <= each.start <= each.end <= len(base):
            raise ValueError("The proposal is outside of the text.")
        wording = each.wording(base)
        if wording == base:
            raise ValueError("The proposal changes nothing.")
        first = found.get(wording)
        if first is None:
            found[wording] = each
        else:
            # Whichever was given first, the place is the same: the earlier and shorter one.
            place = min(first, each, key=lambda one: (one.start, one.end))
            found[wording] = replace(place, positions={**first.positions, **each.positions})
    return sorted(found.values(), key=lambda one: (one.start, one.end, one.words))


def _sequence(base: str, start: int, end: int, proposals: list[Proposal], *, explicit: bool) -> str:
    parts, at = [], start
    for cluster in _clusters(base, proposals):
        begin, stop = cluster[0].start, max(each.end for each in cluster)
        parts += [escaped(base[at:begin]), _group(base, begin, stop, cluster, explicit=explicit)]
        at = stop
    return "".join([*parts, escaped(base[at:end])])


def _clusters(base: str, proposals: list[Proposal]) -> list[list[Proposal]]:
    """Proposals that overlap, touch, or have but spaces between them: their brackets would compete."""
    found: list[list[Proposal]] = []
    stop = 0
    for each in sorted(proposals, key=lambda one: (one.start, one.end, one.words)):
        if found and (each.start <= stop or base[stop : each.start].isspace()):
            found[-1].append(each)
            stop = max(stop, each.end)
        else:
            found.append([each])
            stop = each.end
    return found


def _group(base: str, start: int, end: int, proposals: list[Proposal], *, explicit: bool) -> str:
    """The brackets of one place, ``base[start:end]``."""
    outer = [each for each in proposals if (each.start, each.end) == (start, end)]
    inner = [each for each in proposals if (each.start, each.end) != (start, end)]
    if not outer:
        outer, inner = [_widened(base, start, end, each) for each in inner], []
    deletion = next((each for each in outer if not each.words), None)
    others = sorted((each for each in outer if each.words), key=lambda one: one.words)
    brackets = []
    if start < end:
        standing = f"[{_sequence(base, start, end, inner, explicit=explicit)}]"
        plain = not explicit or deleted(base, start, end) == (start, end)
        if deletion and plain and (not others or Sign.SUPPORT in deletion.positions.values()):
            standing, deletion = standing + braces(flipped(deletion.positions)), None
        brackets.append(standing)
    elif explicit:
        brackets.append("[]")
    brackets += [f"[{escaped(each.words)}]{braces(each.positions)}" for each in others]
    brackets += [f"[]{braces(deletion.positions)}"] if deletion else []
    return "".join(brackets)


def _widened(base: str, start: int, end: int, proposal: Proposal) -> Proposal:
    words = base[start : proposal.start] + proposal.words + base[proposal.end : end]
    return replace(proposal, start=start, end=end, words=words)
