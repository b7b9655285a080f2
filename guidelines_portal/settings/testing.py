"""Settings of the test suite: embedded, or PostgreSQL and Redis where DATABASE_URL and REDIS_URL say so."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

# A process that a test starts shares the directory of the test; every test process has one of its own.
if "TEST_STATE_DIRECTORY" in os.environ:
    _state = Path(os.environ["TEST_STATE_DIRECTORY"])
else:
    _state = Path(tempfile.mkdtemp(prefix="guidelines-portal-tests-"))
    atexit.register(shutil.rmtree, _state, ignore_errors=True)
os.environ["STATE_DIRECTORY"] = str(_state)

from guidelines_portal.settings.embedded import *
from guidelines_portal.settings.embedded import CACHES, DATABASES, REDIS_URL

REQUIRE_SECOND_FACTOR = False
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "testserver"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

# Tests look at what is served from the folders, whatever has been collected before.
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}

# A file, not memory: threads and processes then meet the same locks as in an installation.
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["TEST"] = {"NAME": str(_state / "test.sqlite3")}
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 0

# Redis is shared: each test process has keys and a queue to itself.
_process = f"portal-test-{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
CELERY_TASK_DEFAULT_QUEUE = _process
if REDIS_URL:
    CACHES["default"]["KEY_PREFIX"] = _process
