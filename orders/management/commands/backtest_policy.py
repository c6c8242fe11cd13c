"""Try a version of a credit policy, or two side by side, on past orders."""

import json
import sys
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from credit.models import PolicyVersion
from orders.backtest import lifecycle
from orders.backtest.enums import BacktestState, Basis
from orders.errors import OrderError
from orders.models import BacktestFinding, BacktestRun
from staff.days import day_argument


class Command(BaseCommand):
    help = "Try a version of a credit policy on past orders, each as of its own moment."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("version", help="code of the policy and number, as in standard/3")
        parser.add_argument("--compare", metavar="VERSION", help="another version beside it")
        parser.add_argument(
            "--from",
            dest="since",
            type=day_argument,
            required=True,
            metavar="DAY",
            help="first day",
        )
        parser.add_argument(
            "--to", dest="until", type=day_argument, required=True, metavar="DAY", help="last day"
        )
        parser.add_argument(
            "--basis",
            choices=Basis.values,
            default=Basis.ORDERS,
            help="what says how much of a limit was used: earlier orders and invoices less"
            " receipts (also for imported ones), or the ledger; default: %(default)s",
        )
        parser.add_argument("--json", action="store_true", help="report as JSON, with all findings")

    def handle(self, *args: Any, **given: Any) -> None:
        compare = given["compare"]
        try:
            run = lifecycle.start(
                version_id=_version(given["version"]).pk,
                compared_id=_version(compare).pk if compare else None,
                since=given["since"],
                until=given["until"],
                basis=given["basis"],
                by=None,
                at=timezone.now(),
                hand_over=lambda run_id: None,
            )
        except OrderError as error:
            raise CommandError(str(error)) from error
        run = lifecycle.carry_out(run_id=run.pk, now=self._watched(run.pk))
        if run.state != BacktestState.DONE:
            raise CommandError(run.error)
        if given["json"]:
            self._write_json(run)
        else:
            self._tell(run)

    def _watched(self, run_id: int) -> Callable[[], datetime]:
        """The clock of the run; each time it is asked, it shows how far the run is."""

        def now() -> datetime:
            if sys.stderr.isatty():
                run = BacktestRun.objects.get(pk=run_id)
                self.stderr.write(f"\r{run.done} / {run.total}   ", ending="")
            return timezone.now()

        return now

    def _write_json(self, run: BacktestRun) -> None:
        """One object whose findings come last, row by row, however many there are."""
        head = {
            "run": run.pk,
            "version": run.name,
            "compared": run.compared_name or None,
            "from": run.since.isoformat(),
            "to": run.until.isoformat(),
            "basis": run.basis,
            "summary": run.summary,
        }
        text = json.dumps(head, ensure_ascii=False, indent=1)
        self.stdout.write(f'{text[:-2]},\n "findings": [', ending="")
        for place, finding in enumerate(_findings(run)):
            row = json.dumps(finding, ensure_ascii=False)
            self.stdout.write(f"{',' if place else ''}\n  {row}", ending="")
        self.stdout.write("\n ]\n}")

    def _tell(self, run: BacktestRun) -> None:
        summary = run.summary
        self.stdout.write(
            f"Run {run.pk}: {summary['cases']['count']} cases from {run.since} to {run.until}, "
            f"use of limits by {run.get_basis_display()}."
        )
        for version in summary["versions"]:
            held = version["held"]
            self.stdout.write(
                f"{version['name']} holds {held['count']} of {held['customers']} customers"
                f"{_value(held)}."
            )
            for reason in version["reasons"]:
                self.stdout.write(f"  {reason['count']} × {reason['code']}{_value(reason)}")
            for side, endings in version["then"].items():
                told = ", ".join(f"{each['count']} {code}" for code, each in endings.items())
                self.stdout.write(f"  {side}: {told}")
        for name, count in (summary["differences"] or {}).items():
            self.stdout.write(f"{name}: {count['count']}")
        as_now = summary["limits_as_now"]["count"]
        if as_now:
            self.stdout.write(f"{as_now} cases: a limit had no history yet and counts as it is now")
        asked = summary["rules_as_now"]
        if asked["count"]:
            facts = ", ".join(asked["facts"])
            self.stdout.write(f"{asked['count']} cases: gate rules asked as it is now: {facts}")
        self.stdout.write(f"As it is now: {', '.join(summary['assumed_as_now'])}.")


def _value(count: dict[str, Any]) -> str:
    return "".join(f", {amount} {code}" for code, amount in count["value"].items())


def _version(text: str) -> PolicyVersion:
    code, slash, number = text.rpartition("/")
    found = PolicyVersion.objects.select_related("policy").filter(policy__code=code)
    version = found.filter(number=int(number)).first() if slash and number.isdecimal() else None
    if version is None:
        raise CommandError(
            f"There is no version {text}. Write the policy's code and the number, as in standard/3."
        )
    return version


def _findings(run: BacktestRun) -> Iterator[dict[str, Any]]:
    rows = BacktestFinding.objects.filter(run=run).select_related("customer").order_by("pk")
    for row in rows.iterator(chunk_size=1000):
        yield {
            "kind": "order" if row.order_id else "invoice",
            "number": row.number,
            "customer": row.customer.code,
            "at": row.at.isoformat(),
            "amount": str(row.amount),
            "currency": row.currency,
            "held": row.held,
            "excess": str(row.excess),
            "reasons": row.checks,
            "compared_held": row.compared_held,
            "compared_reasons": row.compared_checks,
            "then": row.ending,
            "days_late": row.days_late,
        }
