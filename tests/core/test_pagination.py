"""Pages of lists."""

import pytest
from rest_framework.request import Request
from rest_framework.test import APIRequestFactory

from core.pagination import PortalPagination, UncountedPaginator


@pytest.mark.parametrize(("query", "shown"), [("", 50), ("?page_size=7", 7), ("?page_size=5000", 500)])
def test_size_of_a_page(query: str, shown: int) -> None:
    pagination = PortalPagination()
    request = Request(APIRequestFactory().get(f"/api/v1/rounds/{query}"))
    rows = pagination.paginate_queryset(range(600), request)  # type: ignore[arg-type]
    assert rows is not None and len(rows) == shown
    body = pagination.get_paginated_response(rows).data
    assert set(body) == {"count", "next", "previous", "results"}
    assert (body["count"], body["previous"]) == (600, None)


@pytest.mark.parametrize(
    ("number", "shown", "more"),
    [("1", [0, 1], True), ("2", [2, 3], True), ("3", [4], False), ("9", [], False), ("x", [0, 1], True)],
)
def test_a_list_that_is_not_counted(number: str, shown: list[int], more: bool) -> None:
    page = UncountedPaginator(range(5), 2).get_page(number)
    assert (list(page), page.has_next()) == (shown, more)


@pytest.mark.parametrize("number", [None, "", "0", "-1", "٣", "9" * 30, "1.5"])
def test_what_is_no_number_is_the_first_page(number: str | None) -> None:
    assert list(UncountedPaginator(range(5), 2).get_page(number)) == [0, 1]
