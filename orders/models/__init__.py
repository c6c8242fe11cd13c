from orders.models.backtest import BacktestFinding, BacktestRun
from orders.models.decision import Decision, ShadowDecision
from orders.models.fulfilment import Hold, Payment, Shipment
from orders.models.importing import ImportFile, ImportMemory, ImportRun
from orders.models.order import Order, OrderLine, OrderVersion
from orders.models.product import Product, ProductPrice
from orders.models.risk import ProductFlag

__all__ = [
    "BacktestFinding",
    "BacktestRun",
    "Decision",
    "Hold",
    "ImportFile",
    "ImportMemory",
    "ImportRun",
    "Order",
    "OrderLine",
    "OrderVersion",
    "Payment",
    "Product",
    "ProductFlag",
    "ProductPrice",
    "ShadowDecision",
    "Shipment",
]
