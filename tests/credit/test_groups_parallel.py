"""Groups changed by two at once."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from credit.lifecycle import join_group
from tests.factories import credit
from tests.factories.moments import NOW
from tests.factories.staff import superuser
from tests.orders.hammer import books
from tests.orders.test_parallel import at_once, locked, wait_for_lock

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def test_join_group_sees_a_member_that_came_while_it_waited():
    top, group, member = (credit.account("100.00") for _ in range(3))
    boss = superuser()

    def join(account, parent):
        values = {"account_id": account.pk, "parent_id": parent.pk, "reason": "-"}
        return join_group(**values, by=boss, at=NOW)

    with ThreadPoolExecutor(1) as pool:
        with locked(top):
            waiting = pool.submit(at_once, lambda: join(group, top))
            wait_for_lock()
            join(member, group)
        waiting.result()
    member.refresh_from_db()
    assert member.ancestors == [group.pk, top.pk]
    assert books.faults() == []
