"""What happens to receivables that packages above this one answer. Sent inside the transaction."""

from django.dispatch import Signal

# invoice, paid, by, at, happened_at: the open amount of an order's invoice changed. `paid` is the
# money that came in for it: negative when an allocation was undone, 0 for a credit note or a
# write-off. Answered by orders, whose order follows.
invoice_open_amount_changed = Signal()

# run, at: every balance was compared with its ledger. Answered by exceptions, which keeps one
# ticket open for as long as they differ.
books_compared = Signal()

# account_id, by: less of the account is used than before, or more may be. Answered by orders, which
# asks the gate again about orders that wait for this credit.
credit_arrived = Signal()
