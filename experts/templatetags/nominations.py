"""What the pages of nominations need in templates."""

from collections.abc import Mapping

from django import template

from experts.models import NominationPaper

register = template.Library()


@register.simple_tag
def paper_named(papers: Mapping[str, NominationPaper], field: str) -> NominationPaper | None:
    """The paper that stands behind a field of the form (``paper_cv``), if there is one."""
    return papers.get(field.removeprefix("paper_"))
