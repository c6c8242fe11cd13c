"""What surrounds every page: the navigation a person may use, preferences, the dress of forms."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.conf import settings
from django.forms.renderers import TemplatesSetting
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from approvals.models import ApprovalRequest
from exceptions.models import Ticket
from staff.days import company_day
from staff.models import Notice

Count = Callable[[Any], int]

UNREAD_SHOWN = 99  # the bell says "99+" beyond


def _waiting_approvals(user: Any) -> int:
    return ApprovalRequest.objects.waiting_for(user, company_day(timezone.now())).count()


@dataclass(frozen=True)
class Item:
    """A page of the sidebar. Holding any one of `permissions` is enough; none means everybody."""

    label: str | Promise
    icon: str
    url_name: str
    permissions: tuple[str, ...] = ()
    mine: Count | None = None

    def allows(self, user: Any) -> bool:
        return not self.permissions or any(user.has_perm(p) for p in self.permissions)


@dataclass(frozen=True)
class Entry:
    """An item as one person sees it on one page."""

    item: Item
    url: str
    current: bool
    count: int | None


NAVIGATION: tuple[tuple[str | Promise, tuple[Item, ...]], ...] = (
    (
        gettext_lazy("Work"),
        (
            Item(gettext_lazy("Home"), "home", "home"),
            Item(gettext_lazy("Orders"), "receipt", "orders:list", ("orders.view_order",)),
            Item(
                gettext_lazy("Approvals"),
                "clipboard-check",
                "approvals:list",
                ("approvals.view_approvalrequest",),
                mine=_waiting_approvals,
            ),
            Item(
                gettext_lazy("Tickets"),
                "ticket",
                "exceptions:tickets",
                ("exceptions.view_ticket",),
                mine=lambda user: Ticket.objects.mine_open(user).count(),
            ),
            Item(gettext_lazy("Holds"), "lock", "orders:holds", ("orders.view_order",)),
        ),
    ),
    (
        gettext_lazy("Look up"),
        (
            Item(
                gettext_lazy("Customers"), "building", "credit:customers", ("credit.view_customer",)
            ),
            Item(
                gettext_lazy("Recommended limits"),
                "gauge",
                "credit:scores",
                ("credit.view_creditaccount",),
            ),
            Item(
                gettext_lazy("Expiring limits"),
                "calendar-due",
                "credit:expiring",
                ("credit.view_creditlimit",),
            ),
            Item(
                gettext_lazy("Limit reviews"),
                "list-check",
                "approvals:reviews",
                ("credit.view_creditlimit",),
            ),
            Item(
                gettext_lazy("Reconciliation"),
                "checks",
                "credit:reconciliation",
                ("credit.view_reconciliationrun",),
            ),
            Item(
                gettext_lazy("Receivables"),
                "file-invoice",
                "credit:invoices",
                ("credit.view_invoice",),
            ),
            Item(
                gettext_lazy("Promises to pay"),
                "cash",
                "credit:promises",
                ("credit.view_promise", "credit.record_promise"),
            ),
            Item(gettext_lazy("Products"), "package", "orders:products", ("orders.view_product",)),
            Item(
                gettext_lazy("Stock"), "building-warehouse", "orders:stock", ("orders.view_stock",)
            ),
            Item(gettext_lazy("Events"), "plug", "orders:events", ("orders.view_fulfilmentevent",)),
        ),
    ),
    (
        gettext_lazy("Improve"),
        (
            Item(
                gettext_lazy("Rules"), "radar", "exceptions:rules", ("exceptions.view_alertrule",)
            ),
            Item(
                gettext_lazy("Word lists"),
                "list-search",
                "rules:word_lists",
                ("rules.view_wordlist",),
            ),
            Item(
                gettext_lazy("Policy backtests"),
                "history",
                "orders:backtests",
                ("credit.view_policy",),
            ),
            Item(
                gettext_lazy("Approvals in hindsight"),
                "chart-bar",
                "approvals:calibration",
                ("approvals.view_calibration", "approvals.decide"),
            ),
        ),
    ),
    (
        gettext_lazy("Set up"),
        (
            Item(
                gettext_lazy("Matrix"),
                "table",
                "approvals:matrix",
                ("approvals.view_matrixversion",),
            ),
            Item(
                gettext_lazy("Import"),
                "file-import",
                "orders:imports",
                ("orders.import_data", "orders.import_work", "credit.import_receivables"),
            ),
            Item(gettext_lazy("API keys"), "key", "staff:api_keys", ("staff.view_apikey",)),
            Item(
                gettext_lazy("Webhooks"),
                "webhook",
                "webhooks:list",
                ("journal.view_webhookendpoint",),
            ),
            Item(gettext_lazy("Admin"), "settings", "admin:index", ("staff.open_admin",)),
        ),
    ),
)


class Shell:
    """The frame of one page for one person. Everything is worked out when the page asks for it."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.user = getattr(request, "user", None)

    @property
    def inside(self) -> bool:
        """Whether somebody is signed in who may use the product, and not only get ready for it."""
        if self.user is None or not self.user.is_authenticated:
            return False
        return not getattr(self.request, "second_step_missing", False)

    @cached_property
    def groups(self) -> list[tuple[str | Promise, list[Entry]]]:
        """The sidebar: groups with at least one page this person may use."""
        shown = [
            (label, [(item, reverse(item.url_name)) for item in items if item.allows(self.user)])
            for label, items in NAVIGATION
        ]
        here = self._here([url for _label, items in shown for _item, url in items])
        return [
            (label, [self._entry(item, url, here) for item, url in items])
            for label, items in shown
            if items
        ]

    def _here(self, urls: list[str]) -> str:
        # The longest address that the current one begins with: /orders/7/ belongs to Orders.
        path = self.request.path
        return max((u for u in urls if path == u or (u != "/" and path.startswith(u))), default="")

    def _entry(self, item: Item, url: str, here: str) -> Entry:
        return Entry(item, url, url == here, item.mine(self.user) if item.mine else None)

    @cached_property
    def unread(self) -> int:
        """How many of one's notices are unread, counted no further than the bell shows."""
        if self.user is None or not self.inside:
            return 0
        return Notice.objects.for_user(self.user).unread().up_to(UNREAD_SHOWN + 1)

    @property
    def theme(self) -> str:
        """light, dark or system."""
        return getattr(self.request, "theme", "system")

    @property
    def fold(self) -> str:
        """folded or unfolded as asked for in this browser; empty where its width decides."""
        asked = {"folded": "folded", "open": "unfolded"}
        return asked.get(self.request.COOKIES.get("sidebar", ""), "")

    @property
    def themes(self) -> list[tuple[str, str, str]]:
        """Code, name and icon of each theme."""
        return [
            ("light", _("Light"), "sun"),
            ("dark", _("Dark"), "moon"),
            ("system", _("As the system"), "device-desktop"),
        ]

    @property
    def languages(self) -> list[tuple[str, str]]:
        """Code of each language and what it calls itself, so that everybody finds theirs."""
        return list(settings.LANGUAGES)

    @property
    def words(self) -> dict[str, str]:
        """What the scripts say, in the reader's language."""
        return {
            "close": _("Close"),
            "copied": _("Copied"),
            "sending": _("Sending …"),
            "offline": _("The server cannot be reached. Nothing was lost: try again in a moment."),
            "forbidden": _("You may not do this. Nothing was changed."),
            "gone": _("This is no longer there. Reload the page."),
            "conflict": _("Somebody changed this meanwhile. Reload the page to see how it is now."),
            "failed": _("Something went wrong on our side. Nothing was changed."),
            "restored": _("What you had typed is back."),
        }


def navigation(request: HttpRequest) -> dict[str, Shell]:
    """Context processor: `shell` for the base template."""
    return {"shell": Shell(request)}


class FormRenderer(TemplatesSetting):
    """Forms in the product's dress: label above, help under, error beside, summary on top."""

    form_template_name = "components/form.html"
    field_template_name = "components/field.html"
