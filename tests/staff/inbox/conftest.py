import pytest

from tests.staff.inbox.server import MailServer


@pytest.fixture
def server(settings):
    """A real SMTP server that the product is told to send through."""
    with MailServer() as running:
        settings.NOTICES_BY_MAIL = True
        settings.EMAIL_BACKEND = "staff.inbox.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", running.port
        settings.EMAIL_TIMEOUT = 5
        settings.SITE_URL = "https://orders.example.com"
        settings.DEFAULT_FROM_EMAIL = "Ordergate <gate@example.com>"
        yield running
