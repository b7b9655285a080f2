"""The language of the text, which is chosen apart from that of the page."""

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language

from drafts.models import Draft
from drafts.queries import coverage_to_come

LANGUAGES = dict(settings.LANGUAGES)


def text_language(request: HttpRequest) -> str:
    """The language of the text: ``?text=xx``, else that of the page."""
    asked = request.GET.get("text", "")
    return asked if asked in LANGUAGES else get_language() or "en"


def languages_of(draft: Draft, language: str) -> list[dict[str, object]]:
    """Each language with how much of the draft it has, in per cent; the one that is read is ``current``.

    Those of a published draft that come out later are ``to_come``, with nothing of how far they are; ``asked`` says
    whether the reader wanted that one.
    """
    counts, to_come = coverage_to_come(draft)
    if draft.status == Draft.Status.SUPERSEDED:
        to_come = set()  # nothing comes any more
    whole = max(counts.values(), default=0)
    read = language if counts.get(language) else draft.source_language
    return [
        {
            "code": code,
            "name": name,
            "percent": round(100 * counts[code] / whole),
            "whole": counts[code] == whole,
            "current": code == read,
            "to_come": False,
            "asked": code == language,
        }
        if counts.get(code)
        else {"code": code, "name": name, "to_come": True, "asked": code == language}
        for code, name in settings.LANGUAGES
        if counts.get(code) or code in to_come
    ]
