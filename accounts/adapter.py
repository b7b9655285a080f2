"""How allauth behaves in this portal."""

import time
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy

from accounts import limits, sign_in_mails
from accounts.models import User
from accounts.passwords import ALONE
from accounts.sessions import SEEN_AT, SIGNED_IN_AT
from core.addresses import is_local
from core.mail import compose, new_message_id


class PortalAccountAdapter(DefaultAccountAdapter):
    """Mails in the person's own language; addresses in lower case; limits that say what they are."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        # Said where a code was wrong as often as it may be; where a limit on tries is reached, see below.
        "too_many_login_attempts": gettext_lazy(
            "A wrong code was typed three times, so the one in the mail no longer works. Ask for a new one."
        ),
        "rate_limited": gettext_lazy(
            "Codes were asked for too often. Look for the last mail, among the unwanted ones too, or ask again "
            "in three minutes."
        ),
    }

    def validation_error(self, code: str, *args: Any) -> ValidationError:
        if code == "too_many_login_attempts":
            return ValidationError(limits.too_many_tries(), code=code)
        return super().validation_error(code, *args)

    def populate_username(self, request: HttpRequest, user: User) -> None:
        """People have no user name."""

    def save_user(self, request: HttpRequest, user: User, form: Any, commit: bool = True) -> User:
        user.email = form.cleaned_data["email"].strip().lower()
        user.name = form.cleaned_data.get("name", "")
        user.language = translation.get_language() or "en"
        saved: User = super().save_user(request, user, form, commit)
        return saved

    def set_password(self, user: User, password: str) -> None:
        user.short_password = len(password) < ALONE
        super().set_password(user, password)

    def login(self, request: HttpRequest, user: User) -> None:
        super().login(request, user)
        request.session[SEEN_AT] = request.session[SIGNED_IN_AT] = time.time()

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Whoever has just signed in needn't prove at once again who they are."""
        signed_in_at = self.request.session.get(SIGNED_IN_AT, 0)
        if time.time() - signed_in_at < app_settings.REAUTHENTICATION_TIMEOUT:
            return False
        return bool(super().is_reauthentication_required(app=app, **kwargs))

    def is_safe_url(self, url: str) -> bool:
        """Only paths of the portal: whole addresses never stand in its links."""
        return is_local(url)

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return reverse("home")  # in the language of the page one comes from

    def get_signup_redirect_url(self, request: HttpRequest) -> str:
        return reverse("home")

    def get_logout_redirect_url(self, request: HttpRequest) -> str:
        return reverse("home")

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("accounts:overview")

    def send_notification_mail(
        self, template_prefix: str, user: User, context: Any = None, email: Any = None
    ) -> None:
        super().send_notification_mail(template_prefix, user, {**(context or {}), "user": user}, email)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        # A code is asked for by somebody who isn't signed in; the mail goes to the account's owner all the same.
        person = context.get("user") or User.objects.filter(email=email.lower()).first()
        language = getattr(person, "language", "") or translation.get_language() or "en"
        with translation.override(language):
            # Named by the installation, not by the Host header of whoever asked for the mail.
            links = {name: _on_this_site(url) for name, url in context.items() if name.endswith("_url")}
            content = sign_in_mails.content_of(template_prefix, {"email": email, **context, **links})
        if content is None:
            raise ValueError(f"Nobody has worded the mail {template_prefix!r} (accounts/sign_in_mails.py).")
        name = "" if template_prefix in sign_in_mails.UNCONFIRMED else getattr(person, "name", "")
        recipient = SimpleNamespace(name=name, email=email)
        compose(content, recipient=recipient, language=language, message_id=new_message_id()).send()


def _on_this_site(url: str) -> str:
    """The same page at SITE_URL."""
    scheme, host, *_rest = urlsplit(settings.SITE_URL)
    return urlsplit(url)._replace(scheme=scheme, netloc=host).geturl()
