"""Whatever is proposed: written in brackets and read back, it is the same proposals with the same positions."""

from hypothesis import given, settings
from hypothesis import strategies as st

from consultations.negotiating import Proposal, Sign, understand, write

CODES = ["FRA", "USA", "GHA", "KEN"]
ENGLISH = ["data", "shall", "should", "the", "town", "and", "[", "]", "{FRA+}", "\\", "^", "[^1]", ",", "x"]
ARABIC = ["المدن", "البيانات", "يجب", "أن", "،", "تحمي", "[", "}"]
CHINESE = ["城市", "应", "应当", "数据", "，", "[", "\\"]
POSITIONS = st.dictionaries(st.sampled_from(CODES), st.sampled_from(list(Sign)), max_size=3)


@st.composite
def negotiations(draw: st.DrawFn) -> tuple[str, list[Proposal]]:
    """A text of few different words, so that wordings repeat, and proposals anywhere in it."""
    words, joined = draw(
        st.sampled_from([(ENGLISH, " "), (ARABIC, " "), (CHINESE, ""), (["x"], " "), (["x"], "")])
    )
    text = st.lists(st.sampled_from(words), max_size=8).map(joined.join)
    base = draw(text)
    proposals = []
    for _ in range(draw(st.integers(0, 5))):
        start, end = sorted(draw(st.tuples(*[st.integers(0, len(base))] * 2)))
        new = draw(st.one_of(st.just(""), text, text.map(lambda said: f" {said}")))
        if new != base[start:end]:
            proposals.append(Proposal(start, end, new, draw(POSITIONS)))
    return base, proposals


def as_meant(base: str, proposals: list[Proposal]) -> dict[str, dict[str, Sign]]:
    found: dict[str, dict[str, Sign]] = {}
    for each in proposals:
        found.setdefault(each.wording(base), {}).update(each.positions)
    return found


@settings(max_examples=300, deadline=None)
@given(negotiations())
def test_what_is_written_is_read_back(negotiation: tuple[str, list[Proposal]]) -> None:
    base, proposals = negotiation
    text = write(base, proposals).text
    assert as_meant(base, understand(text, base, codes=CODES, exact=True).proposals) == as_meant(
        base, proposals
    ), text


@settings(max_examples=150, deadline=None)
@given(negotiations(), st.randoms())
def test_the_order_given_does_not_matter(negotiation: tuple[str, list[Proposal]], random: object) -> None:
    base, proposals = negotiation
    alike = [Proposal(each.start, each.end, each.words, {"FRA": Sign.SUPPORT}) for each in proposals]
    shuffled = alike[:]
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert write(base, shuffled).text == write(base, alike).text
