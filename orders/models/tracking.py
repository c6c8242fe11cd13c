"""What carriers say of shipments."""

import pgtrigger
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from orders.enums import ScanKind
from orders.models.fulfilment import Shipment, person


class TrackingEvent(models.Model):
    """A scan by the carrier. Appended, never changed.

    A scan that says delivered is the carrier's word; the order is delivered when somebody with the
    right to say so, or an event of that kind, records it.
    """

    shipment = models.ForeignKey(
        Shipment, verbose_name=_("shipment"), on_delete=models.PROTECT, related_name="scans"
    )
    kind = models.CharField(_("what"), max_length=10, choices=ScanKind.choices)
    place = models.CharField(_("place"), max_length=120, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)
    at = models.DateTimeField(_("when"))
    recorded_at = models.DateTimeField(_("recorded"), db_default=Now(), editable=False)
    recorded_by = person(_("recorded by"))

    class Meta:
        verbose_name = _("carrier scan")
        verbose_name_plural = _("carrier scans")
        default_permissions = ("view",)
        indexes = [models.Index(fields=["shipment", "at"], name="scan_by_shipment")]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.shipment_id}: {self.kind}"
