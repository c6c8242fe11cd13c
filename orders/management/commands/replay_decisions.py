"""Compute recorded decisions again and compare; exit code 1 when any comes out otherwise."""

import json
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from orders.replaying import Report, canonical, chosen, replay
from staff.days import day_argument


class Command(BaseCommand):
    help = "Compute recorded decisions again from what they kept, and report differences."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--from", dest="since", type=day_argument, metavar="DAY", help="first day"
        )
        parser.add_argument("--to", dest="until", type=day_argument, metavar="DAY", help="last day")
        parser.add_argument("--limit", type=int, metavar="N", help="the newest N decisions only")
        parser.add_argument("--json", action="store_true", help="report as JSON")

    def handle(self, *args: Any, **given: Any) -> None:
        report = replay(chosen(given["since"], given["until"], given["limit"]))
        if given["json"]:
            self.stdout.write(json.dumps(asdict(report), ensure_ascii=False, indent=1))
        else:
            self._tell(report)
        if report.differing:
            raise SystemExit(1)

    def _tell(self, report: Report) -> None:
        self.stdout.write(
            f"{report.decisions} decisions and {report.shadows} in the shadow computed again, "
            f"{report.differing} differ; {report.without_facts} kept no facts."
        )
        for each in report.named:
            what = "shadow of decision" if each.shadow else "decision"
            for difference in each.differences:
                self.stdout.write(f"{each.order}, {what} {each.decision_id}, {difference.part}:")
                self.stdout.write(f"  recorded {canonical(difference.recorded)}")
                self.stdout.write(f"  computed {canonical(difference.computed)}")
