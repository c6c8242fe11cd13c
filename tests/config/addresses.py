"""Every address of the product, and an object for each address that names one.

A new kind of address that holds an identifier gets one line in SAMPLES; the rest is found.
"""

import re
from dataclasses import dataclass
from functools import cached_property

from django.contrib import admin
from django.core.files.base import ContentFile
from django.urls import URLPattern, get_resolver, reverse

from approvals.models import MatrixVersion
from credit.lifecycle import reconcile
from credit.models import Industry, PolicyVersion, Scorecard
from exceptions.models import AlertRule, Cause, SlaTarget
from exceptions.process.lifecycle import open_by_hand
from exceptions.triage.enums import Severity
from journal.models import Entry
from orders.models import ImportFile, ImportRun
from rules.models import Word
from tests.factories import api, backtests, credit, files, goods, notices, orders, staff, webhooks
from tests.factories.moments import NOW
from tests.factories.staff import department, person


class World:
    """Objects to visit, made when an address first asks for them.

    They belong to one salesperson, so that their pages are really drawn for the role "sales".
    """

    @cached_property
    def owner(self):
        return person("sales")

    @cached_property
    def visitor(self):
        """Who looks, for what is shown to one person only."""
        return self.owner

    @cached_property
    def notice(self):
        return notices.tell(self.visitor)[0]

    @cached_property
    def customer(self):
        return credit.account("500.00", owner=self.owner).customer

    @cached_property
    def limit(self):
        return self.customer.account.limits.get()

    @cached_property
    def draft(self):
        return orders.draft(self.customer.account)

    @cached_property
    def order(self):
        return orders.failed(owner=self.owner)

    @cached_property
    def divisible(self):
        account = credit.account("50.00", owner=self.owner)
        return orders.submit(orders.draft(account, lines=[orders.line("10.00", quantity="10")]))

    @cached_property
    def released(self):
        return orders.released(owner=self.owner)

    @cached_property
    def request(self):
        return orders.open_request(self.order)

    @cached_property
    def hold(self):
        return orders.hold(orders.released(owner=self.owner))

    @cached_property
    def condition(self):
        made = orders.conditional(orders.failed(owner=self.owner), orders.guarantee())
        return made.conditions.get()

    @cached_property
    def flag(self):
        return orders.flag(orders.product())

    @cached_property
    def ticket(self):
        return open_by_hand(
            order_id=self.order.pk,
            summary="which door?",
            severity=Severity.P3,
            department_id=department().pk,
            by=person("customer_service"),
            at=NOW,
        )

    @cached_property
    def invoice(self):
        return credit.owed(self.customer.account, "90.00", NOW.date())

    @cached_property
    def receipt(self):
        return credit.receipt(self.customer.account, "10.00")

    @cached_property
    def allocation(self):
        return credit.allocated(self.invoice, "10.00")

    @cached_property
    def dispute(self):
        return credit.disputed(self.invoice, "5.00")

    @cached_property
    def promise(self):
        return credit.promise(self.customer.account, NOW.date())

    @cached_property
    def comparison(self):
        return reconcile(by=None, at=NOW)

    @cached_property
    def entry(self):
        return Entry.objects.for_order(self.order.pk)[0]

    @cached_property
    def policy_version(self):
        return PolicyVersion.objects.get(state="published", policy__scope="all")

    @cached_property
    def absence(self):
        return staff.absence(self.owner)

    @cached_property
    def attachment(self):
        return files.attach(self.order, by=self.owner)

    @property
    def special_day(self):
        """Another one each time: those that were visited may be gone."""
        return staff.special_day()

    @cached_property
    def industry(self):
        return Industry.objects.create(code="harbours", name_en="Harbours", risk="medium")

    @cached_property
    def address(self):
        return credit.address(self.customer)

    @cached_property
    def import_run(self):
        return ImportRun.objects.create(created_by=person("administrator"), created_at=NOW)

    @cached_property
    def import_file(self):
        made = ImportFile(run=self.import_run, name="orders.csv", size=1)
        made.rejected.save(made.name, ContentFile(b"number\n"))
        return made

    @cached_property
    def backtest(self):
        return backtests.queued()

    @cached_property
    def event(self):
        return goods.tell(self.released).event

    @cached_property
    def stock(self):
        return goods.counted(orders.product(), goods.warehouse(), "5")

    @cached_property
    def returned(self):
        order = orders.shipped(owner=self.owner)
        return orders.return_goods(order).returns.get()

    @cached_property
    def api_key(self):
        return api.key()[0]

    @cached_property
    def rule(self):
        return AlertRule.objects.first()

    @cached_property
    def webhook(self):
        return webhooks.endpoint()

    @cached_property
    def webhook_message(self):
        return webhooks.message(webhooks.endpoint())  # the other may be switched off by now

    @cached_property
    def word(self):
        return Word.objects.first()


# Beginning of an address -> the World -> its arguments. The longest beginning that fits is taken.
SAMPLES = {
    "addresses/<int:pk>/": lambda world: {"pk": world.address.pk},
    "allocations/<int:pk>/": lambda world: {"pk": world.allocation.pk},
    "api-keys/<int:pk>/": lambda world: {"pk": world.api_key.pk},
    "api/problems/<slug:code>/": lambda world: {"code": "invalid"},
    "api/v1/absences/<id:pk>/": lambda world: {"pk": world.absence.pk},
    "api/v1/addresses/<id:pk>/": lambda world: {"pk": world.address.pk},
    "api/v1/allocations/<id:pk>/": lambda world: {"pk": world.allocation.pk},
    "api/v1/api-keys/<id:pk>/": lambda world: {"pk": world.api_key.pk},
    "api/v1/approvals/<id:pk>/": lambda world: {"pk": world.request.pk},
    "api/v1/backtests/<id:pk>/": lambda world: {"pk": world.backtest.pk},
    "api/v1/causes/<id:pk>/": lambda _world: {"pk": Cause.objects.first().pk},
    "api/v1/conditions/<id:pk>/": lambda world: {"pk": world.condition.pk},
    "api/v1/customers/<id:pk>/": lambda world: {"pk": world.customer.pk},
    "api/v1/decisions/<id:pk>/": lambda world: {"pk": world.order.decisions.first().pk},
    "api/v1/departments/<id:pk>/": lambda _world: {"pk": staff.department().pk},
    "api/v1/disputes/<id:pk>/": lambda world: {"pk": world.dispute.pk},
    "api/v1/events/<id:pk>/": lambda world: {"pk": world.event.pk},
    "api/v1/files/<id:pk>/": lambda world: {"pk": world.attachment.pk},
    "api/v1/holds/<id:pk>/": lambda world: {"pk": world.hold.pk},
    "api/v1/import-files/<id:pk>/": lambda world: {"pk": world.import_file.pk},
    "api/v1/imports/<id:pk>/": lambda world: {"pk": world.import_run.pk},
    "api/v1/industries/<id:pk>/": lambda world: {"pk": world.industry.pk},
    "api/v1/invoices/<id:pk>/": lambda world: {"pk": world.invoice.pk},
    "api/v1/journal/<id:pk>/": lambda world: {"pk": world.entry.pk},
    "api/v1/limits/<id:pk>/": lambda world: {"pk": world.limit.pk},
    "api/v1/matrix-versions/<id:pk>/": lambda _world: {"pk": MatrixVersion.objects.first().pk},
    "api/v1/notices/<id:pk>/": lambda world: {"pk": world.notice.pk},
    "api/v1/orders/<id:pk>/": lambda world: {"pk": world.order.pk},
    "api/v1/orders/<id:pk>/amend/preview/": lambda world: {"pk": world.released.pk},
    "api/v1/orders/<id:pk>/split/preview/": lambda world: {"pk": world.divisible.pk},
    "api/v1/people/<id:pk>/": lambda _world: {"pk": staff.person().pk},
    "api/v1/policies/<id:pk>/": lambda world: {"pk": world.policy_version.policy_id},
    "api/v1/policy-versions/<id:pk>/": lambda world: {"pk": world.policy_version.pk},
    "api/v1/product-flags/<id:pk>/": lambda world: {"pk": world.flag.pk},
    "api/v1/products/<id:pk>/": lambda world: {"pk": orders.product().pk},
    "api/v1/promises/<id:pk>/": lambda world: {"pk": world.promise.pk},
    "api/v1/receipts/<id:pk>/": lambda world: {"pk": world.receipt.pk},
    "api/v1/reconciliations/<id:pk>/": lambda world: {"pk": world.comparison.pk},
    "api/v1/returns/<id:pk>/": lambda world: {"pk": world.returned.pk},
    "api/v1/rules/<id:pk>/": lambda world: {"pk": world.rule.pk},
    "api/v1/scorecards/<id:pk>/": lambda _world: {"pk": Scorecard.objects.first().pk},
    "api/v1/segments/<id:pk>/": lambda world: {"pk": world.customer.segment_id},
    "api/v1/special-days/<id:pk>/": lambda world: {"pk": world.special_day.pk},
    "api/v1/stock/<id:pk>/": lambda world: {"pk": world.stock.pk},
    "api/v1/tickets/<id:pk>/": lambda world: {"pk": world.ticket.pk},
    "api/v1/times/<id:pk>/": lambda _world: {"pk": SlaTarget.objects.first().pk},
    "api/v1/warehouses/<id:pk>/": lambda world: {"pk": world.stock.warehouse_id},
    "api/v1/webhook-messages/<id:pk>/": lambda world: {"pk": world.webhook_message.pk},
    "api/v1/webhooks/<id:pk>/": lambda world: {"pk": world.webhook.pk},
    "api/v1/word-lists/<id:pk>/": lambda world: {"pk": world.word.word_list_id},
    "api/v1/words/<id:pk>/": lambda world: {"pk": world.word.pk},
    "approvals/<int:pk>/": lambda world: {"pk": world.request.pk},
    "backtests/<int:pk>/": lambda world: {"pk": world.backtest.pk},
    "conditions/<int:pk>/": lambda world: {"pk": world.condition.pk},
    "customers/<int:pk>/": lambda world: {"pk": world.customer.pk},
    "disputes/<int:pk>/": lambda world: {"pk": world.dispute.pk},
    "files/<int:pk>/": lambda world: {"pk": world.attachment.pk},
    "files/<slug:kind>/<int:pk>/": lambda world: {"kind": "order", "pk": world.order.pk},
    "events/<int:pk>/": lambda world: {"pk": world.event.pk},
    "holds/<int:pk>/": lambda world: {"pk": world.hold.pk},
    "imports/<int:pk>/": lambda world: {"pk": world.import_run.pk},
    "imports/<int:pk>/bad-rows/<int:file_pk>/": lambda world: {
        "pk": world.import_run.pk,
        "file_pk": world.import_file.pk,
    },
    "imports/samples/": lambda world: {"kind": "limits"},
    "inbox/<int:pk>/": lambda world: {"pk": world.notice.pk},
    "limits/<int:pk>/": lambda world: {"pk": world.limit.pk},
    "orders/<int:pk>/": lambda world: {"pk": world.order.pk},
    "orders/<int:pk>/amend/": lambda world: {"pk": world.released.pk},
    "orders/<int:pk>/split/": lambda world: {"pk": world.divisible.pk},
    "orders/<int:pk>/decisions/<int:decision_pk>/": lambda world: {
        "pk": world.order.pk,
        "decision_pk": world.order.decisions.first().pk,
    },
    "orders/<int:pk>/edit/": lambda world: {"pk": world.draft.pk},
    "profile/absences/<int:pk>/": lambda world: {"pk": world.absence.pk},
    "products/flags/<int:pk>/": lambda world: {"pk": world.flag.pk},
    "receipts/<int:pk>/": lambda world: {"pk": world.receipt.pk},
    "receivables/<int:pk>/": lambda world: {"pk": world.invoice.pk},
    "returns/<int:pk>/": lambda world: {"pk": world.returned.pk},
    "rules/<int:pk>/": lambda world: {"pk": world.rule.pk},
    "stock/<int:pk>/": lambda world: {"pk": world.stock.pk},
    "tickets/<int:pk>/": lambda world: {"pk": world.ticket.pk},
    "webhooks/<int:pk>/": lambda world: {"pk": world.webhook.pk},
    "webhooks/messages/<int:pk>/": lambda world: {"pk": world.webhook_message.pk},
    "word-lists/<int:pk>/": lambda world: {"pk": world.word.word_list_id},
    "word-lists/<int:pk>/words/<int:word_pk>/": lambda world: {
        "pk": world.word.word_list_id,
        "word_pk": world.word.pk,
    },
}


@dataclass(frozen=True)
class Address:
    """One pattern of the URLconf."""

    name: str
    route: str
    view: object
    in_admin: bool
    parameters: tuple

    def url(self, world):
        """An address that the pattern matches; KeyError says what is missing."""
        if self.in_admin:
            return _admin_url(self)
        if not self.parameters:
            return reverse(self.name)
        fitting = [beginning for beginning in SAMPLES if self.route.startswith(beginning)]
        if not fitting:
            raise KeyError(f"{self.route} ({self.name}): add a line to SAMPLES in {__name__}")
        return reverse(self.name, kwargs=SAMPLES[max(fitting, key=len)](world))


def every_address():
    """All addresses, those of Django admin included."""
    return list(_walk(get_resolver().url_patterns, (), "", False))


def _walk(patterns, namespaces, route, in_admin):
    for pattern in patterns:
        whole = route + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            name = ":".join((*namespaces, pattern.name or ""))
            parameters = (*re.findall(r"<(?:\w+:)?(\w+)>", whole),)
            yield Address(name, whole, pattern.callback, in_admin, parameters)
        else:
            inner = (*namespaces, pattern.namespace) if pattern.namespace else namespaces
            yield from _walk(pattern.url_patterns, inner, whole, in_admin or "admin" in inner)


def _admin_url(address):
    _, _, name = address.name.partition(":")
    if not name:
        return "/admin/nonsense/"
    fixed = {
        "app_list": {"app_label": "staff"},
        "view_on_site": {"content_type_id": 1, "object_id": 1},
        "auth_user_password_change": {"id": 0},
    }
    return reverse(address.name, kwargs=fixed.get(name) or _object_of(name, address.parameters))


def _object_of(name, parameters):
    if not parameters:
        return {}
    models = {f"{m._meta.app_label}_{m._meta.model_name}": m for m in admin.site._registry}
    key = max((key for key in models if name.startswith(f"{key}_")), key=len)
    first = models[key]._default_manager.values_list("pk", flat=True).first()
    return dict.fromkeys(parameters, first or 0)
