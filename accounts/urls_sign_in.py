"""Addresses of signing in: allauth's, and ours in the place of some of them, under the same names."""

from allauth.account import urls as account
from allauth.mfa import urls as mfa
from allauth.socialaccount import urls as socialaccount
from django.urls import include, path

from accounts.views.second_factor import remove_passkey
from accounts.views.single_sign_on import oidc_callback, oidc_login

# Its address is known to the service, which knows no languages.
callback = path("account/oidc/<slug:provider_id>/callback/", oidc_callback, name="openid_connect_callback")

urlpatterns = [
    path("oidc/<slug:provider_id>/login/", oidc_login, name="openid_connect_login"),
    path("second-factor/webauthn/keys/<int:pk>/remove/", remove_passkey, name="mfa_remove_webauthn"),
    path("second-factor/", include(mfa)),
    path("connected/", include(socialaccount)),
    path("", include(account)),
]
