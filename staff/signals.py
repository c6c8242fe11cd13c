"""What happens to the company, its people and its hours; sent in the transaction.

Packages above answer.
"""

from django.dispatch import Signal

# absence, by, at: somebody will be away. Answered by journal, which writes it down.
absence_set = Signal()

# absence, by, at: an absence ended before its last day, or never began. Answered by journal.
absence_ended = Signal()

# subject, before, after, by, at: the business hours changed, told in text. Answered by journal.
hours_changed = Signal()

# key, change, by, at: an API key was created, rotated or revoked. Answered by journal.
api_key_changed = Signal()

# subject, what, data, by, at: an account or a department was entered or changed, or somebody's
# roles. `what` is the action, `data` the values before and after. Answered by journal.
company_changed = Signal()

# user, change, by, at, reason, data: a second step of signing in was turned on or off or reset, or
# its recovery codes were renewed or one was used. Answered by journal.
second_step_changed = Signal()
