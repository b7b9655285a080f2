"""The local mailbox: mail as files where no mail server is set, and pages that show it in a demonstration."""

import os
import re
import secrets
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email import message_from_binary_file, policy
from email.message import EmailMessage
from email.parser import BytesHeaderParser
from email.utils import getaddresses, parsedate_to_datetime
from pathlib import Path

from csp.constants import NONE, SELF, UNSAFE_INLINE
from csp.decorators import csp, csp_update
from django.conf import settings
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.message import EmailMessage as OutgoingMail
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

SHOWN = 200
# The policy of a mail within its frame: nothing but its own words and styles.
FRAME = {
    "default-src": [NONE],
    "style-src": [UNSAFE_INLINE],
    "frame-ancestors": [SELF],
    "sandbox": ["allow-popups", "allow-popups-to-escape-sandbox"],
}
NAME = re.compile(r"[0-9]{10,25}-[0-9a-f]{8}")


class MailboxBackend(BaseEmailBackend):
    """Writes each mail into a file of its own in ``settings.MAILBOX_DIRECTORY``: whole or not at all."""

    def send_messages(self, email_messages: Sequence[OutgoingMail]) -> int:
        folder = Path(settings.MAILBOX_DIRECTORY)
        folder.mkdir(parents=True, exist_ok=True)
        for mail in email_messages:
            handle, temporary = tempfile.mkstemp(dir=folder, suffix=".part")
            try:
                with os.fdopen(handle, "wb") as stream:
                    stream.write(mail.message().as_bytes())
                os.replace(temporary, folder / f"{time.time_ns()}-{secrets.token_hex(4)}.eml")
            except BaseException:
                Path(temporary).unlink(missing_ok=True)
                raise
        return len(email_messages)


def forget(addresses: set[str], message_ids: set[str]) -> int:
    """Delete the mails to any of ``addresses`` (lower case) or with one of these Message-IDs; how many.

    Where a mail server is set there is no mailbox, and nothing to delete.
    """
    forgotten = 0
    for path in Path(settings.MAILBOX_DIRECTORY).glob("*.eml"):
        with path.open("rb") as stream:
            head = BytesHeaderParser(policy=policy.default).parse(stream)
        to = {address.lower() for _name, address in getaddresses([str(head["To"] or "")])}
        if to & addresses or str(head["Message-ID"] or "") in message_ids:
            path.unlink(missing_ok=True)
            forgotten += 1
    return forgotten


@dataclass(frozen=True)
class Mail:
    """A mail as the mailbox shows it."""

    id: str
    sender: str
    to: str
    subject: str
    sent_at: datetime | None
    language: str
    text: str
    html: str = ""


def read_mail(path: Path) -> Mail:
    """The mail in ``path``, its text and its HTML decoded."""
    with path.open("rb") as stream:
        parsed = message_from_binary_file(stream, _class=EmailMessage, policy=policy.default)
    body = parsed.get_body(preferencelist=("plain", "html"))
    html = parsed.get_body(preferencelist=("html",))
    try:
        sent_at = parsedate_to_datetime(str(parsed["Date"]))
    except (TypeError, ValueError):
        sent_at = None
    return Mail(
        id=path.stem,
        sender=str(parsed["From"] or ""),
        to=str(parsed["To"] or ""),
        subject=str(parsed["Subject"] or ""),
        sent_at=sent_at,
        language=str(parsed["Content-Language"] or ""),
        text=str(body.get_content()) if body else "",
        html=str(html.get_content()) if html else "",
    )


def _demonstration_only() -> Path:
    """The folder; 404 in any installation but a demonstration: mails carry people's codes and links."""
    if not settings.DEMONSTRATION:
        raise Http404
    return Path(settings.MAILBOX_DIRECTORY)


@require_safe
@never_cache
def mailbox_list(request: HttpRequest) -> HttpResponse:
    """The mails that the demonstration sent, newest first."""
    paths = sorted(_demonstration_only().glob("*.eml"), reverse=True)
    mails = [read_mail(path) for path in paths[:SHOWN]]
    return render(request, "core/mailbox_list.html", {"mails": mails, "total": len(paths)})


def _mail(mail_id: str) -> Mail:
    path = _demonstration_only() / f"{mail_id}.eml"
    if not NAME.fullmatch(mail_id) or not path.is_file():
        raise Http404
    return read_mail(path)


@require_safe
@never_cache
@csp_update({"frame-src": [SELF]})  # type: ignore[arg-type]
def mailbox_detail(request: HttpRequest, mail_id: str) -> HttpResponse:
    """One mail as text with links to follow, and as mail programs show it."""
    return render(request, "core/mailbox_detail.html", {"mail": _mail(mail_id)})


@require_safe
@never_cache
@xframe_options_sameorigin
@csp(FRAME)  # type: ignore[arg-type]
def mailbox_html(request: HttpRequest, mail_id: str) -> HttpResponse:
    """The HTML of one mail, for the frame on its page: no script, nothing from elsewhere, no origin of its own."""
    html = _mail(mail_id).html
    if not html:
        raise Http404
    # Within the frame the portal's pages refuse to be shown: links open beside it.
    return HttpResponse(html.replace("<head>", '<head><base target="_blank">', 1))
