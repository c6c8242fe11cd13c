"""The versions of the approval matrix."""

from datetime import datetime
from typing import Any

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from approvals.matrix.enums import MatrixState

# Requests refer to the version that routed them: once it has left the draft, it only ever retires.
FREEZE = """
    IF OLD.state <> 'draft' AND (
        NEW.content IS DISTINCT FROM OLD.content OR NEW.number <> OLD.number
        OR NEW.note <> OLD.note OR NEW.author_id IS DISTINCT FROM OLD.author_id
        OR NEW.created_at <> OLD.created_at
        OR NEW.published_at IS DISTINCT FROM OLD.published_at
        OR NEW.published_by_id IS DISTINCT FROM OLD.published_by_id
    ) THEN
        RAISE EXCEPTION 'Version % of the approval matrix is no draft any more', OLD.number;
    END IF;
    IF NEW.state <> OLD.state
        AND (OLD.state, NEW.state) NOT IN (('draft', 'published'), ('published', 'retired'))
    THEN
        RAISE EXCEPTION 'A version of the approval matrix goes from draft to published to retired';
    END IF;
    RETURN NEW;
"""


def _person(label: StrOrPromise) -> models.ForeignKey:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=label,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )


class MatrixVersionQuerySet(models.QuerySet["MatrixVersion"]):
    def published(self) -> "MatrixVersionQuerySet":
        """The version in force, of which there is at most one."""
        return self.filter(state=MatrixState.PUBLISHED)

    def in_force(self, at: datetime) -> "MatrixVersionQuerySet":
        """The versions that were in force at that moment, the latest first."""
        ended = Q(retired_at__isnull=True) | Q(retired_at__gt=at)
        begun = self.filter(ended, published_at__lte=at).exclude(state=MatrixState.DRAFT)
        return begun.order_by("-published_at", "-number")


class MatrixVersion(models.Model):
    """Who decides about what. `content` is described in `approvals.matrix.content`.

    Nobody is named on the version that came with the product.
    """

    number = models.PositiveIntegerField(_("version"), unique=True)
    state = models.CharField(
        _("state"), max_length=9, choices=MatrixState.choices, default=MatrixState.DRAFT
    )
    content: Any = models.JSONField(_("rows"))
    note = models.TextField(_("why it was changed"), blank=True)
    author = _person(_("author"))
    created_at = models.DateTimeField(_("written"))
    published_at = models.DateTimeField(_("published"), null=True)
    published_by = _person(_("published by"))
    retired_at = models.DateTimeField(_("retired"), null=True)

    objects = MatrixVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("version of the approval matrix")
        verbose_name_plural = _("approval matrix")
        default_permissions = ("view",)
        permissions = [
            ("change_matrix", _("Can write drafts of the approval matrix")),
            ("publish_matrix", _("Can publish the approval matrix")),
        ]
        ordering = ["-number"]
        constraints = [
            *(
                models.UniqueConstraint(
                    name=f"matrix_{state}_once", fields=["state"], condition=Q(state=state)
                )
                for state in (MatrixState.DRAFT.value, MatrixState.PUBLISHED.value)
            ),
            models.CheckConstraint(
                name="matrix_moments_go_with_state",
                condition=Q(
                    state=MatrixState.DRAFT, published_at__isnull=True, retired_at__isnull=True
                )
                | Q(
                    state=MatrixState.PUBLISHED, published_at__isnull=False, retired_at__isnull=True
                )
                | Q(
                    state=MatrixState.RETIRED, published_at__isnull=False, retired_at__isnull=False
                ),
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="matrix_is_frozen",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func=FREEZE,
            ),
            pgtrigger.Protect(
                name="kept",
                operation=pgtrigger.Delete,
                condition=pgtrigger.Condition("OLD.state <> 'draft'"),
            ),
        ]

    def __str__(self) -> str:
        return str(_("version %(number)s") % {"number": self.number})
