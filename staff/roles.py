"""The roles of the company and what each may do.

A role is a Django group named by its code. `role_groups.sync` makes the groups and gives each
exactly the permissions of the table, after every `migrate`; a group that is not in the table (one a
company made for itself) is left alone. Separation of duties, as an auditor would ask for it:

* Whoever sells (sales, sales_manager) never decides an approval and never releases a hold; anyone
  who notices something wrong may place one.
* Sales reads the requests about its own orders, to answer what approvers ask.
* Whoever decides (credit_analyst, approver_1, approver_2) never ships, takes money or invoices.
* Whoever takes money (finance) never releases an order; whoever ships (warehouse) does neither.
* Limits and segments (which carry limits) belong to credit_analyst alone: an administrator who
  could change them would be an approver by another name, and decides about no order. A customer's
  segment, terms and status take `credit.classify_customer`, which no key has.
* Nobody raises a limit alone. Those who look after customers request it; whoever the approval
  matrix names approves it, never whoever requested it. Lowering one is the credit analyst's.
* Credit policies are written and published by credit_analyst and administrator: a version concerns
  many orders, says why it was written, and stays for everybody to read.
* The approval matrix is written and published by administrator, who decides about nothing; those
  who decide, and those who must explain, read it.
* How orders were paid that an approver released is seen of everybody by credit_analyst, finance,
  administrator and auditor; whoever decides sees their own figures beside those of all together.
* Thresholds of alert rules are set by those who are not measured by them: credit_analyst, finance
  and administrator. The address word list belongs to the warehouse, which knows the addresses.
* That a document came in on which a release depends is confirmed by credit_analyst or finance,
  never by those who sell the order.
* Finance records receipts, refunds, credit notes and write-offs; whoever looks after a customer may
  dispute their invoices. Administrators import receivables when the company moves in.
* A file or an event of another system brings nothing that whoever sends it may not do by hand; a
  limit in a file that lets a customer use more is a request like any other.
* Product flags are raised and lifted by those who hear of what is wrong with the goods (warehouse,
  supply_chain, customer_service) and by administrator, never by those who sell them.
* Goods are allocated by warehouse and supply_chain, counted and adjusted by warehouse alone; a
  replacement for returned goods is entered by customer_service and submitted by whoever sells.
* Whoever works with orders or requests attaches files and may remove their own; credit_analyst and
  administrator remove those of others. What is removed stays, and auditors can open it.
* Cost and margin (`orders.view_margin`) are for those who answer for a price or must judge it.
* Without `credit.view_all_customers` one sees only one's own customers and their orders.
* Webhooks, which tell other systems what happens, are set up by administrator and read by auditor.
* auditor sees everything and changes nothing.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

PRODUCT_APPS = ("staff", "journal", "rules", "credit", "orders", "approvals", "exceptions")


class Role(models.TextChoices):
    """Role codes (names of the groups) with their labels."""

    SALES = "sales", _("Sales")
    SALES_MANAGER = "sales_manager", _("Sales manager")
    CREDIT_ANALYST = "credit_analyst", _("Credit analyst")
    FINANCE = "finance", _("Finance")
    APPROVER_1 = "approver_1", _("Approver, level 1")
    APPROVER_2 = "approver_2", _("Approver, level 2")
    WAREHOUSE = "warehouse", _("Warehouse")
    SUPPLY_CHAIN = "supply_chain", _("Supply chain")
    CUSTOMER_SERVICE = "customer_service", _("Customer service")
    ADMINISTRATOR = "administrator", _("Administrator")
    AUDITOR = "auditor", _("Auditor (read only)")


def label(code: str) -> str:
    """The name of a role in the active language; a group outside the table keeps its own name."""
    return str(Role(code).label) if code in Role.values else code


_ORDERS = ("orders.view_order", "orders.view_product", "orders.view_stock")
# What other systems told of orders and stock, for those who look after what could not be applied.
_EVENTS = ("orders.view_fulfilmentevent",)
_CUSTOMERS = ("credit.view_customer", "credit.view_creditaccount")
_ALL = ("credit.view_all_customers",)
_SELL = ("orders.add_order", "orders.submit_order", "orders.cancel_order")
_SEE_TICKETS = ("exceptions.view_ticket",)
_WORK_TICKETS = (
    "exceptions.view_ticket",
    "exceptions.work_ticket",
    "exceptions.view_alertrule",
    "rules.view_wordlist",
)
_JUDGE = (
    *_ORDERS,
    *_CUSTOMERS,
    *_ALL,
    "credit.view_*",
    "orders.view_margin",
    "orders.hold_order",
    "orders.release_hold",
    "approvals.view_approvalrequest",
    "approvals.view_matrixversion",
    "approvals.decide",
    "journal.add_attachment",
)

# Whoever talks to a customer about money writes down what they promise.
_PROMISES = ("credit.record_promise",)

# Whoever looks after customers asks for limits; somebody else decides about them.
_ASK_LIMIT = ("approvals.request_limit_change",)

# Files with the same that one may enter by hand: limits, payments, shipments.
_IMPORT_WORK = ("orders.import_work",)
# Whoever works with an order or a request may attach files to it, and remove their own again.
_FILES = ("journal.add_attachment",)

# Where the goods of a customer go is kept by whoever talks to them.
_ADDRESSES = ("credit.keep_addresses",)

# Who sets how customers are scored. A score only recommends a limit; it never changes one.
_SCORING = (
    "credit.add_industry",
    "credit.change_industry",
    "credit.change_scorecard",
    "credit.delete_scorecard",
    "credit.publish_scorecard",
)

# A name with a star stands for every permission of the product that matches it.
PERMISSIONS: dict[Role, tuple[str, ...]] = {
    Role.SALES: (
        *_ORDERS,
        *_CUSTOMERS,
        *_SELL,
        *_SEE_TICKETS,
        *_PROMISES,
        *_ASK_LIMIT,
        *_FILES,
        *_ADDRESSES,
        "credit.dispute_invoice",
        "approvals.view_approvalrequest",
    ),
    Role.SALES_MANAGER: (
        *_ORDERS,
        *_CUSTOMERS,
        *_ALL,
        *_SELL,
        *_WORK_TICKETS,
        *_ASK_LIMIT,
        *_FILES,
        *_ADDRESSES,
        "credit.view_promise",
        "credit.view_policy",
        "credit.view_policyversion",
        "credit.dispute_invoice",
        "orders.view_margin",
        "orders.hold_order",
        "approvals.view_approvalrequest",
    ),
    Role.CREDIT_ANALYST: (
        *_JUDGE,
        "approvals.view_calibration",
        *_WORK_TICKETS,
        *_PROMISES,
        *_ASK_LIMIT,
        "journal.remove_attachment",
        "orders.force_hold",
        "orders.meet_condition",
        "credit.reconcile",
        "orders.run_backtest",
        "credit.add_customer",
        "credit.change_customer",
        "credit.classify_customer",
        "credit.add_creditaccount",
        "credit.change_creditaccount",
        "credit.add_segment",
        "credit.change_segment",
        "credit.delete_segment",
        "credit.change_limit",
        "credit.dispute_invoice",
        "credit.add_policy",
        "credit.change_policy",
        "credit.view_policy",
        "credit.view_policyversion",
        "credit.publish_policy",
        "credit.add_exchangerate",
        "credit.change_exchangerate",
        "credit.view_exchangerate",
        "credit.view_creditlimit",
        *_SCORING,
        *_IMPORT_WORK,
        "exceptions.change_alertrule",
        "staff.open_admin",
    ),
    Role.FINANCE: (
        *_ORDERS,
        *_CUSTOMERS,
        *_ALL,
        *_WORK_TICKETS,
        "credit.view_*",
        *_PROMISES,
        *_ASK_LIMIT,
        *_IMPORT_WORK,
        *_FILES,
        "credit.reconcile",
        "credit.add_invoice",
        "credit.import_receivables",
        "credit.record_receipt",
        "credit.dispute_invoice",
        "credit.issue_credit_note",
        "credit.write_off",
        "credit.give_refund",
        "orders.view_margin",
        "orders.hold_order",
        "orders.record_payment",
        "orders.invoice_order",
        "orders.meet_condition",
        "orders.run_backtest",
        *_EVENTS,
        "approvals.view_approvalrequest",
        "approvals.view_matrixversion",
        "approvals.view_calibration",
        "exceptions.change_alertrule",
        "journal.view_entry",
        "staff.open_admin",
    ),
    Role.APPROVER_1: (*_JUDGE, *_SEE_TICKETS),
    Role.APPROVER_2: (*_JUDGE, *_SEE_TICKETS, "orders.force_hold"),
    Role.WAREHOUSE: (
        *_ORDERS,
        *_ALL,
        *_WORK_TICKETS,
        *_IMPORT_WORK,
        *_FILES,
        "orders.hold_order",
        "orders.flag_product",
        "orders.allocate_goods",
        "orders.ship_order",
        "orders.deliver_order",
        "orders.return_goods",
        "orders.adjust_stock",
        *_EVENTS,
        "rules.change_wordlist",
    ),
    Role.SUPPLY_CHAIN: (
        *_ORDERS,
        *_ALL,
        *_WORK_TICKETS,
        *_FILES,
        "orders.hold_order",
        "orders.flag_product",
        "orders.allocate_goods",
        *_EVENTS,
    ),
    Role.CUSTOMER_SERVICE: (
        *_ORDERS,
        *_CUSTOMERS,
        *_ALL,
        *_WORK_TICKETS,
        *_FILES,
        *_ADDRESSES,
        "orders.hold_order",
        "orders.flag_product",
        "orders.deliver_order",
        "orders.return_goods",
        "orders.replace_goods",
        "orders.cancel_order",
        *_EVENTS,
    ),
    Role.ADMINISTRATOR: (
        "*.view_*",
        "staff.*",
        "credit.add_customer",
        "credit.change_customer",
        "credit.classify_customer",
        "credit.delete_customer",
        "credit.add_creditaccount",
        "credit.change_creditaccount",
        "credit.add_policy",
        "credit.change_policy",
        "credit.publish_policy",
        *_SCORING,
        "credit.reconcile",
        "orders.add_warehouse",
        "orders.change_warehouse",
        "orders.add_product",
        "orders.change_product",
        "orders.delete_product",
        "orders.add_productprice",
        "orders.change_productprice",
        "orders.delete_productprice",
        "orders.import_data",
        "orders.run_backtest",
        "credit.import_receivables",
        "orders.flag_product",
        "approvals.change_matrix",
        "approvals.publish_matrix",
        "exceptions.change_alertrule",
        "exceptions.add_cause",
        "exceptions.change_cause",
        "exceptions.change_slatarget",
        "rules.change_wordlist",
        *_FILES,
        *_ADDRESSES,
        "journal.remove_attachment",
        "journal.manage_webhooks",
    ),
    Role.AUDITOR: ("*.view_*", "staff.open_admin"),
}
