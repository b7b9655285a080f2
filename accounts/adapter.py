"""How allauth behaves in this portal."""

from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import User


class PortalAccountAdapter(DefaultAccountAdapter):
    """Mails in the person's own language; addresses in lower case."""

    def populate_username(self, request: HttpRequest, user: User) -> None:
        """People have no user name."""

    def save_user(self, request: HttpRequest, user: User, form: Any, commit: bool = True) -> User:
        user.email = form.cleaned_data["email"].strip().lower()
        user.name = form.cleaned_data.get("name", "")
        user.language = translation.get_language() or "en"
        saved: User = super().save_user(request, user, form, commit)
        return saved

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        person = context.get("user")
        language = getattr(person, "language", "") or translation.get_language() or "en"
        with translation.override(language):
            # Named by the installation, not by the Host header of whoever asked for the mail; links likewise.
            site = SimpleNamespace(name=_("Guidelines Portal"), domain=urlsplit(settings.SITE_URL).netloc)
            links = {name: _on_this_site(url) for name, url in context.items() if name.endswith("_url")}
            super().send_mail(template_prefix, email, {**context, **links, "current_site": site})


def _on_this_site(url: str) -> str:
    """The same page at SITE_URL."""
    scheme, host, *_rest = urlsplit(settings.SITE_URL)
    return urlsplit(url)._replace(scheme=scheme, netloc=host).geturl()
