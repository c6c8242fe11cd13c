"""The record of every gate check: what was looked at, what was found, what followed."""

from typing import Any

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from credit.enums import Verdict
from credit.models import PolicyVersion
from credit.sentences import label
from orders.enums import DecisionKind, Outcome
from orders.models.order import Order


class Judged:
    """What a decision says of its checks."""

    checks: Any

    @property
    def reasons(self) -> list[dict[str, Any]]:
        """The checks that block."""
        return [check for check in self.checks if check["verdict"] == Verdict.BLOCKED]

    @property
    def reason_codes(self) -> set[str]:
        return {check["code"] for check in self.reasons}


class Decision(Judged, models.Model):
    """One evaluation of the gate for one version of an order. Never changed afterwards.

    `facts` and the content of `policy_version` are all that `orders.gate.judge` needs to come to
    `checks` again; decisions from before there were policies have neither.
    """

    order = models.ForeignKey(
        Order,
        verbose_name=_("order"),
        on_delete=models.PROTECT,
        related_name="decisions",
        db_index=False,
    )
    order_version = models.PositiveIntegerField(_("version of the order"))
    kind = models.CharField(_("checkpoint"), max_length=10, choices=DecisionKind.choices)
    outcome = models.CharField(_("verdict of the check"), max_length=10, choices=Outcome.choices)
    at = models.DateTimeField(_("when"))
    recorded_at = models.DateTimeField(_("recorded"), db_default=Now(), editable=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("who"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
    )
    amount = models.DecimalField(_("amount checked"), max_digits=18, decimal_places=2)
    currency = models.CharField(_("currency"), max_length=3)
    excess = models.DecimalField(_("excess"), max_digits=18, decimal_places=2, default=0)
    policy_version = models.ForeignKey(
        PolicyVersion,
        verbose_name=_("version of the credit policy"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    facts = models.JSONField(_("what was looked at"), null=True)
    checks = models.JSONField(_("checks"))
    milliseconds = models.DecimalField(_("time taken"), max_digits=9, decimal_places=1, null=True)

    class Meta:
        verbose_name = _("credit decision")
        verbose_name_plural = _("credit decisions")
        default_permissions = ("view",)
        indexes = [models.Index(fields=["order", "-id"], name="decision_by_order")]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.get_outcome_display()}"

    @property
    def asks_person(self) -> bool:
        """Whether nothing blocks the order, and the policy asks for an approver all the same."""
        if self.outcome != Outcome.PASSED or self.policy_version is None:
            return False
        return bool(self.policy_version.content["release"].get("asks_person"))

    @property
    def reason_labels(self) -> list[str]:
        """The names of the checks that block, in the reader's language."""
        return [label(check) for check in self.reasons]


class ShadowDecision(Judged, models.Model):
    """What a version in the shadow would have decided at the same moment. Has no effect."""

    decision = models.OneToOneField(
        Decision, verbose_name=_("credit decision"), on_delete=models.PROTECT, related_name="shadow"
    )
    policy_version = models.ForeignKey(
        PolicyVersion,
        verbose_name=_("version of the credit policy"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    outcome = models.CharField(_("verdict of the check"), max_length=10, choices=Outcome.choices)
    facts = models.JSONField(_("what was looked at"), null=True)
    checks = models.JSONField(_("checks"))

    class Meta:
        verbose_name = _("decision in the shadow")
        verbose_name_plural = _("decisions in the shadow")
        default_permissions = ("view",)
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.decision_id} {self.outcome}"
