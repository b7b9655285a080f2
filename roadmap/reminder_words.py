"""Rules of reminders in words."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from roadmap.models import ReminderRule
from roadmap.occasions import Occasion


def rule_in_words(rule: ReminderRule, occasion: Occasion) -> str:
    """``7 days before the closing of the round``, with how often it is repeated."""
    named = {"n": rule.days, "date": occasion.date}
    if rule.side == ReminderRule.Side.BEFORE:
        words = ngettext("%(n)d day before %(date)s", "%(n)d days before %(date)s", rule.days) % named
    elif rule.days == 0:
        words = _("On the day of %(date)s") % named
    else:
        words = ngettext("%(n)d day after %(date)s", "%(n)d days after %(date)s", rule.days) % named
    if rule.times == 1:
        return words
    again = ngettext(
        "%(words)s, again after %(n)d day, %(times)d times in all",
        "%(words)s, again every %(n)d days, %(times)d times in all",
        rule.repeat_days or 1,
    )
    return again % {"words": words, "n": rule.repeat_days or 1, "times": rule.times}
