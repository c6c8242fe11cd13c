"""The sentences of an import: for each problem what is wrong and what to do."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from orders.imports.row_sentences import ROW_SENTENCES

# code -> (what is wrong, what to do)
SENTENCES: dict[str, tuple[str | Promise, str | Promise]] = {
    # The file
    "empty_file": (_("The file is empty."), _("Export it again and choose the new file.")),
    "no_rows": (
        _("The file has a header but no rows below it."),
        _("Export it again with its rows, or leave the file out."),
    ),
    "too_large": (
        _("The file is larger than %(most)s MB."),
        _("Split it into several files and import them one after the other."),
    ),
    "workbook_too_large": (
        _("The workbook holds more than %(most)s MB of data, packed as it is."),
        _("Save the sheet as 'CSV UTF-8': a CSV file may be of any length up to its own limit."),
    ),
    "not_csv": (
        _("This is neither a CSV nor an XLSX file but %(found)s."),
        _("Open it in its program and save it as 'CSV UTF-8'."),
    ),
    "bad_workbook": (
        _("The workbook is damaged, protected with a password, or has no sheet."),
        _("Open it in its program and save it again, or save it as 'CSV UTF-8'."),
    ),
    "bad_encoding": (
        _("Byte %(byte)s at position %(position)s is not %(encoding)s."),
        _("The line looks like %(likely)s: choose this encoding, or save it as 'CSV UTF-8'."),
    ),
    "nul_byte": (
        _("The line contains a zero byte, which no text has."),
        _("The file is damaged or UTF-16: save it as 'CSV UTF-8' and choose the new file."),
    ),
    "long_line": (
        _("The line is longer than 1 MB."),
        _("Look for a quotation mark or a line end that is missing."),
    ),
    "open_quote": (
        _("A quotation mark opened here is never closed, or text follows after it."),
        _('Close it, or write a quotation mark inside a text twice: "".'),
    ),
    "duplicate_header": (
        _("Two columns have the same name."),
        _("Give each column a name of its own."),
    ),
    "missing_column": (
        _("No column is mapped to '%(field)s', which is required."),
        _("Choose the column that holds it. The file has: %(headers)s."),
    ),
    "gone_column": (
        _("The file has no column '%(header)s'."),
        _("Choose another column for '%(field)s'. The file has: %(headers)s."),
    ),
    "column_twice": (
        _("The column is mapped to '%(field)s' and to '%(other)s'."),
        _("Choose a column of its own for each."),
    ),
    "unknown_kind": (
        _("The columns do not show what the file holds."),
        _(
            "Choose whether it holds customers, limits, products, stock, orders, lines, payments, "
            "shipments, receivables or receipts."
        ),
    ),
    "no_orders": (
        _("The lines belong to orders, but no orders file is among the files."),
        _("Add the orders file to the same import."),
    ),
    **ROW_SENTENCES,
    # The row and the others
    "duplicate": (
        _("The same key stands in line %(first)s of %(first_file)s already."),
        _("Keep one of the two rows."),
    ),
    "second_shipment": (
        _("The order has a shipment in line %(first)s of %(first_file)s already."),
        _("Keep one of the two rows, or say by SKU and quantity what each shipment carries."),
    ),
    "shipment_line": (
        _("A line of a shipment needs both its SKU and its quantity."),
        _("Fill in both, or neither for all that is left of the order."),
    ),
    "shipment_lines": (
        _("Only shipments of orders that are there already can be told line by line."),
        _("Import the orders first and then this file, or leave SKU and quantity out."),
    ),
    "with_bad_line": (
        _("Another line of this shipment is among the bad rows."),
        _("Correct it, and import the whole shipment again."),
    ),
    "second_reference": (
        _("Line %(first)s has this reference already, for the same order or customer."),
        _("Keep one of the two rows, or leave the reference empty."),
    ),
    "no_customer": (
        _("The order names no customer."),
        _("Fill it in, map the column, or choose a customer for all orders."),
    ),
    "unknown_customer": (
        _("There is no customer with this code."),
        _("Add the customers file to the import, or correct the code."),
    ),
    "others_customer": (
        _("The customer is looked after by somebody else."),
        _("Ask somebody who may see all customers to import the file."),
    ),
    "no_account": (
        _("The customer has no credit account yet."),
        _("Ask a credit analyst to open one."),
    ),
    "no_rate": (
        _(
            "The order is in %(currency)s and the customer's account in %(account)s, and there is "
            "no exchange rate as of %(day)s."
        ),
        _("Enter the rate as of that day or before, or correct the currency."),
    ),
    "account_currency": (
        _("The row is in %(currency)s, but the customer's account is kept in %(account)s."),
        _("Correct the currency, or use another customer for this currency."),
    ),
    "order_currency": (
        _("The row is in %(currency)s, but its order is in %(order)s."),
        _("Correct the currency."),
    ),
    "unknown_product": (
        _("There is no product with this SKU."),
        _("Add the products file to the import, or correct the SKU."),
    ),
    "unknown_warehouse": (
        _("There is no warehouse with this code."),
        _("Correct the code, or ask an administrator to add the warehouse."),
    ),
    "unknown_order": (
        _("There is no order with this number."),
        _("Add the order, correct the number, or remove the row."),
    ),
    "taken": (
        _("The number belongs to another order already: %(known)s."),
        _("Choose a prefix for the numbers of this source to keep them apart."),
    ),
    "no_lines": (
        _("The order has neither lines nor a total."),
        _("Add its lines, or map a column to the order total."),
    ),
    "refused": (_("%(message)s"), _("Correct the row, then import again.")),
    # The whole import
    "no_right": (_("%(message)s"), _("Ask somebody who has this right, or change the choice.")),
    "new_with_events": (
        _("A new order cannot be paid, shipped or cancelled already."),
        _("Choose 'history' for orders that have happened, or leave this column out."),
    ),
    "stopped": (
        _("The import was stopped by an error: %(message)s"),
        _("Nothing was imported. Try again; if it happens once more, tell an administrator."),
    ),
    "stopped_part": (
        _("The import was stopped by an error: %(message)s"),
        _(
            "What was imported before stays. Go on from there; if it happens once more, tell an "
            "administrator."
        ),
    ),
    "worker_died": (
        _("The worker stopped in the middle, several times."),
        _("Nothing is half-imported. Try again; if it happens once more, tell an administrator."),
    ),
    "option": (_("%(message)s"), _("Change the choice.")),
}
