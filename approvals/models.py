"""The request to release an order that failed the gate, and its answer."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition
from django_stubs_ext import StrOrPromise

from approvals.enums import RequestState
from approvals.matrix.models import MatrixVersion
from approvals.querysets import ApprovalRequestQuerySet
from orders.models import Decision, Order
from orders.state_trigger import state_triggers

__all__ = ["ApprovalRequest", "MatrixVersion"]


def _person(label: StrOrPromise, **options: Any) -> models.ForeignKey:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=label,
        on_delete=models.PROTECT,
        related_name="+",
        **options,
    )


class ApprovalRequest(models.Model):
    """One request about one failed order. `decision` holds the reasons that are asked about.

    Who requested it and whose order it is are kept here, so that the database itself can refuse an
    answer from either of them.
    """

    order = models.ForeignKey(
        Order, verbose_name=_("order"), on_delete=models.PROTECT, related_name="approval_requests"
    )
    decision = models.ForeignKey(
        Decision, verbose_name=_("credit decision"), on_delete=models.PROTECT, related_name="+"
    )
    state = FSMField(
        _("state"),
        max_length=10,
        default=RequestState.OPEN,
        choices=RequestState.choices,
        protected=True,
        db_index=False,
    )
    opened_at = models.DateTimeField(_("requested"))
    requested_by = _person(_("requested by"))
    order_owner = _person(_("salesperson"))
    decided_at = models.DateTimeField(_("decided"), null=True)
    decided_by = _person(_("decided by"), null=True)
    comment = models.TextField(_("comment"), blank=True)

    objects = ApprovalRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("approval request")
        verbose_name_plural = _("approval requests")
        default_permissions = ("view",)
        permissions = [("decide", _("Can decide approval requests"))]
        indexes = [models.Index(fields=["state", "opened_at"], name="request_waiting_longest")]
        constraints = [
            models.UniqueConstraint(
                name="request_open_once_per_order",
                fields=["order"],
                condition=Q(state=RequestState.OPEN),
            ),
            models.CheckConstraint(
                name="request_duties_are_separate",
                condition=Q(state__in=[RequestState.OPEN, RequestState.WITHDRAWN])
                | ~Q(decided_by=F("requested_by")) & ~Q(decided_by=F("order_owner")),
            ),
            models.CheckConstraint(
                name="request_answer_is_whole",
                condition=Q(
                    state=RequestState.OPEN,
                    decided_at__isnull=True,
                    decided_by__isnull=True,
                    comment="",
                )
                | ~Q(state=RequestState.OPEN)
                & Q(decided_at__isnull=False)
                & (Q(decided_by__isnull=False) | Q(state=RequestState.WITHDRAWN))
                & ~Q(comment=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order} {self.state}"

    # The state diagram.

    @transition(state, source=RequestState.OPEN, target=RequestState.APPROVED)
    def to_approved(self) -> None: ...

    @transition(state, source=RequestState.OPEN, target=RequestState.REJECTED)
    def to_rejected(self) -> None: ...

    @transition(state, source=RequestState.OPEN, target=RequestState.WITHDRAWN)
    def to_withdrawn(self) -> None: ...


state_triggers(ApprovalRequest, "state")
