"""A worker's import in a process of its own, slow enough to be killed in the middle."""

import sys
import time

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.utils import timezone  # noqa: E402

from orders.imports import lifecycle  # noqa: E402


def slowly(_phase: str, _done: int, _total: int) -> None:
    time.sleep(float(sys.argv[3]))


settings.MEDIA_ROOT = sys.argv[2]
lifecycle.carry_out(run_id=int(sys.argv[1]), at=timezone.now(), progress=slowly)
