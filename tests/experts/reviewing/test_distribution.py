"""Dividing reviews: the same every time, nobody barred, nobody twice, loads as even as they can be."""

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from experts.distribution import distribute


def loads_of(pairs: set[tuple[int, int]], reviewers: list[int]) -> list[int]:
    return sorted(sum(r == each for _n, r in pairs) for each in reviewers)


def test_everybody_gets_the_same_and_every_nomination_what_it_needs() -> None:
    nominations, reviewers = list(range(1, 121)), list(range(1, 9))
    proposal = distribute(nominations, reviewers, each=3)
    assert not proposal.short
    assert loads_of(proposal.pairs, reviewers) == [45] * 8
    assert all(sum(n == each for n, _r in proposal.pairs) == 3 for each in nominations)


def test_the_same_input_gives_the_same_proposal_whatever_the_order_of_sets() -> None:
    barred = [(n, n % 5) for n in range(40)]
    shuffled = random.Random(3).sample(barred, len(barred))
    first = distribute(range(40), range(5), each=2, barred=barred, seed=9)
    assert distribute(range(40), range(5), each=2, barred=shuffled, seed=9).pairs == first.pairs
    assert distribute(range(40), range(5), each=2, barred=barred, seed=10).pairs != first.pairs


def test_what_stands_counts_and_is_never_taken_away() -> None:
    standing = {(n, 1) for n in range(10)}
    proposal = distribute(list(range(10)), [1, 2, 3], each=2, standing=standing)
    assert not proposal.pairs & standing
    assert loads_of(proposal.pairs, [1, 2, 3]) == [0, 5, 5]
    again = distribute(list(range(10)), [1, 2, 3], each=2, standing=standing | proposal.pairs)
    assert again.pairs == set()


def test_a_chain_of_exchanges_evens_out_what_choosing_one_by_one_cannot() -> None:
    # 1 may be scored by A and B, 2 by A alone, 3 by A and C: A is to have no more than one where that can be.
    barred = {(2, 12), (2, 13), (1, 13), (3, 12)}
    proposal = distribute([1, 2, 3], [11, 12, 13], each=1, barred=barred)
    assert proposal.pairs == {(1, 12), (2, 11), (3, 13)}


def test_too_few_without_a_conflict_is_said() -> None:
    proposal = distribute([1, 2], [7, 8], each=2, barred={(1, 7)})
    assert proposal.short == {1: 1}
    assert proposal.pairs == {(1, 8), (2, 7), (2, 8)}


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_no_exchange_is_left_that_would_make_it_more_even(data: st.DataObject) -> None:
    nominations = list(range(data.draw(st.integers(1, 12))))
    reviewers = list(range(100, 100 + data.draw(st.integers(1, 5))))
    pairs = [(n, r) for n in nominations for r in reviewers]
    barred = set(data.draw(st.lists(st.sampled_from(pairs), max_size=20)))
    standing = set(data.draw(st.lists(st.sampled_from(pairs), max_size=8))) - barred
    each = data.draw(st.integers(1, 3))
    proposal = distribute(nominations, reviewers, each=each, barred=barred, standing=standing)
    assert not proposal.pairs & (barred | standing)
    together = proposal.pairs | standing
    for n in nominations:
        has = sum(pair[0] == n for pair in together)
        held = sum(pair[0] == n for pair in standing)
        free = sum((n, r) not in barred for r in reviewers)
        assert has == max(held, min(each, free))
        assert proposal.short.get(n, 0) == max(0, each - max(held, free))
    load = {r: sum(pair[1] == r for pair in together) for r in reviewers}
    for n, r in proposal.pairs:
        for other in reviewers:
            if (n, other) not in together | barred:
                assert load[r] - load[other] < 2
