"""What people are told: notices in the product, and the same by mail.

An app declares the kinds of notices it sends (`declare`), sends them inside the transaction of
what they tell (`notify`), and lets go of those that ask nothing any more (`settle`). Everything
else here shows them to their readers and mails them.
"""

from staff.inbox.kinds import declare
from staff.inbox.telling import notify, settle

__all__ = ["declare", "notify", "settle"]
