from decimal import Decimal

import pytest

from credit.content import default_content
from credit.enums import VersionState
from credit.models import Customer, Policy, PolicyVersion
from credit.money import LARGEST
from orders.models import Decision, ShadowDecision
from orders.trial import imagined, try_version
from tests.factories import credit, orders, policies
from tests.factories.moments import NOW
from tests.factories.traces import everything
from tests.orders.pages import as_role, words

pytestmark = pytest.mark.django_db
LARGE = {"fact": "order.total", "op": "more_than", "value": {"amount": "50", "currency": "CNY"}}
PAGE = "/policies/test/"


def ask(query, role="credit_analyst"):
    return as_role(role).get(PAGE, query)


def trials(response):
    return response.context["trials"]


def of(account, **values):
    return {"customer": account.customer.code, "amount": "90"} | values


def shadow(**values):
    return policies.publish(policies.changed("limit", **values), state=VersionState.SHADOW)


def tried(account, total, **values):
    values = {"currency": "CNY", "payment_days": 30, "paid": Decimal(0)} | values
    order = imagined(account, total=Decimal(total), **values)
    return try_version(policies.standard(), account, order, NOW)


def test_tester_writes_nothing_at_all():
    account, order = credit.account("50.00"), orders.failed()
    shadow(percent="10")
    policies.set_rules(policies.rule("large", LARGE))
    kept = (Policy, PolicyVersion, ShadowDecision, Customer)
    before = everything(), [list(model.objects.order_by("pk").values()) for model in kept]
    for query in (of(account, other="shadow"), {"order": order.number, "other": "shadow"}):
        assert len(trials(ask(query))) == 2
    after = everything(), [list(model.objects.order_by("pk").values()) for model in kept]
    assert after == before


@pytest.mark.parametrize(
    ("total", "blocks", "headroom"),
    [("99.99", False, "0.01"), ("100", False, "0.00"), ("100.01", True, "-0.01")],
)
def test_trial_blocks_above_the_limit(total, blocks, headroom):
    trial = tried(credit.account("100.00"), total)
    assert (trial.blocks, trial.headroom) == (blocks, Decimal(headroom))


def test_trial_without_a_limit_has_no_headroom():
    assert tried(credit.account(), "100").headroom is None


def test_trial_counts_what_is_paid_in_advance():
    assert not tried(credit.account("10.00"), "100", paid=Decimal("95")).blocks


def test_trial_names_the_exemption_that_spared_the_order():
    cash = [{"exemption": "cash", "skips": ["limit"]}]
    policies.publish(default_content() | {"exemptions": cash})
    trial = tried(credit.account("10.00"), "100", payment_days=0)
    assert (trial.blocks, trial.exemptions) == (False, ["Cash on order"])


def test_tester_shows_every_check_with_its_sentence():
    text = words(ask(of(credit.account("50.00"))))
    assert "Would need an approval" in text and "40.00" in text
    assert text.count('class="check"') == 14


def test_tester_compares_two_versions_side_by_side():
    account = credit.account("100.00")
    shadow(percent="50")
    found = trials(ask(of(account, other="shadow")))
    assert [trial.blocks for trial in found] == [False, True]


def test_tester_tries_drafts_and_older_versions():
    account, old = credit.account("100.00"), policies.standard()
    policies.set_check("limit", percent="10")
    policies.publish(policies.changed("limit", percent="20"), state=VersionState.DRAFT)
    found = trials(ask(of(account, version=str(old.pk), other="draft")))
    assert [(t.version.number, t.blocks) for t in found] == [(1, False), (3, True)]


def test_tester_leaves_gate_rules_open_for_an_imagined_order():
    policies.set_rules(policies.rule("large", LARGE, en="Large"))
    answer = ask(of(credit.account()))
    assert "Asked when the order is submitted: Large" in words(answer)
    assert not trials(answer)[0].blocks


def test_tester_asks_gate_rules_of_an_order_there_is():
    order = orders.draft(credit.account(), "90.00")
    policies.set_rules(policies.rule("large", LARGE, en="Large"))
    (trial,) = trials(ask({"order": order.number.lower()}))
    assert [check.code for check in trial.result.reasons] == ["rule:large"]


def test_tester_does_not_count_an_order_against_itself():
    account = credit.account("100.00")
    order = orders.submit(orders.draft(account, "90.00"))
    (trial,) = trials(ask({"order": order.number}))
    assert (trial.blocks, trial.headroom) == (False, Decimal("10.00"))


def test_tester_uses_the_policy_that_governs_the_customer():
    account = credit.account("100.00")
    own = Policy.objects.create(
        code="own", scope="customer", customer=account.customer, name_en="Own"
    )
    policies.publish(policies.changed("limit", percent="10"), policy=own)
    assert trials(ask(of(account)))[0].version.policy == own


@pytest.mark.parametrize(
    ("query", "problem"),
    [
        ({"customer": "nobody"}, "No customer matches"),
        ({"customer": "Twin"}, "Several customers match"),
        ({"amount": "-1"}, "At least 0 is needed"),
        ({"amount": "NaN"}, "Write a figure"),
        ({"amount": "1e5"}, "Write a figure"),
        ({"amount": "9" * 30}, "At most"),
        ({"amount": str(LARGEST)}, "larger than can be stored"),
        ({"paid": "91"}, "more than the order comes to"),
        ({"days": "366"}, "less than or equal"),
        ({"days": "soon"}, "whole number"),
        ({"currency": "ZZZ"}, "Select a valid choice"),
        ({"version": "0"}, "Select a valid choice"),
        ({"version": "shadow"}, "has no such version"),
        ({"other": "draft"}, "has no such version"),
        ({"order": "SO-nothing"}, "no order with this number"),
        ({"customer": "C-NONE"}, "no credit account"),
    ],
)
def test_tester_says_what_is_wrong(query, problem):
    account = credit.account()
    orders.submit(orders.draft(account))
    for _ in range(2):
        credit.customer(name="Twin")
    credit.customer(code="C-NONE")
    answer = ask(of(account) | query)
    assert answer.status_code == 400 and problem in words(answer)
    assert trials(answer) == []


def test_tester_asks_in_another_currency_and_names_a_missing_rate():
    (trial,) = trials(ask(of(credit.account("100.00"), currency="USD")))
    assert trial.blocks and trial.result.reasons[0].code == "rate"


def test_tester_without_a_question_only_shows_its_form():
    answer = ask({"customer": "C1"})
    assert (answer.status_code, trials(answer)) == (200, [])
    assert 'value="C1"' in words(answer)


def test_tester_suggests_customers_while_typing():
    credit.customer(name="Harbour", code="C-H")
    answer = as_role("auditor").get(PAGE, {"customer": "harb"}, headers={"HX-Request": "true"})
    assert words(answer).strip() == '<option value="C-H">Harbour</option>'


@pytest.mark.parametrize(
    ("role", "status"),
    [
        ("administrator", 200),
        ("credit_analyst", 200),
        ("finance", 200),
        ("sales_manager", 200),
        ("approver_1", 200),
        ("auditor", 200),
        ("sales", 403),
        ("warehouse", 403),
        ("customer_service", 403),
    ],
)
def test_tester_is_open_to_those_who_may_see_policies(role, status):
    assert ask({}, role).status_code == status
    assert as_role(role).get("/policies/shadow/").status_code == status


def test_decisions_stay_untouched_by_trials():
    order = orders.failed()
    before = list(Decision.objects.values())
    try_version(policies.standard(), order.account, order, NOW)
    assert list(Decision.objects.values()) == before
