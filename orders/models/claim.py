"""What an order comes to: owed, paid, invoiced, and the differences. In the order's currency."""

from datetime import datetime
from decimal import Decimal

from credit.money import ZERO
from orders.enums import CLAIMLESS


class Claim:
    """The sums that follow from an order's columns."""

    state: str
    total: Decimal
    reduction: Decimal
    to_credit: Decimal
    credited_amount: Decimal
    written_off: Decimal
    unreleased: Decimal
    invoiced_amount: Decimal
    paid_amount: Decimal
    paid_at: datetime | None
    invoiced_at: datetime | None

    @property
    def owed(self) -> Decimal:
        """What the customer has to pay in all: the total less what never shipped or came back.

        A credit note beyond that, as for a wrong price, lowers it further.
        """
        return self.total - self.reduction - self.credited_beyond

    @property
    def credited_beyond(self) -> Decimal:
        """What credit notes took off beyond goods that never shipped or came back."""
        return max(self.credited_amount - self.to_credit, ZERO)

    @property
    def asked(self) -> Decimal:
        """What is still asked of the customer, paid or not: what is owed and not given up as lost.

        Nothing for an order that was never carried out.
        """
        return ZERO if self.state in CLAIMLESS else max(self.owed - self.written_off, ZERO)

    @property
    def unpaid(self) -> Decimal:
        """What is left to pay, never negative; nothing when a source declared the order paid."""
        if self.paid_at:
            return ZERO
        return max(self.owed - self.written_off - self.paid_amount, ZERO)

    @property
    def overpaid(self) -> Decimal:
        """What was paid beyond what is asked: money that can be given back."""
        return max(self.paid_amount - self.asked, ZERO)

    @property
    def invoiced_net(self) -> Decimal:
        """What is invoiced of goods that the customer keeps or will get."""
        return self.invoiced_amount - self.to_credit

    @property
    def to_invoice(self) -> Decimal:
        """What is left to invoice."""
        return self.total - self.reduction - self.invoiced_net

    @property
    def to_invoice_now(self) -> Decimal:
        """What of it may be invoiced: what is not released may not."""
        return self.to_invoice - self.unreleased

    @property
    def credit_due(self) -> Decimal:
        """What was invoiced and is not owed any more, so that a credit note has to take it back."""
        return max(self.to_credit - self.credited_amount, ZERO)

    @property
    def has_invoice(self) -> bool:
        """Whether anything was invoiced, be it an order that comes to nothing."""
        return bool(self.invoiced_at or self.invoiced_amount)
