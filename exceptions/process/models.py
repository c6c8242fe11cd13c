"""The ticket, its state diagram, its comments and the causes it can have."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Cast, Concat, Least, LPad
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from exceptions.detect.models import AlertRule, AlertRuleVersion
from exceptions.process.enums import CauseCategory, Outcome, Subject, TicketState
from exceptions.process.querysets import TicketQuerySet
from exceptions.triage.enums import Severity
from orders.models import Order
from orders.state_trigger import state_triggers
from staff.models import Department
from staff.names import Named

OPEN_STATES = (TicketState.OPEN, TicketState.ASSIGNED, TicketState.IN_PROGRESS)


def _person(label: Any, **options: Any) -> models.ForeignKey:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=label,
        on_delete=models.PROTECT,
        null=True,
        **{"related_name": "+"} | options,
    )


def _next(name: str) -> models.GeneratedField:
    """The moment that counts: the response's until there is one, then the resolution's."""
    return models.GeneratedField(
        expression=models.Case(
            models.When(
                first_response_at__isnull=True, then=Least(f"respond_{name}", f"resolve_{name}")
            ),
            default=F(f"resolve_{name}"),
        ),
        output_field=models.DateTimeField(),
        db_persist=True,
    )


class Cause(Named):
    """A root cause that closing records name."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    category = models.CharField(_("category"), max_length=14, choices=CauseCategory.choices)
    active = models.BooleanField(
        _("offered"), default=True, help_text=_("Causes no longer offered stay on old tickets.")
    )

    class Meta:
        verbose_name = _("cause")
        verbose_name_plural = _("causes")
        ordering = ["category", "code"]
        default_permissions = ("add", "view", "change")


class Ticket(models.Model):
    """Something that is wrong with an order, or with its `subject`, until it is closed with its
    record.

    A rule's ticket stands for one stretch of time during which the rule holds for the order:
    `cleared_at` is when a scan saw it end. While it lasts no second ticket is opened, even if this
    one was closed. Tickets that people open have no rule but a `summary`. The system's own tickets
    have no order but a `subject`, and `observed` says what was found.
    """

    number = models.GeneratedField(
        verbose_name=_("number"),
        expression=Concat(
            models.Value("TK-"), LPad(Cast("id", models.CharField()), 7, models.Value("0"))
        ),
        output_field=models.CharField(max_length=24),
        db_persist=True,
        unique=True,
    )
    state = FSMField(
        _("state"),
        max_length=12,
        default=TicketState.OPEN,
        choices=TicketState.choices,
        protected=True,
        db_index=False,
    )
    rule = models.ForeignKey(
        AlertRule,
        verbose_name=_("rule"),
        on_delete=models.PROTECT,
        null=True,
        related_name="tickets",
    )
    rule_version = models.ForeignKey(
        AlertRuleVersion,
        verbose_name=_("version of the rule"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    summary = models.CharField(_("what is wrong"), max_length=300, blank=True)
    order = models.ForeignKey(
        Order, verbose_name=_("order"), on_delete=models.PROTECT, null=True, related_name="tickets"
    )
    subject = models.CharField(
        _("subject"), max_length=12, choices=Subject.choices, blank=True, db_default=""
    )
    severity = models.CharField(_("severity"), max_length=2, choices=Severity.choices)
    department = models.ForeignKey(
        Department, verbose_name=_("department"), on_delete=models.PROTECT, related_name="+"
    )
    assignee = _person(_("assigned to"), related_name="tickets")
    opened_by = _person(_("opened by"))
    observed = models.JSONField(_("what the rule saw"), default=list)

    opened_at = models.DateTimeField(_("opened"))
    respond_due_at = models.DateTimeField(_("response due"))
    respond_risk_at = models.DateTimeField(_("response at risk"))
    resolve_due_at = models.DateTimeField(_("resolution due"))
    resolve_risk_at = models.DateTimeField(_("resolution at risk"))
    first_response_at = models.DateTimeField(_("first response"), null=True)
    cleared_at = models.DateTimeField(_("cleared"), null=True)
    due_at = _next("due_at")
    risk_at = _next("risk_at")

    closed_at = models.DateTimeField(_("closed"), null=True)
    closed_by = _person(_("closed by"))
    outcome = models.CharField(_("outcome"), max_length=14, choices=Outcome.choices, blank=True)
    cause = models.ForeignKey(
        Cause, verbose_name=_("cause"), on_delete=models.PROTECT, null=True, related_name="+"
    )
    action = models.TextField(_("what was done"), blank=True)
    result = models.TextField(_("result"), blank=True)
    reason = models.TextField(_("why it was a false positive"), blank=True)
    # Found out after it was closed as something else.
    wrong_at = models.DateTimeField(_("marked as wrongly raised"), null=True)
    wrong_by = _person(_("marked by"))
    wrong_reason = models.TextField(_("why it was wrongly raised"), blank=True, db_default="")

    objects = TicketQuerySet.as_manager()

    class Meta:
        verbose_name = _("ticket")
        verbose_name_plural = _("tickets")
        default_permissions = ("view",)
        permissions = [("work_ticket", _("Can work on tickets"))]
        indexes = [
            models.Index(
                fields=["department", "due_at"],
                name="ticket_queue",
                condition=~Q(state=TicketState.CLOSED),
            ),
            models.Index(
                fields=["assignee", "due_at"],
                name="ticket_of_person",
                condition=~Q(state=TicketState.CLOSED),
            ),
            models.Index(
                fields=["due_at", "id"],
                name="ticket_by_deadline",
                condition=~Q(state=TicketState.CLOSED),
            ),
            models.Index(
                fields=["-closed_at", "-id"],
                name="ticket_by_closing",
                condition=Q(state=TicketState.CLOSED),
            ),
            models.Index(
                fields=["rule", "order"],
                name="ticket_still_holds",
                condition=Q(cleared_at__isnull=True),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                name="ticket_open_once_per_rule_and_order",
                fields=["rule", "order"],
                condition=~Q(state=TicketState.CLOSED),
            ),
            models.CheckConstraint(
                name="ticket_closing_record_is_whole",
                condition=Q(
                    state=TicketState.CLOSED,
                    closed_at__isnull=False,
                    closed_by__isnull=False,
                    cause__isnull=False,
                    outcome__in=Outcome.values,
                )
                & ~Q(action="")
                & ~Q(result="")
                & (~Q(outcome=Outcome.FALSE_POSITIVE) | ~Q(reason=""))
                | Q(
                    closed_at__isnull=True,
                    closed_by__isnull=True,
                    cause__isnull=True,
                    outcome="",
                    action="",
                    result="",
                    reason="",
                )
                & ~Q(state=TicketState.CLOSED),
            ),
            models.CheckConstraint(
                name="ticket_wrong_mark_is_whole",
                condition=Q(wrong_at__isnull=True, wrong_by__isnull=True, wrong_reason="")
                | Q(state=TicketState.CLOSED, wrong_at__isnull=False, wrong_by__isnull=False)
                & ~Q(wrong_reason=""),
            ),
            models.CheckConstraint(
                name="ticket_assignee_goes_with_state",
                condition=Q(state=TicketState.OPEN, assignee__isnull=True)
                | Q(
                    state__in=[TicketState.ASSIGNED, TicketState.IN_PROGRESS],
                    assignee__isnull=False,
                )
                | Q(state=TicketState.CLOSED),
            ),
            models.CheckConstraint(
                name="ticket_says_what_is_wrong",
                condition=Q(rule__isnull=False, rule_version__isnull=False)
                | Q(rule__isnull=True, rule_version__isnull=True)
                & (~Q(summary="") | ~Q(subject="")),
            ),
            models.CheckConstraint(
                name="ticket_is_about_an_order_or_a_subject",
                condition=Q(order__isnull=False, subject="")
                | Q(order__isnull=True, rule__isnull=True) & ~Q(subject=""),
            ),
            models.UniqueConstraint(
                name="ticket_open_once_per_subject",
                fields=["subject"],
                condition=~Q(state=TicketState.CLOSED) & ~Q(subject=""),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    # The state diagram. `lifecycle` holds everything else that belongs to a step.

    @transition(state, source=TicketState.OPEN, target=TicketState.ASSIGNED)
    def to_assigned(self) -> None: ...

    @transition(state, source=TicketState.ASSIGNED, target=TicketState.IN_PROGRESS)
    def to_in_progress(self) -> None: ...

    @transition(state, source=list(OPEN_STATES), target=TicketState.CLOSED)
    def to_closed(self) -> None: ...

    @transition(state, source=TicketState.CLOSED, target=TicketState.OPEN)
    def to_open(self) -> None: ...

    @property
    def is_open(self) -> bool:
        return self.state != TicketState.CLOSED

    @property
    def was_wrong(self) -> bool:
        """Whether it should never have been raised: said at its closing, or found out later."""
        return bool(self.wrong_at) or self.outcome == Outcome.FALSE_POSITIVE

    @property
    def title(self) -> str:
        """What it is about, in a few words: the rule's name, what somebody wrote, the subject."""
        return self.rule.name if self.rule else self.summary or str(self.get_subject_display())


state_triggers(Ticket, "state")


class Comment(models.Model):
    """What somebody wrote on a ticket."""

    ticket = models.ForeignKey(
        Ticket, verbose_name=_("ticket"), on_delete=models.PROTECT, related_name="comments"
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("who"), on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField(_("when"))
    text = models.TextField(_("comment"))

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        default_permissions = ()
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return self.text[:50]
