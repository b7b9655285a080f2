"""What stands around a document's words: title page, marking, dates and hash."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.templatetags.moments import day_in_words
from drafts.documents.content import Content, notices
from drafts.models import Draft, Revision

# Raised when the design of documents changes: what was made by an earlier recipe is made anew.
RECIPE = 1
RIGHT_TO_LEFT = {"ar"}

MARKINGS = {
    Draft.Status.WORKING: gettext_lazy("Working draft – embargoed"),
    Draft.Status.CIRCULATED: gettext_lazy("Circulated draft – embargoed"),
}


@dataclass(frozen=True)
class Frame:
    """Everything but the provisions. In the language that is active, which is the document's."""

    language: str
    direction: str
    title: str
    subtitle: str
    label: str
    status: str
    author: str
    marking: str
    facts: list[tuple[str, str]]
    notices: list[str]
    content_hash: str
    as_of: datetime


def state_of(draft: Draft, language: str) -> datetime:
    """As of when the words in ``language`` stand: their publication, else the last change of any."""
    if draft.published_at:
        frozen = draft.editions.filter(language=language, released_at__gt=draft.published_at)
        return frozen.values_list("released_at", flat=True).first() or draft.published_at
    shown = Revision.objects.filter(provision_text__provision__draft=draft, provision_text__unreleased=False)
    last = shown.aggregate(last=Max("at"))["last"]
    return max(last or draft.created_at, draft.created_at)  # what was taken over is older than the draft


def frame_of(draft: Draft, language: str, content: Content, content_hash: str, as_of: datetime) -> Frame:
    names = dict(settings.LANGUAGES)
    facts = [
        (_("Status"), str(draft.get_status_display())),
        (_("Date"), day_in_words(as_of)),
        (_("Language"), names[language]),
    ]
    if language != draft.source_language:
        facts.append((_("Original"), names[draft.source_language]))
    return Frame(
        language=language,
        direction="rtl" if language in RIGHT_TO_LEFT else "ltr",
        title=draft.guidelines.title,
        subtitle=draft.label,
        label=draft.label,
        status=str(draft.get_status_display()),
        author=_("Guidelines Portal"),
        marking=str(MARKINGS.get(Draft.Status(draft.status), "")),
        facts=facts,
        notices=notices(content),
        content_hash=content_hash,
        as_of=as_of,
    )
