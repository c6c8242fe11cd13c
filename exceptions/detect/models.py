"""Alert rules, their versions, and the record of every scan."""

from typing import cast

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from exceptions.detect.enums import RuleState
from exceptions.triage.enums import Severity
from rules import subjects
from rules.facts.base import Json
from rules.sentences import sentence
from rules.subjects import Subject
from staff.models import Department
from staff.names import Named


def subject() -> Subject:
    """What alert rules look at: orders."""
    return subjects.get("order")


class AlertRuleQuerySet(models.QuerySet["AlertRule"]):
    def live(self) -> "AlertRuleQuerySet":
        return self.filter(state=RuleState.LIVE, current__isnull=False)


class AlertRule(Named):
    """Something to watch for. What it looks for is in its current version.

    The scan keeps its own notes here: when it last looked (`scanned_at`), how many orders it found
    (`matched`), and what went wrong (`scan_error`, empty if nothing).
    """

    code = models.SlugField(_("code"), max_length=40, unique=True)
    state = models.CharField(
        _("state"), max_length=4, choices=RuleState.choices, default=RuleState.LIVE
    )
    current = models.OneToOneField(
        "AlertRuleVersion",
        verbose_name=_("current version"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    scanned_at = models.DateTimeField(_("last scan"), null=True)
    matched = models.PositiveIntegerField(_("found by the last scan"), default=0)
    scan_error = models.TextField(_("error of the last scan"), blank=True)

    objects = AlertRuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("alert rule")
        verbose_name_plural = _("alert rules")
        ordering = ["code"]
        default_permissions = ("view", "change")

    @property
    def version(self) -> "AlertRuleVersion":
        """The current version. Every rule is made together with its first."""
        return cast("AlertRuleVersion", self.current)

    @property
    def is_live(self) -> bool:
        return self.state == RuleState.LIVE


class AlertRuleVersion(models.Model):
    """What a rule looked for from `at` until the next version. Never changed afterwards.

    `author` is empty for versions that came with the product.
    """

    rule = models.ForeignKey(
        AlertRule, verbose_name=_("rule"), on_delete=models.PROTECT, related_name="versions"
    )
    number = models.PositiveIntegerField(_("version"))
    condition = models.JSONField(_("condition"))
    severity = models.CharField(_("severity"), max_length=2, choices=Severity.choices)
    department = models.ForeignKey(
        Department, verbose_name=_("department"), on_delete=models.PROTECT, related_name="+"
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("author"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    at = models.DateTimeField(_("published"))
    note = models.TextField(_("why it was changed"), blank=True)

    class Meta:
        verbose_name = _("version of a rule")
        verbose_name_plural = _("versions of rules")
        default_permissions = ("view",)
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(name="rule_version_once", fields=["rule", "number"])]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.rule_id}/{self.number}"

    @property
    def sentence(self) -> str:
        """The condition in the reader's language, without a full stop."""
        return sentence(self.condition, subject())

    def same_as(self, condition: Json, severity: str, department_id: int) -> bool:
        """Whether publishing these values would change nothing."""
        mine = (self.condition, self.severity, self.department_id)
        return mine == (condition, severity, department_id)


class Scan(models.Model):
    """One run over all live rules. `errors` maps the codes of rules to what went wrong."""

    started_at = models.DateTimeField(_("started"), db_index=True)
    finished_at = models.DateTimeField(_("finished"))
    rules = models.PositiveIntegerField(_("rules looked at"), default=0)
    opened = models.PositiveIntegerField(_("tickets opened"), default=0)
    cleared = models.PositiveIntegerField(_("tickets cleared"), default=0)
    recurred = models.PositiveIntegerField(_("tickets not cleared after all"), default=0)
    errors = models.JSONField(_("errors"), default=dict)

    class Meta:
        verbose_name = _("scan")
        verbose_name_plural = _("scans")
        default_permissions = ("view",)
        ordering = ["-started_at", "-id"]

    def __str__(self) -> str:
        return f"{self.started_at:%Y-%m-%d %H:%M:%S}"
