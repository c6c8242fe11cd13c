import pytest

from tests.orders import both_ways

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("seed", range(8))
def test_submit_many_leaves_what_submitting_one_by_one_leaves(seed):
    world = both_ways.world(seed)
    ids = both_ways.drafts(world, 40)
    single = both_ways.left_by(both_ways.one_by_one, ids, world.by)
    bulk = both_ways.left_by(both_ways.at_once, ids, world.by)
    for part, rows in single.items():
        assert bulk[part] == rows, part
