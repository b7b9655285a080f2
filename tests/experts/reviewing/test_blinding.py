"""What is taken out of a candidate's own words while scoring is blind."""

import pytest

from experts.blinding import blinded, identifying_words
from tests.factories import make_call, make_nomination

pytestmark = pytest.mark.django_db


def test_two_signs_of_chinese_or_korean_say_who_it_is_and_where_from() -> None:
    nomination = make_nomination(make_call(), country="FRA", name="李明")
    words = identifying_words(nomination)
    assert blinded("我叫李明，来自法国。", words) == "我叫[…]，来自[…]。"
    nomination.name = "김 철수 de Al"
    assert blinded("저는 철수, de la ciudad", identifying_words(nomination)) == "저는 […], de la ciudad"
