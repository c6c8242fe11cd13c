"""`import_rates`: exchange rates from a CSV file."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from credit.errors import CreditError
from credit.lifecycle.rates import enter_rates, read_rates
from staff.models import User


class Command(BaseCommand):
    help = (
        "Enters exchange rates from a CSV file with the columns date, source, target, rate and "
        "perhaps origin; one unit of the source currency is worth so much of the target. All or "
        "nothing; a rate of the same pair and day is replaced."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--by", required=True, help="user name of whoever enters them")

    def handle(self, *args: Any, **options: Any) -> None:
        """Raises CommandError that says what is wrong with the file or the user."""
        by = User.objects.filter(username=options["by"]).first()
        if by is None:
            raise CommandError(f"There is no user {options['by']}.")
        try:
            with options["file"].open(encoding="utf-8-sig", newline="") as file:
                rates = read_rates(file)
            number = enter_rates(rates=rates, by=by, at=timezone.now())
        except (CreditError, PermissionDenied, OSError, UnicodeDecodeError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{number} rates entered.")
