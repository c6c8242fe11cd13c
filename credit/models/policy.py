"""Credit policies: which checks are made, how strictly, and for whom."""

from typing import Any

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from credit.enums import PolicyScope, RiskClass, VersionState
from credit.models.customer import CODE, Customer, Segment
from staff.names import Named

# A version is what decisions refer to: once it has left the draft, only its state moves on.
FREEZE_CONTENT = """
    IF OLD.state <> 'draft' AND (
        NEW.content IS DISTINCT FROM OLD.content OR NEW.number <> OLD.number
        OR NEW.policy_id <> OLD.policy_id OR NEW.note <> OLD.note
    ) THEN
        RAISE EXCEPTION 'Version % of a credit policy is no draft any more', OLD.id;
    END IF;
    RETURN NEW;
"""


class Policy(Named):
    """A set of checks for some customers; what it asks is in its versions.

    The published version with the narrowest scope governs a customer, alone: one customer before a
    risk class before a segment before all.
    """

    code = models.CharField(_("code"), max_length=40, unique=True, validators=[CODE])
    scope = models.CharField(_("for"), max_length=10, choices=PolicyScope.choices)
    segment = models.ForeignKey(
        Segment, verbose_name=_("segment"), on_delete=models.PROTECT, null=True, blank=True
    )
    risk_class = models.CharField(
        _("risk class"), max_length=1, choices=RiskClass.choices, blank=True
    )
    customer = models.ForeignKey(
        Customer, verbose_name=_("customer"), on_delete=models.PROTECT, null=True, blank=True
    )
    excluded = models.ManyToManyField(
        Customer,
        verbose_name=_("not for"),
        blank=True,
        related_name="+",
        help_text=_("Customers that the next wider policy governs instead."),
    )

    class Meta:
        verbose_name = _("credit policy")
        verbose_name_plural = _("credit policies")
        ordering = ["code"]
        permissions = [("publish_policy", _("Can publish credit policies"))]
        constraints = [
            models.CheckConstraint(
                name="policy_scope_is_whole",
                condition=Q(
                    scope=PolicyScope.ALL,
                    segment__isnull=True,
                    risk_class="",
                    customer__isnull=True,
                )
                | Q(
                    scope=PolicyScope.SEGMENT,
                    segment__isnull=False,
                    risk_class="",
                    customer__isnull=True,
                )
                | Q(scope=PolicyScope.RISK_CLASS, segment__isnull=True, customer__isnull=True)
                & ~Q(risk_class="")
                | Q(
                    scope=PolicyScope.CUSTOMER,
                    segment__isnull=True,
                    risk_class="",
                    customer__isnull=False,
                ),
                violation_error_message=_(
                    "Name the segment, the risk class or the customer that the policy is for, "
                    "and nothing else."
                ),
            ),
            *(
                models.UniqueConstraint(
                    name=f"policy_once_for_{scope}",
                    fields=["scope", *fields],
                    condition=Q(scope=scope),
                    violation_error_message=_("There is a policy for these customers already."),
                )
                for scope, fields in (
                    (PolicyScope.ALL, []),
                    (PolicyScope.SEGMENT, ["segment"]),
                    (PolicyScope.RISK_CLASS, ["risk_class"]),
                    (PolicyScope.CUSTOMER, ["customer"]),
                )
            ),
        ]


class PolicyVersion(models.Model):
    """What a policy asks. `content` is described in `credit.content`; immutable after the draft."""

    policy = models.ForeignKey(
        Policy, verbose_name=_("credit policy"), on_delete=models.PROTECT, related_name="versions"
    )
    number = models.PositiveIntegerField(_("version"))
    state = models.CharField(
        _("state"), max_length=9, choices=VersionState.choices, default=VersionState.DRAFT
    )
    content: Any = models.JSONField(_("checks"))
    note = models.TextField(_("why it was changed"), blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("author"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    created_at = models.DateTimeField(_("written"))
    published_at = models.DateTimeField(_("published"), null=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("published by"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    retired_at = models.DateTimeField(_("retired"), null=True)

    class Meta:
        verbose_name = _("version of a credit policy")
        verbose_name_plural = _("versions of credit policies")
        default_permissions = ("view",)
        ordering = ["policy", "-number"]
        constraints = [
            models.UniqueConstraint(name="policy_version_once", fields=["policy", "number"]),
            models.UniqueConstraint(
                name="policy_published_once",
                fields=["policy"],
                condition=Q(state=VersionState.PUBLISHED),
            ),
            models.UniqueConstraint(
                name="policy_shadow_once", fields=["policy"], condition=Q(state=VersionState.SHADOW)
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="content_is_frozen",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func=FREEZE_CONTENT,
            ),
            pgtrigger.Protect(
                name="kept",
                operation=pgtrigger.Delete,
                condition=pgtrigger.Condition("OLD.state <> 'draft'"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.policy.code}/{self.number}"
