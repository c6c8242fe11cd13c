"""`recompute_scores`: score every customer, now or as of a past moment."""

from argparse import ArgumentParser
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from credit.models import Scorecard
from credit.scoring.recompute import recompute


class Command(BaseCommand):
    help = "Scores every customer with a credit account on the published scorecard."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--at", help="moment in ISO 8601, such as 2026-03-01T00:00:00 (default: now)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Raises CommandError for a moment that is none or has not come, or without a scorecard."""
        now = timezone.now()
        at = _moment(options["at"], now) if options["at"] else now
        if not Scorecard.objects.published().exists():
            raise CommandError(_("No scorecard is published, so nobody can be scored."))
        done = recompute(at=at)
        self.stdout.write(
            _("%(scored)s customers scored, %(written)s new scores, %(changed)s new risk classes.")
            % vars(done)
        )


def _moment(text: str, now: datetime) -> datetime:
    try:
        moment = parse_datetime(text)
    except ValueError:
        moment = None
    if moment is None:
        raise CommandError(
            _("“%(text)s” is no moment; write it like 2026-03-01T00:00:00.") % {"text": text}
        )
    moment = timezone.make_aware(moment) if timezone.is_naive(moment) else moment
    if moment > now:
        raise CommandError(_("A score cannot be of a moment that has not come yet."))
    return moment
