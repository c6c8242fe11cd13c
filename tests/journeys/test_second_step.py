"""A second step of signing in, from setting it up to getting in by it."""

import base64

import pytest
from django_otp.oath import TOTP

from tests.factories.second_step import turned_on
from tests.factories.staff import PASSWORD, person

SUBMIT = "main form button[type=submit]"
_TOO_WIDE = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


@pytest.fixture
def desk(live_server, sit_down):
    return lambda user=None: sit_down(live_server, user)


def faults(desk):
    """What is wrong with the page, light and dark, wide and narrow."""
    found = desk.axe()
    desk.page.evaluate("document.documentElement.dataset.bsTheme = 'dark'")
    found += desk.axe("color-contrast")
    desk.page.set_viewport_size({"width": 360, "height": 800})
    return [*found, *desk.troubles, *(["too wide"] if desk.page.evaluate(_TOO_WIDE) else [])]


def test_second_step_is_set_up_with_the_key_of_the_page(desk):
    alice = desk(person("sales"))
    alice.go("staff:second_step")
    key = alice.page.inner_text(".second-step-key code").replace(" ", "")
    alice.page.fill("[name=one_time_password]", f"{TOTP(base64.b32decode(key)).token():06d}")
    alice.page.fill("[name=password]", PASSWORD)
    alice.page.click(SUBMIT)
    alice.page.wait_for_selector(".recovery-codes")
    shown = alice.page.locator(".recovery-codes code").all_inner_texts()
    assert len(shown) == 10
    with alice.page.expect_download() as download:
        alice.page.click("a[download]")
    text = download.value.path().read_text()
    assert all(code in text for code in shown)
    assert faults(alice) == []


def test_second_step_is_asked_for_and_looked_after(desk):
    user, given = turned_on(person("sales"))
    alice = desk()
    alice.go("staff:sign_in")
    alice.page.fill("[name=username]", user.username)
    alice.page.fill("[name=password]", PASSWORD)
    alice.page.click(SUBMIT)
    alice.page.wait_for_selector("[name=one_time_password]")
    assert alice.page.evaluate("document.activeElement.name") == "one_time_password"
    assert faults(alice) == []
    alice.page.fill("[name=one_time_password]", given[0])
    alice.page.click(SUBMIT)
    alice.page.wait_for_url(lambda url: "/sign-in/" not in url)
    alice.go("staff:second_step")
    assert "9 of 10 are left" in alice.text()
    assert faults(alice) == []
