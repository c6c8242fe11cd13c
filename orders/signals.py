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
