"""The limits on tries to get in, in words: how often, and when to go on."""

from allauth.account import app_settings
from allauth.core.internal.ratelimit import parse_rates
from django.utils.translation import ngettext


def too_many_tries() -> str:
    """Said to whoever typed wrong passwords or codes too often."""
    amount, minutes = _limit("login_failed")
    return ngettext(
        "Too many failed attempts: at most %(amount)d within %(minutes)d minute. Wait as long, then try again.",
        "Too many failed attempts: at most %(amount)d within %(minutes)d minutes. Wait as long, then try again.",
        minutes,
    ) % {"amount": amount, "minutes": minutes}


def too_many_codes() -> str:
    """Said to whoever had codes sent to one address too often."""
    amount, minutes = _limit("request_login_code")
    return ngettext(
        "Codes were asked for too often: at most %(amount)d within %(minutes)d minute. Look for the last mail, "
        "among the unwanted ones too, or wait as long and ask again.",
        "Codes were asked for too often: at most %(amount)d within %(minutes)d minutes. Look for the last mail, "
        "among the unwanted ones too, or wait as long and ask again.",
        minutes,
    ) % {"amount": amount, "minutes": minutes}


def _limit(action: str) -> tuple[int, int]:
    """How many tries for one account within how many minutes (rounded up)."""
    rate = next(rate for rate in parse_rates(app_settings.RATE_LIMITS.get(action)) if rate.per == "key")
    return rate.amount, max(1, -(-int(rate.duration) // 60))
