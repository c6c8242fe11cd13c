"""A browser, the people who sit before it, and the product as they meet it."""

import os
import shutil
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections
from django.test.utils import setup_databases, teardown_databases
from django.utils import timezone
from pytest_django.live_server_helper import LiveServer

from config.demo.load import load
from orders.enums import HoldReason, OrderState
from orders.lifecycle import place_hold
from orders.models import Order
from staff.models import User
from tests.journeys.desk import Desk

# The browser's own event loop runs in this thread; the tests' queries beside it are harmless.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
# Taken down before pytest-django puts another in its place.
_PRODUCT_DATABASE = settings.DATABASES["default"]["NAME"]
_PLACES = ("chromium", "chromium-browser", "google-chrome")
HERE = Path(__file__).parent


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.browser)
    # The demo company stays in the database once it is loaded, so nobody else may come after it.
    items.sort(key=lambda item: "demo" in getattr(item, "fixturenames", ()))


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    """Debian's chromium. A machine of one's own may lack it; one that proves changes may not."""
    program = next(filter(None, map(shutil.which, _PLACES)), None)
    if program is None:
        lacking = pytest.fail if os.environ.get("CI") else pytest.skip
        lacking("no chromium here; on Debian: apt-get install chromium")
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    quiet = ["--disable-gpu", "--no-first-run", "--disable-component-update", "--disable-sync"]
    return browser_type_launch_args | {
        "executable_path": program,
        "args": [*arguments, *quiet],
    }


@pytest.fixture(scope="session")
def database(django_db_setup, django_db_keepdb, django_db_blocker):
    """The database for tests, also when none but tests of the demo company were chosen.

    pytest-django makes it for tests that let it clean up after each; these keep what they find.
    """
    made = []
    with django_db_blocker.unblock():
        if connection.settings_dict["NAME"] == _PRODUCT_DATABASE:
            made = setup_databases(0, False, aliases={"default"}, keepdb=django_db_keepdb)
    yield
    with django_db_blocker.unblock():
        teardown_databases(made, 0, keepdb=django_db_keepdb)


@pytest.fixture(scope="session", autouse=True)
def _own_connection(database, browser, django_db_blocker):
    """Close what is open while the browser runs, or else the database could not be dropped.

    Inside the browser's event loop Django opens another connection than outside of it.
    """
    yield
    with django_db_blocker.unblock():
        connections.close_all()


@pytest.fixture
def sit_down(new_context):
    """Gives somebody a browser window of their own: `sit_down(site, user)` → Desk."""
    desks = []

    def at(site, user=None, **options):
        options = {"locale": "en-GB", "viewport": {"width": 1440, "height": 900}} | options
        options["timezone_id"] = settings.TIME_ZONE
        desks.append(Desk(new_context(base_url=site.url, **options), site, user))
        return desks[-1]

    yield at
    assert [trouble for desk in desks for trouble in desk.troubles] == []


def _hold_an_order():
    # Whether the demo company holds one just now depends on the hour.
    order = Order.objects.filter(state=OrderState.APPROVED, holds=None).earliest("pk")
    at, by = timezone.now(), User.objects.get(username="customer_service")
    place_hold(order_id=order.pk, reason=HoldReason.ADDRESS, note="待客户确认。", by=by, at=at)


@pytest.fixture(scope="session")
def demo(database, django_db_blocker):
    """The demo company, served by a thread of this process, for every test that only looks.

    Not `live_server`, which would empty the database after each test.
    """
    with django_db_blocker.unblock():
        load(timezone.now())
        _hold_an_order()
        site = LiveServer("localhost")
        yield site
        site.stop()
        connections.close_all()
        call_command("flush", interactive=False, verbosity=0)
