"""Orders by the thousand through the gate, and by the hundred thousand from a file."""

import os
import random
from collections.abc import Callable

from orders.lifecycle import submit_many
from staff.models import User
from tests.bench import floor, history, importing, world
from tests.bench.clients import Clients
from tests.bench.submitting import ACCOUNTS, POLICIES, beside
from tests.bench.table import show
from tests.factories.moments import NOW

BATCH = 1_000
STANDARD = next(iter(POLICIES))
# Rules about the customer's history let one order of an account through at a time.
ALIKE = 200


def submitting_many(user_id: int) -> Callable[[list[int]], object]:
    """What a client calls per batch."""
    user = User.objects.get(pk=user_id)
    user.get_all_permissions()

    def submit(order_ids: list[int]) -> None:
        answers = submit_many(order_ids=order_ids, by=user, at=NOW)
        assert not any(answer.refusal for answer in answers)

    return submit


def run(rounds: int, orders: int) -> None:
    """Measure and print."""
    floor.lay()
    # Beside customers who bought nothing yet: the database is no empty one.
    history.give_past(*world.members(1), max(history.PASTS))
    places = {
        "one hot account": world.members(1),
        f"{ACCOUNTS:,} accounts": world.members(ACCOUNTS),
    }
    rows = []
    with Clients(1) as client:
        for name, ids in places.items():
            for policy in POLICIES:
                rows.append([f"{name}, {policy}", *_measure(client, ids, policy, rounds)])
    show(
        f"Orders per second in batches of {BATCH:,} ({ALIKE} of one account under rules about its"
        f" history), one client, medians of {rounds} rounds,"
        f" {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}",
        ["submit_many", "Ordergate", "one-call floor", "share", "times the floor"],
        rows,
    )
    world.standard_policy()
    importing.run(orders)


def _measure(client: Clients, account_ids: list[int], policy: str, rounds: int) -> list[str]:
    user, product = world.seller().pk, world.product().pk
    POLICIES[policy]()
    client.rate(submitting_many, (user,), [world.drafts(account_ids, 20)])
    size = BATCH if len(account_ids) > 1 or policy == STANDARD else ALIKE
    ours, floors = [], []
    for _ in range(rounds):
        batch = world.drafts(account_ids, size)
        world.tidy()
        ours.append(size * client.rate(submitting_many, (user,), [batch]))
        called = random.choices(account_ids, k=BATCH)
        floors.append(client.rate(floor.calling, (product,), called))
    return beside(ours, floors)
