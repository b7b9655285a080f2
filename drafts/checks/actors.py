"""Actions that nobody is asked to take."""

import re
from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from drafts.checks.read import ReadDraft, lexicon_of
from drafts.checks.registry import Found, check
from drafts.formats.lexicon import ACTORS, Lexicon
from drafts.models import Finding, Provision

Kind = Provision.Kind


@check(
    "action_without_actor",
    Finding.Severity.WARNING,
    title=_("An action without an actor"),
    looks_for=_(
        "Actions, and paragraphs under the heading “Actions”, that are addressed to nobody: neither kept under an "
        "actor nor naming one before their list of means."
    ),
    why=_("What nobody in particular is asked to do, nobody does; and nobody can be asked about it."),
    messages={
        "": _("This paragraph stands among the actions, but names nobody who should act."),
        "action": _("This action is addressed to nobody."),
    },
)
def actions_without_actor(read: ReadDraft) -> Iterator[Found]:
    lexicon = lexicon_of(read.source)
    for row, text in read.rows(read.source, (Kind.PARAGRAPH, Kind.ACTION, Kind.ITEM)):
        if row.actor or not text.text.strip():
            continue
        parent = read.parent(row)
        if row.kind == Kind.ACTION:
            if parent is None or not parent.actor:
                yield Found(row.key, read.source, words=(text.text,), variant="action")
        elif (
            row.kind == Kind.PARAGRAPH
            and parent is not None
            and _is_actions(read, parent, lexicon)
            and not _names_an_actor(lexicon, text.text)
        ):
            yield Found(row.key, read.source, words=(text.text,))


def _is_actions(read: ReadDraft, heading: Provision, lexicon: Lexicon) -> bool:
    if heading.kind != Kind.HEADING:
        return False
    return heading.key.endswith("__actions") or lexicon.says("actions", read.heading(heading, read.source))


def _names_an_actor(lexicon: Lexicon, text: str) -> bool:
    """Whom a list of means mentions ("training for local authorities") is not whom the paragraph addresses."""
    before_means = re.split(r"[:：]", text, maxsplit=1)[0]
    return any(lexicon.mentions(actor, before_means) for actor in ACTORS)
