"""Under which name somebody's words stand in a round, and before whom: whatever shows a name asks here.

The rule is ``rules.may_see_name``; pages, the API, the desk's list, the margin and mentions differ only in whom they
ask it for. Names are those kept when somebody spoke, so that they go with a consent or an account.
"""

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.utils.translation import gettext as _

from accounts.pseudonyms import shown_name
from consultations.models import Comment, Position, Reply
from consultations.rules import may_see_author, may_see_name, may_see_origin

# Whoever reads, the secretariat and the author apart.
EVERYBODY = AnonymousUser()


def author_name(comment: Comment, reader: Any) -> str:
    """The name of a comment's author; "" where it is kept from the reader."""
    if not may_see_author(reader, comment):
        return ""
    # What the secretariat entered for an organisation has no person's name, least of all that of who typed it.
    name = comment.author_name or ("" if comment.entered_by_id else comment.author.name)
    return shown_name(name) if name else ""


def organisation_name(comment: Comment, reader: Any) -> str:
    """The organisation spoken for; "" where there is none, or it is kept from the reader."""
    return comment.organisation_name if may_see_origin(reader, comment) else ""


def origin_of(comment: Comment, reader: Any) -> str:
    """The organisation and the country spoken from, as far as the reader may know them."""
    if not may_see_origin(reader, comment):
        return ""
    country = getattr(comment, "country_name", None) or comment.country
    return " – ".join(filter(None, (comment.organisation_name, country)))


def byline(comment: Comment, reader: Any) -> str:
    """One name to stand beside a comment in a list: a person's, an organisation's, or that there is none."""
    return author_name(comment, reader) or origin_of(comment, reader) or _("Without name")


def shown_to_others_as(comment: Comment) -> str:
    """What stands beside a comment for everybody but its author and the secretariat, to be told to its author."""
    told = [author_name(comment, EVERYBODY), origin_of(comment, EVERYBODY)]
    # Which organisation it is, is settled when the comment is sent.
    if not comment.submitted_at and not told[0] and may_see_origin(EVERYBODY, comment):
        return _("your organization, without your name")
    return " – ".join(filter(None, told)) or _("Without name")


def speaker_name(said: Reply | Position, comment: Comment, reader: Any) -> str:
    """Who replied or took a position, by the name kept when they did; "" where it is kept from the reader."""
    person = said.author if isinstance(said, Reply) else said.user
    return _seen(
        person.pk if person else None, said.author_name or getattr(person, "name", ""), comment, reader
    )


def reply_shown_as(person: Any, comment: Comment) -> str:
    """What stands beside a reply of ``person`` for everybody but themselves and the secretariat."""
    return _seen(person.pk, person.name, comment, EVERYBODY) or _("Without name")


def name_under_own_comment(comment: Comment) -> str:
    """What the author of a comment without name is called where they reply to it."""
    return organisation_name(comment, EVERYBODY) or _("Author of the comment")


def is_kept_back(speaker: int | None, comment: Comment) -> bool:
    """Whether a reply of ``speaker`` under their name would tell who wrote ``comment``."""
    speaker = _for_themselves(speaker, comment)
    return not comment.round.anonymous and not may_see_name(EVERYBODY, speaker, comment)


def _for_themselves(speaker: int | None, comment: Comment) -> int | None:
    """Whoever entered a comment for somebody speaks under it as themselves, and never as who it came from."""
    return None if speaker is not None and speaker == comment.entered_by_id else speaker


def _seen(speaker: int | None, name: str, comment: Comment, reader: Any) -> str:
    speaker = _for_themselves(speaker, comment)
    if may_see_name(reader, speaker, comment):
        return shown_name(name)
    return name_under_own_comment(comment) if is_kept_back(speaker, comment) else ""
