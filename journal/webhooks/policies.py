"""Who looks after webhooks. They lead out of the company: nobody else sends anything by them."""

from staff.models import User

MANAGE = "journal.manage_webhooks"


def can_manage_webhooks(by: User) -> bool:
    return by.has_perm(MANAGE)
