"""The request to release an order that failed the gate or to change a limit, and how it ended."""

from typing import Any

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from approvals.enums import LapseReason, RequestState
from approvals.models.limit_change import LimitChange
from approvals.models.people import person
from approvals.querysets import ApprovalRequestQuerySet
from credit.models import Customer
from orders.models import Decision, Order
from orders.state_trigger import state_triggers

ANSWERED = (
    RequestState.APPROVED, RequestState.REJECTED, RequestState.RETURNED, RequestState.LAPSED
)  # fmt: skip


class ApprovalRequest(models.Model):
    """One request about one failed order, or about one change of a limit.

    Of an order, `decision` holds the reasons that are asked about.

    Its route is kept with it: the row of the matrix that chose it, and its levels, of which `stage`
    is the one being asked, counted from 1. `round` counts how often it began anew because the
    figures grew worse. An approval stands for a version of the order, its amount, the reasons of
    its decision, and up to a moment.

    Who requested it and whose order it is are kept here, so that the database itself can refuse an
    answer from either of them.
    """

    order = models.ForeignKey(
        Order,
        verbose_name=_("order"),
        on_delete=models.PROTECT,
        null=True,
        related_name="approval_requests",
    )
    decision = models.ForeignKey(
        Decision,
        verbose_name=_("credit decision"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    limit_change = models.OneToOneField(
        LimitChange,
        verbose_name=_("change of a limit"),
        on_delete=models.PROTECT,
        null=True,
        related_name="request",
    )
    state = FSMField(
        _("state"),
        max_length=10,
        default=RequestState.OPEN,
        choices=RequestState.choices,
        protected=True,
        db_index=False,
    )
    matrix_version = models.ForeignKey(
        "approvals.MatrixVersion",
        verbose_name=_("version of the approval matrix"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    route = models.JSONField(_("route"), default=dict)
    stage = models.PositiveSmallIntegerField(_("level"), default=1)
    round = models.PositiveSmallIntegerField(_("round"), default=1)
    opened_at = models.DateTimeField(_("requested"))
    requested_by = person(_("requested by"))
    order_owner = person(_("salesperson"))
    decided_at = models.DateTimeField(_("decided"), null=True)
    decided_by = person(_("decided by"), null=True)
    comment = models.TextField(_("comment"), blank=True)

    order_version = models.PositiveIntegerField(_("version of the order"), default=1)
    amount = models.DecimalField(_("amount"), max_digits=18, decimal_places=2, default=0)
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    valid_until = models.DateTimeField(_("good until"), null=True)
    lapsed_at = models.DateTimeField(_("lapsed"), null=True)
    lapse_reason = models.CharField(
        _("why it lapsed"), max_length=10, choices=LapseReason.choices, blank=True
    )
    stuck_since = models.DateTimeField(_("nobody can decide since"), null=True)

    objects = ApprovalRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("approval request")
        verbose_name_plural = _("approval requests")
        default_permissions = ("view",)
        permissions = [
            ("decide", _("Can decide approval requests")),
            ("view_calibration", _("Can view how approved orders were paid, by approver")),
        ]
        indexes = [models.Index(fields=["state", "opened_at"], name="request_waiting_longest")]
        constraints = [
            models.UniqueConstraint(
                name="request_open_once_per_order",
                fields=["order"],
                condition=Q(state=RequestState.OPEN),
            ),
            models.CheckConstraint(
                name="request_has_one_subject",
                condition=Q(order__isnull=False, decision__isnull=False, limit_change__isnull=True)
                | Q(order__isnull=True, decision__isnull=True, limit_change__isnull=False),
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
            models.CheckConstraint(
                name="request_lapse_is_whole",
                condition=Q(state=RequestState.LAPSED, lapsed_at__isnull=False)
                & ~Q(lapse_reason="")
                | ~Q(state=RequestState.LAPSED) & Q(lapsed_at__isnull=True, lapse_reason=""),
            ),
        ]

        triggers = [
            pgtrigger.ReadOnly(
                name="question_stays",
                fields=[
                    "order",
                    "limit_change",
                    "opened_at",
                    "requested_by",
                    "order_owner",
                    "order_version",
                    "amount",
                    "currency",
                ],
            ),
            pgtrigger.Trigger(
                name="decided_by_an_answer",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "OLD.state = 'open' AND NEW.state IN ('approved', 'rejected', 'returned')"
                ),
                func="""
                    IF NOT EXISTS (
                        SELECT FROM approvals_answer a
                        WHERE a.request_id = NEW.id AND a.by_id = NEW.decided_by_id
                            AND a.round = NEW.round
                            AND (a.kind, NEW.state) IN (
                                ('approve', 'approved'), ('reject', 'rejected'),
                                ('return', 'returned')
                            )
                    ) THEN
                        RAISE EXCEPTION 'A request ends with an answer to it.'
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.state}"

    @property
    def name(self) -> str:
        """What it is called: by the number of its order, or of the request to change a limit."""
        if self.order:
            return self.order.number
        return gettext("Limit change %(number)s") % {"number": self.pk}

    @property
    def customer(self) -> Customer:
        """Whose credit it is about."""
        account = self.limit_change.account if self.limit_change else None
        return account.customer if account else self.order.customer  # type: ignore[union-attr]

    @property
    def level(self) -> dict[str, Any]:
        """The level that is asked, as the route keeps it."""
        level: dict[str, Any] = self.route["stages"][self.stage - 1]
        return level

    # The state diagram.

    @transition(state, source=RequestState.OPEN, target=RequestState.APPROVED)
    def to_approved(self) -> None: ...

    @transition(state, source=RequestState.OPEN, target=RequestState.REJECTED)
    def to_rejected(self) -> None: ...

    @transition(state, source=RequestState.OPEN, target=RequestState.RETURNED)
    def to_returned(self) -> None: ...

    @transition(state, source=RequestState.OPEN, target=RequestState.WITHDRAWN)
    def to_withdrawn(self) -> None: ...

    @transition(state, source=RequestState.APPROVED, target=RequestState.LAPSED)
    def to_lapsed(self) -> None: ...


state_triggers(ApprovalRequest, "state")
