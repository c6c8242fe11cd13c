from orders.models.decision import Decision, ShadowDecision
from orders.models.fulfilment import Hold, Payment, Shipment
from orders.models.importing import ImportFile, ImportMemory, ImportRun
from orders.models.order import Order, OrderLine
from orders.models.product import Product, ProductPrice

__all__ = [
    "Decision",
    "Hold",
    "ImportFile",
    "ImportMemory",
    "ImportRun",
    "Order",
    "OrderLine",
    "Payment",
    "Product",
    "ProductPrice",
    "ShadowDecision",
    "Shipment",
]
