"""What every installation shares. The environment is read here and nowhere else (see docs/settings.md)."""

from pathlib import Path
from typing import Any

import environ
from csp.constants import NONE, SELF

from guidelines_portal.settings import database, identity

env = environ.Env()

BASE_DIR = Path(__file__).resolve().parent.parent.parent

# --- The environment -------------------------------------------------------------------------------------

DEBUG = env.bool("DEBUG", default=False)
DEMONSTRATION = env.bool("DEMONSTRATION", default=False)
SECRET_KEY = env.str("SECRET_KEY", default="")
SECRET_KEY_FALLBACKS: list[str] = env.list("SECRET_KEY_FALLBACKS", default=[])
ALLOWED_HOSTS: list[str] = env.list("ALLOWED_HOSTS", default=[])
SITE_URL = env.str("SITE_URL", default="http://localhost:8000").rstrip("/")
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", default=[])
TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=0)
SECRETARIAT_TIME_ZONE = env.str("SECRETARIAT_TIME_ZONE", default="Africa/Nairobi")
STATE_DIRECTORY = Path(env.str("STATE_DIRECTORY", default=str(BASE_DIR / "var"))).resolve()
DATABASE_URL = env.str("DATABASE_URL", default="")
REDIS_URL = env.str("REDIS_URL", default="")
EMAIL_URL = env.str("EMAIL_URL", default="")
CONTACT_EMAIL = env.str("CONTACT_EMAIL", default="")
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="Guidelines Portal <portal@localhost>")
LOG_LEVEL = env.str("LOG_LEVEL", default="INFO").upper()
# None: not said; each settings module has its own default.
REQUIRE_SECOND_FACTOR: bool | None = env.bool("REQUIRE_SECOND_FACTOR", default=None)
OIDC_PROVIDERS = env.str("OIDC_PROVIDERS", default="")

# --- Where an installation keeps what it writes ----------------------------------------------------------

# While this file is there, people get a page that says so, and nothing asks the database.
MAINTENANCE_FILE = STATE_DIRECTORY / "maintenance"
MAILBOX_DIRECTORY = STATE_DIRECTORY / "mailbox"
MEDIA_ROOT = STATE_DIRECTORY / "files"
# Who came to a meeting of five thousand is noted in one form: two fields for each of them, and the speakers.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 12_000
MEDIA_URL = ""  # uploads have no address of their own: a view serves them after a permission check
DEMONSTRATION_PASSWORD = "demonstration-only"  # noqa: S105 printed on the sign-in page
DEMONSTRATION_ACCOUNTS = STATE_DIRECTORY / "demonstration_accounts.json"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"] if (BASE_DIR / "static").is_dir() else []
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "guidelines_portal.finders.ServedAppsFinder",
]
STATICFILES_APPS = ["django_htmx", "core", "accounts", "drafts", "consultations", "experts", "roadmap"]
# Of htmx one file is used; some of its extensions import what is not there, which collecting would stumble on.
STATICFILES_LEFT_OUT = ["django_htmx/ext/*", "htmax-*", "htmx-4*"]

# --- Applications ----------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "modeltranslation",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "rest_framework",
    "knox",
    "drf_spectacular",
    "django_filters",
    "django_htmx",
    "csp",
    "core",
    "accounts",
    "drafts",
    "consultations",
    "experts",
    "roadmap",
    "guidelines_portal",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    # Before WhiteNoise: files that were not collected, and so not compressed in advance, are compressed too.
    "django.middleware.gzip.GZipMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "core.middleware.ReadableMiddleware",
    "core.middleware.MaintenanceMiddleware",
    "core.middleware.SessionCookieMiddleware",
    "accounts.middleware.PersonalPagesMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.middleware.LastSeenMiddleware",
    "core.middleware.WordsBackMiddleware",
    "accounts.middleware.SecondFactorMiddleware",
    "core.middleware.RefusalMiddleware",
]

ROOT_URLCONF = "guidelines_portal.urls"
WSGI_APPLICATION = "guidelines_portal.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.template.context_processors.tz",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
            # Signs between words stand in nearly every template.
            "builtins": ["core.templatetags.punctuation"],
        },
    },
]

# --- Languages and time ----------------------------------------------------------------------------------

LANGUAGE_CODE = "en"
LANGUAGES = [  # each under its own name: whoever looks for it may not read the page's language
    ("ar", "العربية"),
    ("en", "English"),
    ("es", "Español"),
    ("fr", "Français"),
    ("ru", "Русский"),
    ("zh-hans", "中文"),
]
LOCALE_PATHS = [BASE_DIR / "locale"]
MODELTRANSLATION_LANGUAGES = ("ar", "en", "es", "fr", "ru", "zh-hans")
MODELTRANSLATION_DEFAULT_LANGUAGE = "en"
# A title in whatever language there is, rather than none.
MODELTRANSLATION_FALLBACK_LANGUAGES = ("en", "fr", "es", "ru", "ar", "zh-hans")
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# --- People ----------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "accounts.passwords.EnoughCharacters"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "accounts.adapter.PortalAccountAdapter"
ACCOUNT_SIGNUP_FORM_CLASS = "accounts.forms.sign_up.SignUpForm"
ACCOUNT_FORMS = {
    "login": "accounts.forms.sign_in.SignInForm",
    "request_login_code": "accounts.forms.sign_in.CodeRequestForm",
    "signup": "accounts.forms.registering.RegisteringForm",
}
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_UNIQUE_EMAIL = True
ACCOUNT_CHANGE_EMAIL = True  # one address; a new one takes its place once confirmed
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_DEFAULT_HTTP_PROTOCOL = SITE_URL.partition(":")[0]
ACCOUNT_EMAIL_NOTIFICATIONS = True  # whoever changes how an account is entered is told of it
ACCOUNT_REAUTHENTICATION_REQUIRED = True  # the adapter counts a recent sign-in
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60  # mail may take its time
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
# A meeting hall shares one address, and some in it mistype; guessing is limited by account.
ACCOUNT_RATE_LIMITS = {
    "login": "120/m/ip",
    "signup": "60/m/ip",
    "login_failed": "120/m/ip,5/300s/key",
    "request_login_code": "60/m/ip,3/m/key",
}
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXY_COUNT

MFA_ADAPTER = "accounts.second_factor_adapter.PortalMFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_TOLERANCE = 1  # a phone's clock may be half a minute off
MFA_RATE_LIMITS = {"webauthn_login": "120/m/ip"}
MFA_FORMS = {
    "activate_totp": "accounts.forms.second_factor.ActivateAppForm",
    "deactivate_totp": "accounts.forms.second_factor.RemoveAppForm",
    "authenticate": "accounts.forms.second_factor.CodeForm",
    "reauthenticate": "accounts.forms.second_factor.ConfirmByCodeForm",
    "login_webauthn": "accounts.forms.second_factor.PasskeySignInForm",
    "authenticate_webauthn": "accounts.forms.second_factor.PasskeyStepForm",
    "reauthenticate_webauthn": "accounts.forms.second_factor.ConfirmByPasskeyForm",
    "add_webauthn": "accounts.forms.second_factor.AddPasskeyForm",
    "edit_webauthn": "accounts.forms.second_factor.RenamePasskeyForm",
}

SOCIALACCOUNT_ADAPTER = "accounts.single_sign_on.PortalSocialAccountAdapter"
SOCIALACCOUNT_AUTO_SIGNUP = False  # whoever is new reads and agrees, as everyone does
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
SOCIALACCOUNT_FORMS = {"signup": "accounts.forms.single_sign_on.SingleSignOnSignUpForm"}
SOCIALACCOUNT_PROVIDERS: dict[str, Any] = {
    "openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": identity.apps(OIDC_PROVIDERS)}
}

# --- Sessions, cookies and headers -----------------------------------------------------------------------

SESSION_ENGINE = "django.contrib.sessions.backends.db"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"  # no cookie of its own
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = SITE_URL.startswith("https://")
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "core.errors.csrf_failure"
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "manifest-src": [SELF],
        "worker-src": [SELF],
    },
}

# --- API -------------------------------------------------------------------------------------------------

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "core.authentication.AsciiTokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticatedOrReadOnly"],
    "DEFAULT_PAGINATION_CLASS": "core.pagination.PortalPagination",
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["core.parsers.PortalJSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_THROTTLE_CLASSES": ["core.throttling.WriteThrottle"],
    "EXCEPTION_HANDLER": "core.errors.api_exception_handler",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
    # `format` belongs to the portal's own parameters (an export's format), not to content negotiation.
    "URL_FORMAT_OVERRIDE": None,
    "NUM_PROXIES": TRUSTED_PROXY_COUNT,
}

# Tokens are stored hashed and shown once. They don't expire by themselves: programs use them unattended, and
# whoever holds one can see and revoke it. The prefix is the contract's: "Authorization: Token …".
REST_KNOX = {
    "TOKEN_TTL": None,
    "TOKEN_LIMIT_PER_USER": None,
    "AUTO_REFRESH": False,
    "AUTH_HEADER_PREFIX": "Token",
}

SPECTACULAR_SETTINGS = {
    "TITLE": "Guidelines Portal",
    "DESCRIPTION": "Drafts of guidelines, consultation rounds, comments and the answers to them.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1/",
    "ENUM_NAME_OVERRIDES": {
        "AnswerOutcomeEnum": "consultations.models.Disposition.Outcome",
        "HostingOutcomeEnum": "experts.models.HostingSlot.Outcome",
        "CommentKindEnum": "consultations.models.Comment.Kind",
        "FormatEnum": "drafts.models.Rendering.Format",
        "CompilationKindEnum": "consultations.compilations.asked.Kind",
        "CompilationFormatEnum": "consultations.compilations.asked.Format",
        "SentStatusEnum": "consultations.compilations.asked.STATUSES",
        "RoundKindEnum": "consultations.models.Round.Kind",
        "QuestionKindEnum": "consultations.models.Question.Kind",
        "ProvisionKindEnum": "drafts.models.Provision.Kind",
        "RoundStateEnum": "consultations.models.Round.State",
        "JobStateEnum": "core.models.Job.State",
        "CallKindEnum": "experts.models.Call.Kind",
        "CallStateEnum": "experts.models.Call.State",
        "CallPaperKindEnum": "experts.models.CallPaper.Kind",
        "OfferStateEnum": "experts.models.HostingOffer.State",
        "HostKindEnum": "experts.models.HostingOffer.HostKind",
        "MilestoneStateEnum": "roadmap.plan.State",
        "MilestonePrecisionEnum": "roadmap.plan.Precision",
        "MilestoneChangeKindEnum": "roadmap.models.Kind",
        "MilestoneAboutEnum": "roadmap.models.ABOUT",
        "NominationStateEnum": "experts.models.Nomination.State",
        "NominationWayEnum": "experts.models.Nomination.Way",
        "CostLineKindEnum": "roadmap.models.CostLine.Kind",
        "FundingKindEnum": "roadmap.models.FundingTransaction.Kind",
        "FundingReplacementEnum": "roadmap.models.FundingTransaction.Replacement",
        "MeetingAnswerEnum": "roadmap.models.MeetingInvitation.Answer",
        "MeetingKindEnum": "roadmap.models.Meeting.Kind",
        "ResolutionStatusEnum": "roadmap.models.ResolutionEntry.Status",
        "EntryLineKindEnum": "roadmap.models.EntryLine.Kind",
        "MeetingPrecisionEnum": "roadmap.models.Meeting.Precision",
        "MeetingStateEnum": "roadmap.models.Meeting.State",
    },
}

# --- Database, cache, jobs, mail -------------------------------------------------------------------------

DATABASES: dict[str, Any] = {}
if DATABASE_URL:
    DATABASES["default"] = database.from_url(DATABASE_URL)

CACHES: dict[str, Any] = {
    "default": {
        # The table is made by a migration of `core`: shared by all processes, unlike local memory, so that
        # rate limits count once.
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "core_cacheentry",
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    }
}
if REDIS_URL:
    CACHES["default"] = {
        "BACKEND": "guidelines_portal.cache.ForgivingRedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "portal",
        "OPTIONS": {"socket_timeout": 1, "socket_connect_timeout": 1},
    }

# Without a broker nothing is published: the embedded worker reads the outbox itself.
CELERY_BROKER_URL = REDIS_URL or "memory://"
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_TASK_TIME_LIMIT = 1800
CELERY_BROKER_TRANSPORT_OPTIONS = {
    # Above the time limit, or a long task would be started a second time while it runs.
    "visibility_timeout": 2 * CELERY_TASK_TIME_LIMIT,
    "unacked_restore_interval": 10,
    "unacked_restore_throttle": 1,
    # Without these, a request that publishes waits for as long as the broker is away.
    "socket_timeout": 1,
    "socket_connect_timeout": 1,
    "max_retries": 1,
    "interval_start": 0,
    "connect_retries_timeout": 1,
}
# A failed publication isn't retried by the request: the outbox row is there and the sweep will find it.
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE = {
    "sweep-outbox": {"task": "core.tasks.sweep_outbox", "schedule": 10.0, "options": {"expires": 10}},
    "tick-schedule": {"task": "core.tasks.tick_schedule", "schedule": 60.0, "options": {"expires": 60}},
}

EMAIL_TIMEOUT = 10
if EMAIL_URL:
    vars().update(env.email_url("EMAIL_URL"))
else:
    EMAIL_BACKEND = "core.mailbox.MailboxBackend"

# --- Logs ------------------------------------------------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {
        "stdout": {"class": "logging.StreamHandler", "stream": "ext://sys.stdout", "formatter": "plain"}
    },
    "root": {"handlers": ["stdout"], "level": LOG_LEVEL},
    "loggers": {"django": {"handlers": ["stdout"], "level": LOG_LEVEL, "propagate": False}},
}
