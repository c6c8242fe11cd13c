from django.urls import path

from credit.receivables import acts, pages
from credit.scoring import views as scoring
from credit.views import customer, customers, expiring, groups, limits, promises, reconciliation

app_name = "credit"
urlpatterns = [
    path("customers/", customers.customers, name="customers"),
    path("customers/export/", customers.export, name="customers_export"),
    path("customers/group-choices/", groups.group_choices, name="group_choices"),
    path("customers/<int:pk>/", customer.customer, name="customer"),
    path("customers/<int:pk>/documents/", customer.documents, name="customer_documents"),
    path("customers/<int:pk>/history/", customer.history, name="customer_history"),
    path("customers/<int:pk>/group/", groups.group, name="group"),
    path("customers/<int:pk>/group/leave/", groups.leave_group, name="leave_group"),
    path("customers/<int:pk>/limit/", limits.grant_limit, name="change_limit"),
    path("customers/<int:pk>/review/", limits.set_review, name="set_review"),
    path("promises/", promises.promises, name="promises"),
    path("promises/export/", promises.export, name="promises_export"),
    path("customers/<int:pk>/promises/new/", promises.record_promise, name="record_promise"),
    path("limits/<int:pk>/end/", limits.end_limit, name="end_limit"),
    path("expiring-limits/", expiring.expiring, name="expiring"),
    path("expiring-limits/export/", expiring.export, name="expiring_export"),
    path("reconciliation/", reconciliation.reconciliation, name="reconciliation"),
    path("reconciliation/run/", reconciliation.reconcile_now, name="reconcile_now"),
    path("recommended-limits/", scoring.scores, name="scores"),
    path("recommended-limits/export/", scoring.export, name="scores_export"),
    path("customers/<int:pk>/receivables/", pages.receivables, name="receivables"),
    path("customers/<int:pk>/receipts/new/", acts.record_receipt, name="record_receipt"),
    path("customers/<int:pk>/receivables/new/", acts.open_item, name="open_item"),
    path("receipts/<int:pk>/allocate/", acts.allocate, name="allocate"),
    path("receipts/<int:pk>/refund/", acts.refund, name="refund"),
    path("allocations/<int:pk>/undo/", acts.unallocate, name="unallocate"),
    path("disputes/<int:pk>/resolve/", acts.resolve_dispute, name="resolve_dispute"),
    path("receivables/", pages.invoices, name="invoices"),
    path("receivables/export/", pages.export, name="invoices_export"),
    path("receivables/<int:pk>/", pages.invoice, name="invoice"),
    path("receivables/<int:pk>/dispute/", acts.dispute, name="dispute"),
    path("receivables/<int:pk>/credit-note/", acts.credit_note, name="credit_note"),
    path("receivables/<int:pk>/write-off/", acts.write_off, name="write_off"),
]
