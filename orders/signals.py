"""What happens to an order that packages above this one answer. Sent inside the transaction."""

from django.dispatch import Signal

# order, decision, by, at: the gate found reasons. Answered by approvals, which opens a request.
order_failed_gate = Signal()
# order, decision, by, at: the gate found nothing, but the policy asks for a person before anything
# is released. Answered by approvals, which opens a request.
order_passed_for_approval = Signal()
# order, by, at, reason: a waiting order was cancelled or taken back. Answered by approvals, which
# withdraws the request.
order_withdrawn = Signal()
# order, by, at: a waiting order passed after money or limits arrived. Answered by approvals, which
# withdraws the request; `by` is None where nobody in particular set it off.
order_passed_at_last = Signal()
# account_id, limit, reason, by, at: a file brings a limit that lets the customer use more. Answered
# by approvals, which asks for it as if it had been requested by hand.
limit_asked_for = Signal()
# order, at: something happened to an order on which events wait. Answered within orders, by
# receivers.apply_waiting, since events call the verbs that send it.
order_went_on = Signal()
# orders, at: these were just entered, each with a number at its source. Answered within orders, by
# receivers.adopt_events.
orders_came = Signal()
