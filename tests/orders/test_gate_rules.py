"""Gate rules: conditions of the rule engine that a policy asks of one order."""

import pytest

from credit.enums import VersionState
from orders import gate
from orders.enums import OrderState, Outcome
from orders.models import ShadowDecision
from orders.quote import quote
from tests.factories import credit, orders, policies
from tests.factories.moments import NOW
from tests.factories.staff import person
from tests.factories.traces import everything

pytestmark = pytest.mark.django_db

LARGE = {"fact": "order.total", "op": "more_than", "value": {"amount": "80", "currency": "CNY"}}
MARGIN = {"fact": "order.margin", "op": "less_than", "value": "5"}


def results(order):
    return {check["code"]: check["verdict"] for check in order.decisions.latest("pk").checks}


@pytest.mark.parametrize(
    ("severity", "total", "verdict", "state"),
    [
        ("block", "80.00", "passed", OrderState.APPROVED),
        ("block", "80.01", "blocked", OrderState.CREDIT_FAILED),
        ("warn", "80.01", "warned", OrderState.APPROVED),
        ("inform", "80.01", "informed", OrderState.APPROVED),
        ("off", "80.01", "skipped", OrderState.APPROVED),
    ],
)
def test_rule_follows_its_severity(severity, total, verdict, state):
    policies.set_rules(policies.rule("large", LARGE, severity))
    order = orders.submit(orders.draft(credit.account(), total))
    assert (results(order)["rule:large"], order.state) == (verdict, state)


def test_rule_without_data_does_not_block():
    policies.set_rules(policies.rule("thin", MARGIN))
    assert results(orders.released())["rule:thin"] == "unknown"


def test_rule_keeps_what_it_saw():
    policies.set_rules(policies.rule("large", LARGE, en="Large order"))
    order = orders.submit(orders.draft(credit.account(), "81.00"))
    figures = order.decisions.get().checks[-1]["figures"]
    assert figures["names"]["en"] == "Large order"
    assert figures["seen"][0]["value"] == {"amount": "81.00", "currency": "CNY"}


def test_rule_on_flagged_goods_shows_the_evidence():
    condition = {"fact": "order.flagged", "op": "is", "value": True}
    policies.set_rules(policies.rule("risk", condition))
    order = orders.draft(credit.account())
    orders.flag(order.lines.get().product, evidence="three complaints")
    order = orders.submit(order)
    flags = order.decisions.get().checks[-1]["figures"]["flags"]
    assert order.state == OrderState.CREDIT_FAILED
    assert [flag["evidence"] for flag in flags] == ["three complaints"]


def test_judge_of_a_decision_gives_the_same_again():
    policies.set_rules(policies.rule("large", LARGE))
    decision = orders.failed().decisions.get()
    again = [
        check.as_json() for check in gate.judge(decision.facts, decision.policy_version.content)
    ]
    assert again == decision.checks


def test_shadow_judges_beside_and_changes_nothing():
    strict = policies.standard().content | {"rules": [policies.rule("large", LARGE)]}
    shadow = policies.publish(strict, state=VersionState.SHADOW)
    order = orders.submit(orders.draft(credit.account(), "81.00"))
    found = ShadowDecision.objects.get()
    assert (order.state, found.outcome) == (OrderState.APPROVED, Outcome.FAILED)
    assert (found.policy_version, found.decision) == (shadow, order.decisions.get())


def test_quote_leaves_rules_for_the_submission():
    policies.set_rules(policies.rule("large", LARGE))
    account = credit.account()
    account = type(account).objects.with_limits(NOW.date()).get(pk=account.pk)
    line, before = orders.line("90.00"), everything()
    made = quote(account, [line], currency="CNY", payment_days=30, at=NOW)
    rule = next(each for each in made.checks if each.check["code"] == "rule:large")
    assert (rule.check["verdict"], rule.sentence) == (
        "unknown",
        "Asked when the order is submitted.",
    )
    assert everything() == before


@pytest.mark.parametrize(("role", "told"), [("sales", False), ("credit_analyst", True)])
def test_rule_on_the_margin_tells_it_to_those_who_may_see_margins(role, told, client):
    policies.set_rules(policies.rule("thin", MARGIN, en="Sold below cost"))
    account = credit.account()
    line = orders.line("90.00", unit_cost="88.00")
    order = orders.submit(orders.draft(account, lines=[line]))
    client.force_login(order.owner if role == "sales" else person(role))
    decision = f"/orders/{order.pk}/decisions/{order.decisions.get().pk}/"
    for page in (f"/orders/{order.pk}/", decision):
        text = client.get(page).content.decode()
        assert "Sold below cost" in text
        assert ("margin: 2.22" in text) == told
        assert ("a figure that is not shown to you" in text) != told
    recorded = client.get(decision).content.decode()
    assert ("order.margin" in recorded) == told
