"""Names called in replies: who can be called by which name, what was called, and how it is read.

A name here is what the thread shows to everybody who may read it, whoever asks: nobody's is given away by calling
them, neither by the secretariat, which sees more, nor by themselves.
"""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.pseudonyms import is_pseudonym, shown_name
from consultations.models import Comment, Mention, Reply, Round
from consultations.naming import EVERYBODY, author_name, is_kept_back, organisation_name, speaker_name

SIGNS = "@＠"  # the second one is what Chinese keyboards write


@dataclass(frozen=True)
class Addressee:
    """Somebody who can be called, by ``name`` in the active language. ``person`` is None for the secretariat."""

    name: str
    whom: Mention.Whom
    addressed: Reply | None = None
    person: int | None = None

    @property
    def role(self) -> str:
        """Why they are of this discussion; empty where the name says it."""
        if self.whom == Mention.Whom.COMMENTER:
            return _("wrote the comment")
        return _("replied") if self.whom == Mention.Whom.REPLIER else ""


@dataclass(frozen=True)
class Words:
    """A run of a reply's words; ``called`` where it is a name with its sign."""

    text: str
    called: bool = False


def addressees(comment: Comment) -> list[Addressee]:
    """Who can be called in a comment's thread, each name once.

    The comment's author goes before repliers of the same name, and of these whoever wrote last. Those who have
    gone aren't called by their pseudonym; a number goes on standing for its author, so that it tells nothing.
    """
    # Nobody is called "Secretariat" but the secretariat, whatever name somebody gave themselves.
    found = [Addressee(_("Secretariat"), Mention.Whom.SECRETARIAT)]
    name = commenter_name(comment)
    if not (is_pseudonym(comment.author_name) and name == shown_name(comment.author_name)):
        found.append(Addressee(name, Mention.Whom.COMMENTER, person=comment.author_id))
    if not comment.round.anonymous:
        found += [
            Addressee(replier_name(reply, comment), Mention.Whom.REPLIER, reply, reply.author_id)
            for reply in reversed(list(comment.replies.all()))
            if reply.status == Reply.Status.VISIBLE
            and not is_pseudonym(reply.author_name)
            and not is_kept_back(reply.author_id, comment)
        ]
    once: dict[str, Addressee] = {}
    for each in found:
        once.setdefault(each.name.casefold(), each)
    return [*list(once.values())[1:], found[0]]


def commenter_name(comment: Comment) -> str:
    """What a comment's author is called before everybody: by name, organization, or the comment's number."""
    if name := author_name(comment, EVERYBODY) or organisation_name(comment, EVERYBODY):
        return name
    # Where the secretariat alone reads, it alone knows the number.
    if comment.number and comment.round.visibility != Round.Visibility.SECRETARIAT:
        return _("No. %(number)s") % {"number": comment.number}
    return _("Author of the comment")


def replier_name(reply: Reply, comment: Comment) -> str:
    """What a replier is called before everybody; no name any more where the reply shows none."""
    if reply.status != Reply.Status.VISIBLE:
        return _("Without name")
    return speaker_name(reply, comment, EVERYBODY) or _("Without name")


def find_mentions(words: str, comment: Comment) -> tuple[str, list[Mention]]:
    """``words`` without the names that were called in them, and these as (unsaved) mentions.

    Names are understood in every language of the portal; what is no name of this thread stays as it was typed.
    """
    if not any(sign in words for sign in SIGNS):
        return words, []
    names = _names_in_all_languages(comment)
    kept: list[str] = []
    length = start = 0
    found: list[Mention] = []
    for at, sign in enumerate(words):
        if sign not in SIGNS or at < start or (at and _joins(words[at - 1])):
            continue
        name = next((name for name in names if _stands(name, words, at + 1)), None)
        if name is None:
            continue
        kept.append(words[start:at])
        length += at - start
        found.append(Mention(position=length, whom=names[name].whom, addressed=names[name].addressed))
        kept.append("@")
        length += 1
        start = at + 1 + len(name)
    return "".join([*kept, words[start:]]), found


def words_of(reply: Reply, comment: Comment) -> list[Words]:
    """A reply as it is read, in runs; ``reply.mentions`` fetched before spare queries."""
    if "@" not in reply.body:
        return [Words(reply.body)]
    runs: list[Words] = []
    start = 0
    for mention in reply.mentions.all():
        at = mention.position
        if reply.body[at : at + 1] != "@":
            continue
        runs += [Words(reply.body[start:at]), Words(f"@{called(mention, comment)}", called=True)]
        start = at + 1
    return [run for run in [*runs, Words(reply.body[start:])] if run.text]


def text_of(reply: Reply, comment: Comment) -> str:
    """A reply as plain text."""
    return "".join(run.text for run in words_of(reply, comment))


def called(mention: Mention, comment: Comment) -> str:
    """The name by which somebody was called, as it is shown today."""
    if mention.whom == Mention.Whom.COMMENTER:
        return commenter_name(comment)
    if mention.addressed is not None:
        return replier_name(mention.addressed, comment)
    return _("Secretariat")


def others(comment: Comment, user: Any) -> list[Addressee]:
    """Whom a reader of the thread can call: everybody but themselves."""
    return [each for each in addressees(comment) if each.person is None or each.person != user.pk]


def _names_in_all_languages(comment: Comment) -> dict[str, Addressee]:
    """Longest first: "No. 12" isn't "No. 1", and Ana Ruiz isn't Ana."""
    every: list[Addressee] = []
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            every += addressees(comment)
    every.sort(key=lambda each: each.whom != Mention.Whom.SECRETARIAT)
    found: dict[str, Addressee] = {}
    for each in every:
        found.setdefault(unicodedata.normalize("NFC", each.name), each)
    return dict(sorted(found.items(), key=lambda item: -len(item[0])))


def _stands(name: str, words: str, at: int) -> bool:
    """Whether ``name`` stands there, in small letters or capitals, and ends there."""
    end = at + len(name)
    if not name or _plain(words[at:end]) != _plain(name):
        return False
    return not (_joins(words[end : end + 1]) and _joins(name[-1]))


def _plain(text: str) -> str:
    return text.replace("\u00a0", " ").lower()


def _joins(character: str) -> bool:
    """Whether a letter beside it would be of the same word; in Chinese nothing shows where words end."""
    return (
        bool(character)
        and unicodedata.category(character)[0] in "LNM"
        and not "\u2e80" <= character <= "\u9fff"
    )


def mentioned_people(reply: Reply) -> set[int]:
    """Whom a reply addresses by name; not those whom it addresses as the secretariat."""
    found: set[int] = set()
    mentions: Iterable[Mention] = reply.mentions.all()
    for mention in mentions:
        if mention.whom == Mention.Whom.COMMENTER:
            found.add(reply.comment.author_id)
        elif mention.addressed is not None:
            found.add(mention.addressed.author_id)
    return found
