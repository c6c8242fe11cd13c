"""What other systems told of orders and stock, and what became of it."""

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from orders.enums import EventKind, EventState, Source
from orders.models.order import Order
from staff.sentences import again, kept

if TYPE_CHECKING:
    from staff.models import User


class EventQuerySet(models.QuerySet[Any]):
    def for_user(self, user: "User") -> "EventQuerySet":
        """Events of the orders that this user may see; those of no order for who sees them all."""
        if user.has_perm("credit.view_all_customers"):
            return self
        return self.filter(order__in=Order.objects.for_user(user))

    def waiting(self) -> "EventQuerySet":
        """Events that something has to happen before, those that happened first ahead."""
        return self.filter(state=EventState.WAITING).order_by("happened_at", "pk")

    def unsettled(self) -> "EventQuerySet":
        """Events that wait or were refused, which somebody may have to look after."""
        return self.filter(state__in=(EventState.WAITING, EventState.REFUSED))

    def search(self, words: str) -> "EventQuerySet":
        """Events by their own number, or by the number of their order at either side."""
        return self.filter(
            Q(external_id=words) | Q(reference=words) | Q(order__number=words.upper())
        )


class FulfilmentEvent(models.Model):
    """One message, known by its number at its source: the same message counts once.

    `reference` names the order: by its number here, or with `reference_source` by the number that
    it has at that source. `why` says what it waits for, or why it was refused or given up, and
    `said` the same apart from any language; without it `why` is in the words of a person. An event
    that counts has no `why`.
    """

    source = models.CharField(_("sender"), max_length=40)
    external_id = models.CharField(_("number at the sender"), max_length=120)
    kind = models.CharField(_("kind"), max_length=10, choices=EventKind.choices)
    reference = models.CharField(_("order as named"), max_length=80, blank=True)
    reference_source = models.CharField(
        _("door of the order"), max_length=8, choices=Source.choices, blank=True
    )
    order = models.ForeignKey(
        Order,
        verbose_name=_("order"),
        on_delete=models.PROTECT,
        null=True,
        related_name="fulfilment_events",
    )
    happened_at = models.DateTimeField(_("happened"))
    received_at = models.DateTimeField(_("received"))
    payload = models.JSONField(_("content"), default=dict, encoder=DjangoJSONEncoder)
    state = models.CharField(
        _("state"), max_length=10, choices=EventState.choices, default=EventState.WAITING
    )
    why = models.TextField(_("why"), blank=True)
    said = models.JSONField(null=True)
    applied_at = models.DateTimeField(_("applied"), null=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("sent by"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("dismissed by"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        default_permissions = ("view",)
        indexes = [
            models.Index(fields=["state", "-id"], name="event_by_state"),
            models.Index(
                fields=["reference_source", "reference"],
                name="event_without_order",
                condition=Q(order__isnull=True, state=EventState.WAITING),
            ),
        ]
        constraints = [
            models.UniqueConstraint(name="event_once_per_source", fields=["source", "external_id"]),
            models.CheckConstraint(
                name="event_has_number", condition=~Q(source="") & ~Q(external_id="")
            ),
            models.CheckConstraint(
                name="event_applied_has_moment",
                condition=Q(state=EventState.APPLIED, applied_at__isnull=False)
                | ~Q(state=EventState.APPLIED) & Q(applied_at__isnull=True) & ~Q(why=""),
            ),
            models.CheckConstraint(
                name="event_dismissed_by_somebody",
                condition=Q(state=EventState.DISMISSED, settled_by__isnull=False)
                | ~Q(state=EventState.DISMISSED) & Q(settled_by__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.external_id}"

    @property
    def words(self) -> str:
        """Why, in the language of its reader where no person wrote it."""
        return again(self.why, self.said)

    def because(self, why: str) -> None:
        """Say what it waits for, or why it was refused or given up; it is not saved."""
        self.why, self.said = kept(why)
