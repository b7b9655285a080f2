"""Mail: what it says, and handing one message over to the mail server."""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation


@dataclass(frozen=True)
class MailItem:
    """One of several things that a mail tells: what it is about, words in a language of their own, and a link."""

    title: str
    words: str = ""
    language: str = ""
    path: str = ""

    @property
    def url(self) -> str:
        return absolute(self.path) if self.path else ""

    @property
    def direction(self) -> str:
        return "rtl" if self.language and translation.get_language_info(self.language)["bidi"] else "ltr"


@dataclass(frozen=True)
class MailAttachment:
    """A file that goes with a mail."""

    name: str
    content: bytes
    media_type: str


@dataclass(frozen=True)
class MailContent:
    """One mail in one language: plain paragraphs, items after them, at most one thing to do, and why the person gets
    it.

    ``action_path`` is a path of the portal (``/en/…``) or a whole address. ``code`` is to be typed or copied: it
    takes the place of an action. ``stop_path`` is where the person chooses which mails to get.
    ``calendar`` is an iCalendar text that calendars act on by its ``calendar_method`` (RFC 6047).
    """

    subject: str
    paragraphs: list[str] = field(default_factory=list)
    items: list[MailItem] = field(default_factory=list)
    action_label: str = ""
    action_path: str = ""
    reason: str = ""
    code: str = ""
    stop_label: str = ""
    stop_path: str = ""
    calendar: str = ""
    calendar_method: str = ""
    attachments: list[MailAttachment] = field(default_factory=list)

    @property
    def action_url(self) -> str:
        return absolute(self.action_path) if self.action_path else ""

    @property
    def stop_url(self) -> str:
        return absolute(self.stop_path) if self.stop_path else ""


def absolute(path: str) -> str:
    """The whole address of a path of the portal; an address that is whole already stays."""
    return f"{settings.SITE_URL}{path}" if path.startswith("/") else path


def new_message_id() -> str:
    """A Message-ID under the portal's own host."""
    return f"<{uuid4().hex}@{urlsplit(settings.SITE_URL).hostname or 'localhost'}>"


def compose(
    content: MailContent, *, recipient: Any, language: str, message_id: str
) -> EmailMultiAlternatives:
    """The mail as text and HTML in ``language``; nothing is sent. ``recipient`` without a name is greeted without."""
    with translation.override(language):
        context = {
            "content": content,
            "recipient": recipient,
            "language": language,
            "direction": "rtl" if translation.get_language_bidi() else "ltr",
            "site_url": settings.SITE_URL,
        }
        mail = EmailMultiAlternatives(
            # A line break in a subject would begin another header.
            subject=" ".join(str(content.subject).split()),
            body=render_to_string("core/mail/message.txt", context),
            to=[recipient.email],
            headers={
                "Message-ID": message_id,
                "Auto-Submitted": "auto-generated",
                "Content-Language": language,
            },
        )
        mail.attach_alternative(render_to_string("core/mail/message.html", context), "text/html")
        if content.calendar:
            # Last, as the richest: programs that know no calendars show what stands before it.
            mail.attach_alternative(content.calendar, f"text/calendar; method={content.calendar_method}")
    for attached in content.attachments:
        mail.attach(attached.name, attached.content, attached.media_type)
    return mail
