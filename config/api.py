"""The addresses of the REST API: each app's resources under `/api/v1/`."""

from django.urls import include, path

from config import api_docs
from orders.api.asking import AskingViewSet
from orders.api.bulk import BulkViewSet
from orders.api.events import EventViewSet
from orders.api.goods import FulfilmentViewSet
from orders.api.products import FlagViewSet, ProductViewSet
from orders.api.risk import ConditionViewSet, HoldViewSet, StoppingViewSet
from orders.api.stock import StockViewSet
from orders.api.views import OrderViewSet
from staff.api.routes import Router

router = Router()
router.register("orders", OrderViewSet, basename="orders")
router.register("orders", FulfilmentViewSet, basename="fulfilment")
router.register("orders", AskingViewSet, basename="asking")
router.register("orders", StoppingViewSet, basename="stopping")
router.register("orders", BulkViewSet, basename="many-orders")
router.register("holds", HoldViewSet, basename="holds")
router.register("conditions", ConditionViewSet, basename="conditions")
router.register("events", EventViewSet, basename="events")
router.register("stock", StockViewSet, basename="stock")
router.register("products", ProductViewSet, basename="products")
router.register("product-flags", FlagViewSet, basename="product-flags")

urlpatterns = [
    path("v1/", include(router.urls)),
    path("v1/schema/", api_docs.schema, name="api-schema"),
    path("docs/", api_docs.reference, name="api-docs"),
    path("problems/", api_docs.problems, name="api-problems"),
    path("problems/<slug:code>/", api_docs.problem, name="api-problem"),
]
