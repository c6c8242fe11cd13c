"""Import customers, products, orders and what belongs to them, and receivables, from files."""

import argparse
import json
import sys
from contextlib import ExitStack
from datetime import datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.files import File
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from credit.enums import LimitKind
from credit.money import CURRENCIES
from orders.errors import OrderError
from orders.imports import lifecycle
from orders.imports.enums import Delimiter, Encoding, Kind, RunState, Status
from orders.imports.fields import FIELDS
from orders.imports.lifecycle import Reading
from orders.imports.mapping import by_name, fold
from orders.imports.moments import canonical
from orders.imports.noted import NOTES
from orders.imports.options import Options
from orders.imports.problems import BadValue
from orders.models import ImportFile, ImportRun
from staff import zones
from staff.models import User


class Command(BaseCommand):
    help = (
        "Import customers, products, orders, lines, payments, shipments and receivables "
        "from CSV or XLSX files."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        for kind in Kind.values:
            parser.add_argument(f"--{kind}", type=Path, metavar="FILE", help=f"file of {kind}")
        parser.add_argument("--by", required=True, metavar="USER", help="who imports (username)")
        parser.add_argument("--check-only", action="store_true", help="check, write nothing")
        parser.add_argument(
            "--good-rows", action="store_true", help="leave bad rows out and import the others"
        )
        parser.add_argument(
            "--new-orders",
            action="store_true",
            help="send the orders through the gate now; otherwise they are history",
        )
        parser.add_argument("--json", action="store_true", help="report as JSON")
        _add_reading(parser.add_argument_group("how the files are written"))
        _add_creating(parser.add_argument_group("what is created"))

    def handle(self, *args: Any, **given: Any) -> None:
        by = _person(given["by"])
        paths = {kind: given[kind] for kind in Kind.values if given[kind]}
        began = timezone.now()
        try:
            run = _upload(paths, by, began)
            try:
                run = self._import(run, paths, given, by)
            finally:
                _forget_files(run, by)
        except (OrderError, PermissionDenied) as error:
            raise CommandError(str(error)) from error
        self._report(run, began, as_json=given["json"])
        if run.state not in (RunState.DONE, RunState.READY):
            raise SystemExit(1)

    def _import(
        self, run: ImportRun, paths: dict[str, Path], given: dict[str, Any], by: User
    ) -> ImportRun:
        readings = {
            file.pk: _reading(file, kind, given)
            for file, kind in zip(run.files.all(), paths, strict=True)
        }
        options = _options(run.options, given)
        lifecycle.describe(run_id=run.pk, readings=readings, options=options, by=by)
        for write in (False,) if given["check_only"] else (False, True):
            now = timezone.now()
            good_rows = write and given["good_rows"]
            if write and not lifecycle.may_start(run, write=True, good_rows=good_rows):
                break
            lifecycle.start(
                run_id=run.pk,
                write=write,
                good_rows=good_rows,
                by=by,
                at=now,
                hand_over=lambda run_id: None,
            )
            run = lifecycle.carry_out(run_id=run.pk, at=now, progress=self._progress)
        return run

    def _progress(self, phase: str, done: int, total: int) -> None:
        if sys.stderr.isatty():
            self.stderr.write(f"\r{phase}: {done}{f' / {total}' if total else ''}   ", ending="")

    def _report(self, run: ImportRun, began: datetime, *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(_as_json(run), ensure_ascii=False, indent=1))
            return
        seconds = (timezone.now() - began).total_seconds()
        self.stdout.write(f"Import {run.pk}: {run.get_state_display()} ({seconds:.1f} s)")
        for kind in Kind.values:
            if kind in run.found or kind in run.skipped or kind in run.left_out:
                bad = run.left_out.get(kind)
                self.stdout.write(
                    f"  {kind}: {run.found.get(kind, 0)} new,"
                    f" {run.skipped.get(kind, 0)} already there{f', {bad} bad' if bad else ''}"
                )
        for note in run.notes:
            self.stdout.write(f"  {note['count']} × {NOTES[note['code']]}")
            self.stdout.write(f"      {', '.join(note['examples'])}")
        if run.problem_count:
            done = run.state == RunState.DONE
            told = "the rows were left out" if done else "nothing was imported"
            self.stdout.write(f"  {run.problem_count} problems; {told}:")
        for problem in run.read_problems:
            self.stdout.write(f"  - {problem}")


def _add_reading(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "--date-format",
        default=None,
        metavar="FORM",
        help="ISO, m/d/Y, d/m/Y, m/d/y, d/m/y or d.m.Y; a time may follow",
    )
    group.add_argument("--time-zone", default=None, help=f"usual: {settings.TIME_ZONE}")
    group.add_argument("--decimal-comma", action=argparse.BooleanOptionalAction, default=None)
    group.add_argument("--currency", choices=[code for code, _ in CURRENCIES])
    group.add_argument("--encoding", choices=Encoding.values)
    group.add_argument("--delimiter", choices=Delimiter.values)
    group.add_argument(
        "--map",
        action="append",
        default=[],
        metavar="KIND.FIELD=HEADER",
        help="what a column means, where its name does not tell",
    )
    group.add_argument(
        "--status",
        action="append",
        default=[],
        metavar="WORD=STATUS",
        help=f"what a status word stands for: {', '.join(Status.values)}",
    )
    group.add_argument(
        "--prefix", dest="number_prefix", default=None, help="put before the order numbers"
    )


def _add_creating(group: argparse._ArgumentGroup) -> None:
    group.add_argument("--customer", metavar="CODE[:NAME]", help="for orders that name none")
    group.add_argument("--goods", metavar="SKU[:NAME]", help="for totals without lines")
    group.add_argument("--freight", metavar="SKU[:NAME]", help="the product for freight")
    group.add_argument(
        "--new-customers",
        action="store_true",
        help="make customers that receivables name and nobody knows",
    )
    group.add_argument(
        "--payments-again",
        action="store_true",
        help="record payments without a reference although they look recorded already",
    )
    group.add_argument("--owner", metavar="USER", help="salesperson of new customers")
    group.add_argument("--segment", help="code of the segment of new customers")
    group.add_argument(
        "--limit-kind",
        help="credit of new customers",
        choices=[LimitKind.NONE, LimitKind.UNLIMITED, LimitKind.INHERIT],
    )
    group.add_argument("--payment-days", type=int, help="terms of new customers")
    group.add_argument("--tax-percent", help="tax of new products")


def _as_json(run: ImportRun) -> dict[str, Any]:
    return {
        "import": run.pk,
        "state": run.state,
        "new": run.found,
        "already_there": run.skipped,
        "bad": run.left_out,
        "notes": run.notes,
        "problem_count": run.problem_count,
        "problems": [str(problem) for problem in run.read_problems],
    }


def _person(username: str) -> User:
    try:
        return User.objects.get(username=username, is_active=True)
    except User.DoesNotExist as error:
        raise CommandError(f"There is nobody called {username}.") from error


def _upload(paths: dict[str, Path], by: User, at: datetime) -> ImportRun:
    with ExitStack() as opened:
        try:
            files = [
                File(opened.enter_context(Path(path).open("rb")), Path(path).name)
                for path in paths.values()
            ]
        except OSError as error:
            raise CommandError(str(error)) from error
        return lifecycle.upload(files=files, by=by, at=at)


def _forget_files(run: ImportRun, by: User) -> None:
    """The files are the caller's own; nobody goes on with this import from its page."""
    if ImportRun.objects.get(pk=run.pk).open:
        lifecycle.discard(run_id=run.pk, by=by, at=timezone.now())
    else:
        with transaction.atomic():
            lifecycle.delete_files(run)


def _reading(file: ImportFile, kind: str, given: dict[str, Any]) -> Reading:
    columns = file.columns if file.kind == kind else by_name(kind, file.headers)
    columns = dict(columns)
    for words in given["map"]:
        target, _, header = words.partition("=")
        mapped_kind, _, code = target.partition(".")
        if mapped_kind not in FIELDS or code not in {f.code for f in FIELDS[mapped_kind]}:
            raise CommandError(f"--map {words}: there is no field {target}.")
        if mapped_kind != kind:
            continue
        columns.pop(code, None)
        if header:
            columns[code] = next((h for h in file.headers if fold(h) == fold(header)), header)
    return Reading(
        kind,
        given["encoding"] or file.encoding,
        given["delimiter"] or file.delimiter,
        columns,
    )


def _options(remembered: Options, given: dict[str, Any]) -> Options:
    choices = remembered.as_json() | {
        name: given[name]
        for name in (
            "time_zone", "decimal_comma", "currency", "number_prefix", "segment", "limit_kind",
            "payment_days", "tax_percent",
        )
        if given[name] is not None
    }  # fmt: skip
    choices["history"] = not given["new_orders"]
    choices["new_customers"] = given["new_customers"]
    choices["payments_again"] = given["payments_again"]
    choices["owner_id"] = _person(given["owner"]).pk if given["owner"] else None
    for name, code in (("customer", "code"), ("goods", "sku"), ("freight", "sku")):
        if given[name]:
            field = "product" if name == "goods" else name
            choices[f"{field}_{code}"], _, choices[f"{field}_name"] = given[name].partition(":")
    try:
        if given["date_format"] is not None:
            choices["date_form"] = canonical(given["date_format"])
        zones.validate(choices["time_zone"])
        Decimal(choices["tax_percent"])
    except (BadValue, InvalidOperation, ValueError, zones.ValidationError) as error:
        raise CommandError(getattr(error, "message", str(error))) from error
    choices["status_words"] = choices["status_words"] | dict(_status(w) for w in given["status"])
    return Options.of(choices)


def _status(words: str) -> tuple[str, str]:
    word, _, status = words.rpartition("=")
    if status not in Status.values or not word:
        raise CommandError(f"--status {words}: write WORD= and {', '.join(Status.values)}.")
    return fold(word), status
