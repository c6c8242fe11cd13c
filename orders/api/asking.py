"""What can be asked about an order that is entered, or that is not yet."""

from collections.abc import Sequence
from typing import Any

from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from credit.days import company_day
from credit.models import CreditAccount
from orders.api.base import OrderViews
from orders.api.inputs import QuoteIn, customer_of, header_of, known_products, lines_of
from orders.api.parts import AdviceSerializer, EventSerializer
from orders.api.reading import in_full
from orders.api.serializers import CheckSerializer, DecisionSerializer
from orders.errors import OrderError
from orders.lifecycle.draft import guard_account
from orders.models import Decision
from orders.quote import Quote, quote
from orders.remedies.offering import advise
from orders.story import events
from orders.timeline import entries_of, imported
from staff.api.paging import links, page_of
from staff.api.schema import described, pages


class QuoteSerializer(serializers.Serializer):
    """What an order would come to, and what the gate would say if it were submitted now.

    Totals and what would be enough to prepay or to take off are in the currency of the order;
    `need`, `used` and `headroom` in that of the account. Gate rules are asked at submission only.
    """

    passes = serializers.BooleanField()
    currency = serializers.CharField()
    net = serializers.DecimalField(max_digits=18, decimal_places=2)
    tax = serializers.DecimalField(max_digits=18, decimal_places=2)
    total = serializers.DecimalField(max_digits=18, decimal_places=2)
    account_currency = serializers.CharField()
    need = serializers.DecimalField(max_digits=18, decimal_places=2, allow_null=True)
    used = serializers.DecimalField(max_digits=18, decimal_places=2)
    headroom = serializers.DecimalField(
        max_digits=18, decimal_places=2, allow_null=True, help_text="Null without an upper limit."
    )
    prepay = serializers.DecimalField(max_digits=18, decimal_places=2, allow_null=True)
    reduce = serializers.DecimalField(max_digits=18, decimal_places=2, allow_null=True)
    checks = CheckSerializer(many=True)


class AskingViewSet(OrderViews):
    """What is asked about orders; nothing is changed."""

    access = {
        "quote": ("orders.add_order",),
        "remedies": ("credit.view_creditaccount",),
        "decisions": ("orders.view_order",),
        "timeline": ("orders.view_order",),
    }
    without_key = ("quote",)

    @described(
        "What an order would come to, and whether it would pass",
        takes=QuoteIn,
        gives=QuoteSerializer,
        example={"customer": "C00001", "lines": [{"sku": "SKU00001", "quantity": "2"}]},
    )
    @action(detail=False, methods=["post"])
    def quote(self, request: Request) -> Response:
        given = self.given(QuoteIn)
        customer = customer_of(self.user, given["customer"])
        header = header_of(given, customer)
        guard_account(customer, header.currency)
        lines = lines_of(given["lines"], known_products(given["lines"], header.currency))
        accounts = CreditAccount.objects.with_limits(company_day(self.at))
        made = quote(
            accounts.get(customer=customer),
            lines,
            currency=header.currency,
            payment_days=header.payment_days,
            at=self.at,
        )
        return Response(self.shown(QuoteSerializer, _told(made)))

    @described("What would make a failed order pass now", gives=AdviceSerializer)
    @action(detail=True)
    def remedies(self, request: Request, pk: int) -> Response:
        order = self.order()
        accounts = CreditAccount.objects.with_limits(company_day(self.at))
        order.account = accounts.get(pk=order.account_id)
        advice = advise(order, order.account, self.user, self.at)
        return Response(self.shown(AdviceSerializer, advice))

    @described("All decisions of the gate, newest first", gives=pages(DecisionSerializer))
    @action(detail=True)
    def decisions(self, request: Request, pk: int) -> Response:
        found = self.order().decisions.select_related("by")
        return self.listed(found, DecisionSerializer, ("-pk",), self._in_words)

    def _in_words(self, decisions: Sequence[Decision]) -> list[Any]:
        return [in_full(decision, self.user) for decision in decisions]

    @described("What happened to the order, newest first", gives=pages(EventSerializer))
    @action(detail=True)
    def timeline(self, request: Request, pk: int) -> Response:
        order = self.order()
        found = page_of(entries_of(order), request, ("-at", "-pk"))
        credit = self.user.has_perm("credit.view_creditaccount")
        shown = events(found.rows, imported=imported(order), credit=credit)
        told: Any = EventSerializer(shown, many=True)
        return Response({"results": told.data, **links(found, request)})


def _told(made: Quote) -> dict[str, Any]:
    """The quote as the API tells it. Raises OrderError for lines that cannot be an order."""
    if made.totals is None:
        raise OrderError(made.problem)
    account = made.account
    return {
        "passes": not made.reasons,
        "currency": made.currency,
        "net": made.totals.net,
        "tax": made.totals.tax,
        "total": made.totals.total,
        "account_currency": account.currency,
        "need": made.need,
        "used": account.used,
        "headroom": account.available,
        "prepay": made.prepay,
        "reduce": made.reduce,
        "checks": made.checks,
    }
