"""`submit` per second, beside the least that any program could do in the same database."""

import os
import random
from collections.abc import Callable
from statistics import median

from orders.lifecycle import submit
from staff.models import User
from tests.bench import anatomy, floor, world
from tests.bench.clients import Clients
from tests.bench.table import middle, show
from tests.factories.moments import NOW

ACCOUNTS = 10_000
# How many orders one client submits in a round, and how many times a round's number the floor does.
SHARE = {1: 150, 8: 50}
FLOOR_TIMES = 4
POLICIES = {"standard policy": world.standard_policy, "full policy": world.full_policy}


def submitting(user_id: int) -> Callable[[int], object]:
    """What a client calls per order. Rights are known before, as after a page was opened."""
    user = User.objects.get(pk=user_id)
    user.get_all_permissions()
    return lambda order_id: submit(order_id=order_id, by=user, at=NOW)


def run(rounds: int) -> None:
    """Measure and print."""
    floor.lay()
    places = {
        "one hot account": world.members(1),
        f"{ACCOUNTS:,} accounts": world.members(ACCOUNTS),
    }
    rows = []
    for number in SHARE:
        with Clients(number) as clients:
            for name, ids in places.items():
                rows += [[f"{name}, {policy}", number, *figures] for policy, figures in
                         _measure(clients, ids, rounds).items()]  # fmt: skip
    show(
        f"Orders per second in groups of three levels, medians of {rounds} rounds,"
        f" {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}",
        ["submit", "clients", "Ordergate", "one-call floor", "share", "times the floor"],
        rows,
    )
    for name, put_into_force in POLICIES.items():
        put_into_force()
        anatomy.print_one(name, submitting(world.seller().pk), world.members(1))
    world.standard_policy()


def _measure(clients: Clients, account_ids: list[int], rounds: int) -> dict[str, list[str]]:
    """The figures of a row by policy; policies and floor take turns, so that all meet the same."""
    user, product, number = world.seller().pk, world.product().pk, SHARE[clients.number]
    number *= clients.number
    ours: dict[str, list[float]] = {policy: [] for policy in POLICIES}
    floors = []
    for put_into_force in POLICIES.values():
        put_into_force()
        clients.rate(submitting, (user,), world.drafts(account_ids, clients.number * 5))
    for _ in range(rounds):
        made = {policy: world.drafts(account_ids, number) for policy in POLICIES}
        called = random.choices(account_ids, k=number * FLOOR_TIMES)
        world.tidy()
        for policy, put_into_force in POLICIES.items():
            put_into_force()
            ours[policy].append(clients.rate(submitting, (user,), made[policy]))
        floors.append(clients.rate(floor.calling, (product,), called))
    return {policy: beside(rates, floors) for policy, rates in ours.items()}


def beside(ours: list[float], floors: list[float]) -> list[str]:
    """Our rates, those of the floor, and how they compare, as cells of a table."""
    share = median(ours) / median(floors)
    return [middle(ours), middle(floors), f"{share:.0%}", f"{1 / share:.1f}"]
