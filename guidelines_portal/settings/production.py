"""PostgreSQL, Redis, HTTPS. Refuses to start with an unsafe value and says which and why."""

from guidelines_portal.settings import base
from guidelines_portal.settings.base import *
from guidelines_portal.settings.safety import refuse_unsafe

refuse_unsafe(vars(base))

REQUIRE_SECOND_FACTOR = base.REQUIRE_SECOND_FACTOR is not False

SECURE_SSL_REDIRECT = True
# The liveness probe comes from inside, over plain HTTP.
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
if base.TRUSTED_PROXY_COUNT:
    # Only a proxy of our own may say that a request came over HTTPS.
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 365 * 24 * 3600
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-sessionid"

STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
