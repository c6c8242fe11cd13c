"""What readers do with their notices, and administrators with deliveries."""

from collections.abc import Collection
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from staff.inbox.enums import DeliveryState
from staff.inbox.models import Delivery, Notice, Unwanted
from staff.inbox.querysets import NoticeQuerySet
from staff.models import User


def read(*, notice: Notice, by: User, at: datetime) -> Notice:
    """Mark a notice as read by its reader; a second time changes nothing.

    Raises PermissionDenied for somebody else's.
    """
    if notice.to_id != by.pk:
        raise PermissionDenied(_("This notice is somebody else's."))
    if notice.read_at is None:
        Notice.objects.for_user(by).unread().filter(pk=notice.pk).update(read_at=at)
        notice.refresh_from_db(fields=["read_at"])
    return notice


def read_all(*, notices: NoticeQuerySet, by: User, until: datetime, at: datetime) -> int:
    """Mark those of `notices` as read that are one's own and came by `until`; how many they were.

    All get the same moment `at`, by which `unread_again` finds them.
    """
    mine = Notice.objects.filter(pk__in=notices.for_user(by).values("pk"), at__lte=until)
    return mine.for_user(by).unread().update(read_at=at)


def unread_again(*, by: User, read_at: datetime) -> int:
    """Undo what was marked as read at once at the moment `read_at`; how many notices it was."""
    return Notice.objects.for_user(by).filter(read_at=read_at).update(read_at=None)


@transaction.atomic
def choose_mail(*, user: User, unwanted: Collection[str], shown: Collection[str]) -> None:
    """Keep of which of the kinds `shown` the person wants no mail; others stay as they are."""
    gone = set(shown) - set(unwanted)
    Unwanted.objects.filter(user=user, kind__in=gone).delete()
    Unwanted.objects.bulk_create(
        [Unwanted(user=user, kind=kind) for kind in sorted(set(unwanted) & set(shown))],
        ignore_conflicts=True,
    )


@transaction.atomic
def send_again(*, delivery_ids: Collection[int], by: User, at: datetime) -> int:
    """Have failed and dropped deliveries sent once more, retries counted anew; how many.

    Those sent, waiting or being sent are left alone. Raises PermissionDenied.
    """
    if not by.has_perm("staff.resend_delivery"):
        raise PermissionDenied(_("You may not have notices sent again."))
    ended = (DeliveryState.FAILED, DeliveryState.DROPPED)
    locked = Delivery.objects.select_for_update().filter(pk__in=delivery_ids, state__in=ended)
    chosen = list(locked.order_by("pk").values_list("pk", flat=True))
    return Delivery.objects.filter(pk__in=chosen).update(
        state=DeliveryState.PENDING, since=at, next_at=at, claimed_at=None
    )
