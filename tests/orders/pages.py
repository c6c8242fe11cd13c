"""Clients and posted forms for the tests of the order pages."""

from django.test import Client

from tests.factories import credit, orders
from tests.factories.staff import person


def client_of(user):
    client = Client()
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    return client


def as_role(role):
    return client_of(person(role))


def account_with_seller(limit="1000.00", **values):
    """An account, and the client of the salesperson who looks after it."""
    account = credit.account(limit, **values)
    return account, client_of(account.customer.owner)


def typed(account, *rows, **fields):
    """What the order form sends for an account; each row is a dict of typed figures."""
    form = {
        "customer": account.customer_id,
        "currency": account.currency,
        "payment_days": "30",
        "token": "",
        "do": "draft",
        "lines-TOTAL_FORMS": str(len(rows)),
        "lines-INITIAL_FORMS": "0",
    }
    for place, row in enumerate(rows):
        form |= {f"lines-{place}-{name}": value for name, value in row.items()}
    return form | fields


def row(product=None, quantity="1", **values):
    return {"product": (product or orders.product()).sku, "quantity": quantity} | values


def words(response):
    """The answer as text."""
    return response.content.decode()
