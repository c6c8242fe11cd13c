"""manage.py load_demo: fill an empty installation with the demo company."""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from config.demo.load import load
from orders.models import Order
from staff.models import User


class Command(BaseCommand):
    help = "Fill an empty installation with a made-up company and three months of its business."

    def handle(self, *args: Any, **options: Any) -> None:
        if User.objects.exists():
            raise CommandError(
                "There are people here already. The demo company only goes into an empty "
                "installation; `make demo-reset` starts over."
            )
        began = time.monotonic()
        load(timezone.now())
        self.stdout.write(
            f"Demo company loaded: {Order.objects.count()} orders "
            f"in {time.monotonic() - began:.1f} s."
        )
