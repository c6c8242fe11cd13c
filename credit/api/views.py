"""Customers: found, entered and changed, with their account, limits, group and ledger."""

from typing import Any

from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from credit import expiring, lifecycle, overview
from credit.ageing import ageing, overdue_sum
from credit.api import problems as problems
from credit.api.filters import ApiCustomerFilter, ApiExpiringFilter
from credit.api.finding import account_of, account_with_code, customers_of
from credit.api.inputs import (
    CustomerChangeIn,
    CustomerIn,
    JoinIn,
    LimitGrantIn,
    OpenAccountIn,
    ReviewIn,
    limit_of,
)
from credit.api.serializers import (
    CustomerSerializer,
    CustomerSummarySerializer,
    DatedLimitSerializer,
    LedgerEntrySerializer,
    MembersSerializer,
)
from credit.behaviour import payment_behaviour
from credit.days import company_day
from credit.export import customer_sheet, limit_sheet
from credit.governing import candidates
from credit.groups import tree
from credit.models import CreditAccount, CreditLimit, Customer, LedgerEntry
from credit.scoring.explain import shown as explained
from staff.api.inputs import ReasonIn
from staff.api.schema import described, exported, pages
from staff.api.views import ApiViewSet, filtered
from staff.api.whole import Whole

SEE = ("credit.view_customer",)
SEE_CREDIT = ("credit.view_creditaccount",)
LIMIT = ("credit.change_limit",)


class CustomerViews(ApiViewSet):
    """Finding a customer that the caller may see, and showing one."""

    tag = "customers"

    def customers(self) -> Any:
        """The customers that the caller may see, as lists show them."""
        return customers_of(self.user, self.at).annotate(overdue=overdue_sum(company_day(self.at)))

    def account(self) -> CreditAccount:
        """The account of the customer of the address. Raises DoesNotExist."""
        return account_of(self.user, self.kwargs["pk"])

    def told(self, pk: int, status: int = 200) -> Response:
        """The customer as it is now."""
        customer = self.customers().get(pk=pk)
        body = self.shown(CustomerSerializer, Whole(customer, **self._more(customer)))
        return Response(body, status)

    def _more(self, customer: Customer) -> dict[str, Any]:
        user, account = self.user, getattr(customer, "account", None)
        more: dict[str, Any] = {"ageing": None, "behaviour": None, "headroom": "", "groups": []}
        more |= {"score": None, "policies": None}
        if account and user.has_perm("credit.view_creditaccount"):
            today = company_day(self.at)
            more |= overview.standing_in_groups(account, today)
            more["ageing"] = ageing(account, today)
            more["behaviour"] = payment_behaviour(today, [account.pk]).get(account.pk)
            more["score"] = explained(customer, account)
        if user.has_perm("credit.view_policy"):
            more["policies"] = candidates(customer)
        return more


class CustomerViewSet(CustomerViews):
    """Customers."""

    access = {
        "list": SEE,
        "export": SEE,
        "retrieve": SEE,
        "create": ("credit.add_customer",),
        "partial_update": ("credit.change_customer",),
        "remove": ("credit.delete_customer",),
        "ledger": SEE_CREDIT,
    }

    @described(
        "Find customers, by code",
        gives=pages(CustomerSummarySerializer),
        filters=ApiCustomerFilter,
    )
    def list(self, request: Request) -> Response:
        return self.listed(self._narrowed(), CustomerSummarySerializer, ("code", "pk"))

    @exported("Customers", filters=ApiCustomerFilter)
    @action(detail=False)
    def export(self, request: Request) -> Any:
        credit = self.user.has_perm("credit.view_creditaccount")
        return self.sent(customer_sheet(self._narrowed(), ("code", "pk"), credit=credit))

    @described("One customer with the credit at a glance", gives=CustomerSerializer)
    def retrieve(self, request: Request, pk: int) -> Response:
        return self.told(pk)

    @described(
        "Enter a customer",
        takes=CustomerIn,
        gives=CustomerSerializer,
        status=201,
        example={"code": "C00042", "name": "Blue Harbour Trading", "segment": "retail", "owner": 7},
    )
    def create(self, request: Request) -> Response:
        given = self.given(CustomerIn)
        made = lifecycle.enter_customer(values=given, by=self.user, at=self.at)
        return self.told(made.pk, 201)

    @described("Change a customer", takes=CustomerChangeIn, gives=CustomerSerializer)
    def partial_update(self, request: Request, pk: int) -> Response:
        given, pk = self.given(CustomerChangeIn), self.customers().get(pk=pk).pk
        lifecycle.change_customer(customer_id=pk, values=given, by=self.user, at=self.at)
        return self.told(pk)

    @described("The account's ledger, newest first", gives=pages(LedgerEntrySerializer))
    @action(detail=True)
    def ledger(self, request: Request, pk: int) -> Response:
        entries = LedgerEntry.objects.filter(account=self.account()).select_related("by")
        return self.listed(entries, LedgerEntrySerializer, ("-pk",))

    @described("Remove a customer to whom nothing refers", gives=CustomerSerializer)
    @action(detail=True, methods=["post"])
    def remove(self, request: Request, pk: int) -> Response:
        was = self.told(pk)
        lifecycle.remove_customer(customer_id=pk, by=self.user, at=self.at)
        return was

    def _narrowed(self) -> Any:
        form = ApiCustomerFilter(self.request.GET, user=self.user)
        filtered(form)
        return form.narrow(self.customers())


class AccountViewSet(CustomerViews):
    """The credit account of a customer: its limits, its review, its group."""

    tag = "credit"
    access = {
        "open_account": ("credit.add_creditaccount",),
        "review": LIMIT,
        "limits": SEE_CREDIT,
        "grant": LIMIT,
        "group": SEE_CREDIT,
        "join": LIMIT,
        "leave": LIMIT,
    }

    @described("Open the account", takes=OpenAccountIn, gives=CustomerSerializer, status=201)
    @action(detail=True, methods=["post"], url_path="account")
    def open_account(self, request: Request, pk: int) -> Response:
        given, customer = self.given(OpenAccountIn), self.customers().get(pk=pk)
        lifecycle.open_account(customer_id=customer.pk, by=self.user, at=self.at, **given)
        return self.told(pk, 201)

    @described("Set the day of the credit review", takes=ReviewIn, gives=CustomerSerializer)
    @action(detail=True, methods=["post"])
    def review(self, request: Request, pk: int) -> Response:
        given = self.given(ReviewIn)
        return self._did(lifecycle.set_review, **given)

    @described(
        "Every limit that the customer has or had, newest first",
        gives=pages(DatedLimitSerializer),
    )
    @action(detail=True)
    def limits(self, request: Request, pk: int) -> Response:
        found = _limits().filter(account=self.account())
        return self.listed(found, DatedLimitSerializer, ("-granted_at", "-pk"))

    @described(
        "Grant a limit that lets the customer use no more than before",
        takes=LimitGrantIn,
        gives=DatedLimitSerializer,
        status=201,
        example={"amount": "50000.00", "reason": "Pays later than before."},
    )
    @limits.mapping.post
    def grant(self, request: Request, pk: int) -> Response:
        given = self.given(LimitGrantIn)
        made = lifecycle.grant_limit(
            account_id=self.account().pk,
            limit=limit_of(given),
            reason=given["reason"],
            by=self.user,
            at=self.at,
        )
        return Response(self.shown(DatedLimitSerializer, _limits().get(pk=made.pk)), 201)

    @described("The whole group that the customer belongs to", gives=MembersSerializer)
    @action(detail=True)
    def group(self, request: Request, pk: int) -> Response:
        members = tree(self.account(), company_day(self.at))
        return Response(self.shown(MembersSerializer, {"results": members}))

    @described("Put the customer under another one", takes=JoinIn, gives=CustomerSerializer)
    @action(detail=True, methods=["post"], url_path="group/join")
    def join(self, request: Request, pk: int) -> Response:
        given = self.given(JoinIn)
        parent = account_with_code(self.user, given.pop("parent"), "parent")
        return self._did(lifecycle.join_group, parent_id=parent.pk, **given)

    @described("Take the customer out of its group", takes=ReasonIn, gives=CustomerSerializer)
    @action(detail=True, methods=["post"], url_path="group/leave")
    def leave(self, request: Request, pk: int) -> Response:
        return self._did(lifecycle.join_group, parent_id=None, **self.given(ReasonIn))

    def _did(self, verb: Any, **values: Any) -> Response:
        verb(account_id=self.account().pk, by=self.user, at=self.at, **values)
        return self.told(self.kwargs["pk"])


class LimitViewSet(ApiViewSet):
    """Limits of all customers."""

    tag = "credit"
    access = {
        "list": ("credit.view_creditlimit",),
        "export": ("credit.view_creditlimit",),
        "retrieve": SEE_CREDIT,
        "end": LIMIT,
    }

    @described(
        "Limits that end within 30 days, or that ended and were not renewed",
        gives=pages(DatedLimitSerializer),
        filters=ApiExpiringFilter,
    )
    def list(self, request: Request) -> Response:
        found = self._found()
        rows = found.limits.select_related("requested_by", "ended_by")
        return self.listed(rows, DatedLimitSerializer, found.keys)

    @exported("Limits that end soon, or that ended", filters=ApiExpiringFilter)
    @action(detail=False)
    def export(self, request: Request) -> Any:
        found, today = self._found(), company_day(self.at)
        name = f"limits-{found.code}"
        return self.sent(limit_sheet(found.limits, found.keys, name=name, today=today))

    @described("One limit", gives=DatedLimitSerializer)
    def retrieve(self, request: Request, pk: int) -> Response:
        return self._told(pk)

    @described("End a limit before its last day", takes=ReasonIn, gives=DatedLimitSerializer)
    @action(detail=True, methods=["post"])
    def end(self, request: Request, pk: int) -> Response:
        given = self.given(ReasonIn)
        limit = self._seen().get(pk=pk)
        lifecycle.end_limit(limit_id=limit.pk, by=self.user, at=self.at, **given)
        return self._told(pk)

    def _found(self) -> expiring.Listing:
        filtered(ApiExpiringFilter(self.request.GET))
        return expiring.listing(self.page_request, company_day(self.at))

    def _seen(self) -> Any:
        return _limits().filter(account__customer__in=Customer.objects.for_user(self.user))

    def _told(self, pk: int) -> Response:
        return Response(self.shown(DatedLimitSerializer, self._seen().get(pk=pk)))


def _limits() -> Any:
    return CreditLimit.objects.select_related(
        "account__customer", "granted_by", "requested_by", "ended_by"
    )
