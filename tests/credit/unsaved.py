"""What the checks look at, never read from a database: they are pure functions."""

from credit.checks import evaluate
from credit.content import clean_content, default_content

TODAY = "2026-03-02"


def limit(amount=None, *, type="base", kind=None, percent=None, until=None):
    kind = kind or ("none" if amount is None else "amount")
    return {
        "type": type, "kind": kind, "amount": amount, "percent": percent, "from": "2020-01-01",
        "until": until,
    }  # fmt: skip


def order(**values):
    """An order of 50.00 CNY within the customer's terms, nothing of it paid."""
    total = values.get("total", "50.00")
    standard = {"total": total, "paid": "0.00", "need": total, "held": "0.00", "currency": "CNY"}
    return standard | {"payment_days": 30, "first": False} | values


def account(*limits, **values):
    """An account with these limits, or with one of 100.00, that uses nothing."""
    buckets = {"reserved": "0.00", "delivered": "0.00", "receivable": "0.00"}
    standard = {"currency": "CNY", "review_on": None, "limits": list(limits) or [limit("100.00")]}
    return standard | buckets | values


def group(*limits, **values):
    """A group with these limits, or with one of 1000.00, that uses nothing."""
    standard = {"name": "Holding", "currency": "CNY", "used": "0.00", "members": {}}
    standard |= {"limits": list(limits) or [limit("1000.00")], "segment": segment()}
    return standard | values


def segment(kind="none", amount=None, currency=""):
    return {"code": "any", "kind": kind, "amount": amount, "currency": currency}


def late(amount="0.00", *, count=1, days=1, disputed="0.00"):
    invoices = [{"number": "INV-1", "amount": amount, "due_on": "2026-03-01", "days": str(days)}]
    return {
        "amount": amount, "count": count, "days": days, "disputed": disputed, "invoices": invoices,
    }  # fmt: skip


def facts(**values):
    """An order that passes every check, but for what `values` say."""
    customer = {"status": "active", "status_reason": "", "risk_class": "", "payment_days": 30}
    standard = {"day": TODAY, "order": order(), "account": account(), "segment": segment()}
    standard |= {"groups": [], "overdue": late(count=0, days=0), "promises": 0, "rates": {}}
    standard |= {"oldest": {"days": 0, "number": ""}}
    return standard | values | {"customer": customer | values.get("customer", {})}


def rates(**pairs):
    """Rates by pair, as in rates(USD_CNY="7.1")."""
    rows = {pair.replace("_", "/"): rate for pair, rate in pairs.items()}
    return {pair: {"rate": rate, "on": "2026-03-01"} for pair, rate in rows.items()}


def policy(check=None, *, severity="block", exemptions=(), **values):
    """The standard policy with every check on, and other values for `check`."""
    content = default_content() | {"exemptions": list(exemptions)}
    for row in content["checks"]:
        row["severity"] = "block"
        if row["check"] == check:
            row |= {"severity": severity} | values
    return clean_content(content)


def result(check, known=None, content=None):
    """What that check found; every check answers, whatever the others say."""
    content = content or policy()
    results = evaluate(known or facts(), content)
    assert [each.code for each in results] == [row["check"] for row in content["checks"]]
    return next(each for each in results if each.code == check)
