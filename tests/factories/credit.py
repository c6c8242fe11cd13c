"""Customers and their credit accounts."""

from datetime import date
from decimal import Decimal
from itertools import count

from credit import lifecycle
from credit.enums import DisputeReason, LimitKind
from credit.exposure import Move
from credit.lifecycle.receipts import NONE
from credit.models import (
    CreditAccount,
    CreditLimit,
    Customer,
    ExchangeRate,
    Invoice,
    Promise,
    Segment,
)
from tests.factories.moments import NOW
from tests.factories.staff import person

_number = count(1)


def segment(**values):
    number = next(_number)
    return Segment.objects.create(
        **{"code": f"segment{number}", "name_en": f"Segment {number}"} | values
    )


def customer(**values):
    """A customer without a credit account, looked after by a salesperson of their own."""
    number = next(_number)
    values = {"code": f"C{number:05}", "name": f"Customer {number}", "created_at": NOW} | values
    values.setdefault("owner", None)
    values["owner"] = values["owner"] or person("sales")
    values["segment"] = values.get("segment") or segment()
    return Customer.objects.create(**values)


def account(limit=None, *, kind=None, currency="CNY", **customer_values):
    """A credit account with that limit; without one, of that kind, or unlimited."""
    made = CreditAccount.objects.create(customer=customer(**customer_values), currency=currency)
    kind = kind or (LimitKind.UNLIMITED if limit is None else LimitKind.AMOUNT)
    limits([made], limit, kind=kind)
    return made


def limits(accounts, amount, *, kind=LimitKind.AMOUNT, **values):
    """The same limit for each account, a base limit since long unless `values` say otherwise."""
    values = {"type": "base", "valid_from": date(2020, 1, 1), "reason": "-"} | values
    values |= {"kind": kind, "amount": None if amount is None else Decimal(amount)}
    return CreditLimit.objects.bulk_create(
        CreditLimit(account=account, granted_at=NOW, **values) for account in accounts
    )


def invoice(account, open_amount, due_on, **values):
    """A claim that stands alone; the account's balances know nothing of it."""
    values = {"number": f"INV-{next(_number)}", "order_id": 0, "amount": open_amount} | values
    values.setdefault("issued_on", due_on)
    values.setdefault("settled_on", None if Decimal(open_amount) else due_on)
    return Invoice.objects.create(account=account, open_amount=open_amount, due_on=due_on, **values)


def owed(account, amount, due_on=None, *, number=None, issued_on=None, by=None, at=NOW):
    """An open item brought over by the verb, so that ledger and balances know of it."""
    return lifecycle.open_item(
        account_id=account.pk,
        number=number or f"INV-{next(_number)}",
        amount=Decimal(amount),
        issued_on=issued_on or min(due_on or at.date(), at.date()),
        due_on=due_on or at.date(),
        by=by or person("finance"),
        at=at,
    )


def receipt(account, amount, *, allocate=NONE, received_on=None, by=None, at=NOW, **values):
    """Money that came in, allocated to nothing unless it is said."""
    return lifecycle.record_receipt(
        account_id=account.pk,
        amount=Decimal(amount),
        received_on=received_on or at.date(),
        allocate=allocate,
        by=by or person("finance"),
        at=at,
        **values,
    )


def allocated(invoice, amount, *, received_on=None, **values):
    """The allocation of a receipt of that amount to the invoice."""
    parts = [(invoice.pk, Decimal(amount))]
    made = receipt(invoice.account, amount, allocate=parts, received_on=received_on, **values)
    return made.allocations.get()


def refunded(receipt, amount, *, reason="paid twice", refunded_on=None, by=None, at=NOW, **values):
    return lifecycle.refund(
        receipt_id=receipt.pk,
        amount=Decimal(amount),
        refunded_on=refunded_on or at.date(),
        reason=reason,
        by=by or person("finance"),
        at=at,
        **values,
    )


def disputed(invoice, amount, *, reason=DisputeReason.PRICE, by=None, at=NOW, **values):
    return lifecycle.open_dispute(
        invoice_id=invoice.pk,
        amount=Decimal(amount),
        reason=reason,
        by=by or person("credit_analyst"),
        at=at,
        **values,
    )


def credited(invoice, amount, *, reason="returned", by=None, at=NOW, **values):
    return lifecycle.credit_note(
        invoice_id=invoice.pk,
        amount=Decimal(amount),
        reason=reason,
        by=by or person("finance"),
        at=at,
        **values,
    )


def written_off(invoice, amount, *, reason="insolvent", by=None, at=NOW):
    return lifecycle.write_off(
        invoice_id=invoice.pk,
        amount=Decimal(amount),
        reason=reason,
        by=by or person("finance"),
        at=at,
    )


def resolved(dispute, *, outcome="rejected", note="checked", by=None, at=NOW):
    return lifecycle.resolve_dispute(
        dispute_id=dispute.pk, outcome=outcome, note=note, by=by or person("finance"), at=at
    )


def undone(allocation, *, reason="wrong customer", by=None, at=NOW):
    return lifecycle.unallocate(
        allocation_id=allocation.pk, reason=reason, by=by or person("finance"), at=at
    )


def reserve(account, amount, *, order_id=0):
    """Let the account use so much, through the ledger."""
    moves = [Move("reserve", "", "reserved", Decimal(amount))]
    lifecycle.post(account=account, moves=moves, order_id=order_id, document="-", by=None, at=NOW)


def in_group(account, parent, *, by=None, reason="belongs together", at=NOW):
    """The account under another one, or with None under none."""
    return lifecycle.join_group(
        account_id=account.pk,
        parent_id=parent and parent.pk,
        reason=reason,
        by=by or person("credit_analyst"),
        at=at,
    )


def promise(account, due_on, *, state="broken", amount="10.00"):
    return Promise.objects.create(
        account=account,
        amount=Decimal(amount),
        due_on=due_on,
        received={"kept": Decimal(amount), "partly_kept": Decimal("0.01")}.get(state, 0),
        state=state,
        made_at=NOW,
        made_by=account.customer.owner,
        settled_at=None if state == "open" else NOW,
    )


def exchange_rate(source, target, rate, valid_on=date(2026, 1, 1)):
    return ExchangeRate.objects.create(
        source=source, target=target, rate=Decimal(rate), valid_on=valid_on
    )


def address(customer, where="5 Quay Street", *, by=None, at=NOW, default=False, **values):
    """An address in the book of the customer."""
    return lifecycle.add_address(
        customer_id=customer.pk,
        place=lifecycle.Place(where, **values),
        by=by or customer.owner,
        at=at,
        default=default,
    )
