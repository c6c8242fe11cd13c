from orders.models.backtest import BacktestFinding, BacktestRun
from orders.models.condition import ReleaseCondition
from orders.models.decision import Decision, ShadowDecision
from orders.models.event import FulfilmentEvent
from orders.models.fulfilment import (
    OrderRefund,
    Payment,
    Return,
    ReturnLine,
    Shipment,
    ShipmentLine,
)
from orders.models.handling import Allocation, Handling
from orders.models.hold import Hold, Misjudgment
from orders.models.importing import ImportFile, ImportMemory, ImportRefusal, ImportRun
from orders.models.line import OrderLine
from orders.models.order import Order
from orders.models.product import Product, ProductPrice
from orders.models.risk import ProductFlag
from orders.models.search import SearchText
from orders.models.stock import Stock, StockMovement, Warehouse
from orders.models.tracking import TrackingEvent
from orders.models.version import OrderVersion

__all__ = [
    "Allocation",
    "BacktestFinding",
    "BacktestRun",
    "Decision",
    "FulfilmentEvent",
    "Handling",
    "Hold",
    "ImportFile",
    "ImportMemory",
    "ImportRefusal",
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
    "Stock",
    "StockMovement",
    "TrackingEvent",
    "Warehouse",
]
