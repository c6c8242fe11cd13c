"""A subject for the engine's tests: parcels, in a table that exists only inside a test."""

from django.db import models
from django.db.models import F

from rules.facts import Boolean, Choice, Elapsed, Happened, Money, Number, Percent, Ratio, Text
from rules.subjects import Subject

STATES = (("new", "new"), ("sent", "sent"), ("lost", "lost"))


class Parcel(models.Model):
    paid_at = models.DateTimeField(null=True)
    shipped_at = models.DateTimeField(null=True)
    total = models.DecimalField(max_digits=18, decimal_places=2, null=True)
    currency = models.CharField(max_length=3, null=True)
    net = models.DecimalField(max_digits=18, decimal_places=2, null=True)
    cost = models.DecimalField(max_digits=18, decimal_places=2, null=True)
    discount = models.DecimalField(max_digits=7, decimal_places=2, null=True)
    pieces = models.IntegerField(null=True)
    address = models.TextField(null=True)
    state = models.CharField(max_length=10, null=True)
    held = models.BooleanField(null=True)

    class Meta:
        app_label = "parcels"

    def __str__(self):
        return f"parcel {self.pk}"


PARCEL = Subject(
    name="parcel",
    label="parcel",
    model=Parcel,
    scope=lambda at: Parcel.objects.all(),
    facts=(
        Elapsed(
            name="parcel.since_payment", label="time since payment", source="paid_at", event="paid"
        ),
        Happened(
            name="parcel.shipped",
            label="shipment",
            source="shipped_at",
            yes="shipped",
            no="not shipped",
        ),
        Money(name="parcel.total", label="total", source="total"),
        Ratio(name="parcel.margin", label="margin", source=F("net") - F("cost"), whole="net"),
        Percent(name="parcel.discount", label="discount", source="discount"),
        Number(name="parcel.pieces", label="quantity", source="pieces", unit_label="pieces"),
        Text(name="parcel.address", label="ship-to address", source="address"),
        Choice(name="parcel.state", label="state", source="state", choices=STATES),
        Boolean(name="parcel.held", label="hold", source="held", yes="on hold", no="not on hold"),
    ),
)


def leaf(fact, op, value):
    return {"fact": f"parcel.{fact}", "op": op, "value": value}


def paid(op, amount, unit="hours"):
    return leaf("since_payment", op, {"amount": amount, "unit": unit})


PAID_NOT_SHIPPED = {"all": [paid("more_than", "24"), leaf("shipped", "is", False)]}
