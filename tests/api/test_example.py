import importlib.util
import json
import threading
import urllib.error
import urllib.request
from pathlib import Path
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, connections

from config.wsgi import application
from orders.models import Order, Payment, Shipment
from staff.api.scopes import Scope
from tests.factories import api, credit, orders
from tests.factories.staff import decider

pytestmark = pytest.mark.django_db
PLACE = Path(__file__).parents[2] / "docs" / "examples" / "push_orders.py"
SCOPES = (Scope.ORDERS, Scope.GOODS, Scope.MONEY)


@pytest.fixture
def example():
    spec = importlib.util.spec_from_file_location("push_orders", PLACE)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Quiet(WSGIRequestHandler):
    def log_message(self, *_arguments):
        pass


@pytest.fixture
def site():
    """The product behind a socket, in the transaction of the test."""
    shared = connections["default"]
    shared.inc_thread_sharing()
    # A request would put away the connection of the test's transaction.
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)

    def serve():
        connections["default"] = shared
        server.serve_forever(poll_interval=0.05)

    with make_server("localhost", 0, application, handler_class=Quiet) as server:
        thread = threading.Thread(target=serve)
        thread.start()
        yield f"http://localhost:{server.server_port}"
        server.shutdown()
        thread.join()
    for signal in signals:
        signal.connect(close_old_connections)
    shared.dec_thread_sharing()


@pytest.fixture
def client(example, site):
    waited = []
    made = example.Client(site, api.key(*SCOPES)[1], waited.append)
    made.waited = waited
    return made


@pytest.fixture
def day():
    decider()
    account = credit.account("100.00")
    line = {"sku": orders.product("10.00", tax_percent="0").sku, "quantity": "9"}
    order = {"customer": account.customer.code, "lines": [line], "submit": True}
    return {
        "orders": [order | {"external_id": "W-1"}, order | {"external_id": "W-2"}],
        "shipments": [{"order": "W-1", "tracking_number": "SF1"}],
        "payments": [{"order": "W-1", "amount": "90.00", "reference": "P1"}],
    }


def counts():
    return [model.objects.count() for model in (Order, Shipment, Payment)]


def test_example_pushes_a_day_and_may_push_it_again(example, client, day):
    told = []
    assert example.push(client, day, told.append) == 0
    states = dict(Order.objects.values_list("external_id", "state"))
    assert states == {"W-1": "shipped", "W-2": "credit_failed"}
    first = list(told)
    assert example.push(client, day, told.append) == 0
    assert (counts(), told[len(first) :]) == ([2, 1, 1], first)


def test_example_sends_again_when_an_answer_is_lost(example, client, day, monkeypatch):
    real, lost = urllib.request.urlopen, []

    def unreliable(request, timeout):
        answer = real(request, timeout=timeout)
        if request.full_url.endswith("/orders/") and len(lost) < 2:
            lost.append(answer.read())
            raise urllib.error.URLError("the line is cut")
        return answer

    monkeypatch.setattr(example.urllib.request, "urlopen", unreliable)
    assert example.push(client, day, lambda _text: None) == 0
    assert (counts(), client.waited) == ([2, 1, 1], [1, 2])


def test_example_says_what_was_refused_and_goes_on(example, client, day):
    day["orders"][0]["customer"] = "nobody"
    told = []
    assert example.push(client, day, told.append) == 3
    assert "invalid" in told[0] and "not_found" in told[-1]
    assert counts() == [1, 0, 0]


def test_example_runs_from_the_command_line(example, client, day, tmp_path, monkeypatch, capsys):
    path = tmp_path / "day.json"
    path.write_text(json.dumps(day))
    monkeypatch.setattr("sys.argv", ["push_orders.py", client.base, client.key, str(path)])
    with pytest.raises(SystemExit) as left:
        example.main()
    assert (left.value.code, "shipped" in capsys.readouterr().out) == (0, True)
