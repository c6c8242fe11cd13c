"""The addresses of the REST API: each app's resources under `/api/v1/`."""

from django.urls import include, path

from approvals.api.calibration import CalibrationViewSet
from approvals.api.files import RequestFilesViewSet
from approvals.api.limits import LimitRequestViewSet
from approvals.api.matrix import MatrixViewSet
from approvals.api.reviews import ReviewViewSet
from approvals.api.views import RequestViewSet
from config import api_docs
from config.api_home import HomeViewSet, SearchViewSet
from credit.api.addresses import AddressViewSet, BookViewSet
from credit.api.invoices import (
    AllocationViewSet,
    DisputeViewSet,
    InvoiceViewSet,
    ReceiptViewSet,
)
from credit.api.policies import PolicyViewSet, VersionViewSet
from credit.api.records import PromiseViewSet, RateViewSet, ReconciliationViewSet
from credit.api.scorecards import ScorecardViewSet
from credit.api.scores import ScoreViewSet
from credit.api.segments import IndustryViewSet, SegmentViewSet
from credit.api.views import AccountViewSet, CustomerViewSet, LimitViewSet
from exceptions.api.rules import RuleViewSet
from exceptions.api.setup import CauseViewSet, ScanViewSet, TargetViewSet
from exceptions.api.views import TicketViewSet
from journal.api.files import FileViewSet
from journal.api.views import EntryViewSet
from journal.api.webhooks import MessageViewSet, WebhookViewSet
from orders.api.asking import AskingViewSet
from orders.api.backtests import BacktestViewSet
from orders.api.bulk import BulkViewSet
from orders.api.events import EventViewSet
from orders.api.files import OrderFilesViewSet
from orders.api.flags import FlagViewSet
from orders.api.goods import FulfilmentViewSet
from orders.api.handling import HandlingViewSet, ReturnViewSet
from orders.api.imports import ImportFileViewSet, ImportViewSet
from orders.api.previews import PreviewViewSet
from orders.api.products import ProductViewSet
from orders.api.risk import (
    ConditionViewSet,
    HoldViewSet,
    MisjudgmentViewSet,
    StoppingViewSet,
)
from orders.api.shadow import ShadowViewSet
from orders.api.stock import StockViewSet, WarehouseViewSet
from orders.api.trying import DecisionViewSet, TrialViewSet
from orders.api.views import OrderViewSet
from rules.api.views import WordListViewSet, WordViewSet
from staff.api.absences import AbsenceViewSet
from staff.api.company import PersonViewSet
from staff.api.deliveries import DeliveryViewSet
from staff.api.departments import DepartmentViewSet, RoleViewSet
from staff.api.hours import HoursViewSet, SpecialDayViewSet
from staff.api.keys import KeyViewSet
from staff.api.own import MeViewSet, NoticeViewSet
from staff.api.routes import Router

router = Router()
router.register("orders", OrderViewSet, basename="orders")
router.register("orders", FulfilmentViewSet, basename="fulfilment")
router.register("orders", HandlingViewSet, basename="handling")
router.register("returns", ReturnViewSet, basename="returns")
router.register("orders", AskingViewSet, basename="asking")
router.register("orders", PreviewViewSet, basename="previews")
router.register("orders", StoppingViewSet, basename="stopping")
router.register("orders", BulkViewSet, basename="many-orders")
router.register("orders", OrderFilesViewSet, basename="order-files")
router.register("holds", HoldViewSet, basename="holds")
router.register("misjudgments", MisjudgmentViewSet, basename="misjudgments")
router.register("conditions", ConditionViewSet, basename="conditions")
router.register("events", EventViewSet, basename="events")
router.register("stock", StockViewSet, basename="stock")
router.register("warehouses", WarehouseViewSet, basename="warehouses")
router.register("products", ProductViewSet, basename="products")
router.register("product-flags", FlagViewSet, basename="product-flags")
router.register("approvals", RequestViewSet, basename="approvals")
router.register("approvals", RequestFilesViewSet, basename="request-files")
router.register("files", FileViewSet, basename="files")
router.register("limit-requests", LimitRequestViewSet, basename="limit-requests")
router.register("tickets", TicketViewSet, basename="tickets")
router.register("causes", CauseViewSet, basename="causes")
router.register("times", TargetViewSet, basename="times")
router.register("customers", CustomerViewSet, basename="customers")
router.register("customers", AccountViewSet, basename="credit")
router.register("customers", BookViewSet, basename="address-book")
router.register("addresses", AddressViewSet, basename="addresses")
router.register("segments", SegmentViewSet, basename="segments")
router.register("industries", IndustryViewSet, basename="industries")
router.register("limits", LimitViewSet, basename="limits")
router.register("limit-reviews", ReviewViewSet, basename="limit-reviews")
router.register("invoices", InvoiceViewSet, basename="invoices")
router.register("receipts", ReceiptViewSet, basename="receipts")
router.register("allocations", AllocationViewSet, basename="allocations")
router.register("disputes", DisputeViewSet, basename="disputes")
router.register("promises", PromiseViewSet, basename="promises")
router.register("exchange-rates", RateViewSet, basename="exchange-rates")
router.register("reconciliations", ReconciliationViewSet, basename="reconciliations")
router.register("rules", RuleViewSet, basename="rules")
router.register("scans", ScanViewSet, basename="scans")
router.register("word-lists", WordListViewSet, basename="word-lists")
router.register("words", WordViewSet, basename="words")
router.register("journal", EntryViewSet, basename="journal")
router.register("webhooks", WebhookViewSet, basename="webhooks")
router.register("webhook-messages", MessageViewSet, basename="webhook-messages")
router.register("api-keys", KeyViewSet, basename="api-keys")
router.register("me", MeViewSet, basename="me")
router.register("notices", NoticeViewSet, basename="notices")
router.register("mail-deliveries", DeliveryViewSet, basename="mail-deliveries")
router.register("absences", AbsenceViewSet, basename="absences")
router.register("departments", DepartmentViewSet, basename="departments")
router.register("business-hours", HoursViewSet, basename="business-hours")
router.register("special-days", SpecialDayViewSet, basename="special-days")
router.register("people", PersonViewSet, basename="people")
router.register("roles", RoleViewSet, basename="roles")
router.register("search", SearchViewSet, basename="search")
router.register("home", HomeViewSet, basename="home")
router.register("matrix-versions", MatrixViewSet, basename="matrix")
router.register("approvals-in-hindsight", CalibrationViewSet, basename="hindsight")
router.register("policies", PolicyViewSet, basename="policies")
router.register("policy-versions", VersionViewSet, basename="policy-versions")
router.register("policy-versions", TrialViewSet, basename="trials")
router.register("policy-versions", ShadowViewSet, basename="shadow")
router.register("scores", ScoreViewSet, basename="scores")
router.register("scorecards", ScorecardViewSet, basename="scorecards")
router.register("decisions", DecisionViewSet, basename="decisions")
router.register("imports", ImportViewSet, basename="imports")
router.register("import-files", ImportFileViewSet, basename="import-files")
router.register("backtests", BacktestViewSet, basename="backtests")

urlpatterns = [
    path("v1/", include(router.urls)),
    path("v1/schema/", api_docs.schema, name="api-schema"),
    path("docs/", api_docs.reference, name="api-docs"),
    path("problems/", api_docs.problems, name="api-problems"),
    path("problems/<slug:code>/", api_docs.problem, name="api-problem"),
]
