import pytest
import structlog
from django.test import RequestFactory

from config.middleware import RequestLog

FORWARDED = "6.6.6.6, 203.0.113.9"


@pytest.mark.parametrize(
    ("behind", "told", "address"),
    [
        (False, FORWARDED, "127.0.0.1"),
        (True, FORWARDED, "203.0.113.9"),
        (True, "", "127.0.0.1"),
    ],
)
def test_address_is_that_of_the_connection_or_what_the_proxy_added(settings, behind, told, address):
    settings.BEHIND_HTTPS = behind
    with structlog.contextvars.bound_contextvars():
        RequestLog.bind_ip(RequestFactory().get("/", headers={"X-Forwarded-For": told}))
        assert structlog.contextvars.get_contextvars()["ip"] == address
