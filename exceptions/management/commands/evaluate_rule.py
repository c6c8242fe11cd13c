"""`evaluate_rule`: what an alert rule finds, or would have found at a past moment."""

import json
import zoneinfo
from argparse import ArgumentParser
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _

from exceptions.detect.evaluate import holding
from exceptions.detect.models import AlertRule


class Command(BaseCommand):
    help = "Shows which orders an alert rule holds for at a moment, imported history included."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("code", help="code of the rule, such as paid_unshipped_24h")
        parser.add_argument("--at", help="moment in ISO 8601, such as 2017-11-28T00:00:00")
        parser.add_argument(
            "--time-zone",
            default=settings.TIME_ZONE,
            help="zone of a moment without one (default: %(default)s)",
        )
        parser.add_argument("--json", action="store_true", help="print JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Raises CommandError for an unknown rule, moment or time zone."""
        at = _moment(options["at"], options["time_zone"]) if options["at"] else timezone.now()
        rule = AlertRule.objects.filter(code=options["code"], current__isnull=False).first()
        if rule is None:
            codes = ", ".join(AlertRule.objects.values_list("code", flat=True))
            raise CommandError(
                _("There is no rule “%(code)s”. The rules are: %(codes)s.")
                % {"code": options["code"], "codes": codes}
            )
        version = rule.version
        found = holding(version.condition, at).order_by("pk").values("number", "external_id")
        answer = {
            "rule": rule.code,
            "version": version.number,
            "at": at.isoformat(),
            "count": len(found),
            "subjects": list(found),
        }
        if options["json"]:
            self.stdout.write(json.dumps(answer, ensure_ascii=False, indent=1))
            return
        self.stdout.write(f"{rule.name}: {version.sentence}")
        self.stdout.write(_("%(count)s orders at %(at)s") % answer)
        for order in found:
            self.stdout.write(f"{order['number']}  {order['external_id']}".rstrip())


def _moment(text: str, zone: str) -> datetime:
    try:
        known = zoneinfo.ZoneInfo(zone)
    except (ValueError, zoneinfo.ZoneInfoNotFoundError) as error:
        raise CommandError(_("There is no time zone “%(zone)s”.") % {"zone": zone}) from error
    try:
        moment = parse_datetime(text)
        day = parse_date(text) if moment is None else None
    except ValueError:
        moment = day = None
    if moment is None and day:
        moment = datetime(day.year, day.month, day.day)  # noqa: DTZ001 - made aware below
    if moment is None:
        raise CommandError(
            _("“%(text)s” is no moment; write it like 2017-11-28T00:00:00.") % {"text": text}
        )
    return timezone.make_aware(moment, known) if timezone.is_naive(moment) else moment
