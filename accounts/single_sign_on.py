"""Signing in through a service of the installation's choice (OpenID Connect)."""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter, _build_apps_from_settings
from allauth.socialaccount.models import SocialApp, SocialLogin
from django.conf import settings
from django.http import HttpRequest

from accounts.models import User
from accounts.reserved_names import is_reserved
from core.names import without_overrides


def services() -> dict[str, str]:
    """The services of the installation's choice: their names under their ids."""
    providers: Any = settings.SOCIALACCOUNT_PROVIDERS
    return {app["provider_id"]: app["name"] for app in providers["openid_connect"]["APPS"]}


class PortalSocialAccountAdapter(DefaultSocialAccountAdapter):
    """A service speaks for the addresses of its own domains only (docs/decisions/0008)."""

    def list_apps(self, request: HttpRequest, provider: Any = None, client_id: Any = None) -> list[SocialApp]:
        """Those of the environment; the database holds none."""
        known = _build_apps_from_settings(provider=provider, client_id=client_id)
        return [app for apps in known.values() for app in apps]

    def can_authenticate_by_email(self, login: SocialLogin, email: str) -> bool:
        domains = login.provider.app.settings.get("domains", []) if login.provider.app else []
        return email.rpartition("@")[2].lower() in domains

    def authenticate_by_email(self, sociallogin: SocialLogin) -> tuple[User, str] | None:
        """The active account that has confirmed an address which the service vouches for, and the address."""
        for address in sociallogin.email_addresses:
            if _claimed(address) and self.can_authenticate_by_email(sociallogin, address.email):
                known = EmailAddress.objects.filter(email=address.email.lower(), verified=True)
                owner = known.filter(user__is_active=True).select_related("user").first()
                if owner:
                    return owner.user, owner.email
        return None

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """What the service says of addresses elsewhere is a claim: they are confirmed by a code."""
        for address in sociallogin.email_addresses:
            vouched = self.can_authenticate_by_email(sociallogin, address.email)
            address.verified = _claimed(address) and vouched

    def populate_user(self, request: HttpRequest, sociallogin: SocialLogin, data: dict[str, Any]) -> User:
        user: User = super().populate_user(request, sociallogin, data)
        parts = (data.get("first_name"), data.get("last_name"))
        name = without_overrides(str(data.get("name") or " ".join(filter(None, parts))))[:150]
        user.name = "" if is_reserved(name) else name  # who has none is asked for one
        return user

    def get_signup_form_initial_data(self, sociallogin: SocialLogin) -> dict[str, Any]:
        initial: dict[str, Any] = super().get_signup_form_initial_data(sociallogin)
        return {**initial, "name": getattr(sociallogin.user, "name", "")}


def _claimed(address: EmailAddress) -> bool:
    """Whether the service says that it has confirmed the address; some services say so in a word."""
    return str(address.verified).lower() == "true"
