"""A policy on its way into force: written, tried in the shadow, published, each in a browser."""

import pytest
from django.utils import timezone

from credit.models import PolicyVersion
from orders.enums import OrderState as S
from tests.factories import credit, orders, policies
from tests.factories.staff import person
from tests.journeys.worker import worker

pytestmark = pytest.mark.django_db(transaction=True)


NOTE = "The busy season begins"


class Story:
    """One version on its way: the administrator's window, and what is bought meanwhile."""

    def __init__(self, site, sit_down):
        self.site, self.sit_down = site, sit_down
        self.desk = sit_down(site, person("administrator"))
        self.page = self.desk.page
        self.account = credit.account("1000.00", name="Harbour Pumps", owner=person("sales"))

    def press(self, name, role="link"):
        self.page.get_by_role(role, name=name, exact=True).first.click()

    def reads(self, *texts):
        for text in texts:
            self.page.get_by_text(text).first.wait_for()


def writes_a_draft(story):
    """Half of the limit is enough, and urgent orders are worth a word."""
    page = story.page
    story.desk.go("home")
    story.press("Admin")
    page.get_by_role("link", name="Credit policies", exact=True).first.click()
    page.get_by_role("row").filter(has_text="All customers").get_by_role("link").first.click()
    story.press("Write a new version")
    page.get_by_role("row", name="Credit limit").get_by_label("may be used").fill("50")
    story.press("Add gate rule", "button")
    page.get_by_label("Code").fill("urgent")
    page.get_by_label("Name in English").fill("Urgent order")
    page.get_by_label("Severity", exact=True).select_option(label="Inform")
    page.get_by_label("Comparison", exact=True).select_option("order.note|contains|")
    page.get_by_label("Value", exact=True).fill("urgent")
    page.get_by_label("Why it is changed").fill(NOTE)
    story.press("Save draft", "button")
    story.reads("It decides nothing yet", "may be used 100 % → 50 %")


def asks_the_tester(story):
    story.press("Test it")
    story.page.get_by_label("Customer").fill(story.account.customer.code)
    story.page.get_by_label("Amount with tax").fill("600")
    story.press("Test", "button")
    story.reads("Would need an approval", "50 % of the limit")
    story.press("Standard policy · version 2")


def tries_it_in_the_shadow(story):
    story.press("Put in the shadow", "button")
    story.reads("Version 2: shadow.")
    order = orders.submit(orders.draft(story.account, "600.00"))
    assert order.state == S.APPROVED
    story.press("Results in the shadow")
    story.reads(order.number, "50 % of the limit")
    orders.cancel(order)
    story.press("Standard policy · version 2")


def tries_it_on_past_orders(story, log):
    story.press("Try it on past orders")
    story.page.get_by_label("From day").fill("2020-01-01")
    with worker(log):
        story.press("Start backtest", "button")
        story.page.get_by_role("heading", name="What would have been held").wait_for(timeout=30_000)
    story.reads("50 % of the limit")
    story.press("standard/2")


def publishes_it(story):
    story.press("Publish …")
    story.reads("may be used 100 % → 50 %", NOTE)
    story.press("Publish", "button")
    story.reads("Version 2 is in force now.")


def decides_by_it(story):
    """What a salesperson submits now is decided by it, and its decision says so."""
    draft = orders.draft(story.account, "600.00", at=timezone.now())
    desk = story.sit_down(story.site, story.account.customer.owner)
    desk.go("orders:list")
    page = desk.page
    page.get_by_role("link", name=draft.number).click()
    page.get_by_role("button", name="Submit order").click()
    page.get_by_text("which is 50 % of the limit of 1,000.00").first.wait_for()
    page.get_by_role("link", name="Open decision").click()
    page.get_by_role("heading", name="The record").wait_for()
    assert "Standard policy · version 2" in desk.text()
    assert desk.troubles == []


def test_administrator_publishes_a_version_after_trying_it(live_server, sit_down, tmp_path):
    before, story = policies.standard(), Story(live_server, sit_down)
    writes_a_draft(story)
    asks_the_tester(story)
    tries_it_in_the_shadow(story)
    tries_it_on_past_orders(story, tmp_path / "worker.log")
    publishes_it(story)
    decides_by_it(story)
    assert PolicyVersion.objects.get(state="published", policy=before.policy).author


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
