"""Every kind of page: nothing broken, nothing out of reach, nothing beyond the screen's edge."""

import pytest

from staff.models import User
from tests.journeys.desk import SETTLED, Desk
from tests.journeys.pages import DESIGNS, KINDS

WIDTHS = (360, 768, 1920)
DESK = {"width": 1440, "height": 900}
TABLET = {"width": 1024, "height": 768}
PHONE = {"width": 390, "height": 844}
# Read from left to right all day: nothing of a row may lie beyond the edge.
LISTS = {
    "orders:list",
    "orders:holds",
    "orders:stock",
    "orders:products",
    "credit:customers",
    "credit:invoices",
    "credit:scores",
    "credit:expiring",
    "approvals:list",
    "approvals:reviews",
    "exceptions:tickets",
}


@pytest.fixture(scope="module")
def desks(browser, demo):
    """A window for each role that stays open from test to test."""
    opened = {}

    def of(role):
        if role not in opened:
            context = browser.new_context(
                base_url=demo.url, locale="en-GB", reduced_motion="reduce"
            )
            opened[role] = Desk(context, demo, User.objects.get(username=role))
        return opened[role]

    yield of
    for desk in opened.values():
        desk.context.close()


@pytest.fixture
def shown(request, desks):
    """The desk with the page of the kind that the test is about."""
    kind = request.param
    desk = desks(kind.role)
    desk.troubles.clear()
    desk.page.set_viewport_size(DESK)
    answer = desk.page.goto(kind.url())
    assert answer.status == kind.status, desk.page.url
    desk.wait_for_parts()
    return desk


def each_kind(kinds=KINDS):
    return pytest.mark.parametrize("shown", kinds, ids=str, indirect=True)


def each_design():
    return each_kind([kind for kind in KINDS if str(kind) in DESIGNS])


def sticking_out(page, width):
    """What makes the page wider than a screen of `width`; empty when nothing does."""
    page.set_viewport_size({"width": width, "height": 800})
    page.evaluate(SETTLED)
    return [f"at {width}: {what}" for what in page.evaluate(_STICKING_OUT)]


@each_kind()
def test_page_is_whole(shown):
    page = shown.page
    assert page.get_attribute("html", "lang") == "en"
    assert len(page.title().removesuffix(" · Ordergate")) > 2
    assert page.locator("h1").count() == 1
    assert page.inner_text("h1").strip()
    assert shown.axe() == []
    page.evaluate("document.documentElement.dataset.bsTheme = 'dark'")
    page.evaluate(SETTLED)
    assert shown.axe("color-contrast", "link-in-text-block") == []
    assert [what for width in WIDTHS for what in sticking_out(page, width)] == []
    assert shown.troubles == []


@each_kind([kind for kind in KINDS if kind.name in LISTS])
def test_list_is_read_without_scrolling_sideways_on_a_tablet(shown):
    shown.page.set_viewport_size(TABLET)
    shown.page.evaluate(SETTLED)
    assert shown.page.evaluate(_WIDER_THAN_ITS_PLACE) == []


@each_design()
def test_page_satisfies_axe_on_a_phone(shown):
    shown.page.set_viewport_size(PHONE)
    shown.page.evaluate(SETTLED)
    assert shown.axe() == []


@each_design()
def test_focus_is_seen_wherever_it_goes(shown):
    unseen = []
    for _ in range(25):
        shown.page.keyboard.press("Tab")
        unseen.append(shown.page.evaluate(_UNSEEN))
    assert [what for what in unseen if what] == []


# What has the focus although nothing on the screen says so.
_UNSEEN = """() => {
    const focused = document.activeElement;
    if (!focused || focused === document.body) return "";
    const marked = (element) => {
        const style = getComputedStyle(element);
        const outlined = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
        return outlined || style.boxShadow !== "none";
    };
    const box = focused.getBoundingClientRect();
    const there = box.width > 0 && box.height > 0;
    const seen = there && (marked(focused) || marked(focused.parentElement));
    return seen ? "" : focused.outerHTML.slice(0, 160);
}"""

_WIDER_THAN_ITS_PLACE = """() =>
    [...document.querySelectorAll(".table-scroll:has(> .stack-phone)")]
        .filter((place) => place.scrollWidth > place.clientWidth + 1)
        .map((place) => `${place.scrollWidth} in ${place.clientWidth}`)"""

_STICKING_OUT = """() => {
    const { clientWidth: edge, scrollWidth: width } = document.documentElement;
    if (width <= edge) return [];
    const clipped = (box) =>
        box && (getComputedStyle(box).overflowX !== "visible" || clipped(box.parentElement));
    const out = [...document.body.querySelectorAll("*")].filter(
        (part) => part.getBoundingClientRect().right > edge + 1 && !clipped(part.parentElement));
    return [width, ...out.slice(-3).map((part) => part.outerHTML.slice(0, 160))];
}"""
