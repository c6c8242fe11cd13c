"""What the amounts of an order keep to, whatever changes them."""

from django.db import models
from django.db.models import F, Q

AMOUNT_RULES = [
    models.CheckConstraint(
        name="order_amounts_not_negative",
        condition=Q(net__gte=0, tax__gte=0, total__gte=0, paid_amount__gte=0),
    ),
    models.CheckConstraint(name="order_written_off_not_negative", condition=Q(written_off__gte=0)),
    models.CheckConstraint(
        name="order_invoiced_within_total",
        condition=Q(
            to_credit__gte=0,
            invoiced_amount__gte=F("to_credit"),
            invoiced_amount__lte=F("total"),
            credited_amount__gte=0,
            credited_amount__lte=F("invoiced_amount"),
        ),
    ),
    models.CheckConstraint(
        name="order_reduction_within_total",
        condition=Q(reduction__gte=0, reduction__lte=F("total")),
    ),
    models.CheckConstraint(
        name="order_unreleased_within_total",
        condition=Q(unreleased__gte=0, unreleased__lte=F("total")),
    ),
    models.CheckConstraint(
        name="order_total_is_net_and_tax", condition=Q(total=F("net") + F("tax"))
    ),
]
