"""The default: one machine, no service. SQLite, a local mailbox, a worker process that reads the outbox."""

from guidelines_portal.settings import database
from guidelines_portal.settings.base import *
from guidelines_portal.settings.base import (
    ALLOWED_HOSTS,
    DATABASES,
    REQUIRE_SECOND_FACTOR,
    SECRET_KEY,
    STATE_DIRECTORY,
)
from guidelines_portal.settings.secret import kept_secret

STATE_DIRECTORY.mkdir(parents=True, exist_ok=True)

SECRET_KEY = SECRET_KEY or kept_secret(STATE_DIRECTORY / "secret_key")
REQUIRE_SECOND_FACTOR = bool(REQUIRE_SECOND_FACTOR)
ALLOWED_HOSTS = ALLOWED_HOSTS or ["localhost", "127.0.0.1", "[::1]"]

if not DATABASES:
    DATABASES["default"] = database.sqlite(STATE_DIRECTORY / "portal.sqlite3")

# Files that were not collected are served from their folders.
WHITENOISE_USE_FINDERS = True
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "guidelines_portal.storage.CollectedStaticFilesStorage"},
}
