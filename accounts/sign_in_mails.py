"""The words of the mails about signing in and about how an account is entered: ours in the place of allauth's.

Each has one thing to do: a code to type, or a link. A mail that confirms an address greets nobody by name, for
whoever entered the address chose the name too.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from allauth.account import app_settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.templatetags.moments import day_in_words
from core.mail import MailContent

Context = Mapping[str, Any]
# Addresses that nobody has confirmed yet.
UNCONFIRMED = frozenset({"account/email/email_confirmation", "account/email/email_confirmation_signup"})


def content_of(prefix: str, context: Context) -> MailContent | None:
    """The mail that allauth calls ``prefix`` (``account/email/login_code``), under the active language.

    None for one that isn't known here.
    """
    if write := _ASKED.get(prefix):
        return write(context)
    if write := _CHANGED.get(prefix):
        return _notice_of_change(write(context), context)
    return None


def known() -> set[str]:
    """The prefixes of the mails that are worded here."""
    return {*_ASKED, *_CHANGED}


# --- What somebody asked for ---------------------------------------------------------------------------------


def _valid_for(seconds: int) -> str:
    minutes = max(seconds // 60, 1)
    return ngettext(
        "It works once, within %(n)d minute.", "It works once, within %(n)d minutes.", minutes
    ) % {"n": minutes}


def _ignore() -> str:
    return _("If it wasn't you, do nothing: without the code nobody gets further.")


def _sign_in_code(context: Context) -> MailContent:
    return MailContent(
        subject=_("Your code to sign in"),
        paragraphs=[
            _("Type this code into the window in which you asked for it."),
            _valid_for(app_settings.LOGIN_BY_CODE_TIMEOUT),
            _ignore(),
        ],
        code=context["code"],
        reason=_("You get this message because somebody asked to sign in with your address."),
    )


def _confirm_address(context: Context) -> MailContent:
    reason = _("You get this message because somebody entered your address for an account.")
    if "code" in context:
        return MailContent(
            subject=_("Confirm your e-mail address"),
            paragraphs=[
                _("Type this code into the window in which you entered your address."),
                _valid_for(app_settings.EMAIL_VERIFICATION_BY_CODE_TIMEOUT),
                _ignore(),
            ],
            code=context["code"],
            reason=reason,
        )
    return MailContent(
        subject=_("Confirm your e-mail address"),
        paragraphs=[_("Your address was entered for an account. If it wasn't you, do nothing.")],
        action_label=_("Confirm my address"),
        action_path=context["activate_url"],
        reason=reason,
    )


def _reset_password(context: Context) -> MailContent:
    return MailContent(
        subject=_("Choose a new password"),
        paragraphs=[
            _("Somebody, probably you, has forgotten the password of your account."),
            _("If it wasn't you, do nothing: your password stays as it is."),
        ],
        action_label=_("Choose a new password"),
        action_path=context["password_reset_url"],
        reason=_("You get this message because somebody asked for a new password for your address."),
    )


def _reset_password_code(context: Context) -> MailContent:
    return MailContent(
        subject=_("Choose a new password"),
        paragraphs=[
            _("Type this code into the window in which you asked for it."),
            _valid_for(app_settings.PASSWORD_RESET_BY_CODE_TIMEOUT),
            _ignore(),
        ],
        code=context["code"],
        reason=_("You get this message because somebody asked for a new password for your address."),
    )


def _unknown(context: Context) -> MailContent:
    return MailContent(
        subject=_("There is no account with this address"),
        paragraphs=[
            _("Somebody, probably you, tried to get into an account with the address %(address)s.")
            % {"address": context["email"]},
            _("There is none. Try another of your addresses, or sign up with this one."),
            _("If it wasn't you, do nothing: nothing has been kept."),
        ],
        action_label=_("Sign up"),
        action_path=context["signup_url"],
        reason=_("You get this message because somebody entered your address on the sign-in page."),
    )


def _exists(context: Context) -> MailContent:
    return MailContent(
        subject=_("You have an account already"),
        paragraphs=[
            _("Somebody, probably you, tried to sign up with the address %(address)s.")
            % {"address": context["email"]},
            _(
                "It has an account already. Sign in as before; if you have forgotten the password, choose a new one."
            ),
            _("If it wasn't you, do nothing: nothing has changed."),
        ],
        action_label=_("Choose a new password"),
        action_path=context["password_reset_url"],
        reason=_("You get this message because somebody entered your address to sign up."),
    )


# --- What has been changed -----------------------------------------------------------------------------------


def _notice_of_change(content: MailContent, context: Context) -> MailContent:
    """With when and from where it was done, and what to do when it wasn't oneself."""
    at = context["timestamp"]
    where = {
        "day": day_in_words(at),
        "time": f"{at:%H:%M} UTC",
        "address": context["ip"],
        "browser": context["user_agent"],
    }
    return replace(
        content,
        paragraphs=[
            *content.paragraphs,
            _("When: %(day)s, %(time)s\nNetwork address: %(address)s\nBrowser: %(browser)s") % where,
            _("If it was you, there is nothing to do. If it wasn't, act now:"),
        ],
        reason=_(
            "You get this message because the way into your account has changed. It can't be turned off: "
            "it is there to protect you."
        ),
    )


def _password(subject: str, said: str) -> MailContent:
    return MailContent(
        subject=subject,
        paragraphs=[said],
        action_label=_("Choose a new password"),
        action_path=reverse("account_reset_password"),
    )


def _factors(subject: str, said: str) -> MailContent:
    return MailContent(
        subject=subject,
        paragraphs=[said],
        action_label=_("See my second factors"),
        action_path=reverse("mfa_index"),
    )


def _address(subject: str, said: str) -> MailContent:
    """It may be the mail to the old address, from which one no longer gets in: people help."""
    return MailContent(
        subject=subject,
        paragraphs=[said],
        action_label=_("Write to the secretariat"),
        action_path=reverse("pages:contact"),
    )


def _services(subject: str, said: str) -> MailContent:
    return MailContent(
        subject=subject,
        paragraphs=[said],
        action_label=_("See my connected services"),
        action_path=reverse("socialaccount_connections"),
    )


_ASKED: dict[str, Callable[[Context], MailContent]] = {
    "account/email/login_code": _sign_in_code,
    "account/email/email_confirmation": _confirm_address,
    "account/email/email_confirmation_signup": _confirm_address,
    "account/email/password_reset_key": _reset_password,
    "account/email/password_reset_code": _reset_password_code,
    "account/email/unknown_account": _unknown,
    "account/email/account_already_exists": _exists,
}

_CHANGED: dict[str, Callable[[Context], MailContent]] = {
    "account/email/password_changed": lambda _c: _password(
        _("Your password has been changed"), _("Your account has a new password.")
    ),
    "account/email/password_reset": lambda _c: _password(
        _("Your password has been changed"), _("Your account has a new password.")
    ),
    "account/email/password_set": lambda _c: _password(
        _("Your account has a password now"), _("A password was chosen for your account, which had none.")
    ),
    "account/email/email_changed": lambda c: _address(
        _("Your e-mail address has been changed"),
        _("Your account's address was %(old)s. It is %(new)s now.")
        % {"old": c["from_email"], "new": c["to_email"]},
    ),
    "account/email/email_deleted": lambda c: _address(
        _("An e-mail address has been removed"),
        _("The address %(address)s no longer belongs to your account.") % {"address": c["deleted_email"]},
    ),
    "account/email/email_confirm": lambda _c: _address(
        _("Your e-mail address is confirmed"), _("The address of your account has been confirmed.")
    ),
    "mfa/email/totp_activated": lambda _c: _factors(
        _("An authenticator app has been added"), _("Your account has an authenticator app now.")
    ),
    "mfa/email/totp_deactivated": lambda _c: _factors(
        _("The authenticator app has been removed"), _("Your account has no authenticator app any more.")
    ),
    "mfa/email/recovery_codes_generated": lambda _c: _factors(
        _("You have new recovery codes"), _("New recovery codes were made. Earlier ones no longer work.")
    ),
    "mfa/email/webauthn_added": lambda _c: _factors(
        _("A passkey has been added"), _("Your account has one more passkey.")
    ),
    "mfa/email/webauthn_removed": lambda _c: _factors(
        _("A passkey has been removed"), _("A passkey no longer opens your account.")
    ),
    "socialaccount/email/account_connected": lambda c: _services(
        _("A service has been connected"),
        _("Your account can now be entered through %(service)s.") % {"service": c["provider"]},
    ),
    "socialaccount/email/account_disconnected": lambda c: _services(
        _("A service has been disconnected"),
        _("Your account can no longer be entered through %(service)s.") % {"service": c["provider"]},
    ),
}
