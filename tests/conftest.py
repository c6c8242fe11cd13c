"""Tests run on real servers: the ones DATABASE_URL and REDIS_URL name, or the embedded ones."""

import os
from pathlib import Path
from urllib.parse import urlsplit

import django
import pytest

from config import servers, translations

# Away from the product's own keys in the same Valkey, and each process of a test run by itself.
_CACHE_DATABASE = 8 + int(os.environ.get("PYTEST_XDIST_WORKER", "gw1").removeprefix("gw"))


def _with_database(url: str, number: int) -> str:
    parts = urlsplit(url)
    if parts.scheme == "unix":
        return f"unix://{parts.path}?db={number}"
    return parts._replace(path=f"/{number}").geturl()


# Before Django reads its settings; that is why pyproject.toml does not name the settings module.
servers.ensure()
translations.compile_changed()
os.environ["REDIS_URL"] = _with_database(os.environ["REDIS_URL"], _CACHE_DATABASE)
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
django.setup()

from django.conf import settings  # noqa: E402
from django.core.cache import cache  # noqa: E402
from django.utils import translation  # noqa: E402

settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
settings.STORAGES["staticfiles"]["BACKEND"] = (
    "django.contrib.staticfiles.storage.StaticFilesStorage"
)
Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)


@pytest.fixture(scope="session", autouse=True)
def _empty_cache():
    cache.clear()


@pytest.fixture(scope="session", autouse=True)
def _uploads(tmp_path_factory):
    settings.MEDIA_ROOT = tmp_path_factory.mktemp("media")


@pytest.fixture(autouse=True)
def _english():
    # A page that a test asked for leaves its reader's language behind in this thread.
    with translation.override(settings.LANGUAGE_CODE):
        yield


def pytest_xdist_setupnodes():
    """Let each process read its settings itself, once it knows which servers are its own."""
    os.environ.pop("DJANGO_SETTINGS_MODULE")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Keep the tests of a module in one process, which sets up once what they share.

    The pages of the demo company are many and each costs seconds, so they are parted by role.
    """
    for item in items:
        params = item.callspec.params if hasattr(item, "callspec") else {}
        role = getattr(params.get("shown"), "role", "")
        item.add_marker(pytest.mark.xdist_group(f"{item.path}{role}"))
