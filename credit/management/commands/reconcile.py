"""`reconcile`: compare every balance with the ledger and the documents it stands for."""

import json
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone
from django.utils.translation import gettext as _

from credit.lifecycle import reconcile
from credit.reconciling import Difference, compare, read


class Command(BaseCommand):
    help = (
        "Compares balances, uses of groups, open invoices and receipts with the ledger and the "
        "documents, while the system runs. Repairs nothing; ends with 1 when something differs."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="print one JSON object")
        parser.add_argument(
            "--fix-nothing",
            action="store_true",
            help="only look: keep no record of the comparison and open no ticket",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Exits with 1 when something differs."""
        if options["fix_nothing"]:
            only = compare()
            accounts, entries, found = only.accounts, only.entries, only.found
            differences = only.differences
        else:
            run = reconcile(by=None, at=timezone.now())
            accounts, entries, found = run.accounts, run.entries, run.found
            differences = [read(row) for row in run.differences]
        if options["json"]:
            told = [difference.as_json() for difference in differences]
            counts = {"accounts": accounts, "entries": entries, "found": found}
            self.stdout.write(json.dumps(counts | {"differences": told}, ensure_ascii=False))
        else:
            self._say(accounts, entries, found, differences)
        if found:
            sys.exit(1)

    def _say(self, accounts: int, entries: int, found: int, differences: list[Difference]) -> None:
        for each in differences:
            about = f"{each.customer} {each.part_label}".strip()
            self.stdout.write(
                _("%(what)s: %(about)s: expected %(expected)s, kept %(found)s %(currency)s")
                % {
                    "what": each.label,
                    "about": about,
                    "expected": each.expected,
                    "found": each.found,
                    "currency": each.currency,
                }
            )
        self.stdout.write(
            _("%(accounts)s accounts, %(entries)s ledger entries, %(found)s differences.")
            % {"accounts": accounts, "entries": entries, "found": found}
        )
