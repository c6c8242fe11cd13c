"""What people are told: notices in the product, and the same by mail.

An app declares the kinds of notices it sends (`declare`) and sends them inside the transaction of
what they tell (`notify`). Everything else here shows them to their readers and mails them.
"""

from staff.inbox.kinds import declare
from staff.inbox.telling import notify

__all__ = ["declare", "notify"]
