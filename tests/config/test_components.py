import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal as D
from pathlib import Path

import pytest
from django import forms
from django.conf import settings
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import timezone, translation

from config.styles import STYLES

ROOT = Path(settings.BASE_DIR)
AT = datetime(2025, 3, 10, 8, 0, tzinfo=UTC)


def rendered(source, path="/", **context):
    with translation.override("en"), timezone.override("Asia/Shanghai"):
        return Template(source).render(Context({"request": RequestFactory().get(path)} | context))


def sprite():
    return set(re.findall(r'<symbol id="([^"]+)"', (ROOT / "static/icons.svg").read_text()))


def test_sprite_holds_every_icon_that_states_use():
    assert {shape for _colour, shape in STYLES.values()} <= sprite()


@pytest.mark.parametrize("file", sorted((ROOT / "templates").rglob("*.html")), ids=lambda f: f.name)
def test_sprite_holds_every_icon_of_template(file):
    assert set(re.findall(r'{% icon "([^"]+)"', file.read_text())) <= sprite()


@pytest.mark.parametrize("file", sorted((ROOT / "templates").rglob("*.html")), ids=lambda f: f.name)
def test_template_keeps_to_the_content_security_policy(file):
    text = file.read_text()
    assert not re.search(r"""\s(style|on[a-z]+)=["']""", text)
    assert "<style" not in text
    assert not re.search(r"<script(?![^>]* src=)", text)


def test_colours_of_every_mark_are_in_the_stylesheet():
    css = (ROOT / "static/css/components.css").read_text()
    assert all(f".mark-{colour} " in css for colour, _shape in STYLES.values())


def test_badge_says_its_state_in_words():
    html = rendered('{% badge "credit_failed" "credit failed" %}')
    assert "mark-orange" in html
    assert "Credit failed" in html


def test_badge_shows_an_unknown_code_plainly():
    assert "mark-grey" in rendered('{% badge "new_thing" "new thing" %}')


def test_badge_escapes_its_label():
    assert "&lt;b&gt;" in rendered("{% badge 'x' label %}", label="<b>")


def test_money_carries_its_currency():
    html = rendered("{% money value 'CNY' %}", value=D("1234.5"))
    assert "1,234.50" in html
    assert "CNY" in html


def test_money_shows_a_dash_for_no_amount():
    assert ">–<" in rendered("{% money value 'CNY' %}", value=None)


def test_moment_is_relative_with_the_exact_time_as_title():
    html = rendered("{% moment value %}", value=AT - timedelta(hours=2), at=AT)
    assert ">2 h ago<" in html
    assert 'title="10 Mar 2025, 14:00 CST"' in html
    assert 'datetime="2025-03-10T14:00:00+08:00"' in html


@pytest.mark.parametrize(
    ("kind", "limit"), [("amount", D(500)), ("unlimited", None), ("none", None)]
)
def test_credit_bar_has_a_text_equivalent(kind, limit):
    html = rendered(
        "{% credit_bar 10 20 30 limit 'CNY' kind=kind legend=False %}", kind=kind, limit=limit
    )
    assert 'class="visually-hidden"' in html
    assert "60.00" in html


def test_sort_header_turns_the_order_around_and_starts_from_the_first_page():
    source = '{% sort_header "total" "Amount" %}'
    html = rendered(source, "/?sort=total&before=9&q=a")
    assert 'aria-sort="ascending"' in html
    assert "?sort=-total&amp;q=a" in html


class Filter(forms.Form):
    q = forms.CharField(label="Words", required=False)
    state = forms.ChoiceField(choices=[("", "Any"), ("shipped", "Shipped")], required=False)


def test_filter_bar_shows_every_field_with_its_label():
    html = rendered("{% filter_bar form %}", form=Filter())
    assert 'name="q"' in html
    assert '<label for="id_state">State</label>' in html


def test_filter_bar_offers_to_remove_each_filter_in_force():
    form = Filter({"q": "acme", "state": "shipped"})
    html = rendered(
        "{% filter_bar form %}", "/?q=acme&state=shipped&sort=-total&after=3", form=form
    )
    assert 'href="/?q=acme&amp;sort=-total"' in html
    assert 'href="/?state=shipped&amp;sort=-total"' in html
    assert "</span> Shipped<svg" in html


def test_form_sums_its_errors_up_and_repeats_them_at_the_field():
    class Edit(forms.Form):
        name = forms.CharField(help_text="As on the parcel.")

    html = rendered("{{ form }}", form=Edit({}))
    assert html.count("This field is required.") == 2
    assert 'href="#id_name"' in html
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert 'id="id_name_error"' in html


def test_actions_show_what_cannot_be_done_now_with_the_reason():
    actions = [
        {"label": "Ship order", "url": "/ship/", "method": "post", "primary": True},
        {"label": "Invoice", "url": "/invoice/", "reason": "Nothing has been delivered yet."},
    ]
    html = rendered('{% include "components/actions.html" %}', actions=actions)
    assert 'action="/ship/"' in html
    assert 'aria-disabled="true"' in html
    assert "Nothing has been delivered yet." in html
    assert "/invoice/" not in html


def test_chart_has_a_table_behind_it():
    spec = {
        "title": "Orders",
        "type": "bar",
        "categories": ["Mon", "Tue"],
        "series": [{"name": "Passed", "values": [3, None]}],
    }
    html = rendered('{% chart "c" spec %}', spec=spec)
    assert '<th scope="row">Tue</th><td class="num">–</td>' in html
    assert '<script id="c" type="application/json">' in html


def test_control_names_every_part_of_a_field_of_several_parts():
    class Parts(forms.Form):
        span = forms.SplitDateTimeField(label="Since when")

    html = rendered("{% control form.span %}", form=Parts())
    assert html.count('aria-label="Since when"') == 2
    assert html.count('class="form-control"') == 2
