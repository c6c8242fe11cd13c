from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Kind(TextChoices):
    """What the rows of a file are."""

    CUSTOMERS = "customers", _("Customers")
    LIMITS = "limits", _("Credit limits")
    PRODUCTS = "products", _("Products")
    STOCK = "stock", _("Stock")
    ORDERS = "orders", _("Orders")
    LINES = "lines", _("Order lines")
    PAYMENTS = "payments", _("Payments of orders")
    SHIPMENTS = "shipments", _("Shipments")
    INVOICES = "invoices", _("Receivables")
    RECEIPTS = "receipts", _("Receipts of customers")


class RunState(TextChoices):
    """How far an import is."""

    UPLOADED = "uploaded", _("uploaded")
    CHECKING = "checking", _("being checked")
    REFUSED = "refused", _("has bad rows")
    READY = "ready", _("ready to import")
    WRITING = "writing", _("being imported")
    DONE = "done", _("imported")
    STOPPED = "stopped", _("stopped by hand")
    FAILED = "failed", _("stopped by an error")
    DISCARDED = "discarded", _("discarded")


# States in which a worker is busy with the import.
BUSY = (RunState.CHECKING, RunState.WRITING)
# States in which what the columns mean can still be changed.
OPEN = (
    RunState.UPLOADED,
    RunState.REFUSED,
    RunState.READY,
    RunState.STOPPED,
    RunState.FAILED,
)
# States from which an import of the good rows may begin or go on.
LEAVES_OUT = (RunState.READY, RunState.REFUSED, RunState.STOPPED, RunState.FAILED)


class Status(TextChoices):
    """What a status word of the source stands for."""

    OPEN = "open", _("open, nothing to do")
    SHIPPED = "shipped", _("shipped")
    DELIVERED = "delivered", _("delivered")
    CANCELLED = "cancelled", _("cancelled")


class DateForm(TextChoices):
    """How the file writes dates; a time of day may follow each of them."""

    YMD = "Y-m-d", _("2026-02-25 (year, month, day)")
    MDY = "m/d/Y", _("2/25/2026 (month, day, year)")
    DMY = "d/m/Y", _("25/2/2026 (day, month, year)")
    MDY_SHORT = "m/d/y", _("2/25/26 (month, day, short year)")
    DMY_SHORT = "d/m/y", _("25/2/26 (day, month, short year)")
    DMY_DOTS = "d.m.Y", _("25.2.2026 (day, month, year)")


class Encoding(TextChoices):
    """How the file's bytes become letters. `utf-8-sig` reads UTF-8 with and without a mark."""

    UTF8 = "utf-8-sig", _("UTF-8 (usual)")
    GB18030 = "gb18030", _("GB18030 / GBK (Chinese Windows)")
    BIG5 = "big5hkscs", _("Big5 (Taiwan and Hong Kong)")
    LATIN1 = "cp1252", _("Latin-1 (Western Windows)")


class Delimiter(TextChoices):
    COMMA = ",", _("comma ,")
    SEMICOLON = ";", _("semicolon ;")
    TAB = "tab", _("tab")
