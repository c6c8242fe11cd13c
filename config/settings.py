"""Settings for every environment; what differs between machines comes from environment variables.

`docs/operations.md` lists the variables. `config.servers` provides DATABASE_URL and REDIS_URL
where nobody set them.
"""

import os
from pathlib import Path

import dj_database_url
import django_stubs_ext
from csp.constants import NONE, SELF

from config import data_folder, mail

# Lets Django's generic classes say their model: `forms.ModelForm[User]`.
django_stubs_ext.monkeypatch()

BASE_DIR = Path(__file__).resolve().parent.parent

SECRET_KEY = os.environ.get("SECRET_KEY") or data_folder.secret_key()
DEBUG = os.environ.get("DEBUG") == "1"
ALLOWED_HOSTS = os.environ.get("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
CSRF_TRUSTED_ORIGINS = [o for o in os.environ.get("CSRF_TRUSTED_ORIGINS", "").split(",") if o]
INTERNAL_IPS = ["127.0.0.1", "::1"]

INSTALLED_APPS = [
    "config",
    "exceptions",
    "approvals",
    "orders",
    "credit",
    "rules",
    "journal",
    "staff",
    "config.apps.OrdergateAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
    "axes",
    "csp",
    "django_celery_beat",
    "django_htmx",
    "django_structlog",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "pgtrigger",
    "rest_framework",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "staff.api.middleware.KeyMiddleware",
    "config.middleware.PagePolicy",
    "config.middleware.PageSession",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "config.middleware.PageUser",
    "staff.middleware.PreferencesMiddleware",
    "config.middleware.PageMessages",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "config.middleware.RequestLog",
    "staff.middleware.AccessMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "config.shell.navigation",
            ],
            "builtins": ["config.templatetags.ordergate"],
        },
    }
]

# Atomic requests are not used: every lifecycle verb opens its own transaction, so that locks are
# held for the verb and not for the rendering of the page.
DATABASES = {
    "default": dj_database_url.parse(
        os.environ.get("DATABASE_URL", "postgres:///ordergate"), conn_max_age=60
    )
    | {"CONN_HEALTH_CHECKS": True}
}
# Gate rules are prepared statements, whose plans the database keeps. A pooler that gives a server
# connection to a client for one transaction only may not know them: DATABASE_PREPARED=0 then.
if os.environ.get("DATABASE_PREPARED", "1") != "0":
    DATABASES["default"].setdefault("OPTIONS", {})["prepare_threshold"] = 5
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = os.environ.get("REDIS_URL", "redis://localhost:6379/0")
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "ordergate",
    }
}

# The same server under the names that kombu gives it.
CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://").replace(
    "?db=", "?virtual_host="
)
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BEAT_SCHEDULER = "django_celery_beat.schedulers:DatabaseScheduler"
CELERY_TIMEZONE = os.environ.get("TIME_ZONE", "Asia/Shanghai")

AUTH_USER_MODEL = "staff.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
    "staff.api.backend.KeyBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "staff:sign_in"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "staff:sign_in"
AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = 0.25
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_CALLABLE = "staff.views.locked_out"
AXES_RESET_ON_SUCCESS = True
AXES_ENABLE_ADMIN = False
# What django-axes must not keep of a failed attempt; names of fields.
AXES_SENSITIVE_PARAMETERS = [
    "username", "ip_address", "one_time_password", "password_or_code",
]  # fmt: skip
# Roles whose holders must set up a second step, see docs/operations.md.
REQUIRE_TOTP_ROLES = [
    role.strip() for role in os.environ.get("REQUIRE_TOTP_ROLES", "").split(",") if role.strip()
]

SESSION_COOKIE_AGE = 12 * 3600
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
BEHIND_HTTPS = os.environ.get("HTTPS") == "1"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = BEHIND_HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if BEHIND_HTTPS else 0
# Other names of the domain, and the browsers' built-in list, are not this product's to decide.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
if BEHIND_HTTPS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000
# Of each file that somebody attaches, and how many of them an order or a request may have.
ATTACHMENT_BYTES = int(os.environ.get("ATTACHMENT_MB", "10")) * 1024 * 1024
ATTACHMENTS_EACH = int(os.environ.get("ATTACHMENTS_EACH", "20"))

_MAIL = mail.server(os.environ.get("EMAIL_URL", ""))
NOTICES_BY_MAIL = _MAIL.exists
EMAIL_BACKEND = "staff.inbox.smtp.EmailBackend"
EMAIL_HOST, EMAIL_PORT = _MAIL.host, _MAIL.port
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _MAIL.user, _MAIL.password
EMAIL_USE_TLS, EMAIL_USE_SSL = _MAIL.tls, _MAIL.ssl
EMAIL_TIMEOUT = 20  # seconds, for each answer of the server
# How people reach this installation, for links in mails.
SITE_URL = os.environ.get("SITE_URL", "http://localhost:8000").rstrip("/")
DEFAULT_FROM_EMAIL = SERVER_EMAIL = os.environ.get("MAIL_FROM") or mail.sender(SITE_URL)

# Where webhooks may lead inside (hosts and networks), and whether without encryption: see
# docs/operations.md before naming anything.
WEBHOOK_INSIDE = [name for name in os.environ.get("WEBHOOK_INSIDE", "").split(",") if name]
WEBHOOK_HTTP = os.environ.get("WEBHOOK_HTTP") == "1"

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("zh-hans", "简体中文"), ("zh-hant", "繁體中文")]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = os.environ.get("TIME_ZONE", "Asia/Shanghai")
# Thousands separators are asked for where an amount or a count is shown (config.display). Set for
# everything, they would get into addresses and hidden inputs: "?customer=1,533".
USE_I18N = USE_TZ = True
FORMAT_MODULE_PATH = "config.formats"

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = data_folder.path() / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
MEDIA_ROOT = data_folder.path() / "media"

# How often one key, or one person through the API, may call within a minute.
API_CALLS_PER_MINUTE = int(os.environ.get("API_CALLS_PER_MINUTE", "3000"))
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["staff.api.authentication.Caller"],
    "DEFAULT_PERMISSION_CLASSES": [],
    "DEFAULT_PARSER_CLASSES": ["staff.api.parsing.Json"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "staff.api.parsing.JsonOnly",
    "DEFAULT_SCHEMA_CLASS": "staff.api.schema.Schema",
    "EXCEPTION_HANDLER": "staff.api.problems.handle",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Ordergate API",
    "VERSION": "1",
    "DESCRIPTION": (
        "Amounts are strings with two decimals. Moments are ISO 8601 with an offset. "
        "Refusals are RFC 9457 problem details; see docs/api.md for a walk through."
    ),
    "SERVE_INCLUDE_SCHEMA": False,
    "COMPONENT_SPLIT_REQUEST": True,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    # Choices stand where they are used: names that were made up for them would change with each.
    "POSTPROCESSING_HOOKS": [],
}

CSRF_FAILURE_VIEW = "config.views.csrf_failure"
MESSAGE_TAGS = {40: "danger"}
FORM_RENDERER = "config.shell.FormRenderer"
LOGGING_CONFIG = "config.logging.configure"
DJANGO_STRUCTLOG_STATUS_START_LOG_LEVEL = 10  # one line per request is enough
LOGGING = {
    "level": os.environ.get("LOG_LEVEL", "WARNING"),
    "style": os.environ.get("LOG_STYLE", "text"),
}
