"""Kept scores in words: each factor as a sentence with its arithmetic, in the reader's language."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from credit.scoring.enums import CHOICES, FactorCode
from staff import figures

Kept = Mapping[str, Any]


def figure(text: str | Decimal, decimals: int | None = None) -> str:
    """A figure with thousands separators, without needless decimals unless asked for some."""
    value = Decimal(text)
    if decimals is None:
        value = value.to_integral() if value == value.to_integral() else value.normalize()
    return figures.figure(value, decimals)


def observed(factor: Kept) -> str:
    """What was seen, with its unit: '120 employees'; empty where it is unknown."""
    value = factor["observed"]
    if value is None:
        return ""
    if factor["code"] in CHOICES:
        return str(CHOICES[factor["code"]](value).label)
    number = Decimal(value)
    words = {
        FactorCode.EMPLOYEES: lambda: ngettext(
            "%(value)s employee", "%(value)s employees", int(number)
        ),
        FactorCode.YEARS: lambda: ngettext("%(value)s year", "%(value)s years", int(number)),
        FactorCode.DAYS_LATE: lambda: _("%(value)s days late"),
        FactorCode.ON_TIME: lambda: _("%(value)s%% on time"),
        FactorCode.PROMISES: lambda: _("%(value)s not kept"),
        FactorCode.REVENUE: lambda: "%(value)s",
    }
    text = words[factor["code"]]() % {"value": figure(value)}
    return f"{text} {factor['note']}" if factor["code"] == FactorCode.REVENUE else text


def sentence(factor: Kept) -> str:
    """Why the factor counted as it did."""
    values = {"seen": _seen(factor), "points": factor["points"], "band": _band(factor)}
    if factor["observed"] is None:
        return _("%(seen)s; that counts as %(points)s of 100 points.") % values
    if not values["band"]:
        return _("%(seen)s; that gives %(points)s of 100 points.") % values
    return _("%(seen)s; %(band)s gives %(points)s of 100 points.") % values


def arithmetic(factor: Kept) -> str:
    """Points times weight."""
    return _("%(points)s × %(weight)s%% = %(contribution)s") % {
        "points": factor["points"],
        "weight": factor["weight"],
        "contribution": figure(factor["contribution"], 2),
    }


def _seen(factor: Kept) -> str:
    if factor["observed"] is None:
        return _unknown(factor)
    values: dict[str, Any] = {"value": observed(factor)}
    note = factor.get("note")
    code = factor["code"]
    if code in (FactorCode.DAYS_LATE, FactorCode.ON_TIME) and note:
        return _paid(code, values, note)
    if code == FactorCode.PROMISES and note:
        text = ngettext(
            "Of %(count)s promise to pay in a year: %(value)s",
            "Of %(count)s promises to pay in a year: %(value)s",
            note["count"],
        )
        return text % (values | {"count": note["count"]})
    if code == FactorCode.YEARS:
        return _age(Decimal(factor["observed"]), note == "customer") % values
    return {
        FactorCode.EMPLOYEES: _("The customer has %(value)s"),
        FactorCode.REVENUE: _("Annual revenue of %(value)s"),
        FactorCode.RATING: _("Rated %(value)s"),
        FactorCode.INDUSTRY: _("The risk of the industry is %(value)s"),
    }.get(FactorCode(code), "%(value)s") % values


def _age(years: Decimal, as_customer: bool) -> str:
    if as_customer and not years:
        return _("A customer for less than a year; the day of foundation is not known")
    if as_customer:
        return _("A customer for %(value)s; the day of foundation is not known")
    return _("In business for %(value)s") if years else _("In business for less than a year")


def _paid(code: str, values: dict[str, Any], note: Kept) -> str:
    values |= {"count": note["count"], "largest": note["largest"]}
    if code == FactorCode.DAYS_LATE and not note["largest"]:
        return (
            ngettext(
                "The only invoice in a year was paid on time",
                "None of %(count)s invoices in a year was paid late",
                note["count"],
            )
            % values
        )
    if code == FactorCode.ON_TIME:
        return (
            ngettext(
                "Of %(count)s invoice in a year: %(value)s",
                "Of %(count)s invoices in a year: %(value)s",
                note["count"],
            )
            % values
        )
    return (
        ngettext(
            "%(value)s on average over %(count)s invoice in a year, %(largest)s days at most",
            "%(value)s on average over %(count)s invoices in a year, %(largest)s days at most",
            note["count"],
        )
        % values
    )


def _unknown(factor: Kept) -> str:
    return {
        FactorCode.EMPLOYEES: _("The number of employees is not known"),
        FactorCode.REVENUE: _("The annual revenue or the rate of its currency is not known"),
        FactorCode.YEARS: _("The age of the business is not known"),
        FactorCode.DAYS_LATE: _("No invoice was settled or overdue within a year"),
        FactorCode.ON_TIME: _("No invoice was settled or overdue within a year"),
        FactorCode.PROMISES: _("No promise to pay was due within a year"),
        FactorCode.RATING: _("No external rating is known"),
        FactorCode.INDUSTRY: _("The industry is not known"),
    }[FactorCode(factor["code"])]


def _band(factor: Kept) -> str:
    if factor["start"] is None:
        return ""
    values = {"start": figure(factor["start"])}
    if factor["end"] is None:
        return _("%(start)s or more") % values
    values["end"] = figure(factor["end"])
    return _("from %(start)s to below %(end)s") % values


def basis(way: Kept, currency: str) -> str:
    """One way to the recommended limit."""
    values = {
        "base": figure(way["base"], 2),
        "rate": figure(way["rate"]),
        "amount": figure(way["amount"], 2),
        "currency": currency,
    }
    if way["source"] == "annual_revenue":
        return _("%(rate)s%% of the annual revenue of %(base)s = %(amount)s %(currency)s") % values
    return (
        _("%(rate)s times the average monthly invoices of %(base)s = %(amount)s %(currency)s")
        % values
    )


def lacking(missing: list[str]) -> str:
    """What the recommended limit had to do without; empty when nothing."""
    if {"annual_revenue", "monthly_invoiced"} <= set(missing):
        return _("Neither the annual revenue is known nor was anything invoiced within a year.")
    if "annual_revenue" in missing:
        return _("The annual revenue is not known.")
    if "monthly_invoiced" in missing:
        return _("Nothing was invoiced within a year.")
    return ""
