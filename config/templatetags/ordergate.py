"""The product's vocabulary of small marks: badges, amounts, moments, bars.

Built into every template; `templates/components/README.md` shows how each is used.
"""

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django import template
from django.forms import BaseForm, BoundField, CheckboxInput, RadioSelect, Select, SelectMultiple
from django.forms.widgets import CheckboxSelectMultiple, HiddenInput, MultiWidget, Widget
from django.template.context import Context
from django.templatetags.static import static
from django.utils import formats, timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from config import display
from config.styles import STYLES, UNKNOWN
from staff import figures, listing

register = template.Library()


@register.simple_tag
def icon(name: str, label: str = "", classes: str = "") -> SafeString:
    """The icon `name` of the sprite; with `label` it speaks, without it is decoration."""
    use = format_html('<use href="{}#{}"></use>', static("icons.svg"), name)
    if label:
        return format_html(
            '<svg class="icon {}" role="img" aria-label="{}">{}</svg>', classes, label, use
        )
    return format_html('<svg class="icon {}" aria-hidden="true">{}</svg>', classes, use)


@register.filter
def listed(parts: Iterable[object]) -> str:
    """The parts side by side, set apart as the reader's language does."""
    return listing.listed(parts)


@register.simple_tag
def badge(code: str, label: str) -> SafeString:
    """The state or severity `code` as colour, icon and its readable `label`."""
    colour, shape = STYLES.get(str(code), UNKNOWN)
    return format_html(
        '<span class="mark mark-{}">{}{}</span>', colour, icon(shape), capfirst(label)
    )


@register.simple_tag
def state_badge(subject: Any) -> SafeString:
    """The badge of anything that has `state` and `get_state_display`."""
    return badge(subject.state, subject.get_state_display())


@register.simple_tag
def money(value: Decimal | None, currency: str = "", sign: bool = False) -> SafeString:
    """An amount in figures with its ISO currency; with `sign`, a plus before a gain."""
    if value is None or value == "":
        return format_html('<span class="money none">{}</span>', "–")
    text = ("+" if sign and value > 0 else "") + display.amount(value)
    if not currency:
        return format_html('<span class="money">{}</span>', text)
    return format_html('<span class="money">{} <span class="unit">{}</span></span>', text, currency)


@register.simple_tag
def compact_money(value: Decimal | None, currency: str = "") -> SafeString:
    """An amount for a tile: '1.2 M CNY', the exact one as its title."""
    if value is None:
        return money(None)
    return format_html(
        '<span class="money" title="{} {}">{} <span class="unit">{}</span></span>',
        display.amount(value),
        currency,
        display.compact(value),
        currency,
    )


@register.simple_tag(takes_context=True)
def moment(context: Context, value: datetime | None, style: str = "relative") -> SafeString:
    """A point in time in the reader's zone, exact as its title: `relative`, `exact` or `date`."""
    if value is None:
        return format_html('<span class="none">{}</span>', "–")
    at = context.get("at") or timezone.now()
    exact = display.exact(value)
    local = timezone.localtime(value)
    shown = {
        "relative": lambda: display.relative(value, at),
        "exact": lambda: exact.rpartition(" ")[0],
        "date": lambda: formats.date_format(local, "DATE_FORMAT"),
    }[style]()
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        local.isoformat(timespec="seconds"),
        exact,
        shown,
    )


@register.filter
def duration(value: timedelta | None) -> str:
    """A length of time as '2 h 10 min'."""
    return "–" if value is None else display.duration(value)


@register.filter
def percent(value: Decimal | float | None, decimals: int = 1) -> str:
    """A figure that is already in hundredths, as '4.2%'."""
    return "–" if value is None else display.percent(value, decimals)


@register.filter
def amount(value: Decimal | None) -> str:
    """An amount as bare text, for attributes and sentences."""
    return "–" if value is None else display.amount(value)


@register.filter
def count(value: int | None) -> str:
    """A whole number with thousands separators."""
    return "–" if value is None else display.count(value)


@register.filter
def terms(days: int) -> str:
    """Payment terms as they are read."""
    return figures.terms(days)


@register.filter
def pieces(value: Decimal | None) -> str:
    """A quantity of goods without needless zeros, with a true minus sign."""
    return "–" if value is None else figures.pieces(value)


@register.inclusion_tag("components/credit_bar.html")
def credit_bar(
    reserved: Decimal,
    delivered: Decimal,
    receivable: Decimal,
    limit: Decimal | None,
    currency: str,
    kind: str = "amount",
    extra: Decimal | None = None,
    legend: bool = True,
) -> dict[str, object]:
    """Use by bucket against the limit; `kind` none and unlimited have no limit to mark.

    `extra` is what one more order would add. Without `legend` the figures are for readers of the
    text equivalent only.
    """
    buckets = {"receivable": receivable, "delivered": delivered, "reserved": reserved}
    if extra:
        buckets["extra"] = extra
    ceiling = {"unlimited": None, "none": Decimal(0)}.get(kind, limit)
    names = {
        "receivable": _("Receivable"),
        "delivered": _("Delivered, not invoiced"),
        "reserved": _("Reserved"),
        "extra": _("This order"),
    }
    bar = display.credit_bar(buckets, ceiling)
    parts = [(segment, names[segment.code]) for segment in bar.segments]
    return {
        "bar": bar, "parts": parts, "limit": ceiling, "kind": kind,
        "currency": currency, "legend": legend,
        "excess": -bar.available if bar.available is not None and bar.available < 0 else None,
    }  # fmt: skip


@register.simple_tag(takes_context=True)
def sort_header(context: Context, key: str, label: str, align: str = "") -> SafeString:
    """A column header that sorts by `key`, or turns the order around when it already does."""
    request = context["request"]
    now = request.GET.get("sort", "")
    state = {key: "ascending", f"-{key}": "descending"}.get(now)
    target = request.GET.copy()
    for stale in ("after", "before"):
        target.pop(stale, None)
    target["sort"] = f"-{key}" if state == "ascending" else key
    shape = {"ascending": "arrow-up", "descending": "arrow-down"}.get(state or "", "selector")
    return format_html(
        '<th scope="col" class="sortable {}"{}><a href="?{}">{}{}</a></th>',
        "num" if align == "end" else "",
        format_html(' aria-sort="{}"', state) if state else "",
        target.urlencode(),
        label,
        icon(shape),
    )


@register.simple_tag
def control(field: BoundField, **attrs: str) -> SafeString:
    """A form field's widget in the product's dress; `attrs` are added, `_` in names read as `-`."""
    widget = field.field.widget
    classes = [_dress(widget), widget.attrs.get("class", ""), attrs.pop("class", "")]
    if isinstance(widget, MultiWidget):
        # Its parts are dressed one by one, and the field's label is not tied to any of them.
        for part in widget.widgets:
            part.attrs = {"class": _dress(part), "aria-label": field.label} | part.attrs
        return field.as_widget()
    if field.errors:
        classes.append("is-invalid")
    named = {name.replace("_", "-"): value for name, value in attrs.items()}
    return field.as_widget(attrs={**named, "class": " ".join(filter(None, classes))})


def _dress(widget: Widget) -> str:
    if isinstance(widget, CheckboxInput | CheckboxSelectMultiple | RadioSelect):
        return "form-check-input"
    if isinstance(widget, Select | SelectMultiple):
        return "form-select"
    return "" if isinstance(widget, HiddenInput | MultiWidget) else "form-control"


@register.inclusion_tag("components/filter_bar.html", takes_context=True)
def filter_bar(context: Context, form: BaseForm) -> dict[str, object]:
    """The list's filters (a form bound to the query) and one removable chip per filter in force."""
    request = context["request"]
    chips = []
    for field in form:
        values = [v for v in request.GET.getlist(field.html_name) if v]
        chips += [
            {
                "label": field.label,
                "value": _shown(field, v),
                "query": _without(request, field.html_name, v),
            }
            for v in values
        ]
    kept = [(k, v) for k, v in request.GET.items() if k in ("sort", "view")]
    return {"form": form, "chips": chips, "kept": kept, "path": request.path}


def _shown(field: BoundField, value: str) -> str:
    if isinstance(field.field.widget, CheckboxInput):
        return _("yes")
    for code, label in _flat(getattr(field.field, "choices", ())):
        if str(code) == value:
            return str(label)
    return value


def _flat(choices: Iterable[Any]) -> Iterable[tuple[Any, Any]]:
    for code, label in choices:
        if isinstance(label, list | tuple):
            yield from _flat(label)
        else:
            yield code, label


def _without(request: Any, name: str, value: str) -> str:
    rest = request.GET.copy()
    rest.setlist(name, [v for v in rest.getlist(name) if v != value])
    for stale in ("after", "before"):
        rest.pop(stale, None)
    return "?" + rest.urlencode()


@register.inclusion_tag("components/chart.html")
def chart(chart_id: str, spec: dict[str, Any]) -> dict[str, object]:
    """A chart and the table behind it; the README says what `spec` holds."""
    rows = list(zip(spec["categories"], *(s["values"] for s in spec["series"]), strict=True))
    return {"chart_id": chart_id, "spec": spec, "rows": rows}


@register.filter
def highlight(text: str, words: str) -> SafeString:
    """`text` with every occurrence of `words` marked."""
    if not words:
        return format_html("{}", text)
    pieces = re.split(f"({re.escape(words)})", str(text), flags=re.IGNORECASE)
    return format_html_join(
        "",
        "{}",
        ((format_html("<mark>{}</mark>", p) if i % 2 else p,) for i, p in enumerate(pieces)),
    )


@register.filter
def others(actions: Iterable[Any]) -> list[Any]:
    """The actions (dicts or objects) that stand beside the primary one."""
    return [
        a
        for a in actions
        if not (a.get("primary") if isinstance(a, dict) else getattr(a, "primary", False))
    ]
