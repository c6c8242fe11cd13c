"""Push orders, shipments and payments into Ordergate, knowing nothing but its description.

    python push_orders.py https://ordergate.example.com og_… day.json

`day.json` holds what a shop did in a day:

    {"orders":    [{"external_id": "WEB-1", "customer": "C00001", "submit": true,
                    "lines": [{"sku": "SKU00001", "quantity": "2"}]}],
     "shipments": [{"order": "WEB-1", "carrier": "SF Express", "tracking_number": "SF1"}],
     "payments":  [{"order": "WEB-1", "amount": "199.00", "reference": "PAY-1"}]}

The addresses and methods are read from the OpenAPI description, by the names of the operations.
Every request carries an Idempotency-Key that follows from what it says, so that the same file can
be sent again, after a crash or an answer that was lost, and everything in it is done once. Needs
Python 3.11 and nothing else.
"""

import hashlib
import json
import pathlib
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

TRIES = 5
# Worth another try: the same request is being worked on, too many of them, a fault in between.
PASSING = {409: "idempotency_key_in_use", 429: None, 500: None, 502: None, 503: None, 504: None}

# What happens to orders, with the operation that takes it.
EVENTS = {"shipments": "fulfilment_shipments", "payments": "fulfilment_payments"}


class Refused(Exception):
    """What the server refused, as it said it: `code` for programs, `detail` for people."""

    def __init__(self, status, problem):
        self.status, self.problem = status, problem
        self.code = problem.get("code", "")
        super().__init__(f"{status} {self.code}: {problem.get('detail', '')}")


class Client:
    """Calls operations by their names."""

    def __init__(self, base, key, wait=time.sleep):
        self.base, self.key, self.wait = base.rstrip("/"), key, wait
        self.operations = self._operations()

    def call(self, name, body=None, once="", query=None, **path):
        """The answer of an operation, understood. Raises Refused."""
        method, address = self.operations[name]
        url = self.base + address.format(**path)
        if query:
            url += "?" + urllib.parse.urlencode(query)
        headers = {"Authorization": f"Bearer {self.key}", "Accept": "application/json"}
        if once:
            headers["Idempotency-Key"] = once
        data = None
        if body is not None:
            data, headers["Content-Type"] = json.dumps(body).encode(), "application/json"
        return self._send(urllib.request.Request(url, data, headers, method=method.upper()))

    def _operations(self):
        """Method and address of each operation, by its name."""
        described = self._send(urllib.request.Request(self.base + "/api/v1/schema/"))
        return {
            operation["operationId"]: (method, address)
            for address, methods in described["paths"].items()
            for method, operation in methods.items()
        }

    def _send(self, request):
        """Send a request, again where that may help: it is done once however often it arrives."""
        for attempt in range(TRIES):
            try:
                with urllib.request.urlopen(request, timeout=30) as answer:
                    return json.load(answer)
            except urllib.error.HTTPError as error:
                problem = _problem(error)
                code = PASSING.get(error.code, "never")
                if code not in (None, problem.get("code")) or attempt + 1 == TRIES:
                    raise Refused(error.code, problem) from error
                self.wait(int(error.headers.get("Retry-After") or 2**attempt))
            except (urllib.error.URLError, OSError):
                if attempt + 1 == TRIES:
                    raise
                self.wait(2**attempt)
        raise AssertionError("the last try returns or raises")


def once(what, content):
    """A key that is the same whenever this is sent again, and another for anything else."""
    text = json.dumps([what, content], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def push(client, day, tell=print):
    """Send what happened in a day; how much of it was refused."""
    numbers = {}
    refused = sum(not enter(client, order, numbers, tell) for order in day.get("orders", []))
    for what, operation in EVENTS.items():
        for event in day.get(what, []):
            number = numbers.get(event["order"]) or find(client, event["order"])
            refused += not report(client, operation, event, number, tell)
    return refused


def enter(client, order, numbers, tell):
    """Send one order, whether it was taken; its id is put into `numbers`."""
    name = order["external_id"]
    try:
        told = client.call("orders_create", order, once("orders_create", order))
    except Refused as refusal:
        tell(f"{name}: {refusal}")
        return False
    numbers[name] = told["id"]
    tell(f"{name}: {told['number']} {told['state']}")
    return True


def report(client, operation, event, number, tell):
    """Send what happened to an order, whether it was taken."""
    name, body = event["order"], {key: event[key] for key in event if key != "order"}
    try:
        told = client.call(operation, body, once(operation, event), id=number)
    except Refused as refusal:
        tell(f"{name}: {operation}: {refusal}")
        return False
    tell(f"{name}: {operation}: {told['state']}")
    return True


def find(client, external_id):
    """The id of an order that was sent on another day, 0 where there is none."""
    found = client.call("orders_list", query={"external_id": external_id})["results"]
    return found[0]["id"] if found else 0


def _problem(error):
    try:
        return json.load(error)
    except ValueError:
        return {"detail": error.reason}


def main():
    """Read the file and send it; the exit code says whether everything was taken."""
    base, key, path = sys.argv[1:]
    day = json.loads(pathlib.Path(path).read_text(encoding="utf-8"))
    sys.exit(1 if push(Client(base, key), day) else 0)


if __name__ == "__main__":
    main()
