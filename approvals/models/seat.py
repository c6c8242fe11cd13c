"""Who is asked at each level of a request, and what they answered."""

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from approvals.enums import AnswerKind, SeatState
from approvals.models.people import person
from approvals.models.request import ApprovalRequest


class Seat(models.Model):
    """One role or person asked at one level of a request, in one of its rounds.

    An escalation adds a seat that stands in for the one that is late: an answer from either counts.
    """

    request = models.ForeignKey(
        ApprovalRequest, verbose_name=_("request"), on_delete=models.CASCADE, related_name="seats"
    )
    round = models.PositiveSmallIntegerField(_("round"))
    stage = models.PositiveSmallIntegerField(_("level"))
    role = models.CharField(_("role"), max_length=40, blank=True)
    person = person(_("person"), null=True)
    stands_in_for = models.ForeignKey(
        "self", verbose_name=_("stands in for"), on_delete=models.CASCADE, null=True,
        related_name="escalations",
    )  # fmt: skip
    state = models.CharField(
        _("state"), max_length=10, choices=SeatState.choices, default=SeatState.WAITING
    )
    asked_at = models.DateTimeField(_("asked"), null=True)
    remind_at = models.DateTimeField(_("reminder due"), null=True)
    due_at = models.DateTimeField(_("answer due"), null=True)
    reminded_at = models.DateTimeField(_("reminded"), null=True)
    escalated_at = models.DateTimeField(_("escalated"), null=True)

    class Meta:
        verbose_name = _("seat")
        verbose_name_plural = _("seats")
        default_permissions = ()
        ordering = ["round", "stage", "pk"]
        indexes = [
            models.Index(fields=["due_at"], name="seat_due", condition=Q(state=SeatState.ASKED)),
        ]
        constraints = [
            models.CheckConstraint(
                name="seat_role_or_person",
                condition=~Q(role="") & Q(person__isnull=True)
                | Q(role="") & Q(person__isnull=False),
            ),
            models.CheckConstraint(
                name="seat_asked_has_deadline",
                condition=Q(state=SeatState.WAITING, asked_at__isnull=True)
                | Q(state=SeatState.SPARED)
                | Q(asked_at__isnull=False, due_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.request_id}/{self.round}/{self.stage} {self.role or self.person_id}"


class Answer(models.Model):
    """What one person answered from one seat: appended, never changed.

    `decision` is what they were shown. `instead_of` is the colleague who is away, whose place they
    took. The database refuses an answer of whoever requested it, submitted or owns the order, and
    one from a seat that is not asked.
    """

    request = models.ForeignKey(
        ApprovalRequest, verbose_name=_("request"), on_delete=models.PROTECT, related_name="answers"
    )
    seat = models.OneToOneField(
        Seat, verbose_name=_("seat"), on_delete=models.PROTECT, related_name="answer"
    )
    round = models.PositiveSmallIntegerField(_("round"))
    by = person(_("who"))
    instead_of = person(_("instead of"), null=True)
    kind = models.CharField(_("answer"), max_length=10, choices=AnswerKind.choices)
    comment = models.TextField(_("comment"))
    conditions = models.JSONField(_("conditions"), default=list)
    decision = models.ForeignKey(
        "orders.Decision", verbose_name=_("credit decision shown"), on_delete=models.PROTECT,
        null=True, related_name="+",
    )  # fmt: skip
    at = models.DateTimeField(_("when"))

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        default_permissions = ()
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                name="answer_once_per_person_and_round", fields=["request", "round", "by"]
            ),
            models.CheckConstraint(name="answer_has_comment", condition=~Q(comment="")),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            pgtrigger.Trigger(
                name="duties_are_separate",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func="""
                    IF EXISTS (
                        SELECT FROM approvals_approvalrequest r
                        LEFT JOIN orders_order o ON o.id = r.order_id
                        WHERE r.id = NEW.request_id
                            AND ARRAY[r.requested_by_id, r.order_owner_id, o.submitted_by_id]
                                && ARRAY[NEW.by_id, COALESCE(NEW.instead_of_id, NEW.by_id)]
                    ) THEN
                        RAISE EXCEPTION 'Nobody answers a request of their own.'
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
            # An answer stands where it was given: on a seat of its request and round, once asked.
            pgtrigger.Trigger(
                name="seat_is_asked",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func="""
                    IF NOT EXISTS (
                        SELECT FROM approvals_seat s
                        JOIN approvals_approvalrequest r ON r.id = s.request_id
                        WHERE s.id = NEW.seat_id AND r.id = NEW.request_id AND r.state = 'open'
                            AND s.state = 'asked' AND s.round = NEW.round AND r.round = NEW.round
                            AND s.stage = r.stage
                    ) THEN
                        RAISE EXCEPTION 'An answer needs a seat that is asked.'
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.request_id} {self.kind}"
