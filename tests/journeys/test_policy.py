"""A policy on its way into force: written, tried in the shadow, published, each in a browser."""

import pytest

from credit.models import PolicyVersion
from orders.enums import OrderState as S
from tests.factories import credit, orders, policies
from tests.factories.staff import person

pytestmark = pytest.mark.django_db(transaction=True)


def write(desk, policy):
    """Half of the limit is enough, and urgent orders are worth a word."""
    desk.go("admin:credit_policy_draft", policy.pk)
    page = desk.page
    page.fill("#id_check-limit-percent", "50")
    page.click("[value=add-rule]")
    page.fill("#id_rule-0-code", "urgent")
    page.fill("#id_rule-0-name_en", "Urgent order")
    page.select_option("#id_rule-0-severity", "inform")
    page.select_option("#id_rule-0-0-what", "order.note|contains|")
    page.fill("#id_rule-0-0-value", "urgent")
    page.fill("#id_note", "The busy season begins")
    page.click(".pol-buttons [value=save]")
    page.wait_for_url("**/versions/**")


def test_administrator_publishes_a_version_after_trying_it_in_the_shadow(live_server, sit_down):
    account, policy = credit.account("1000.00"), policies.standard().policy
    desk = sit_down(live_server, person("administrator"))
    write(desk, policy)
    desk.page.click("text=Put in the shadow")
    desk.page.wait_for_selector(".pol-state-shadow")

    order = orders.submit(orders.draft(account, "600.00"))
    assert order.state == S.APPROVED
    desk.go("orders:shadow")
    assert order.number in desk.text() and "50 % of the limit" in desk.text()

    tried = PolicyVersion.objects.get(state="shadow")
    desk.go("admin:credit_policy_publish", policy.pk, tried.pk)
    assert "may be used 100 % → 50 %" in desk.text()
    desk.page.click(".pol-acts button")
    desk.page.wait_for_selector(".pol-state-published")
    assert policies.standard() == tried
    assert orders.submit(orders.draft(credit.account("1000.00"), "600.00")).state == S.CREDIT_FAILED
    assert desk.troubles == []


def test_draft_is_written_without_a_script(live_server, sit_down):
    policy = policies.standard().policy
    desk = sit_down(live_server, person("credit_analyst"), java_script_enabled=False)
    page = desk.page
    desk.go("admin:credit_policy_draft", policy.pk)
    page.click("[value=add-rule]")
    page.select_option("#id_rule-0-0-what", "order.total|more_than|")
    page.fill("#id_rule-0-code", "large")
    page.fill("#id_rule-0-name_en", "Large")
    page.click("#rule-0 [value=show]")
    page.fill("#id_rule-0-0-value", "5000")
    page.click(".pol-buttons [value=save]")
    draft = PolicyVersion.objects.get(state="draft")
    assert draft.content["rules"][0]["condition"]["value"] == {
        "amount": "5000.00",
        "currency": "CNY",
    }
