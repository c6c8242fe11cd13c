"""Reasons why an order must not ship, and what turned out to have been no reason."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from credit.enums import CheckCode
from credit.sentences import label
from orders.enums import HoldReason, HoldSource
from orders.models.decision import Decision
from orders.models.fulfilment import person
from orders.models.order import Order
from orders.querysets import HoldQuerySet, MisjudgmentQuerySet


class Hold(models.Model):
    """One reason why an order must not ship. An order ships when none is left.

    `placed_by` and `released_by` are empty where Ordergate did it by itself, which it never does
    to release a forced hold or one that a person placed.
    """

    order = models.ForeignKey(
        Order, verbose_name=_("order"), on_delete=models.PROTECT, related_name="holds"
    )
    reason = models.CharField(_("reason"), max_length=10, choices=HoldReason.choices)
    source = models.CharField(
        _("placed through"), max_length=8, choices=HoldSource.choices, default=HoldSource.PERSON
    )
    forced = models.BooleanField(
        _("forced"), default=False, help_text=_("Only released by those who may force holds.")
    )
    note = models.TextField(_("note"))
    placed_at = models.DateTimeField(_("placed"))
    placed_by = person(_("placed by"), null=True)
    released_at = models.DateTimeField(_("released"), null=True)
    released_by = person(_("released by"), null=True)
    release_note = models.TextField(_("why released"), blank=True)

    objects = HoldQuerySet.as_manager()

    class Meta:
        verbose_name = _("hold")
        verbose_name_plural = _("holds")
        default_permissions = ("view",)
        indexes = [
            models.Index(
                fields=["order"], name="hold_active", condition=Q(released_at__isnull=True)
            ),
            # The list of holds that stand, and of those released, and their pages.
            models.Index(
                fields=["placed_at", "id"],
                name="hold_standing",
                condition=Q(released_at__isnull=True),
            ),
            models.Index(
                fields=["-released_at", "-id"],
                name="hold_released",
                condition=Q(released_at__isnull=False),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="hold_release_is_whole",
                condition=Q(released_at__isnull=True, released_by__isnull=True, release_note="")
                | Q(released_at__isnull=False) & ~Q(release_note=""),
            ),
            models.CheckConstraint(
                name="hold_of_a_person_is_theirs",
                condition=~Q(source=HoldSource.PERSON) | Q(placed_by__isnull=False),
            ),
            models.CheckConstraint(
                name="hold_by_force_ends_by_a_person",
                condition=Q(released_at__isnull=True)
                | Q(released_by__isnull=False)
                | Q(forced=False) & ~Q(source=HoldSource.PERSON),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order_id} {self.reason}"


class Misjudgment(models.Model):
    """Somebody's finding that a hold, or one check of a decision, stopped an order wrongly.

    Appended, never changed. `code` is the hold's reason or the check's code: what reviews count.
    """

    hold = models.OneToOneField(
        Hold,
        verbose_name=_("hold"),
        on_delete=models.PROTECT,
        null=True,
        related_name="misjudgment",
    )
    decision = models.ForeignKey(
        Decision,
        verbose_name=_("credit decision"),
        on_delete=models.PROTECT,
        null=True,
        related_name="misjudgments",
    )
    code = models.CharField(_("what was wrong"), max_length=40)
    reason = models.TextField(_("why it was wrong"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("who"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    at = models.DateTimeField(_("when"))
    recorded_at = models.DateTimeField(_("recorded"), db_default=Now(), editable=False)

    objects = MisjudgmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("misjudgment")
        verbose_name_plural = _("misjudgments")
        default_permissions = ("view",)
        constraints = [
            models.CheckConstraint(
                name="misjudgment_of_one_thing",
                condition=Q(hold__isnull=False, decision__isnull=True)
                | Q(hold__isnull=True, decision__isnull=False),
            ),
            models.UniqueConstraint(
                name="misjudgment_once_per_check",
                fields=["decision", "code"],
                condition=Q(decision__isnull=False),
            ),
            models.CheckConstraint(name="misjudgment_has_reason", condition=~Q(reason="")),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.hold_id or self.decision_id}"

    @property
    def order(self) -> Order:
        """The order that was stopped."""
        subject = self.hold or self.decision
        assert subject is not None  # noqa: S101 - a constraint of the table
        return subject.order

    @property
    def label(self) -> str | Promise:
        """The reason of the hold or the name of the check, in the reader's language."""
        checks = self.decision.reasons if self.decision else []
        found = next((check for check in checks if check["code"] == self.code), None)
        return label(found) if found else code_label(self.code, of_hold=bool(self.hold_id))


def code_label(code: str, *, of_hold: bool) -> str | Promise:
    """A hold's reason or a check's code in words; an unknown code as it is."""
    labels = dict(HoldReason.choices if of_hold else CheckCode.choices)
    return labels.get(code, code)
