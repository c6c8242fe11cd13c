"""The API under the requests of schemathesis: made from its own description, sent as anybody."""

import os
import traceback
from dataclasses import dataclass, field
from typing import Any

import schemathesis
from django.core.signals import got_request_exception
from django.dispatch import receiver
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import CHECKS, load_all_checks
from schemathesis.core.failures import FailureGroup

from config.wsgi import application
from staff.api.scopes import Scope
from staff.roles import Role
from tests.config.addresses import SAMPLES, World
from tests.factories import api, orders
from tests.factories.staff import person

# How many requests of each kind an operation gets; `make fuzz` asks for many more.
EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "6"))
# A request that fits the description may be refused for what the business says of it.
NOT_MEANT = {"positive_data_acceptance"}
# Each of many is refused by itself, in an answer that is a good one.
MANY = ("/bulk/", "/decide/")
TOKEN = "t" * 32


@dataclass
class Actors:
    """Ways to say who calls, by name."""

    headers: dict[str, dict[str, str]] = field(default_factory=lambda: {"nobody": {}})
    cookies: dict[str, dict[str, str]] = field(default_factory=dict)

    def add_everybody(self) -> "Actors":
        """Somebody of each role in the browser, and keys with one scope and with all."""
        for role in Role.values:
            client = Client()
            client.force_login(person(role), "django.contrib.auth.backends.ModelBackend")
            self.cookies[role] = {
                "sessionid": client.cookies["sessionid"].value,
                "csrftoken": TOKEN,
            }
            self.headers[role] = {"X-CSRFToken": TOKEN}
        for scopes in ((Scope.ORDERS,), (Scope.READ,), tuple(Scope)):
            text = api.key(*scopes)[1]
            self.headers[f"key {'+'.join(scopes)}"] = {"Authorization": f"Bearer {text}"}
        return self


def served(environ: Any, start_response: Any) -> list[bytes]:
    """The product, its answers read to their ends, where files are closed."""
    answer = application(environ, start_response)
    try:
        return [b"".join(answer)]
    finally:
        answer.close()


def description() -> Any:
    """The description as the product gives it out."""
    found = schemathesis.openapi.from_wsgi("/api/v1/schema/", served)
    # Who calls is said by the actors.
    found.config.generation.update(with_security_parameters=False)
    # An If-Match that fits nothing is refused as such.
    found.config.checks.negative_data_rejection.expected_statuses.append("412")
    return found


def problems_of(operation: Any, actors: Actors, world: World) -> list[str]:
    """What the checks of schemathesis find wrong with an operation."""
    load_all_checks()
    checks = [check for check in CHECKS.get_all() if check.__name__ not in NOT_MEANT]
    found: list[str] = []
    for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):

        @settings(
            max_examples=EXAMPLES,
            database=None,
            deadline=None,
            derandomize="FUZZ_EXAMPLES" not in os.environ,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(
            case=operation.as_strategy(generation_mode=mode),
            actor=st.sampled_from(sorted(actors.headers)),
            real=st.booleans(),
        )
        def attempt(case: Any, actor: str, real: bool) -> None:
            if real:
                make_real(case, world)
            # What was made wrong may be right again with what exists in its place.
            left_out = {"negative_data_rejection"} if real or case.path.endswith(MANY) else set()
            # It says who calls in a header, beside which the cookie would go on counting.
            left_out |= {"ignored_auth"} if actor in actors.cookies else set()
            answer = case.call(headers=actors.headers[actor], cookies=actors.cookies.get(actor))
            kept = [check for check in checks if check.__name__ not in left_out]
            case.validate_response(answer, checks=kept, headers=actors.headers[actor])

        try:
            attempt()
        except Unsatisfiable:
            pass  # what takes nothing cannot be asked wrongly
        except (Exception, FailureGroup) as error:
            found.append(f"{operation.label}: {error}\n{mistakes[:1]}")
        mistakes.clear()
    return found


# Errors of ours, as Django tells of them.
mistakes: list[str] = []


@receiver(got_request_exception)
def _remember(**_signal: Any) -> None:
    mistakes.append(traceback.format_exc())


def make_real(case: Any, world: World) -> None:
    """Put things that exist in the place of invented ones, so that requests get further."""
    if case.path_parameters:
        route = f"api{case.operation.path.removeprefix('/api').replace('{id}', '<id:pk>')}"
        fitting = [beginning for beginning in SAMPLES if route.startswith(beginning)]
        if fitting:
            case.path_parameters = {"id": SAMPLES[max(fitting, key=len)](world)["pk"]}
    if isinstance(case.body, dict):
        _fill(case.body, world)
        for one in _list(case.body, "orders"):
            if isinstance(one, dict):
                _fill(one, world)


def _fill(body: dict[str, Any], world: World) -> None:
    if "customer" in body:
        body["customer"] = world.customer.code
    if "warehouse" in body:
        body["warehouse"] = world.stock.warehouse.code
    for line in _list(body, "lines"):
        if isinstance(line, dict) and "sku" in line:
            line["sku"] = _sku(world)


def _list(body: dict[str, Any], name: str) -> list[Any]:
    found = body.get(name)
    return found if isinstance(found, list) else []


def _sku(world: World) -> str:
    if not hasattr(world, "sku"):
        world.sku = orders.product().sku
    return world.sku
