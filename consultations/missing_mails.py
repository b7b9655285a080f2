"""The words of the reminder that goes to those from whom nothing has come."""

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from consultations.balance import invited, spoke_in
from consultations.mails import in_full
from consultations.models import Round
from consultations.slots import reminder_choices
from core.mail import MailContent
from core.models import Notice, pk_of


def render_missing(notices: Sequence[Notice]) -> MailContent | None:
    """The reminder, as things are now; None where the round is over, or the recipient has spoken meanwhile, isn't asked
    any more or wants no reminders."""
    recipient = notices[-1].recipient
    round = Round.objects.select_related("draft").filter(pk=pk_of(notices[-1].subject, Round)).first()
    if recipient is None or round is None or round.state != Round.State.OPEN:
        return None
    still = invited(round, at=timezone.now()).filter(pk=recipient.pk).exclude(spoke_in(round))
    if not still.exists() or any(recipient.pk in choices.unwanted() for choices in reminder_choices()):
        return None
    return missing_words(round, recipient)


def missing_words(round: Round, person: Any) -> MailContent:
    """The mail in the active language; also to be read by whoever sends it."""
    named = {"round": round.title, "when": in_full(round.closes_at, person)}
    choices = next(iter(reminder_choices()), None)
    return MailContent(
        subject=_("Your voice is missing: %(round)s") % named,
        paragraphs=[
            _("“%(round)s” closes on %(when)s. There is no comment of yours in it yet.") % named,
            _(
                "The secretariat looks at who has spoken so far, and wants to hear from you in particular. Comments in"
                " any of the six languages are welcome, on a single provision as well as on the whole draft."
            ),
            _("If you have nothing to add, you need do nothing."),
        ],
        action_label=_("See the round"),
        action_path=reverse("consultations:round_detail", args=[round.pk]),
        reason=_("You get this message because you are asked to take part in “%(round)s”.") % named,
        stop_label=_("No more reminders of rounds") if choices else "",
        stop_path=choices.stop_path(person.pk) if choices and isinstance(person, User) else "",
    )
