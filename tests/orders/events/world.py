"""A world in which lives are lived: customers, goods and orders, and what became of them."""

from decimal import Decimal

from django.db.models import Sum

from credit import lifecycle as credit_lifecycle
from credit.models import Invoice
from credit.reconciling import compare
from orders.enums import Source
from orders.lifecycle import create_draft, submit
from orders.lifecycle.draft import Origin
from orders.models import (
    Allocation,
    FulfilmentEvent,
    Order,
    Product,
    Return,
    Shipment,
    Stock,
    TrackingEvent,
    Warehouse,
)
from tests.factories import credit, orders
from tests.factories.moments import NOW
from tests.factories.staff import superuser
from tests.orders.events import lives

ACCOUNTS = 30
FIELDS = (
    "state", "paid_amount", "invoiced_amount", "reduction", "to_credit", "credited_amount",
    "paid_at", "shipped_at", "delivered_at", "invoiced_at", "closed_at", "events_wait",
)  # fmt: skip


class World:
    """Built once; it only keeps ids, so that processes can take it along."""

    def __init__(self, name):
        self.name = name
        self.by = superuser()
        self.accounts = [credit.account() for _ in range(ACCOUNTS)]
        self.products = [
            orders.product(str(lives.PRICE), sku=self.own(lives.sku(number)))
            for number in range(lives.PRODUCTS)
        ]
        for number in range(lives.WAREHOUSES):
            Warehouse.objects.create(code=self.own(f"W{number}"), name_en=f"Warehouse {number}")

    def own(self, name):
        return f"{self.name}-{name}"

    def enter(self, life):
        account = self.accounts[life.number % ACCOUNTS]
        lines = [
            orders.line(
                str(lives.PRICE), quantity=str(lives.PIECES), product_id=self.products[number].pk
            )
            for number in life.products
        ]
        create_draft(
            customer_id=account.customer_id,
            header=orders.header(),
            lines=lines,
            by=self.by,
            at=lives.BEGINNING,
            origin=Origin(source=Source.IMPORT, external_id=self.own(f"R{life.number}")),
        )

    def order(self, life):
        return Order.objects.get(external_id=self.own(f"R{life.number}"))

    def submit(self, life):
        submit(order_id=self.order(life).pk, by=self.by, at=lives.BEGINNING)

    def told(self, message):
        """The message as this world is told it: with its own names."""
        payload = {**message.payload}
        for name in ("warehouse", "number"):
            if name in payload:
                payload[name] = self.own(payload[name])
        if "lines" in payload:
            payload["lines"] = [{**line, "sku": self.own(line["sku"])} for line in payload["lines"]]
        return {
            "source": self.name,
            "external_id": message.external_id,
            "kind": message.kind,
            "happened_at": message.happened_at,
            "reference": message.reference and self.own(message.reference),
            "reference_source": message.reference_source,
            "payload": payload,
            "by": self.by,
            "at": NOW,
        }

    def became(self, life):
        """All that an order came to, without the names of this world."""
        order = self.order(life)
        lines = list(order.lines.order_by("position"))
        kept = Allocation.objects.filter(order_line__order=order)
        return {
            **{name: getattr(order, name) for name in FIELDS},
            "exposure": credit_lifecycle.order_exposure(order.pk),
            "lines": [(line.shipped, line.returned) for line in lines],
            "kept": sorted(kept.values_list("order_line__position", "quantity", "picked")),
            "shipments": _rows(Shipment, order, "at", "tracking_number", "lines__quantity"),
            "returns": _rows(Return, order, "at", "amount", "lines__quantity"),
            "scans": sorted(
                TrackingEvent.objects.filter(shipment__order=order).values_list("at", "kind")
            ),
            "invoices": sorted(
                (row[0].removeprefix(f"{self.name}-"), *row[1:])
                for row in Invoice.objects.filter(order_id=order.pk).values_list(
                    "number", "amount", "open_amount", "issued_on", "settled_on"
                )
            ),
            "events": sorted(order.fulfilment_events.values_list("external_id", "state")),
        }

    def stock(self):
        """What lies where in the end, by the numbers of product and warehouse."""
        rows = Stock.objects.filter(product__in=self.products).order_by("product", "warehouse")
        return list(rows.values_list("on_hand", "allocated", "synced_at"))

    def waiting(self):
        return list(
            FulfilmentEvent.objects.unsettled()
            .filter(source=self.name)
            .values_list("external_id", "kind", "state", "why")
        )

    def proof(self):
        """Stock is what is allocated, accounts and invoices are what the ledger says."""
        assert not compare().differences
        allocated = Allocation.objects.filter(order_line__product__in=self.products)
        stock = Stock.objects.filter(product__in=self.products)
        total = Decimal(0)
        assert (stock.aggregate(sum=Sum("allocated"))["sum"] or total) == (
            allocated.aggregate(sum=Sum("quantity"))["sum"] or total
        )


def _rows(model, order, *names):
    return sorted(model.objects.filter(order=order).values_list(*names))


def known(world):
    """How many products the world sells; proves that it was built."""
    return Product.objects.filter(sku__startswith=f"{world.name}-").count()
