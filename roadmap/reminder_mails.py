"""The mails of reminders: what one says is asked of its occasion at the moment of sending."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core import signing
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.mail import MailContent, MailItem
from core.models import Notice, pk_of
from core.notices import Addressee, register_kind
from roadmap.actions.reminder_care import TEST
from roadmap.actions.reminding import still_due
from roadmap.occasions import Occasion, Reminded, ReminderWords, occasion_of, occasions
from roadmap.occasions.dates import read_occurrence

SALT = "roadmap.stop_reminders"


@dataclass(frozen=True)
class Worded:
    occasion: Occasion
    words: ReminderWords


def register_kinds() -> None:
    """Make the notices of every occasion known; called when the app is ready, after the occasions are."""
    register_kind(TEST, render_test)
    for occasion in occasions():
        register_kind(
            occasion.kind,
            render_reminders,
            address=address_of,
            sent=note_sent,
            slow=occasion.slow,
        )


def render_test(notices: Sequence[Notice]) -> MailContent:
    """What a reminder looks like, to who asked for it."""
    return MailContent(
        subject=_("A test of reminders"),
        paragraphs=[
            _("This is how reminders of the portal look in your mail program."),
            _("You need do nothing."),
        ],
        action_label=_("See the reminders"),
        action_path=reverse("reminders:overview"),
        reason=_("You get this message because you asked for it on the page of reminders."),
    )


def render_reminders(notices: Sequence[Notice]) -> MailContent | None:
    """One reminder, or those of a day; without those whose cause is gone or whose date has moved."""
    worded = [found for notice in notices if (found := _worded(notice))]
    if not worded:
        return None
    if len(worded) == 1:
        return _one(worded[0], notices[-1])
    return _several(worded)


def address_of(notices: Sequence[Notice]) -> Addressee | None:
    """Who the subject names, where the reminder is for somebody without an account."""
    found = _occasion(notices[-1])
    if found is None or found.address is None:
        return None
    return found.address(int(pk_of(notices[-1].subject, found.model)))


def note_sent(notices: Sequence[Notice], at: datetime) -> None:
    for notice in notices:
        found = _occasion(notice)
        if found is not None and found.sent is not None:
            found.sent(int(pk_of(notice.subject, found.model)), at)


def stop_token(person: int, code: str) -> str:
    """What the link in a mail carries: whose it is and which reminders. Signed; it says no more than that."""
    return signing.dumps([person, code], salt=SALT)


def read_stop_token(token: str) -> tuple[int, str]:
    """The same, read. Raises ``signing.BadSignature``."""
    person, code = signing.loads(token, salt=SALT)
    return int(person), str(code)


def _occasion(notice: Notice) -> Occasion | None:
    return occasion_of(notice.kind.removeprefix("reminder."))


def _worded(notice: Notice) -> Worded | None:
    occasion = _occasion(notice)
    if occasion is None:
        return None
    _offset, date = read_occurrence(notice.occurrence)
    about = int(pk_of(notice.subject, occasion.model))
    concerned = still_due(occasion, notice.occurrence, about, who=notice.recipient_id)
    if notice.recipient_id not in concerned:
        # Nobody was told, so that it is told after all where the cause, or the old date, comes back.
        Notice.objects.filter(pk=notice.pk).delete()
        return None
    words = occasion.words(Reminded(notice.recipient, about, date))
    return Worded(occasion, words) if words else None


def _one(worded: Worded, notice: Notice) -> MailContent:
    words = worded.words
    stop = (
        reverse("reminders:stop", args=[stop_token(notice.recipient_id, worded.occasion.code)])
        if notice.recipient_id
        else ""
    )
    return MailContent(
        subject=words.title,
        paragraphs=words.paragraphs,
        action_label=words.action_label,
        action_path=words.action_path,
        reason=words.reason,
        stop_label=_("Choose which reminders I get") if stop else "",
        stop_path=stop,
        attachments=words.attachments,
    )


def _several(worded: Sequence[Worded]) -> MailContent:
    number = len(worded)
    said = ngettext("%(n)d reminder for today", "%(n)d reminders for today", number) % {"n": number}
    return MailContent(
        subject=said,
        paragraphs=[_("What waits for you in the portal:")],
        items=[
            MailItem(each.words.title, each.words.paragraphs[0], path=each.words.action_path)
            for each in worded
        ],
        reason=_("You get this message because you asked for your reminders in one mail a day."),
        stop_label=_("Choose which reminders I get"),
        stop_path=reverse("reminders:preferences"),
    )
