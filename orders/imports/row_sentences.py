"""What is wrong with a row by itself, and what to do about it."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

ROW_SENTENCES: dict[str, tuple[str | Promise, str | Promise]] = {
    "width": (
        _("The row has %(found)s values, but there are %(wanted)s columns."),
        _("Look for a missing or unquoted separator in the row."),
    ),
    "missing_value": (_("The value is missing."), _("Fill it in.")),
    "too_long": (
        _("The text has %(found)s characters; %(most)s fit."),
        _("Shorten it."),
    ),
    "bad_code": (
        _("This cannot be a code."),
        _(
            "Use letters, digits, dots, dashes, slashes and underscores, "
            "beginning with a letter or digit."
        ),
    ),
    "bad_email": (_("This is not an e-mail address."), _("Correct it or leave it empty.")),
    "bad_number": (
        _("This is not a number."),
        _("Write digits only, as in 1234.50, without unit or exponent."),
    ),
    "comma_number": (
        _("The comma in this number can be read in two ways."),
        _("Choose 'decimal comma' if the file writes 1.234,50; otherwise write 1234.50."),
    ),
    "negative": (_("The number is negative."), _("Write 0 or more.")),
    "not_positive": (_("The quantity is not more than 0."), _("Write how many pieces it is.")),
    "nothing": (_("The amount is 0."), _("Write how much it is, or remove the row.")),
    "too_big": (_("The number is larger than %(most)s."), _("Correct it.")),
    "decimals": (
        _("The number has more than %(most)s decimals."),
        _("Round it in the file."),
    ),
    "not_whole": (_("This is not a whole number of days."), _("Write the days, as in 30.")),
    "bad_currency": (
        _("This is not a currency that accounts can be kept in."),
        _("Use an ISO code such as %(examples)s."),
    ),
    "no_currency": (
        _("Nothing says which currency the amounts are in."),
        _("Choose the currency for the import, or map a currency column."),
    ),
    "unknown_status": (
        _("The status is not known."),
        _("Choose what it stands for under 'Status words'."),
    ),
    "date_unchosen": (
        _("It is not certain which part of this date is the day and which the month."),
        _("Choose how the file writes dates."),
    ),
    "bad_date": (
        _("This is not a date written as %(form)s."),
        _("Correct it, or choose another way of writing dates."),
    ),
    "no_such_date": (_("There is no such day or time."), _("Correct it.")),
    "future": (
        _("This time lies in the future."),
        _("Correct it, or choose the time zone of the file."),
    ),
    "too_old": (_("This time is before 1970."), _("Correct the year.")),
    "before_issue": (
        _("This day is before the invoice date."),
        _("Correct one of the two days."),
    ),
    "part_over_amount": (
        _("This is more than the invoice amount of %(amount)s."),
        _("Correct it; enter what was paid beyond the invoice as a receipt."),
    ),
    "parts_differ": (
        _("Amount paid and open amount do not add up to the invoice amount of %(amount)s."),
        _("Correct one of the three, or leave one of the two columns out."),
    ),
    "settled_but_open": (
        _("The invoice is settled on this day, yet %(open)s is open on it."),
        _("Leave the day empty, or correct the amount."),
    ),
    "settled_when": (
        _("Nothing is open on the invoice, but no day says since when."),
        _("Fill in when it was settled, or when the last payment came."),
    ),
    "bad_flag": (_("This is neither yes nor no."), _("Write yes or no, or leave it empty.")),
    "limit_needs": (
        _("A limit of this type and kind needs '%(field)s'."),
        _("Fill it in, or correct the type and kind of the limit."),
    ),
    "last_before_first": (
        _("The last day of the limit is before its first."),
        _("Correct one of the two days."),
    ),
    "bad_word": (
        _("This is not one of the words that can stand here."),
        _("Write one of: %(words)s."),
    ),
    "unwritable": (
        _("The value holds a character that no text has."),
        _("The file is damaged there: type the value again."),
    ),
    "without_customer": (
        _("Its customer is among the bad rows."),
        _("Correct the customer, and import both together."),
    ),
    "without_product": (
        _("Its product is among the bad rows."),
        _("Correct the product, and import both together."),
    ),
    "with_bad_part": (
        _("A line, payment or shipment of the order is among the bad rows."),
        _("Correct it, and import the whole order again."),
    ),
    "without_order": (
        _("The order is among the bad rows."),
        _("Correct it, and import the whole order again."),
    ),
    "invoice_taken": (
        _("The number is taken by an invoice of customer %(customer)s over %(amount)s."),
        _("Correct the number, or remove the row."),
    ),
    "without_invoice": (
        _("Its invoice is among the bad rows."),
        _("Correct the invoice, and import both together."),
    ),
    "no_payer": (
        _("The row names no customer."),
        _("Fill in the code of the customer, or the name as it is kept here."),
    ),
    "unknown_payer": (
        _("There is no customer of this name."),
        _("Fill in the code of the customer, or the name as it is kept here."),
    ),
    "several_payers": (
        _("%(count)s customers have this name."),
        _("Fill in the code of the one who paid."),
    ),
    "unknown_invoice": (
        _("The customer has no invoice with this number."),
        _("Correct it, or leave it empty: then the oldest open invoices are paid first."),
    ),
    "receipt_taken": (
        _("The customer has a receipt with this reference already, over %(amount)s."),
        _("Correct the amount or the reference, or remove the row."),
    ),
    "before_shipping": (
        _("The delivery is before the shipment."),
        _("Correct one of the two times."),
    ),
    "delivered_unshipped": (
        _("There is a delivery time but no shipping time."),
        _("Fill in when the goods left."),
    ),
}
