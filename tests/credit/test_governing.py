import pytest

from credit.content import default_content
from credit.enums import PolicyScope
from credit.governing import PRECEDENCE, candidates, content_of, governing
from credit.models import Policy, PolicyVersion
from tests.factories import credit, policies

pytestmark = pytest.mark.django_db


@pytest.fixture
def customer():
    return credit.account(risk_class="C").customer


def policy(scope, **values):
    return Policy.objects.create(code=f"p-{scope}-{Policy.objects.count()}", name_en="-",
                                 scope=scope, **values)  # fmt: skip


def covering(customer):
    """A policy of every scope for the customer, narrowest first."""
    return [
        policy("customer", customer=customer),
        policy("risk_class", risk_class=customer.risk_class),
        policy("segment", segment=customer.segment),
        policies.standard().policy,
    ]


def published(made, **changes):
    return policies.publish(default_content() | changes, made)


def governs(customer):
    return PolicyVersion.objects.get(pk=governing(customer.pk).version_id).policy


def test_governing_is_the_standard_policy_where_nothing_else_covers(customer):
    assert governing(customer.pk).version_id == policies.standard().pk


@pytest.mark.parametrize("narrowest", range(4))
def test_governing_is_the_narrowest_published_policy(customer, narrowest):
    made = covering(customer)
    for each in made[narrowest:-1]:
        published(each)
    assert governs(customer) == made[narrowest]
    assert [each.scope for each in made] == list(PRECEDENCE)


@pytest.mark.parametrize("excluded", range(3))
def test_governing_passes_over_policies_that_exclude_the_customer(customer, excluded):
    made = covering(customer)
    for each in made[:-1]:
        published(each)
    for each in made[: excluded + 1]:
        each.excluded.add(customer)
    assert governs(customer) == made[excluded + 1]
    other = credit.customer(segment=customer.segment)
    assert governs(other) == made[2]


@pytest.mark.parametrize("state", ["draft", "shadow", "retired"])
def test_governing_leaves_out_versions_that_are_not_published(customer, state):
    narrow = policy("customer", customer=customer)
    policies.publish(default_content(), narrow, state=state)
    found = governing(customer.pk)
    assert (found.version_id, found.shadow_id) == (policies.standard().pk, None)


def test_governing_is_not_for_other_customers_segments_or_classes(customer):
    other = credit.customer(risk_class="D")
    for made in covering(other)[:-1]:
        published(made)
    assert governs(customer) == policies.standard().policy
    unrated = credit.customer()
    assert governs(unrated) == policies.standard().policy


def test_governing_brings_the_shadow_of_the_policy_that_governs(customer):
    narrow = policy("segment", segment=customer.segment)
    version = published(narrow, currency="EUR")
    shadow = policies.publish(default_content() | {"currency": "USD"}, narrow, state="shadow")
    policies.publish(default_content(), state="shadow")
    found = governing(customer.pk)
    assert (found.version_id, found.shadow_id) == (version.pk, shadow.pk)
    assert (found.content["currency"], found.shadow["currency"]) == ("EUR", "USD")


def test_governing_asks_once_when_it_knows_the_version(customer, django_assert_num_queries):
    content_of.cache_clear()
    with django_assert_num_queries(2):
        governing(customer.pk)
    with django_assert_num_queries(1):
        governing(customer.pk)


def test_governing_says_when_no_policy_is_published(customer):
    PolicyVersion.objects.filter(state="published").update(state="retired")
    with pytest.raises(PolicyVersion.DoesNotExist):
        governing(customer.pk)


def test_candidates_tell_why_each_governs_or_not(customer):
    made = covering(customer)
    for each in made[1:-1]:
        published(each)
    made[1].excluded.add(customer)
    found = [(c.policy.scope, c.version is not None, c.excluded, c.governs)
             for c in candidates(customer)]  # fmt: skip
    assert found == [
        (PolicyScope.CUSTOMER, False, False, False),
        (PolicyScope.RISK_CLASS, True, True, False),
        (PolicyScope.SEGMENT, True, False, True),
        (PolicyScope.ALL, True, False, False),
    ]
    assert governs(customer) == made[2]
