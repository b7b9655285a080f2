"""Where quoted words stand in an edited wording."""

import pytest

from bench.carrying import left, outcomes, share
from bench.edits import LANGUAGES, cases
from drafts.carrying import Carried, Way

OLD = (
    "Cities publish their data. Local governments should consult residents early and often. Budgets name the"
    " whole cost of a system. Nobody is left behind."
)


def carried(new: str, quote: str, old: str = OLD) -> tuple[str, str | None]:
    """What becomes of ``quote``, and the words that stand for it in ``new``."""
    start = old.index(quote)
    found = Way(old, new).carry(start, start + len(quote))
    return found.state, None if found.start is None else new[found.start : found.end]


class TestOneQuote:
    def test_words_that_stayed_are_found_where_they_went(self):
        new = "Preamble. " + OLD.replace("publish", "share")
        assert carried(new, "consult residents early") == ("exact", "consult residents early")

    def test_a_text_that_is_the_same_keeps_every_offset(self):
        assert Way(OLD, OLD).carry(5, 20) == Carried("exact", 5, 20)

    def test_edited_words_are_met_with_those_that_took_their_place(self):
        new = OLD.replace("residents early", "all residents in good time")
        assert carried(new, "consult residents early and often") == (
            "mapped",
            "consult all residents in good time and often",
        )

    def test_words_replaced_at_the_edge_belong_to_the_quote(self):
        new = OLD.replace("consult residents", "listen to residents")
        assert carried(new, "consult residents early") == ("mapped", "listen to residents early")

    def test_words_edited_beside_the_quote_do_not(self):
        new = OLD.replace("should consult", "must also consult")
        assert carried(new, "consult residents early") == ("exact", "consult residents early")

    def test_deleted_words_are_left_without_a_place(self):
        new = OLD.replace(" Budgets name the whole cost of a system.", "")
        assert carried(new, "the whole cost of a system") == ("orphaned", None)

    def test_a_sentence_that_moved_is_proposed(self):
        sentence = "Budgets name the whole cost of a system. "
        new = sentence + OLD.replace(sentence, "")
        assert carried(new, "the whole cost") == ("proposed", "the whole cost")

    def test_a_lookalike_elsewhere_is_no_more_than_proposed(self):
        new = OLD.replace(" Budgets name the whole cost of a system.", "").replace(
            "Cities publish", "Plans name the whole price of a system. Cities publish"
        )
        assert carried(new, "name the whole cost of a system") == (
            "proposed",
            "name the whole price of a system",
        )

    def test_other_words_in_its_place_are_proposed(self):
        assert carried(OLD.replace("residents", "everyone"), "residents") == ("proposed", "everyone")

    def test_an_empty_wording_has_no_place(self):
        assert carried("", "residents") == ("orphaned", None)

    def test_of_two_like_passages_the_one_that_was_quoted_is_followed(self):
        old = "First, cities act. Then, cities act again. Last, cities act."
        new = old.replace("Then, cities act again.", "Later on, cities act again.")
        start = old.rindex("cities act")
        found = Way(old, new).carry(start, start + 10)
        assert (found.state, found.start) == ("exact", new.rindex("cities act"))

    def test_a_sentence_that_stands_three_times_is_followed_by_its_place(self):
        old = "Cities act at once. " * 3
        new = old.replace("act at", "move at", 1)
        assert carried(new, "act at once", old) == ("mapped", "move at once")
        found = Way(old, new).carry(old.rindex("act"), old.rindex("act") + 11)
        assert (found.state, found.start) == ("exact", new.rindex("act"))

    @pytest.mark.parametrize(("start", "end"), [(-1, 3), (4, 4), (5, 4), (0, len(OLD) + 1)])
    def test_what_is_no_place_in_the_old_wording_is_refused(self, start, end):
        with pytest.raises(ValueError, match="no place"):
            Way(OLD, OLD).carry(start, end)

    def test_chinese_is_followed_by_characters(self):
        old = "各国政府应尽早征求居民意见。预算应列明全部成本。"
        new = "各国政府必须尽早并经常征求居民意见。预算应列明全部成本。"
        assert carried(new, "尽早征求居民", old) == ("mapped", "尽早并经常征求居民")

    def test_arabic_is_followed_by_words(self):
        old = "تنشر المدن بياناتها للجميع. تذكر الميزانيات الكلفة كلها."
        new = "تنشر المدن بياناتها المفتوحة للجميع. تذكر الميزانيات الكلفة كلها."
        assert carried(new, "بياناتها للجميع", old) == ("mapped", "بياناتها المفتوحة للجميع")


@pytest.mark.parametrize("language", LANGUAGES)
def test_of_quotes_touched_by_an_edit_hardly_any_goes_astray(language):
    """The bounds of ``bench/carrying.py``, on fewer quotes."""
    counts = outcomes(cases(language, 400, seed=11))
    touched = counts["edited"] + counts["deleted"] + counts["moved"]
    assert touched.total() == 200
    assert share(counts["edited"], "right") > 90
    assert left(counts["deleted"]) > 97
    assert share(touched, "wrong") <= 1
    assert share(counts["untouched"], "right") > 99
