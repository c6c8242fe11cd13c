from django.urls import path

from credit import views
from credit.receivables import acts, pages
from credit.scoring import views as scoring

app_name = "credit"
urlpatterns = [
    path("customers/", views.customers, name="customers"),
    path("customers/<int:pk>/", views.customer, name="customer"),
    path("customers/<int:pk>/limit/", views.change_limit, name="change_limit"),
    path("recommended-limits/", scoring.scores, name="scores"),
    path("recommended-limits/export/", scoring.export, name="scores_export"),
    path("customers/<int:pk>/receivables/", pages.receivables, name="receivables"),
    path("customers/<int:pk>/receipts/new/", acts.record_receipt, name="record_receipt"),
    path("customers/<int:pk>/receivables/new/", acts.open_item, name="open_item"),
    path("receipts/<int:pk>/allocate/", acts.allocate, name="allocate"),
    path("allocations/<int:pk>/undo/", acts.unallocate, name="unallocate"),
    path("disputes/<int:pk>/resolve/", acts.resolve_dispute, name="resolve_dispute"),
    path("receivables/", pages.invoices, name="invoices"),
    path("receivables/export/", pages.export, name="invoices_export"),
    path("receivables/<int:pk>/", pages.invoice, name="invoice"),
    path("receivables/<int:pk>/dispute/", acts.dispute, name="dispute"),
    path("receivables/<int:pk>/credit-note/", acts.credit_note, name="credit_note"),
    path("receivables/<int:pk>/write-off/", acts.write_off, name="write_off"),
]
