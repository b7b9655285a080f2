"""How lists are cut into pages."""

from typing import Any

from django.core.paginator import Page, Paginator
from rest_framework.pagination import PageNumberPagination


class PortalPagination(PageNumberPagination):
    """`{"count", "next", "previous", "results"}`, 50 to a page; `page_size` asks for up to 500."""

    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 500


class UncountedPaginator(Paginator):
    """Pages of a list that is not counted first: one more row than a page holds tells whether more follow."""

    def get_page(self, number: Any) -> "Page[Any]":
        """The page of that number; the first one for what is no number. A page after the end is empty."""
        text = str(number or "")
        wanted = max(1, int(text)) if text.isascii() and text.isdecimal() and len(text) < 6 else 1
        start = (wanted - 1) * self.per_page
        rows = list(self.object_list[start : start + self.per_page + 1])
        self.count = start + len(rows)
        return Page(rows[: self.per_page], wanted, self)
