"""Import open and settled invoices from one CSV or XLSX file."""

import argparse
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser

from credit.enums import LimitKind
from credit.money import CURRENCIES
from orders.imports.enums import Delimiter, Encoding
from orders.imports.fields import FIELDS, Kind


class Command(BaseCommand):
    help = "Import open and settled invoices from one CSV or XLSX file."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--by", required=True, metavar="USER", help="who imports (username)")
        parser.add_argument(
            "--mapping",
            action="append",
            default=[],
            metavar="FIELD=HEADER",
            help="what a column means, where its name does not tell; fields: "
            + ", ".join(field.code for field in FIELDS[Kind.INVOICES]),
        )
        parser.add_argument(
            "--commit",
            action=argparse.BooleanOptionalAction,
            default=False,
            help="write; otherwise the file is only checked",
        )
        parser.add_argument("--dry-run", action="store_false", dest="commit", help="only check")
        parser.add_argument("--json", action="store_true", help="report as JSON")
        parser.add_argument("--date-format", help="ISO, m/d/Y, d/m/Y, m/d/y, d/m/y or d.m.Y")
        parser.add_argument("--decimal-comma", action=argparse.BooleanOptionalAction)
        parser.add_argument("--encoding", choices=Encoding.values)
        parser.add_argument("--delimiter", choices=Delimiter.values)
        parser.add_argument("--currency", choices=[code for code, _name in CURRENCIES])
        new = parser.add_argument_group("customers that are not known")
        new.add_argument("--create-customers", action="store_true", help="make them")
        new.add_argument("--owner", metavar="USER", help="their salesperson")
        new.add_argument("--segment", help="code of their segment")
        new.add_argument("--payment-days", type=int, help="their terms")
        kinds = [LimitKind.NONE, LimitKind.UNLIMITED, LimitKind.INHERIT]
        new.add_argument("--limit-kind", choices=kinds, help="their credit")

    def handle(self, *args: Any, **given: Any) -> None:
        choices = {
            name: given[name]
            for name in (
                "by", "json", "date_format", "decimal_comma", "encoding", "delimiter", "currency",
                "owner", "segment", "payment_days", "limit_kind",
            )
            if given[name] is not None
        }  # fmt: skip
        call_command(
            "import_orders",
            invoices=given["file"],
            map=[f"{Kind.INVOICES}.{words}" for words in given["mapping"]],
            check_only=not given["commit"],
            new_customers=given["create_customers"],
            stdout=self.stdout,
            stderr=self.stderr,
            **choices,
        )
