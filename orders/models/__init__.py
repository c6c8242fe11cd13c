from orders.models.backtest import BacktestFinding, BacktestRun
from orders.models.condition import ReleaseCondition
from orders.models.decision import Decision, ShadowDecision
from orders.models.fulfilment import (
    OrderRefund,
    Payment,
    Return,
    ReturnLine,
    Shipment,
    ShipmentLine,
)
from orders.models.hold import Hold, Misjudgment
from orders.models.importing import ImportFile, ImportMemory, ImportRun
from orders.models.line import OrderLine
from orders.models.order import Order
from orders.models.product import Product, ProductPrice
from orders.models.risk import ProductFlag
from orders.models.search import SearchText
from orders.models.version import OrderVersion

__all__ = [
    "BacktestFinding",
    "BacktestRun",
    "Decision",
    "Hold",
    "ImportFile",
    "ImportMemory",
    "ImportRun",
    "Misjudgment",
    "Order",
    "OrderLine",
    "OrderRefund",
    "OrderVersion",
    "Payment",
    "Product",
    "ProductFlag",
    "ProductPrice",
    "ReleaseCondition",
    "Return",
    "ReturnLine",
    "SearchText",
    "ShadowDecision",
    "Shipment",
    "ShipmentLine",
]
